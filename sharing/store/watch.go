package store

import (
	"maps"
	"os"
	"slices"
	"sync"
)

// A watch notices that somebody else has written to a file in staging that is put
// together of several pieces. Its own time tells that of files that are whole: see
// [Item.inspect]. What is written in the same tick of the system's clock in which we
// wrote (some milliseconds) goes unnoticed, and so does what the disk spoils by
// itself.
type watch struct {
	mu   sync.Mutex // held while the file is written to; the system does no more at a time
	left stamp      // as we left it
	was  bool       // we have written to it
}

// A stamp is when a file was last written to, and when anything of it was last
// changed, in nanoseconds. A later one is another one; an earlier one may be the same,
// where the file system keeps times less exactly than the system's memory.
type stamp struct{ written, changed int64 }

func (s stamp) after(other stamp) bool { return s.written > other.written || s.changed > other.changed }

// watch returns the watch over a file, nil where times do not tell.
func (d *disk) watch(file int) *watch {
	if !d.stable {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.watches[file]
	if w == nil {
		w = &watch{}
		d.watches[file] = w
	}
	return w
}

// watched returns the watch over a file that has been written to, else nil.
func (d *disk) watched(file int) *watch {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.watches[file]
}

// unwatch forgets a file, which is another one now.
func (d *disk) unwatch(file int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.watches, file)
}

// guarded does something to a file, unless w is nil under its watch.
func (d *disk) guarded(w *watch, file int, f *os.File, do func() error) error {
	if w == nil {
		return do()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d.look(w, file, f)
	err := do()
	w.left, w.was = stampOf(f)
	return err
}

// look has the item told if somebody else has written to a file. It is called with
// w.mu held.
func (d *disk) look(w *watch, file int, f *os.File) {
	if !w.was {
		return
	}
	if now, ok := stampOf(f); ok && now.after(w.left) {
		w.left = now
		d.meddled(file)
	}
}

// lookBeside is look for who only reads: while we write, nothing can be told.
func (d *disk) lookBeside(file int, f *os.File) {
	w := d.watched(file)
	if w == nil || !w.mu.TryLock() {
		return
	}
	defer w.mu.Unlock()
	d.look(w, file, f)
}

// lookOver looks at all files that are watched over and have not got their final
// places. What cannot be opened is found out otherwise.
func (i *Item) lookOver() error {
	done, err := i.use()
	if err != nil {
		return err
	}
	defer done()
	d := i.disk
	d.mu.Lock()
	files := slices.Collect(maps.Keys(d.watches))
	d.mu.Unlock()
	for _, file := range files {
		if file != edgeFile && d.places.done.has(d.layout.top(file)) {
			continue
		}
		h, err := d.openFile(file, false)
		if err != nil {
			continue
		}
		d.lookBeside(file, h.v)
		d.files.release(h)
	}
	return nil
}

// doubtFile puts all in doubt that has been written to a file, since somebody else
// has written to it as well. What is read of it is hashed first from now on.
func (i *Item) doubtFile(file int) {
	i.log.Warn("a file in staging was changed by another program", "entry", file)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.notes.finished {
		return
	}
	first, last := 0, i.layout.pieces-1
	if file != edgeFile {
		first, last = i.layout.span(file)
	}
	for p := first; p <= last; p++ {
		if _, edge := i.layout.edge(p); file == edgeFile && !edge {
			continue
		}
		i.meddled.set(p)
		if i.notes.complete.has(p) && i.progress.wanted.has(p) && i.allStaged(p) {
			i.unproven.set(p)
		}
	}
	select {
	case i.doubted <- struct{}{}:
	default:
	}
}

// isMeddled reports whether a piece has to be hashed before it is passed on.
func (i *Item) isMeddled(piece int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.meddled.has(piece) && i.unproven.has(piece)
}
