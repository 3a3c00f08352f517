package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"potluck/sharing/manifest"
	"potluck/sharing/pace"
)

// An Item is one share that is being received, or was. Its methods are safe to
// call from any goroutine. It holds files open until [Item.Close] or
// [Item.Discard].
type Item struct {
	o       Options
	log     *slog.Logger
	sys     *system
	pool    *Pool
	layout  *layout
	disk    *disk
	journal *journal
	wake    chan struct{} // one signal for Run: much has been written
	doubted chan struct{} // one signal for Run: there is something to be proven

	finishing sync.Mutex // held by Finish and what must not happen meanwhile
	syncing   sync.Mutex // held by a sync

	// place is held shared by whoever uses files, and alone by whoever moves or
	// removes them, or changes what is wanted.
	place sync.RWMutex

	mu         sync.Mutex // guards what follows; nothing is done on disk under it
	notes      *notes     // what the journal says
	progress   progress
	assemblies map[int]*assembly
	unsynced   []int  // pieces verified since the last sync
	dirty      int64  // bytes in them
	resting    bool   // nothing is proven at present
	unproven   bitset // complete pieces to be hashed once more before Finish
	meddled    bitset // pieces of files that somebody else has written to
	closed     bool
	losses     int // how often lose has found something to lose
	err        error
	failure    chan struct{} // closed when err is set

	hashing, writing pace.Meter // what verifying pieces took
}

// progress is what there is of what is wanted.
type progress struct {
	wanted                  bitset // pieces
	haveBytes, totalBytes   int64
	havePieces, totalPieces int
}

func newItem(o Options, sys *system) *Item {
	return &Item{
		o:          o,
		log:        o.Log,
		sys:        sys,
		pool:       o.Pool,
		wake:       make(chan struct{}, 1),
		doubted:    make(chan struct{}, 1),
		assemblies: map[int]*assembly{},
		failure:    make(chan struct{}),
		unproven:   newBitset(o.pieces()),
		meddled:    newBitset(o.pieces()),
	}
}

// Plan returns the names under which entries arrive on this file system.
func (i *Item) Plan() *manifest.Plan { return i.disk.plan }

// Covered reports whether an entry was chosen and has not failed: whether a
// receipt for the finished share covers it.
func (i *Item) Covered(entry int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.layout.want.has(entry) && !i.notes.failed.has(entry)
}

// Wanted reports whether a piece holds bytes of an entry that is wanted.
func (i *Item) Wanted(piece int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.hasPiece(piece) && i.progress.wanted.has(piece)
}

// Missing reports whether a piece is wanted and not complete: whether it is to be
// fetched.
func (i *Item) Missing(piece int) bool { return i.Wanted(piece) && !i.Complete(piece) }

// Complete reports whether a piece is here, checked and whole, and can be read.
//
// After Finish, pieces that hold bytes of entries that were not chosen are not
// complete any more, since those bytes are not kept; [Item.Have] counts them
// still.
func (i *Item) Complete(piece int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.hasPiece(piece) || i.closed || !i.notes.complete.has(piece) {
		return false
	}
	if i.notes.finished {
		_, edge := i.layout.edge(piece)
		return !edge
	}
	return true
}

// Suspect returns the pieces, in order, that had been verified before the system
// was started again, but not synced. They are not complete until
// [Item.Recheck] has found them right.
func (i *Item) Suspect() []int {
	i.mu.Lock()
	defer i.mu.Unlock()
	var list []int
	i.notes.suspect.members(func(p int) {
		if i.progress.wanted.has(p) {
			list = append(list, p)
		}
	})
	return list
}

// Have returns how many bytes of what is wanted are here, and how many of the
// pieces with such bytes.
func (i *Item) Have() (bytes int64, pieces int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.progress.haveBytes, i.progress.havePieces
}

// Total returns how many bytes are wanted, and how many pieces hold them. Both
// shrink when an entry fails.
func (i *Item) Total() (bytes int64, pieces int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.progress.totalBytes, i.progress.totalPieces
}

// Losses counts how often pieces that were complete or suspect turned out not to
// be here any more. Whoever fetches pieces in order has to look at all of them
// again when it has grown.
func (i *Item) Losses() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.losses
}

// Err returns why nothing can be written at present, or nil. It is a sentence
// for the person. The transfer is to pause until Retry.
func (i *Item) Err() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.err
}

// Failed returns a channel that is closed once Err is not nil. After Retry
// there is another one.
func (i *Item) Failed() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.failure
}

// Retry clears Err, if what was wrong is not wrong any more as far as can be
// told without writing much: the folder is there, and the journal can be written.
// A staging folder that was deleted is made anew; what was in it is wanted again.
func (i *Item) Retry() {
	if i.Err() == nil {
		return
	}
	err := i.mend()
	i.mu.Lock()
	defer i.mu.Unlock()
	if err != nil {
		i.err = err
		return
	}
	i.err, i.failure = nil, make(chan struct{})
}

// fail notes the first error, and returns err.
func (i *Item) fail(err error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err == nil && !i.closed {
		i.err = err
		close(i.failure)
	}
	return err
}

