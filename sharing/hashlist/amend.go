package hashlist

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"potluck/sharing/identity"
)

const (
	// maxAmended is how many amendments [List.Amendments] returns at most.
	maxAmended = 4096

	// spareAmendments is how many amendments a share may have beyond two for
	// each piece: enough for any honest day, and a bound on what a hostile
	// sharer makes others keep.
	spareAmendments = 1 << 16
)

// ErrTooMany means that a share has been amended so often that it had better be
// shared anew.
var ErrTooMany = errors.New("the shared files have changed too often; share them again")

// Amend signs a new hash for a piece and adds it. It is for the sharer, and
// calls sign with the list locked. The error wraps [ErrInvalid] if there is no
// such piece, [ErrForged] if sign is not the sharer's, or is [ErrTooMany].
func (l *List) Amend(sign Signer, piece int, h Hash) (Amendment, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := Amendment{Seq: len(l.amendments) + 1, Piece: piece, Hash: h, Sig: make([]byte, ed25519.SignatureSize)}
	if err := a.check(l.count); err != nil {
		return Amendment{}, err
	}
	if a.Seq > l.maxAmendments() {
		return Amendment{}, ErrTooMany
	}
	a.Sig = sign.Sign(amendmentPurpose, a.message(l.share))
	if !l.signedAmendment(a) {
		return Amendment{}, ErrForged
	}
	l.amendLocked(a)
	return a, nil
}

// AddAmendment checks an amendment that came from anywhere, and adds it.
// Amendments have to come in the order of their numbers: one that skips a number
// is [ErrGap]. One that is known is no error. Other errors wrap [ErrInvalid],
// [ErrForged] or [ErrConflict], or are [ErrTooMany]; nothing was added then.
func (l *List) AddAmendment(a Amendment) error {
	if err := a.check(l.count); err != nil {
		return err
	}
	l.mu.Lock()
	newest := len(l.amendments)
	known := a.Seq <= newest && l.amendments[a.Seq-1].same(a)
	l.mu.Unlock()
	switch {
	case known:
		return nil
	case a.Seq > newest+1:
		return ErrGap
	case a.Seq > l.maxAmendments():
		return ErrTooMany
	case !l.signedAmendment(a):
		return ErrForged
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	if a.Seq <= len(l.amendments) {
		if l.amendments[a.Seq-1].same(a) {
			return nil
		}
		return fmt.Errorf("amendment %d: %w", a.Seq, ErrConflict)
	}
	l.amendLocked(a)
	return nil
}

func (a *Amendment) same(b Amendment) bool {
	return a.Seq == b.Seq && a.Piece == b.Piece && a.Hash == b.Hash
}

// signedAmendment reports whether a has the sharer's signature.
func (l *List) signedAmendment(a Amendment) bool {
	return identity.Verify(l.sharer, amendmentPurpose, a.message(l.share), a.Sig)
}

func (l *List) maxAmendments() int { return 2*l.count + spareAmendments }

func (l *List) amendLocked(a Amendment) {
	a.Sig = bytes.Clone(a.Sig)
	l.amendments = append(l.amendments, a)
	l.amended[a.Piece] = a.Hash
	l.signalLocked()
}

// AmendSeq returns the number of the newest amendment, 0 if there is none.
func (l *List) AmendSeq() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.amendments)
}

// Amendments returns the amendments after number `after`, in order, at most
// 4,096 of them.
func (l *List) Amendments(after int) []Amendment {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := min(max(after, 0), len(l.amendments))
	return slices.Clone(l.amendments[from:min(from+maxAmended, len(l.amendments))])
}
