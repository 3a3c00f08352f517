package pairing

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"potluck/sharing/identity"
)

const (
	// Size is the length in bytes of numbers, commitments and secrets.
	Size = 32

	// TrySize is the length in bytes of the name of a try.
	TrySize = 16

	// Label is what the secret is exported for from TLS, without a context.
	Label = "EXPORTER-Potluck-Pairing-1"

	// Kinds is how many kinds of dishes there are, and Places how many are
	// compared.
	Kinds  = identity.Dishes
	Places = 4
)

// Errors of a [Handshake].
var (
	// ErrBroken says that the other side did not do what an honest one does.
	// The handshake is over.
	ErrBroken = errors.New("the other device did not keep to the rules of pairing")

	// ErrEarly says that something was asked for that is not known, or not to
	// be told, yet.
	ErrEarly = errors.New("the devices have not come that far")
)

// A Role is which side of the handshake a device is.
type Role byte

// The roles.
const (
	Leader   Role = 'L'
	Follower Role = 'F'
)

func (r Role) other() Role {
	if r == Leader {
		return Follower
	}
	return Leader
}

// A Setting is what both sides know before they begin.
type Setting struct {
	Try    [TrySize]byte // chosen by the leader, at random
	Self   identity.ID
	Peer   identity.ID
	Secret [Size]byte // exported from the session
}

// NewTry returns a name for a try.
func NewTry() (try [TrySize]byte) {
	rand.Read(try[:]) // never fails
	return try
}

// A Handshake is one side of one try.
type Handshake struct {
	s      Setting
	role   Role
	number [Size]byte
	broken bool

	committed bool // the other side has
	theirs    [Size]byte
	revealed  bool // the other side's number is known, and fits
	their     [Size]byte
}

// New begins a handshake, with a new number.
func New(role Role, s Setting) *Handshake {
	h := &Handshake{s: s, role: role}
	rand.Read(h.number[:]) // never fails
	return h
}

// Commitment returns what this side tells first.
func (h *Handshake) Commitment() [Size]byte { return h.commit(h.role, h.number) }

// HearCommitment takes what the other side tells first.
func (h *Handshake) HearCommitment(c [Size]byte) error {
	switch {
	case h.broken:
		return ErrBroken
	case h.committed && c == h.theirs:
		return nil
	case h.committed, c == h.Commitment():
		return h.fail()
	}
	h.theirs, h.committed = c, true
	return nil
}

// Number returns this side's number, when it may be told: the leader's once the
// follower is committed, the follower's once the leader's number is known.
func (h *Handshake) Number() ([Size]byte, error) {
	switch {
	case h.broken:
		return [Size]byte{}, ErrBroken
	case !h.committed, h.role == Follower && !h.revealed:
		return [Size]byte{}, ErrEarly
	}
	return h.number, nil
}

// HearNumber takes the other side's number.
func (h *Handshake) HearNumber(n [Size]byte) error {
	want := h.theirs
	got := h.commit(h.role.other(), n)
	switch {
	case h.broken:
		return ErrBroken
	case !h.committed, !hmac.Equal(want[:], got[:]):
		return h.fail()
	}
	h.their, h.revealed = n, true
	return nil
}

// Dishes returns what is to be compared: numbers from 0 to 959. The error is
// [ErrEarly] before both numbers are known.
func (h *Handshake) Dishes() ([Places]int, error) {
	var dishes [Places]int
	switch {
	case h.broken:
		return dishes, ErrBroken
	case !h.revealed:
		return dishes, ErrEarly
	}
	mine, other := h.number, h.their
	if h.role == Follower {
		mine, other = other, mine
	}
	sum := h.digest("potluck pairing 1 dishes", mine[:], other[:])
	rest := binary.BigEndian.Uint64(sum[:8]) // 960^4 of them: the bias is below 2^-24
	for i := range dishes {
		dishes[i] = int(rest % Kinds)
		rest /= Kinds
	}
	return dishes, nil
}

func (h *Handshake) fail() error {
	h.broken = true
	return ErrBroken
}

// commit returns the commitment of a side to a number.
func (h *Handshake) commit(role Role, number [Size]byte) [Size]byte {
	return h.digest("potluck pairing 1 commitment", []byte{byte(role)}, number[:])
}

// digest hashes what belongs to this try, and more. Every part but the purpose,
// which ends with a NUL, has one length for that purpose.
func (h *Handshake) digest(purpose string, more ...[]byte) [Size]byte {
	leader, follower := h.s.Self, h.s.Peer
	if h.role == Follower {
		leader, follower = follower, leader
	}
	sum := sha256.New()
	sum.Write([]byte(purpose))
	sum.Write([]byte{0})
	for _, part := range [][]byte{h.s.Try[:], leader[:], follower[:], h.s.Secret[:]} {
		sum.Write(part)
	}
	for _, part := range more {
		sum.Write(part)
	}
	return [Size]byte(sum.Sum(nil))
}
