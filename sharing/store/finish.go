package store

import (
	"context"
	"path/filepath"
	"time"

	"potluck/sharing/manifest"
)

// A Result says what was received, and where it is.
type Result struct {
	Tops    []Top              // the top-level items that have final names, in order
	Files   int                // files delivered, empty ones included
	Bytes   int64              // bytes in them
	Renamed []manifest.Renamed // what arrived under another name, at most 1000
	Failed  []int              // chosen entries that were not to be had
}

// A Top is a top-level item in its final place.
type Top struct {
	Name string // in the manifest: foreign text
	Path string // where it is now
}

// maxRenamed is how many entries of Result.Renamed there are at most.
const maxRenamed = 1000

// Finish gives what was received its final names, once all wanted pieces are
// complete and none is suspect; else the error is ErrIncomplete. It hashes what is
// in doubt, makes empty files and folders, sets times, has the disk confirm
// everything, and moves each top-level item to a name that nobody has.
//
// If something in staging was deleted, changed or damaged, the error is a
// *LostError, and its pieces are wanted again. If Finish fails otherwise, or is
// interrupted even by a power failure, it may be called again, after Open if
// need be, and goes on. Once it has succeeded it only returns the Result again.
//
// Other methods may be called meanwhile; those that use files wait while the
// items are moved.
func (i *Item) Finish(ctx context.Context) (Result, error) {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	// Whoever saw the last piece complete may still be giving files their times.
	i.place.Lock()
	i.place.Unlock() //lint:ignore SA2001 waiting is all it is for

	if err := i.lookOver(); err != nil {
		return Result{}, err
	}
	if err := i.proveRest(ctx); err != nil {
		return Result{}, err
	}
	done, err := i.use()
	if err != nil {
		return Result{}, err
	}
	i.mu.Lock()
	finished := i.notes.finished
	i.mu.Unlock()
	if finished {
		defer done()
		return i.result(), nil
	}
	if err = i.prepare(ctx); err == nil {
		err = i.keepHashes(ctx)
	}
	done()
	if err == nil {
		err = i.sync(true)
	}
	if err != nil {
		return Result{}, err
	}

	i.place.Lock()
	defer i.place.Unlock()
	if err := i.whole(); err != nil {
		return Result{}, err // a piece could not be read meanwhile
	}
	if err := i.deliver(ctx); err != nil {
		return Result{}, err
	}
	if err := i.note(record{kind: kindFinished}); err != nil {
		return Result{}, i.fail(err)
	}
	if err := i.journal.sync(); err != nil {
		return Result{}, i.fail(err)
	}
	i.clearStaging()
	return i.result(), nil
}

// whole returns an error unless all that is wanted is here.
func (i *Item) whole() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return ErrClosed
	}
	if i.err != nil {
		return i.err
	}
	if i.progress.havePieces < i.progress.totalPieces {
		return ErrIncomplete
	}
	return nil
}

// prepare does all that is to be done in staging. It is called with place held
// shared.
func (i *Item) prepare(ctx context.Context) error {
	if err := i.whole(); err != nil {
		return err
	}
	i.disk.forget() // from here on, folders are found where they are, not where they were
	if err := i.dropFailed(); err != nil {
		return i.failDisk(err)
	}
	needed := i.needed()
	lost, err := i.inspect(ctx, needed)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		i.disk.forget()
		if err := i.lose(lost); err != nil {
			return i.fail(err)
		}
		return &LostError{Pieces: lost}
	}
	return i.failDisk(i.stampFolders(ctx, needed))
}

// needed returns the entries that are to be delivered, and the folders above
// them.
func (i *Item) needed() bitset {
	m, set := i.layout.m, newBitset(i.layout.m.Len())
	for e := range m.Len() {
		if !i.layout.want.has(e) || i.disk.failed.has(e) {
			continue
		}
		for e := e; e >= 0 && !set.has(e); e = m.Parent(e) {
			set.set(e)
		}
	}
	return set
}