// failDisk is fail for an error that came from the download folder, if any.
// An error of a context is none.
func (i *Item) failDisk(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	err = folderError(i.o.Folder, err)
	if full, ok := err.(*NoSpaceError); ok {
		i.mu.Lock()
		full.Need = i.progress.totalBytes - i.progress.haveBytes
		i.mu.Unlock()
	}
	return i.fail(err)
}

// Close lets go of all files and memory. What was verified stays and can be
// opened again. Run must have returned.
func (i *Item) Close() error {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	i.syncing.Lock()
	defer i.syncing.Unlock()
	i.place.Lock()
	defer i.place.Unlock()
	i.closeLocked()
	return nil
}

// closeLocked is Close with all locks but mu held.
func (i *Item) closeLocked() {
	i.mu.Lock()
	i.closed = true
	for _, a := range i.assemblies {
		a.release(i.pool)
	}
	clear(i.assemblies)
	i.mu.Unlock()
	i.disk.close()
	i.journal.close()
}

// use holds files where they are until done is called.
func (i *Item) use() (done func(), err error) {
	i.place.RLock()
	i.mu.Lock()
	closed := i.closed
	i.mu.Unlock()
	if closed {
		i.place.RUnlock()
		return nil, ErrClosed
	}
	return i.place.RUnlock, nil
}

func (i *Item) hasPiece(piece int) bool { return piece >= 0 && piece < i.layout.pieces }

func (i *Item) checkRange(piece int, off int64, n int) error {
	if !i.hasPiece(piece) || off < 0 || off+int64(n) > int64(i.layout.length(piece)) {
		return fmt.Errorf("store: piece %d has no bytes %d to %d", piece, off, off+int64(n))
	}
	return nil
}

// wantedBytes returns how many bytes of a piece are wanted. It is called with
// place held.
func (i *Item) wantedBytes(piece int) (n int64) {
	for p := range i.layout.parts(piece, i.disk.failed) {
		if p.file != edgeFile && !p.zero {
			n += int64(p.len)
		}
	}
	return n
}

// count works out the progress anew. It is called before the item is used.
func (i *Item) count() {
	i.progress = progress{wanted: newBitset(i.layout.pieces)}
	for piece := range i.layout.pieces {
		n := i.wantedBytes(piece)
		if n == 0 {
			continue
		}
		i.progress.wanted.set(piece)
		i.progress.totalBytes += n
		i.progress.totalPieces++
		if i.notes.complete.has(piece) {
			i.progress.haveBytes += n
			i.progress.havePieces++
		}
	}
}

// setComplete notes that a piece is complete, and calls each for every file
// that thereby is. It is called with place held shared.
func (i *Item) setComplete(piece int, each func(entry int)) {
	wanted := i.wantedBytes(piece)
	i.mu.Lock()
	if !i.notes.complete.has(piece) {
		i.notes.apply(record{kind: kindVerified, number: piece})
		i.progress.haveBytes += wanted
		i.progress.havePieces++
		i.unsynced = append(i.unsynced, piece)
		i.dirty += int64(i.layout.length(piece))
		if i.meddled.has(piece) {
			i.unproven.set(piece)
		}
	}
	much := i.dirty >= syncBytes
	var whole []int
	for p := range i.layout.parts(piece, i.disk.failed) {
		if p.file == edgeFile || p.zero || p.off == 0 && int64(p.len) == i.layout.m.Size(p.entry) {
			continue
		}
		if first, last := i.layout.span(p.entry); i.notes.complete.all(first, last) {
			whole = append(whole, p.entry)
		}
	}
	i.mu.Unlock()
	if much {
		select {
		case i.wake <- struct{}{}:
		default:
		}
	}
	for _, e := range whole {
		each(e)
	}
}

// lose notes that pieces are not here any more, and are wanted again. It is
// called with place held.
func (i *Item) lose(pieces []int) error {
	if len(pieces) == 0 {
		return nil
	}
	err := i.journal.append(record{kind: kindLost, pieces: pieces})
	var bytes []int64
	for _, p := range pieces {
		bytes = append(bytes, i.wantedBytes(p))
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.losses++
	for at, p := range pieces {
		if i.notes.complete.has(p) && i.progress.wanted.has(p) {
			i.progress.haveBytes -= bytes[at]
			i.progress.havePieces--
		}
	}
	i.notes.apply(record{kind: kindLost, pieces: pieces})
	for _, p := range pieces {
		i.unproven.clear(p)
		i.meddled.clear(p)
	}
	i.unsynced = slices.DeleteFunc(i.unsynced, func(p int) bool { return !i.notes.complete.has(p) })
	return err
}

// Work returns for how much of the time, since the item was opened, pieces were
// hashed and written.
func (i *Item) Work(now time.Time) (hashing, writing time.Duration) {
	return i.hashing.Total(now), i.writing.Total(now)
}

// errRoomUnknown says that there is no disk behind a folder, or none that tells how
// large it is: such as a cloud that looks like a disk. It is not full.
var errRoomUnknown = errors.New("the disk does not tell how large it is")

// FreeSpace returns how many bytes can be written to the disk that a folder is
// on. Where the disk does not tell, that is an error.
func FreeSpace(folder string) (int64, error) { return freeSpace(folder) }

// pause waits, unless ctx is done first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
