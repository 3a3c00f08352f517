package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
)

// ErrBadID is returned for a text that is not an [ID].
var ErrBadID = errors.New("not a device ID: that is 64 hexadecimal digits")

// An ID names a device: it is the SHA-256 of the SubjectPublicKeyInfo of its
// key. The zero ID names nobody.
type ID [32]byte

// IDOf returns the ID of the device with that key. It panics if pub does not
// have the length of an Ed25519 key.
func IDOf(pub ed25519.PublicKey) ID {
	if len(pub) != ed25519.PublicKeySize {
		panic("identity: public key of a wrong length")
	}
	spki, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		panic("identity: " + err.Error()) // cannot happen for an Ed25519 key
	}
	return sha256.Sum256(spki)
}

// ParseID reads the 64 hexadecimal digits that [ID.String] writes, in either
// case. The error is [ErrBadID].
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != hex.EncodedLen(len(id)) {
		return ID{}, ErrBadID
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return ID{}, ErrBadID
	}
	return id, nil
}

// String returns the ID as 64 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Short returns the first 8 digits: enough for a person to tell the devices of
// a room apart, and no proof of anything.
func (id ID) Short() string { return hex.EncodeToString(id[:4]) }

// IsZero reports whether id names nobody.
func (id ID) IsZero() bool { return id == ID{} }

// Compare returns -1, 0 or +1, in the order of the bytes.
func (id ID) Compare(other ID) int { return bytes.Compare(id[:], other[:]) }

// PeerAddr returns the made-up address under which the BitTorrent wire knows
// the device: one in fd00::/8 with 120 bits of the ID, and port 1. Nothing is
// ever dialled there.
func (id ID) PeerAddr() netip.AddrPort {
	var ip [16]byte
	ip[0] = 0xfd
	copy(ip[1:], id[:])
	return netip.AddrPortFrom(netip.AddrFrom16(ip), 1)
}

// MarshalText returns what [ID.String] does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what [ParseID] does.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err != nil {
		return fmt.Errorf("%.80q: %w", text, err)
	}
	*id = parsed
	return nil
}
