package source

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"runtime"
	"sync"

	"potluck/sharing/hashlist"
)

const (
	// hashChunk is how much a piece is read at a time: little enough to be still in
	// the cache of the core when it is hashed.
	hashChunk = 256 << 10

	// maxWorkers bounds the memory of Hash to 16 MiB.
	maxWorkers = 64
)

// Hash hashes the pieces from the given one to the last, and passes the hashes to
// each in this order, always from the goroutine that called Hash. It reads with
// as many goroutines as workers says, 0 for one a core; they are gone when it
// returns. It takes 256 KiB of memory for each.
//
// Entries that turn out to have failed count as zeros, and hashing goes on; see
// [Source.NotifyFail]. The error is the first that each returns, that of ctx, or
// one of reading that may pass, after which Hash can be called again for the rest.
func (s *Source) Hash(ctx context.Context, from int, workers int, each func(piece int, h [32]byte) error) error {
	if from < 0 {
		return fmt.Errorf("source: there is no piece %d", from)
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	count := s.PieceCount()
	workers = min(workers, maxWorkers, max(count-from, 0))

	ctx, cancel := context.WithCancel(ctx)
	todo := make(chan *hashJob)
	inOrder := make(chan *hashJob, 2*workers) // bounds how far they run ahead
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	wg.Go(func() {
		defer close(todo)
		defer close(inOrder)
		for piece := from; piece < count; piece++ {
			j := &hashJob{piece: piece, done: make(chan struct{})}
			select {
			case inOrder <- j:
			case <-ctx.Done():
				return
			}
			select {
			case todo <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		wg.Go(func() {
			h := newPieceHasher(s)
			for j := range todo {
				j.failed = s.failures.count()
				j.sum, j.err = h.hash(ctx, j.piece)
				close(j.done)
			}
		})
	}
	return s.deliver(ctx, inOrder, each)
}

// A hashJob is a piece to be hashed. What follows done is set before done is
// closed.
type hashJob struct {
	piece  int
	done   chan struct{}
	sum    [32]byte
	err    error
	failed int // how many entries had failed when it was begun
}

func (s *Source) deliver(ctx context.Context, jobs <-chan *hashJob, each func(int, [32]byte) error) error {
	var again *pieceHasher
	for {
		var j *hashJob
		select {
		case <-ctx.Done():
			return ctx.Err()
		case next, more := <-jobs:
			if !more {
				return ctx.Err()
			}
			j = next
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-j.done:
		}
		if j.err == nil && s.failedIn(j.piece, j.failed) {
			if again == nil {
				again = newPieceHasher(s)
			}
			j.sum, j.err = again.hash(ctx, j.piece)
		}
		if j.err != nil {
			return j.err
		}
		if err := each(j.piece, j.sum); err != nil {
			return err
		}
	}
}

// HashPiece returns the hash of a piece as it reads now. Entries that turn out to
// have failed count as zeros and are no error.
func (s *Source) HashPiece(ctx context.Context, piece int) ([32]byte, error) {
	if piece < 0 || piece >= s.PieceCount() {
		return [32]byte{}, fmt.Errorf("source: there is no piece %d", piece)
	}
	return newPieceHasher(s).hash(ctx, piece)
}

// bounds returns where a piece begins and ends in the stream.
func (s *Source) bounds(piece int) (from, end int64) {
	length := s.pieceLength()
	from = int64(piece) * length
	return from, min(from+length, s.manifest.StreamLength())
}

// failedIn reports whether one of the entries that failed after there were
// already n has bytes in a piece.
func (s *Source) failedIn(piece, n int) bool {
	for _, entry := range s.failures.since(n) {
		if first, end := s.Pieces(entry); first <= piece && piece < end {
			return true
		}
	}
	return false
}

// allFailed reports whether a piece of full length lies within one entry that has
// failed, as do many when a large file is deleted.
func (s *Source) allFailed(piece int) bool {
	from, end := s.bounds(piece)
	entry := s.manifest.At(from)
	return end-from == s.pieceLength() && entry == s.manifest.At(end-1) && s.failures.has(entry)
}

// hashZeros returns the hash of n zeros.
func hashZeros(n int64) (sum [32]byte) {
	zeros := make([]byte, min(n, hashChunk))
	h := hashlist.NewHash()
	for ; n > 0; n -= int64(len(zeros)) {
		h.Write(zeros[:min(n, int64(len(zeros)))])
	}
	h.Sum(sum[:0])
	return sum
}

// A pieceHasher hashes one piece at a time.
type pieceHasher struct {
	s   *Source
	sum hash.Hash
	buf []byte
}

func newPieceHasher(s *Source) *pieceHasher {
	return &pieceHasher{s: s, sum: hashlist.NewHash(), buf: make([]byte, hashChunk)}
}

// hash hashes a piece, again and again until no entry failed under way of which
// some bytes had been hashed by then.
func (h *pieceHasher) hash(ctx context.Context, piece int) (sum [32]byte, err error) {
	for {
		if h.s.allFailed(piece) {
			return h.s.zeroHash(), ctx.Err()
		}
		failed := h.s.failures.count()
		whole, err := h.once(ctx, piece)
		if err != nil {
			return sum, err
		}
		if whole && !h.s.failedIn(piece, failed) {
			h.sum.Sum(sum[:0])
			return sum, nil
		}
	}
}

// once reports whether it came to the end; it gives up when an entry fails of
// which it has hashed a part.
func (h *pieceHasher) once(ctx context.Context, piece int) (whole bool, err error) {
	h.sum.Reset()
	from, end := h.s.bounds(piece)
	for at := from; at < end; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, err := h.s.ReadAt(h.buf[:min(hashChunk, end-at)], at)
		h.sum.Write(h.buf[:n])
		at += int64(n)
		var failed *EntryError
		if errors.As(err, &failed) {
			if h.s.manifest.Offset(failed.Entry) < at && at > from {
				return false, nil
			}
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}
