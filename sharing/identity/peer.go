package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"errors"
)

// Errors of [OfPeer].
var (
	ErrNoCertificate = errors.New("the other side showed no certificate")
	ErrCertificates  = errors.New("the other side showed more than one certificate")
	ErrKeyKind       = errors.New("the other side's key is not an Ed25519 key")
)

// OfPeer returns who the other side of a TLS connection is: the key that its
// certificate shows and that the handshake proved it to hold. It may be called
// after the handshake, and from tls.Config.VerifyConnection, where the proof is
// still to come: without it the handshake fails.
//
// The connection must be of TLS 1.3, with a certificate asked for
// (tls.RequireAnyClientCert) where the other side is the client.
func OfPeer(state tls.ConnectionState) (ID, ed25519.PublicKey, error) {
	switch len(state.PeerCertificates) {
	case 0:
		return ID{}, nil, ErrNoCertificate
	case 1:
	default:
		return ID{}, nil, ErrCertificates
	}
	pub, ok := state.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok || len(pub) != ed25519.PublicKeySize {
		return ID{}, nil, ErrKeyKind
	}
	return IDOf(pub), pub, nil
}
