package sharing

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// A Receipt is a receiver's signature over what is whole on its disk. It can be
// shown to anybody: the key is in it, and the key's SHA-256 is Taker.
type Receipt struct {
	Share    ShareID     `json:"share"`
	Manifest HexHash     `json:"manifest"` // SHA-256 of the manifest
	Hashes   HexHash     `json:"hashes"`   // digest of the hash list, amended as far as Amended
	Amended  int         `json:"amended"`
	Sharer   identity.ID `json:"sharer"`
	Taker    identity.ID `json:"taker"`
	Entries  string      `json:"entries"` // numbers of the manifest's entries that it covers: "0-12,15"
	Files    int         `json:"files"`
	Bytes    int64       `json:"bytes"`
	Time     time.Time   `json:"time"`
	Key      []byte      `json:"key"`
	Sig      []byte      `json:"sig"`
}

const receiptPurpose = "receipt 1"

// text is what is signed.
func (r *Receipt) text() []byte {
	return fmt.Appendf(nil, "share %s\nmanifest %x\nhashes %x\namended %d\nsharer %s\ntaker %s\nentries %s\nfiles %d\nbytes %d\ntime %s\n",
		r.Share, r.Manifest[:], r.Hashes[:], r.Amended, r.Sharer, r.Taker, r.Entries, r.Files, r.Bytes, r.Time.UTC().Format(time.RFC3339))
}

// sign completes the receipt with id's key and signature.
func (r *Receipt) sign(id *identity.Identity) {
	r.Taker = id.ID()
	r.Key = id.Public()
	r.Sig = id.Sign(receiptPurpose, r.text())
}

// Check returns an error unless the receipt was signed by the device it names.
func (r *Receipt) Check() error {
	switch {
	case len(r.Key) != ed25519.PublicKeySize || identity.IDOf(r.Key) != r.Taker:
		return errors.New("the receipt's key is not that of its taker")
	case len(r.Entries) > maxTake:
		return errors.New("the receipt's list of entries is too long")
	case !identity.Verify(r.Key, receiptPurpose, r.text(), r.Sig):
		return errors.New("the receipt's signature is wrong")
	}
	return nil
}

// covers returns an error if the receipt cannot be about entries of m.
func (r *Receipt) covers(m *manifest.Manifest) error {
	files, bytes := 0, int64(0)
	next := 0
	for part := range strings.SplitSeq(r.Entries, ",") {
		if r.Entries == "" {
			break // nothing of it could be had
		}
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 31)
		to, errTo := strconv.ParseUint(last, 10, 31)
		if err != nil || errTo != nil || int(from) < next || to < from || int(to) >= m.Len() {
			return errors.New("the receipt's list of entries is wrong")
		}
		for next = int(from); next <= int(to); next++ {
			if e := m.Entry(next); !e.Dir {
				files, bytes = files+1, bytes+e.Size
			}
		}
	}
	if r.Files < 0 || r.Files > files || r.Bytes < 0 || r.Bytes > bytes {
		return errors.New("the receipt counts more than there is")
	}
	return nil
}

// A HexHash is a SHA-256 that reads as hexadecimal digits in JSON.
type HexHash [32]byte

// MarshalText returns the hexadecimal form.
func (h HexHash) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%x", h[:]), nil }

// UnmarshalText reads the hexadecimal form.
func (h *HexHash) UnmarshalText(b []byte) error { return decodeHex32(h[:], b) }

// ranges writes the numbers i for which in(i) as "0-12,15".
func ranges(n int, in func(i int) bool) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		if !in(i) {
			continue
		}
		first := i
		for i+1 < n && in(i+1) {
			i++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		if first == i {
			fmt.Fprintf(&b, "%d", i)
		} else {
			fmt.Fprintf(&b, "%d-%d", first, i)
		}
	}
	return b.String()
}
