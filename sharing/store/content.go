package store

import (
	"io"
	"io/fs"
	"os"
	"time"
)

// write puts bytes of a piece in their place in staging.
func (d *disk) write(w *way, p part, b []byte) error {
	if p.zero {
		return nil
	}
	if p.file != edgeFile && p.off == 0 && int64(len(b)) == d.layout.m.Size(p.entry) {
		return d.writeWhole(w, p.entry, b)
	}
	h, err := d.openFile(p.file, true)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	if err := d.sys.do("write"); err != nil {
		return err
	}
	return d.guarded(d.watch(p.file), p.file, h.v, func() error {
		_, err := h.v.WriteAt(b, p.off)
		return err
	})
}

// writeWhole writes a file that is all there at once.
func (d *disk) writeWhole(w *way, e int, b []byte) error {
	d.files.drop(e)
	d.unwatch(e)
	parent, err := w.above(e)
	if err != nil {
		return err
	}
	name := d.name(e)
	f, m, made, err := d.create(parent, name)
	if err != nil {
		return err
	}
	defer f.Close()
	d.learn(e, m.id)
	if err := d.sys.do("write"); err != nil {
		return err
	}
	if !made && m.size != int64(len(b)) {
		if err := f.Truncate(int64(len(b))); err != nil {
			return err
		}
	}
	if len(b) > 0 {
		if _, err := f.WriteAt(b, 0); err != nil {
			return err
		}
	}
	return d.stamp(parent, e, f)
}

// stamp gives a file that is all there its mark and its time.
func (d *disk) stamp(parent *os.Root, e int, f *os.File) error {
	d.mu.Lock()
	noTimes, noMarks := d.noTimes, d.noMarks
	d.mu.Unlock()
	if !noMarks {
		if err := markForeign(f); err != nil {
			noMarks = true
		}
	}
	if t := d.layout.m.Entry(e).ModTime; !noTimes && !t.IsZero() {
		if err := setTime(parent, d.name(e), f, t); err != nil {
			noTimes = true
		}
	}
	d.mu.Lock()
	d.noTimes, d.noMarks = noTimes, noMarks
	d.mu.Unlock()
	return nil
}

// stampOpen stamps a file that was written in several pieces.
func (d *disk) stampOpen(e int) error {
	h, err := d.openFile(e, false)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	w := way{d: d}
	defer w.close()
	parent, err := w.above(e)
	if err != nil {
		return err
	}
	return d.guarded(d.watched(e), e, h.v, func() error { return d.stamp(parent, e, h.v) })
}

// read fills b with the bytes of p from p's beginning. What was received whole
// and is in its final place belongs to the person now: unless raw, the error is
// errForeign if it looks changed.
func (d *disk) read(p part, b []byte, raw bool) error {
	if p.zero {
		clear(b)
		return nil
	}
	h, err := d.openFile(p.file, false)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	switch {
	case raw:
	case p.file == edgeFile || !d.places.done.has(d.layout.top(p.entry)):
		d.lookBeside(p.file, h.v)
	default:
		if err := d.unchanged(p.entry, h.v); err != nil {
			return err
		}
	}
	n, err := h.v.ReadAt(b, p.off)
	if n == len(b) {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (d *disk) unchanged(e int, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	want := d.layout.m.Entry(e)
	d.mu.Lock()
	noTimes := d.noTimes
	d.mu.Unlock()
	if info.Size() != want.Size || !noTimes && timesDiffer(info.ModTime(), keepable(want.ModTime, info)) {
		return errForeign
	}
	return nil
}

// keepable returns the time that a file gets when it is given t. A time the
// file system cannot hold has to pass for the one it was given instead.
func keepable(t time.Time, info fs.FileInfo) time.Time {
	if t.Year() < 1980 || t.Year() > 2037 {
		return info.ModTime()
	}
	return t
}

func (d *disk) keepsTimes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.noTimes
}

// shorten cuts a file off where it should end.
func (d *disk) shorten(e int) error {
	h, err := d.openFile(e, true)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	return d.guarded(d.watched(e), e, h.v, func() error { return h.v.Truncate(d.layout.m.Size(e)) })
}
