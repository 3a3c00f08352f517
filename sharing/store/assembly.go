package store

import (
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"potluck/sharing/hashlist"
)

// idle is how long a piece may be in memory without getting anything. Then it
// is put in staging, to make room for pieces that are on their way.
const idle = 5 * time.Second

// An assembly is a piece that is being put together.
type assembly struct {
	mu   sync.Mutex       // guards what follows; held while the piece is written to disk
	buf  []byte           // nil: blocks go to staging at once
	hash *hashlist.Blocks // of what is in buf
	got  spans
	used time.Time
	come atomic.Int64 // bytes in got, for those who do not wait for the disk
	over bool         // verified, given up or closed: another one is needed
}

func (a *assembly) release(pool *Pool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.releaseLocked(pool)
}

func (a *assembly) releaseLocked(pool *Pool) {
	pool.put(a.buf)
	a.buf, a.over = nil, true
}

// WriteAt takes a block of a piece that begins off bytes into it. Blocks may come
// in any order, twice, and from several goroutines; b is not kept. It waits for
// the disk only if the pool is used up, and never for another piece.
//
// Blocks of a piece that is complete or not wanted are dropped. While [Item.Err]
// is not nil, that is the error.
func (i *Item) WriteAt(piece int, b []byte, off int64) (int, error) {
	if err := i.checkRange(piece, off, len(b)); err != nil {
		return 0, err
	}
	done, err := i.use()
	if err != nil {
		return 0, err
	}
	defer done()
	for {
		a, err := i.assembly(piece)
		if err != nil {
			return 0, err
		}
		if a == nil {
			return len(b), nil
		}
		if taken, err := i.put(a, piece, b, off); taken || err != nil {
			return len(b), err
		}
	}
}

// put adds a block to an assembly. It reports false if that is over.
func (i *Item) put(a *assembly, piece int, b []byte, off int64) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return false, nil
	}
	a.used = time.Now()
	if a.buf != nil {
		copy(a.buf[off:], b)
		i.hashing.Begin()
		a.hash.Add(a.buf[off:int(off)+len(b)], int(off))
		i.hashing.End()
	} else if err := i.writePiece(piece, b, off); err != nil {
		return false, i.failDisk(err)
	}
	a.got.add(int(off), int(off)+len(b))
	a.come.Store(a.got.sum())
	return true, nil
}

// assembly returns the assembly of a piece, a new one if there is none; nil if
// none is needed.
func (i *Item) assembly(piece int) (*assembly, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err != nil {
		return nil, i.err
	}
	if i.notes.finished || i.notes.complete.has(piece) || !i.progress.wanted.has(piece) {
		return nil, nil
	}
	a := i.assemblies[piece]
	if a == nil {
		n := i.layout.length(piece)
		a = &assembly{buf: i.pool.get(n), hash: hashlist.NewBlocks(n), used: time.Now()}
		i.assemblies[piece] = a
	}
	return a, nil
}

// Coming returns how many bytes have arrived of pieces that are not complete.
// Nobody has checked them yet, and those that are not wanted count as well.
func (i *Item) Coming() (bytes int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for piece, a := range i.assemblies {
		if !i.notes.complete.has(piece) {
			bytes += a.come.Load()
		}
	}
	return bytes
}

// Verify checks a piece against its hash, writes it, and records that it is
// complete. Different pieces are verified in parallel when it is called from
// several goroutines. For a piece that is complete it does nothing.
//
// The error is ErrBadPiece if the piece is not whole or not right: it has to be
// fetched from its beginning. With ErrNoHash it stays as it is until the hash
// is known. ErrNotWanted means what it says. Any other error is the disk's,
// which [Item.Err] returns as well; then the piece has to be fetched again.
func (i *Item) Verify(piece int) error {
	if err := i.checkRange(piece, 0, 0); err != nil {
		return err
	}
	hash, known := i.o.Hashes.Get(piece)
	if !known {
		return ErrNoHash
	}
	done, err := i.use()
	if err != nil {
		return err
	}
	defer done()
	a, err := i.assembly(piece)
	if err != nil {
		return err
	}
	if a == nil {
		return i.settled(piece)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return i.settled(piece)
	}
	defer i.retire(piece, a)
	if !a.got.whole(i.layout.length(piece)) {
		return ErrBadPiece
	}
	if a.buf == nil {
		return i.verifyWritten(piece, hash)
	}
	i.hashing.Begin()
	right := a.hash.Sum(a.buf) == hash
	i.hashing.End()
	if !right {
		return ErrBadPiece
	}
	i.writing.Begin()
	defer i.writing.End()
	if err := i.writePiece(piece, a.buf, 0); err != nil {
		return i.failDisk(err)
	}
	return i.commit(piece)
}

