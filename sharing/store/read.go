package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"potluck/sharing/hashlist"
)

// A scope says which bytes of a piece are hashed.
type scope int

const (
	wholePiece scope = iota // all, with zeros for entries that have failed
	keptBytes               // only those that stay after Finish
)

// scratch are buffers for reading.
var scratch = sync.Pool{New: func() any { return new([256 << 10]byte) }}

// ReadAt reads from a complete piece, off bytes into it, to pass it on. It fills
// b or returns an error; ErrIncomplete if the piece is not complete. If reading
// fails, a file in its final place does not look as it was received, or one in
// staging was changed by somebody else and the piece with it, the piece is not
// complete from then on.
func (i *Item) ReadAt(piece int, b []byte, off int64) (int, error) {
	if err := i.checkRange(piece, off, len(b)); err != nil {
		return 0, err
	}
	done, err := i.use()
	if err != nil {
		return 0, err
	}
	defer done()
	if !i.Complete(piece) {
		return 0, ErrIncomplete
	}
	from, to := int(off), int(off)+len(b)
	for p := range i.layout.parts(piece, i.disk.failed) {
		begin, end := max(p.pos, from), min(p.pos+p.len, to)
		if begin >= end {
			continue
		}
		p.off += int64(begin - p.pos)
		if err := i.disk.read(p, b[begin-from:end-from], false); err != nil {
			return 0, errors.Join(err, i.unreadable(piece))
		}
	}
	if i.isMeddled(piece) {
		if right, err := i.prove(piece); err != nil || !right {
			return 0, errors.Join(err, ErrIncomplete)
		}
	}
	return len(b), nil
}

// unreadable notes that a complete piece could not be read. What has its final
// name belongs to the person, who may do with it what they like: then the piece
// is only not passed on any more.
func (i *Item) unreadable(piece int) error {
	i.mu.Lock()
	finished := i.notes.finished
	if finished {
		i.notes.complete.clear(piece)
	}
	i.mu.Unlock()
	if finished {
		return nil
	}
	i.disk.forget()
	return i.lose([]int{piece})
}

// hashWritten hashes what is on disk of a piece.
func (i *Item) hashWritten(piece int, s scope) (hash [32]byte, err error) {
	h := hashlist.NewHash()
	buf := scratch.Get().(*[256 << 10]byte)
	defer scratch.Put(buf)
	for p := range i.layout.parts(piece, i.disk.failed) {
		if s == keptBytes && (p.zero || p.file == edgeFile) {
			continue
		}
		for p.len > 0 {
			b := buf[:min(p.len, len(buf))]
			if err := i.disk.read(p, b, true); err != nil {
				return hash, err
			}
			h.Write(b)
			p.off += int64(len(b))
			p.len -= len(b)
		}
	}
	h.Sum(hash[:0])
	return hash, nil
}

// isMissing reports whether what should be read is not, or not any more, there.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errForeign) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Recheck hashes a suspect piece and reports whether it is right: then it is
// complete. Else it has to be fetched. Of a piece that is not suspect, it
// reports whether it is complete.
//
// The error is ErrNoHash if the hash is not known, ErrClosed, that of ctx, or that
// of the journal; then the piece stays suspect.
func (i *Item) Recheck(ctx context.Context, piece int) (bool, error) {
	if err := i.checkRange(piece, 0, 0); err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	done, err := i.use()
	if err != nil {
		return false, err
	}
	defer done()
	i.mu.Lock()
	suspect, complete := i.notes.suspect.has(piece), i.notes.complete.has(piece)
	i.mu.Unlock()
	if !suspect {
		return complete, nil
	}
	want, known := i.o.Hashes.Get(piece)
	if !known {
		return false, ErrNoHash
	}
	got, err := i.hashWritten(piece, wholePiece)
	if err != nil || got != want {
		i.log.Info("piece did not survive", "piece", piece, "err", err)
		if err := i.lose([]int{piece}); err != nil {
			return false, i.fail(err)
		}
		return false, nil
	}
	if err := i.commit(piece); err != nil {
		return false, err
	}
	return true, nil
}
