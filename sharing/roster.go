package sharing

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"potluck/sharing/identity"
)

// A roster is the sharer's signed word on which devices have said yes to a share:
// those may fetch its pieces from one another. It is passed on by any of them, so
// that it holds while the sharer is away. The latest version counts: whoever is no
// longer in it is no longer served.
type roster struct {
	Version int    `json:"version"`
	Takers  packed `json:"takers"` // in order
	Sig     []byte `json:"sig"`
}

const (
	// maxRoster is how many devices a share can have said yes to; those after them
	// get it from the sharer alone.
	maxRoster     = 2048
	rosterPurpose = "roster 1"
)

// text is what is signed.
func (r *roster) text(share ShareID) []byte {
	b := fmt.Appendf(nil, "share %s\nversion %d\n", share, r.Version)
	for _, id := range r.Takers {
		b = fmt.Appendf(b, "taker %s\n", id)
	}
	return b
}

// sign completes the roster.
func (r *roster) sign(id *identity.Identity, share ShareID) {
	r.Sig = id.Sign(rosterPurpose, r.text(share))
}

// check returns an error unless the roster was made by the sharer, for this share.
func (r *roster) check(share ShareID, sharer ed25519.PublicKey) error {
	switch {
	case r.Version < 1:
		return errors.New("the roster has no version")
	case len(r.Takers) > maxRoster:
		return errors.New("the roster is too long")
	case !slices.IsSortedFunc(r.Takers, identity.ID.Compare):
		return errors.New("the roster is not in order")
	case !identity.Verify(sharer, rosterPurpose, r.text(share), r.Sig):
		return errors.New("the roster's signature is wrong")
	}
	return nil
}

// has reports whether a device is in the roster. A nil roster is empty.
func (r *roster) has(id identity.ID) bool {
	if r == nil {
		return false
	}
	_, found := slices.BinarySearchFunc(r.Takers, id, identity.ID.Compare)
	return found
}

// takers returns the devices in the roster. A nil roster is empty.
func (r *roster) takers() []identity.ID {
	if r == nil {
		return nil
	}
	return r.Takers
}

// version returns the version, zero for a nil roster.
func (r *roster) version() int {
	if r == nil {
		return 0
	}
	return r.Version
}

// packed are IDs that are written in JSON one after another, in base64.
type packed []identity.ID

// bytes returns 32 bytes for each ID.
func (p packed) bytes() []byte {
	b := make([]byte, 0, len(p)*len(identity.ID{}))
	for _, id := range p {
		b = append(b, id[:]...)
	}
	return b
}

// MarshalJSON writes a string in base64.
func (p packed) MarshalJSON() ([]byte, error) { return json.Marshal(p.bytes()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *packed) UnmarshalJSON(data []byte) error {
	var b []byte
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	const size = len(identity.ID{})
	if len(b)%size != 0 || len(b)/size > maxRoster {
		return errors.New("a list of devices has an impossible length")
	}
	*p = nil
	for ; len(b) > 0; b = b[size:] {
		*p = append(*p, identity.ID(b[:size]))
	}
	return nil
}
