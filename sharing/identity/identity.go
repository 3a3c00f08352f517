package identity

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// An Identity is a device's key. It never leaves the package: an Identity can
// be printed and logged, and shows its ID alone.
type Identity struct {
	key  ed25519.PrivateKey
	id   ID
	cert tls.Certificate
}

// New makes an identity that lives in memory only.
func New() (*Identity, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a device key: %w", err)
	}
	return fromKey(key)
}

func fromKey(key ed25519.PrivateKey) (*Identity, error) {
	pub := key.Public().(ed25519.PublicKey)
	cert, err := certify(key, pub)
	if err != nil {
		return nil, err
	}
	return &Identity{key: key, id: IDOf(pub), cert: cert}, nil
}

// certify puts the key into a self-signed certificate that is the same at each
// start, and tells nothing but the key.
func certify(key ed25519.PrivateKey, pub ed25519.PublicKey) (tls.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "potluck"},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // RFC 5280: no end
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, pub, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the device certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the device certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// ID returns what the device is known by.
func (i *Identity) ID() ID { return i.id }

// Public returns the public key. It is not to be changed.
func (i *Identity) Public() ed25519.PublicKey { return i.key.Public().(ed25519.PublicKey) }

// Certificate returns the self-signed certificate that shows the key in a TLS
// handshake, with the private key to prove it. Its fields are not to be changed.
func (i *Identity) Certificate() tls.Certificate { return i.cert }

// Sign signs msg for one purpose, a constant of the protocol such as "receipt".
// The signature verifies for that purpose only. Sign panics if purpose holds a
// NUL byte.
func (i *Identity) Sign(purpose string, msg []byte) []byte {
	if strings.ContainsRune(purpose, 0) {
		panic("identity: NUL in a purpose")
	}
	return ed25519.Sign(i.key, signed(purpose, msg))
}

// Verify reports whether sig is what [Identity.Sign] of the device with that
// key returned for purpose and msg. All arguments may come from a stranger.
func Verify(pub ed25519.PublicKey, purpose string, msg, sig []byte) bool {
	if len(pub) != ed25519.PublicKeySize || strings.ContainsRune(purpose, 0) {
		return false
	}
	return ed25519.Verify(pub, signed(purpose, msg), sig)
}

// signed returns the bytes a signature covers. The NUL ends the purpose, so no
// purpose and message run together into those of another pair.
func signed(purpose string, msg []byte) []byte {
	b := make([]byte, 0, len("potluck ")+len(purpose)+1+len(msg))
	b = append(b, "potluck "...)
	b = append(b, purpose...)
	b = append(b, 0)
	return append(b, msg...)
}

// String returns "device " and the short ID.
func (i *Identity) String() string { return "device " + i.id.Short() }

// GoString returns what String does: %#v is not to print the key.
func (i *Identity) GoString() string { return i.String() }