// inspect makes what has no bytes, and sees that the files are as they were
// left. It returns the pieces that are not to be relied on.
func (i *Item) inspect(ctx context.Context, needed bitset) (lost []int, err error) {
	m, d := i.layout.m, i.disk
	gone := newBitset(i.layout.pieces)
	touched := newBitset(i.layout.pieces)
	var restamp []int
	w := way{d: d, create: true}
	defer w.close()
	for e := range m.Len() {
		if e%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !needed.has(e) || d.places.done.has(i.layout.top(e)) {
			continue
		}
		first, last := i.layout.span(e)
		switch state, err := i.look(&w, e); {
		case err != nil:
			return nil, i.failDisk(err)
		case state == fileGone:
			setAll(gone, first, last)
		case state == fileTouched:
			setAll(touched, first, last)
			restamp = append(restamp, e)
		}
	}
	touched.members(func(p int) {
		if err == nil && !gone.has(p) {
			err = i.inspectPiece(ctx, p, gone)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, e := range restamp {
		if first, last := i.layout.span(e); !anyOf(gone, first, last) {
			if err := d.stampOpen(e); err != nil {
				return nil, i.failDisk(err)
			}
		}
	}
	gone.members(func(p int) { lost = append(lost, p) })
	return lost, nil
}

// inspectPiece hashes a piece of a file that has not the time it was given.
func (i *Item) inspectPiece(ctx context.Context, piece int, gone bitset) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	want, known := i.o.Hashes.Get(piece)
	if got, err := i.hashWritten(piece, wholePiece); err != nil || !known || got != want {
		gone.set(piece)
	}
	return nil
}

// What became of a file in staging.
type fileState int

const (
	fileGood    fileState = iota
	fileTouched           // it may have been changed
	fileGone              // it is not there, or another one is
)

// look makes a folder or an empty file, and looks whether another file is as it
// should be.
func (i *Item) look(w *way, e int) (fileState, error) {
	m, d := i.layout.m, i.disk
	if m.Dir(e) {
		held, err := d.openFolder(e, true)
		if err != nil {
			return fileGone, err
		}
		d.folders.release(held)
		return fileGood, nil
	}
	if m.Size(e) == 0 {
		return fileGood, d.writeWhole(w, e, nil)
	}
	parent, err := w.above(e)
	if err != nil {
		return fileGone, err
	}
	found, err := lstat(parent, d.name(e))
	switch {
	case isMissing(err):
		return fileGone, nil
	case err != nil:
		return fileGone, err
	case !found.mode.IsRegular() || found.links > 1 || found.size < m.Size(e) || !d.known(e, found.id):
		return fileGone, nil
	case found.size > m.Size(e):
		return fileTouched, d.shorten(e)
	case d.keepsTimes() && timesDiffer(found.mtime, m.Entry(e).ModTime):
		return fileTouched, nil
	}
	return fileGood, nil
}

// keepHashes records hashes of what is kept of pieces that are not kept whole.
func (i *Item) keepHashes(ctx context.Context) error {
	var records []record
	for piece := range i.layout.pieces {
		if !i.Wanted(piece) || !i.isPartial(piece) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		hash, err := i.hashWritten(piece, keptBytes)
		if isMissing(err) {
			return &LostError{Pieces: []int{piece}}
		}
		if err != nil {
			return i.failDisk(err)
		}
		records = append(records, record{kind: kindKept, number: piece, hash: hash})
	}
	if len(records) == 0 {
		return nil
	}
	if err := i.journal.append(records...); err != nil {
		return i.fail(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range records {
		i.notes.apply(r)
	}
	return nil
}

func (i *Item) isPartial(piece int) bool {
	for p := range i.layout.parts(piece, i.disk.failed) {
		if p.zero || p.file == edgeFile {
			return true
		}
	}
	return false
}

// stampFolders gives the folders their times, the deepest first, since what is
// done in a folder changes its own.
func (i *Item) stampFolders(ctx context.Context, needed bitset) error {
	m, d := i.layout.m, i.disk
	for e := m.Len() - 1; e >= 0; e-- {
		if e%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !m.Dir(e) || !needed.has(e) || d.places.done.has(i.layout.top(e)) {
			continue
		}
		held, err := d.openFolder(e, false)
		if err != nil {
			return err
		}
		if t := m.Entry(e).ModTime; d.keepsTimes() && !t.IsZero() {
			held.v.Chtimes(".", time.Time{}, t) // a folder's time is no reason to fail
		}
		d.folders.release(held)
	}
	return nil
}

// result returns what has final names. It is called with place held.
func (i *Item) result() Result {
	m, d := i.layout.m, i.disk
	var r Result
	needed := i.needed()
	for e := range m.Len() {
		if i.layout.want.has(e) && d.failed.has(e) {
			r.Failed = append(r.Failed, e)
			continue
		}
		if !needed.has(e) {
			continue
		}
		if !m.Dir(e) {
			r.Files++
			r.Bytes += m.Size(e)
		}
		if m.Parent(e) < 0 {
			r.Tops = append(r.Tops, Top{Name: m.Name(e), Path: filepath.Join(i.o.Folder, d.name(e))})
		}
		if d.name(e) != m.Name(e) && len(r.Renamed) < maxRenamed {
			r.Renamed = append(r.Renamed, manifest.Renamed{Entry: e, From: m.Path(e), To: d.path(e)})
		}
	}
	return r
}

func setAll(b bitset, first, last int) {
	for i := first; i <= last; i++ {
		b.set(i)
	}
}

func anyOf(b bitset, first, last int) bool {
	for i := first; i <= last; i++ {
		if b.has(i) {
			return true
		}
	}
	return false
}