// settled says what came of a piece that nobody is putting together.
func (i *Item) settled(piece int) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.notes.complete.has(piece):
		return nil
	case !i.progress.wanted.has(piece):
		return ErrNotWanted
	default:
		return ErrBadPiece
	}
}

// retire takes an assembly, whose lock is held, out of use.
func (i *Item) retire(piece int, a *assembly) {
	a.releaseLocked(i.pool)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.assemblies[piece] == a {
		delete(i.assemblies, piece)
	}
}

// verifyWritten is Verify for a piece that is in staging already.
func (i *Item) verifyWritten(piece int, want [32]byte) error {
	got, err := i.hashWritten(piece, wholePiece)
	if err != nil {
		if isMissing(err) {
			return ErrBadPiece
		}
		return i.failDisk(err)
	}
	if got != want {
		return ErrBadPiece
	}
	return i.commit(piece)
}

// writePiece puts bytes of a piece, from off, in their places.
func (i *Item) writePiece(piece int, b []byte, off int64) error {
	err := i.writePieceOnce(piece, b, off)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errForeign) {
		// Somebody removed or replaced a folder that was open here. What was in
		// it is found missing at the end; here it is made again.
		i.disk.forget()
		err = i.writePieceOnce(piece, b, off)
	}
	return err
}

func (i *Item) writePieceOnce(piece int, b []byte, off int64) error {
	w := way{d: i.disk, create: true}
	defer w.close()
	from, to := int(off), int(off)+len(b)
	for p := range i.layout.parts(piece, i.disk.failed) {
		begin, end := max(p.pos, from), min(p.pos+p.len, to)
		if begin >= end {
			if p.pos >= to {
				break
			}
			continue
		}
		p.off += int64(begin - p.pos)
		if err := i.disk.write(&w, p, b[begin-from:end-from]); err != nil {
			return err
		}
	}
	return nil
}

// commit records that a piece is complete, and finishes the files that are.
func (i *Item) commit(piece int) error {
	if err := i.journal.append(record{kind: kindVerified, number: piece}); err != nil {
		return i.fail(err)
	}
	i.setComplete(piece, func(e int) {
		if err := i.disk.stampOpen(e); err != nil {
			// Finish looks at all files, and sets what is not set yet.
			i.log.Debug("file was not stamped", "entry", e, "err", err)
		}
		i.disk.files.drop(e)
	})
	return nil
}

// spill puts in staging what has been waiting in memory since before.
func (i *Item) spill(before time.Time) error {
	done, err := i.use()
	if err != nil {
		return nil
	}
	defer done()
	i.mu.Lock()
	waiting := make(map[int]*assembly, len(i.assemblies))
	for piece, a := range i.assemblies {
		waiting[piece] = a
	}
	i.mu.Unlock()
	for piece, a := range waiting {
		if err := i.spillOne(piece, a, before); err != nil {
			return i.failDisk(err)
		}
	}
	return nil
}

func (i *Item) spillOne(piece int, a *assembly, before time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over || a.buf == nil || a.used.After(before) {
		return nil
	}
	for _, s := range a.got {
		if err := i.writePiece(piece, a.buf[s.from:s.to], int64(s.from)); err != nil {
			return err
		}
	}
	i.pool.put(a.buf)
	a.buf = nil
	return nil
}
