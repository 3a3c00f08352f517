package session

import (
	"crypto/tls"
	"errors"
	"time"

	"potluck/sharing/identity"
)

// The two kinds of connection.
const (
	protoSession = "potluck/1"
	protoPieces  = "potluck-pieces/1"
)

// tlsConfig returns what both sides have in common. Certificates are not
// verified by name and issuer, which mean nothing here; verify looks at the key
// that the handshake proves, before anything of ours is sent.
func (h *Hub) tlsConfig(verify func(identity.ID) error, protos ...string) *tls.Config {
	return &tls.Config{
		MinVersion:                  tls.VersionTLS13,
		Certificates:                []tls.Certificate{h.o.Identity.Certificate()},
		ClientAuth:                  tls.RequireAnyClientCert,
		InsecureSkipVerify:          true, // VerifyConnection does
		SessionTicketsDisabled:      true,
		DynamicRecordSizingDisabled: true, // full records from the first byte
		NextProtos:                  protos,
		VerifyConnection: func(state tls.ConnectionState) error {
			id, _, err := identity.OfPeer(state)
			if err != nil {
				return err
			}
			if state.NegotiatedProtocol == "" {
				return errors.New("no protocol in common")
			}
			if id == h.self {
				return ErrSelf
			}
			return verify(id)
		},
	}
}

// serverConfig is for a connection that somebody else makes. The wire is mute until
// that one may be answered.
func (h *Hub) serverConfig(w *wire) *tls.Config {
	c := h.tlsConfig(func(identity.ID) error { return nil }, protoSession, protoPieces)
	c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if !h.mayHear(hello.ServerName) {
			return nil, errNoKnock
		}
		w.speak()
		return nil, nil
	}
	return c
}

// clientConfig is for a connection to the device want at addr; the zero ID
// means whoever answers.
func (h *Hub) clientConfig(want identity.ID, addr, proto string) *tls.Config {
	c := h.tlsConfig(func(got identity.ID) error {
		if !want.IsZero() && got != want {
			return &WrongKeyError{Addr: addr, Want: want, Got: got}
		}
		return nil
	}, proto)
	if !want.IsZero() {
		c.ServerName = knock(want, time.Now())
	}
	return c
}
