package sharing

import (
	"context"
	"errors"
	"sync"

	"potluck/sharing/hashlist"
	"potluck/sharing/source"
	"potluck/sharing/swarm"
)

// keptPieces are the pieces of a share that is over, read from files that belong to
// a person now. A piece is there while all its files are what they were, and
// nothing of it is handed out before it was hashed once.
type keptPieces struct {
	source *source.Source
	hashes *hashlist.List
	length int64
	size   int64 // of a piece

	mu     sync.Mutex // guards what follows
	gone   []bool     // pieces that are not there, or not any more
	checks map[int]*pieceCheck
	tell   func(pieces []int) // of pieces that are not there any more
}

// A pieceCheck is the hashing of a piece, once.
type pieceCheck struct {
	once sync.Once
	err  error
}

// newKeptPieces takes over a source, and looks which of its files are still what they
// were. has says which entries were taken, nil for all; lacks which pieces hold
// others, nil for none.
func newKeptPieces(ctx context.Context, src *source.Source, hashes *hashlist.List, has func(int) bool, lacks []bool) (*keptPieces, error) {
	m := src.Manifest()
	p := &keptPieces{
		source: src, hashes: hashes, length: m.StreamLength(), size: hashlist.PieceLength(m.StreamLength()),
		gone: lacks, checks: make(map[int]*pieceCheck),
	}
	if p.gone == nil {
		p.gone = make([]bool, hashes.Len())
	}
	src.NotifyFail(func(e source.EntryError) { p.entryFailed(e.Entry) })
	for e := range m.Len() {
		if m.Size(e) == 0 || has != nil && !has(e) {
			continue
		}
		var failed *source.EntryError
		if err := src.Recheck(ctx, e); err != nil && !errors.As(err, &failed) {
			src.Close()
			return nil, err
		}
	}
	return p, nil
}

func (p *keptPieces) spec(share ShareID) swarm.Spec {
	return swarm.Spec{Length: p.length, PieceLength: p.size, Salt: torrentSalt(share)}
}

// lost says whom to tell when pieces are not there any more.
func (p *keptPieces) lost(tell func([]int)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell = tell
}

// entryFailed takes back all pieces of a file that is not what it was.
func (p *keptPieces) entryFailed(entry int) {
	first, end := p.source.Pieces(entry)
	var list []int
	for piece := first; piece < end; piece++ {
		list = append(list, piece)
	}
	p.drop(list)
}

func (p *keptPieces) drop(list []int) {
	p.mu.Lock()
	for _, piece := range list {
		p.gone[piece] = true
	}
	tell := p.tell
	p.mu.Unlock()
	if tell != nil {
		tell(list)
	}
}

// Complete reports whether a piece is there, as far as is known.
func (p *keptPieces) Complete(piece int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return piece >= 0 && piece < len(p.gone) && !p.gone[piece]
}

// lacksAny reports whether any of these pieces is not served.
func (p *keptPieces) lacksAny(these []bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for piece, is := range these {
		if is && p.gone[piece] {
			return true
		}
	}
	return false
}

// ReadAt reads from a piece that is complete. The first time, it is hashed before.
func (p *keptPieces) ReadAt(piece int, b []byte, off int64) (int, error) {
	if !p.Complete(piece) {
		return 0, errNotHere
	}
	if err := p.check(piece); err != nil {
		return 0, err
	}
	n, err := p.source.ReadAt(b, int64(piece)*p.size+off)
	if err == nil && !p.Complete(piece) { // it failed meanwhile: these are zeros
		return 0, errNotHere
	}
	return n, err
}

// check hashes a piece, unless that was done.
func (p *keptPieces) check(piece int) error {
	p.mu.Lock()
	c := p.checks[piece]
	if c == nil {
		c = &pieceCheck{}
		p.checks[piece] = c
	}
	p.mu.Unlock()
	c.once.Do(func() {
		want, known := p.hashes.Get(piece)
		got, err := p.source.HashPiece(context.Background(), piece)
		if err != nil || !known || got != want {
			c.err = errNotHere
			p.drop([]int{piece})
		}
	})
	return c.err
}

// WriteAt refuses: what is kept is whole, or not to be made so here.
func (p *keptPieces) WriteAt(int, []byte, int64) (int, error) {
	return 0, errors.New("a share that is over is not received")
}

// Verify reports whether the piece is there.
func (p *keptPieces) Verify(piece int) error {
	if !p.Complete(piece) {
		return errNotHere
	}
	return nil
}
