package hashlist

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
	"sort"
	"sync"

	"potluck/sharing/identity"
)

// maxRuns is how many hashes [List.Runs] returns at most.
const maxRuns = 4 * MaxRun

// A List holds as much of the hashes of a share as is known. Its methods are
// safe to call from any goroutine.
type List struct {
	share  Hash
	sharer ed25519.PublicKey
	count  int

	mu         sync.Mutex // guards what follows
	hashes     []Hash     // as first signed; only appended to
	runs       []stored   // each reaches further than the one before
	amendments []Amendment
	amended    map[int]Hash  // the newest amendment of each piece
	changed    chan struct{} // closed at the next change
}

// A stored is a run whose hashes are in the list.
type stored struct {
	first, end int
	prev       Hash
	sig        []byte
}

// New returns the list of a share of which no hash is known yet. Stream is the
// length of the share's stream in bytes.
func New(share [32]byte, stream int64, sharer ed25519.PublicKey) *List {
	return &List{
		share:   share,
		sharer:  bytes.Clone(sharer),
		count:   Count(stream),
		amended: make(map[int]Hash),
		changed: make(chan struct{}),
	}
}

// Len returns how many pieces the share has.
func (l *List) Len() int { return l.count }

// Known returns how many hashes are known: those of the pieces before Known().
func (l *List) Known() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.hashes)
}

// Get returns the hash that piece i has to have now, if it is known.
func (l *List) Get(i int) (Hash, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h, ok := l.amended[i]; ok {
		return h, true
	}
	if i < 0 || i >= len(l.hashes) {
		return Hash{}, false
	}
	return l.hashes[i], true
}

// Append signs the hashes of the next pieces, from Known() on, and adds them. It
// is for the sharer, and calls sign with the list locked. The error wraps
// [ErrInvalid] if there are none, more than [MaxRun] or more than pieces left,
// and [ErrForged] if sign is not the sharer's.
func (l *List) Append(sign Signer, hashes []Hash) (Run, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := Run{First: len(l.hashes), Hashes: slices.Clone(hashes), Sig: make([]byte, ed25519.SignatureSize)}
	if err := r.check(l.count); err != nil {
		return Run{}, err
	}
	r.Prev = l.digestBeforeLocked(r.First)
	r.Sig = sign.Sign(runPurpose, r.message(l.share))
	if !l.signed(r) {
		return Run{}, ErrForged
	}
	l.storeLocked(r)
	return r, nil
}

// Add checks a run that came from anywhere, and adds what it has of news. A run
// that has none is no error. Other errors wrap [ErrGap], [ErrInvalid],
// [ErrForged] or [ErrConflict]; nothing was added then.
func (l *List) Add(r Run) error {
	if err := r.check(l.count); err != nil {
		return err
	}
	l.mu.Lock()
	known := l.matchLocked(r) == nil && r.end() <= len(l.hashes)
	gap := r.First > len(l.hashes)
	l.mu.Unlock()
	switch {
	case known:
		return nil
	case gap:
		return ErrGap
	case !l.signed(r):
		return ErrForged
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.matchLocked(r); err != nil {
		return err
	}
	if r.end() > len(l.hashes) {
		l.storeLocked(r)
	}
	return nil
}

// signed reports whether r has the sharer's signature.
func (l *List) signed(r Run) bool {
	return identity.Verify(l.sharer, runPurpose, r.message(l.share), r.Sig)
}

// matchLocked returns [ErrConflict] if r contradicts what is known.
func (l *List) matchLocked(r Run) error {
	if r.First > len(l.hashes) {
		return ErrGap
	}
	for i, h := range l.hashes[r.First:min(r.end(), len(l.hashes))] {
		if h != r.Hashes[i] {
			return fmt.Errorf("piece %d: %w", r.First+i, ErrConflict)
		}
	}
	if r.Prev != l.digestBeforeLocked(r.First) {
		return fmt.Errorf("before piece %d: %w", r.First, ErrConflict)
	}
	return nil
}

// digestBeforeLocked returns the running digest of the hashes before piece i,
// which must all be known.
func (l *List) digestBeforeLocked(i int) Hash {
	if i == 0 {
		return Hash{}
	}
	// Each run begins at or before the end of the last, so the first that
	// reaches i begins before it.
	run := l.runs[sort.Search(len(l.runs), func(n int) bool { return l.runs[n].end >= i })]
	return roll(run.prev, l.hashes[run.first:i])
}

// storeLocked adds a run that was checked and has news.
func (l *List) storeLocked(r Run) {
	l.hashes = append(l.hashes, r.Hashes[len(l.hashes)-r.First:]...)
	l.runs = append(l.runs, stored{r.First, r.end(), r.Prev, bytes.Clone(r.Sig)})
	l.signalLocked()
}

// Runs returns the runs that tell of pieces from number `from` on, in order, as
// they are to be added; at most 4,096 hashes of them, but at least one run if
// there is any.
func (l *List) Runs(from int) []Run {
	l.mu.Lock()
	defer l.mu.Unlock()
	var runs []Run
	total := 0
	for _, s := range l.runs[sort.Search(len(l.runs), func(n int) bool { return l.runs[n].end > from }):] {
		if total += s.end - s.first; total > maxRuns {
			break
		}
		runs = append(runs, l.runLocked(s))
	}
	return runs
}

func (l *List) runLocked(s stored) Run {
	return Run{First: s.first, Hashes: l.hashes[s.first:s.end:s.end], Prev: s.prev, Sig: s.sig}
}

// Digest returns the SHA-256 of the present hashes of all pieces, one after
// another, if all are known.
func (l *List) Digest() (Hash, bool) { return l.DigestAt(l.AmendSeq()) }

// DigestAt returns what [List.Digest] returned when amendment seq was the
// newest. It reports false also if that amendment is not known.
func (l *List) DigestAt(seq int) (Hash, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.hashes) < l.count || seq < 0 || seq > len(l.amendments) {
		return Hash{}, false
	}
	amended := l.amended
	if seq < len(l.amendments) {
		amended = make(map[int]Hash)
		for _, a := range l.amendments[:seq] {
			amended[a.Piece] = a.Hash
		}
	}
	sum := sha256.New()
	for i, h := range l.hashes {
		if a, ok := amended[i]; ok {
			h = a
		}
		sum.Write(h[:])
	}
	return Hash(sum.Sum(nil)), true
}

// Wait returns nil as soon as more than the first `known` hashes are known, or
// an amendment newer than amendSeq is, and the error of ctx when that is done
// first.
func (l *List) Wait(ctx context.Context, known, amendSeq int) error {
	for {
		l.mu.Lock()
		news := len(l.hashes) > known || len(l.amendments) > amendSeq
		changed := l.changed
		l.mu.Unlock()
		if news {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// signalLocked wakes those in Wait.
func (l *List) signalLocked() {
	close(l.changed)
	l.changed = make(chan struct{})
}
