package hashlist

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"potluck/sharing/identity"
)

// A Hash is the hash of a piece, see [Sum].
type Hash = [32]byte

// MaxRun is how many hashes a run has at most.
const MaxRun = 1024

// What signatures are made for; see [identity.Identity.Sign].
const (
	runPurpose       = "hash list run"
	amendmentPurpose = "hash list amendment"
)

var (
	// ErrGap means that what comes before was not added yet.
	ErrGap = errors.New("hashes before these are missing")

	// ErrInvalid means that a run or amendment cannot be of this share: it is
	// empty, too long or reaches beyond the last piece.
	ErrInvalid = errors.New("hashes that cannot be of this share")

	// ErrForged means that the sharer did not sign this, or not for this share
	// or not for this place in it.
	ErrForged = errors.New("hashes without a valid signature of the sharer")

	// ErrConflict means that the sharer signed two different hashes for the
	// same place.
	ErrConflict = errors.New("the sharer signed two different hashes for one piece")
)

// A Signer signs in the name of the sharer; an [identity.Identity] does.
type Signer interface {
	Sign(purpose string, msg []byte) []byte
}

var _ Signer = (*identity.Identity)(nil)

// A Run holds the hashes of pieces that follow each other, with the sharer's
// signature. As JSON it is
//
//	{"first":0,"hashes":"…","prev":"…","sig":"…"}
//
// with all hashes in one string of base64. It must not be changed.
type Run struct {
	First  int    // the piece that Hashes[0] is of
	Hashes []Hash // at least one, at most MaxRun
	Prev   Hash   // running digest of all hashes before; zero if there are none
	Sig    []byte
}

// message returns what the signature of r covers.
func (r *Run) message(share Hash) []byte {
	msg := make([]byte, 0, 2*len(share)+12+len(r.Hashes)*len(share))
	msg = append(msg, share[:]...)
	msg = binary.BigEndian.AppendUint64(msg, uint64(r.First))
	msg = append(msg, r.Prev[:]...)
	msg = binary.BigEndian.AppendUint32(msg, uint32(len(r.Hashes)))
	for i := range r.Hashes {
		msg = append(msg, r.Hashes[i][:]...)
	}
	return msg
}

// end returns the number of the piece after the last.
func (r *Run) end() int { return r.First + len(r.Hashes) }

// check returns an error that wraps [ErrInvalid] if r cannot be of a share with
// count pieces.
func (r *Run) check(count int) error {
	switch {
	case len(r.Hashes) == 0:
		return fmt.Errorf("%w: an empty run", ErrInvalid)
	case len(r.Hashes) > MaxRun:
		return fmt.Errorf("%w: a run of %d", ErrInvalid, len(r.Hashes))
	case r.First < 0 || r.First > count-len(r.Hashes):
		return fmt.Errorf("%w: a run of %d from piece %d, of %d in all", ErrInvalid, len(r.Hashes), r.First, count)
	case len(r.Sig) != ed25519.SignatureSize:
		return ErrForged
	}
	return nil
}

// roll returns the running digest behind hashes, given the one before them.
func roll(digest Hash, hashes []Hash) Hash {
	var both [2 * sha256.Size]byte
	for i := range hashes {
		copy(both[:], digest[:])
		copy(both[sha256.Size:], hashes[i][:])
		digest = sha256.Sum256(both[:])
	}
	return digest
}

// An Amendment gives a piece a new hash, with the sharer's signature. As JSON it
// is
//
//	{"seq":1,"piece":7,"hash":"…","sig":"…"}
//
// It must not be changed.
type Amendment struct {
	Seq   int // 1 for the first of a share
	Piece int
	Hash  Hash
	Sig   []byte
}

func (a *Amendment) message(share Hash) []byte {
	msg := make([]byte, 0, 2*len(share)+16)
	msg = append(msg, share[:]...)
	msg = binary.BigEndian.AppendUint64(msg, uint64(a.Seq))
	msg = binary.BigEndian.AppendUint64(msg, uint64(a.Piece))
	return append(msg, a.Hash[:]...)
}

func (a *Amendment) check(count int) error {
	switch {
	case a.Seq < 1 || a.Piece < 0 || a.Piece >= count:
		return fmt.Errorf("%w: amendment %d of piece %d, of %d in all", ErrInvalid, a.Seq, a.Piece, count)
	case len(a.Sig) != ed25519.SignatureSize:
		return ErrForged
	}
	return nil
}

type runJSON struct {
	First  int    `json:"first"`
	Hashes string `json:"hashes"`
	Prev   []byte `json:"prev"`
	Sig    []byte `json:"sig"`
}

// MarshalJSON implements [json.Marshaler].
func (r Run) MarshalJSON() ([]byte, error) {
	flat := make([]byte, 0, len(r.Hashes)*len(Hash{}))
	for i := range r.Hashes {
		flat = append(flat, r.Hashes[i][:]...)
	}
	return json.Marshal(runJSON{r.First, base64.StdEncoding.EncodeToString(flat), r.Prev[:], r.Sig})
}

// UnmarshalJSON implements [json.Unmarshaler]. It refuses what could be no run,
// but checks no signature: that is for [List.Add].
func (r *Run) UnmarshalJSON(text []byte) error {
	var j runJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	if len(j.Hashes) > base64.StdEncoding.EncodedLen(MaxRun*len(Hash{})) {
		return fmt.Errorf("%w: a run that is too long", ErrInvalid)
	}
	flat, err := base64.StdEncoding.DecodeString(j.Hashes)
	if err != nil || len(flat)%len(Hash{}) != 0 {
		return fmt.Errorf("%w: hashes are not in base64", ErrInvalid)
	}
	prev, err := asHash(j.Prev)
	if err != nil {
		return err
	}
	sig, err := asSignature(j.Sig)
	if err != nil {
		return err
	}
	hashes := make([]Hash, len(flat)/len(Hash{}))
	for i := range hashes {
		hashes[i] = Hash(flat[i*len(Hash{}):])
	}
	*r = Run{First: j.First, Hashes: hashes, Prev: prev, Sig: sig}
	return nil
}

type amendmentJSON struct {
	Seq   int    `json:"seq"`
	Piece int    `json:"piece"`
	Hash  []byte `json:"hash"`
	Sig   []byte `json:"sig"`
}

// MarshalJSON implements [json.Marshaler].
func (a Amendment) MarshalJSON() ([]byte, error) {
	return json.Marshal(amendmentJSON{a.Seq, a.Piece, a.Hash[:], a.Sig})
}

// UnmarshalJSON implements [json.Unmarshaler]. It refuses what could be no
// amendment, but checks no signature: that is for [List.AddAmendment].
func (a *Amendment) UnmarshalJSON(text []byte) error {
	var j amendmentJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	hash, err := asHash(j.Hash)
	if err != nil {
		return err
	}
	sig, err := asSignature(j.Sig)
	if err != nil {
		return err
	}
	*a = Amendment{Seq: j.Seq, Piece: j.Piece, Hash: hash, Sig: sig}
	return nil
}

func asHash(b []byte) (Hash, error) {
	if len(b) != len(Hash{}) {
		return Hash{}, fmt.Errorf("%w: a hash of %d bytes", ErrInvalid, len(b))
	}
	return Hash(b), nil
}

func asSignature(b []byte) ([]byte, error) {
	if len(b) != ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: a signature of %d bytes", ErrInvalid, len(b))
	}
	return b, nil
}
