package sharing

import (
	"context"
	"errors"
	"path"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/source"
	"potluck/sharing/store"
)

// A checkup is one run of [Device.Verify].
type checkup struct {
	delivery
	d                 *Device
	restore           bool
	awayFor, stillFor time.Duration // see the constants of these names
	cancel            context.CancelFunc
	done              chan struct{} // closed when run has returned
	result            Verified      // complete when done is closed

	*received
	source *source.Source
	found  []finding      // by entry
	good   []bool         // by piece: its hash is right
	lack   []bool         // by piece: not all of it was taken
	mended []bool         // by entry: it has been put in its place
	before map[int]string // paths of those that have another name now
	asked  bool           // it was tried to fetch something

	view Verifying // guarded by d.mu
}

// A finding is what a checkup knows of an entry.
type finding uint8

const (
	asideFinding finding = iota // it was not taken, and does not count
	whole                       // nothing is known against it
	doubtful                    // it shares a piece with what is missing or changed, and was not checked alone
	damaged
	missing
	changed
)

// viewLocked is what is to be seen of a checkup, which may be nil.
func (c *checkup) viewLocked() *Verifying {
	if c == nil {
		return nil
	}
	v := c.view
	return &v
}

// show takes down how far it is.
func (c *checkup) show(change func(*Verifying)) {
	c.d.mu.Lock()
	change(&c.view)
	c.d.mu.Unlock()
	c.d.notifier.changed()
}

// run looks, and mends what it can. Its error says why nothing could be said at all.
func (c *checkup) run(ctx context.Context) error {
	r, err := c.open()
	if err != nil {
		return err
	}
	c.received = r
	c.d.clearRepairOf(r)
	sameDisk, err := r.where.Reachable()
	if err != nil {
		return err
	}
	if c.source, err = r.source(ctx); err != nil {
		return err
	}
	defer func() { c.source.Close() }()
	if err := c.survey(ctx); err != nil {
		return err
	}
	if !sameDisk && c.count(missing) == c.result.Files && c.result.Files > 0 {
		return stateError("nothing of it is in %s; if it is on a disk that is not connected, connect that and try again", manifest.Printable(c.into))
	}
	if err := c.hash(ctx); err != nil {
		return err
	}
	c.note() // whatever becomes of mending
	c.serveAnew()
	if err := c.mend(ctx); err != nil {
		return err
	}
	c.conclude()
	c.note()
	return nil
}

// survey looks which files are what they were, as far as their sizes and times
// tell.
func (c *checkup) survey(ctx context.Context) error {
	m := c.names
	c.found = make([]finding, m.Len())
	c.good = make([]bool, c.hashes.Len())
	c.lack, c.mended = c.lacks(), make([]bool, m.Len())
	c.before = make(map[int]string)
	var total int64
	for e := range m.Len() {
		if !c.where.Has(e) {
			continue
		}
		why, err := c.source.Meet(ctx, e)
		if err != nil {
			return err
		}
		if !m.Dir(e) {
			c.result.Files++
		}
		c.found[e] = findingFor(why)
		if c.found[e] == whole {
			total += m.Size(e)
		}
	}
	c.show(func(v *Verifying) { v.Total = total })
	return nil
}

// findingFor says what it means that a file is not as it was, for a reason.
func findingFor(why source.Reason) finding {
	switch why {
	case "":
		return whole
	case source.Gone:
		return missing
	case source.Unreadable:
		return damaged // by its disk: nobody can make a file so
	}
	return changed
}

func (c *checkup) count(f finding) (n int) {
	for e, found := range c.found {
		if found == f && !c.names.Dir(e) {
			n++
		}
	}
	return n
}

// parts calls yield for each entry that has bytes in a piece, with where these begin
// in the stream, and end.
func (c *checkup) parts(piece int, yield func(entry int, from, to int64)) {
	m := c.names
	size := hashlist.PieceLength(c.length)
	start, end := int64(piece)*size, min(int64(piece+1)*size, c.length)
	for e := m.At(start); e >= 0 && e < m.Len() && m.Offset(e) < end; e++ {
		if n := m.Size(e); n > 0 {
			yield(e, max(start, m.Offset(e)), min(end, m.Offset(e)+n))
		}
	}
}

// hash reads all that is left, and compares it with what was signed.
func (c *checkup) hash(ctx context.Context) error {
	var mu sync.Mutex // guards bad
	var bad []int
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for piece := range c.good {
		ours, all := c.holds(piece)
		if ours == 0 {
			continue
		}
		if !all {
			mu.Lock()
			bad = append(bad, piece)
			mu.Unlock()
			continue
		}
		work.Go(func() error {
			ok, err := c.check(ctx, piece)
			if err != nil {
				return err
			}
			c.good[piece] = ok && !c.lack[piece]
			if !ok {
				mu.Lock()
				bad = append(bad, piece)
				mu.Unlock()
			}
			c.show(func(v *Verifying) { v.Done += ours })
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for e := range c.names.Len() { // what became of them while they were read
		var failed *source.EntryError
		if c.found[e] != whole || c.names.Dir(e) {
			continue
		}
		if err := c.source.Failure(e); errors.As(err, &failed) {
			c.found[e] = findingFor(failed.Why)
		}
	}
	c.result.Bytes = c.view.Done
	c.judge(bad)
	return nil
}

// holds returns how many bytes of a piece can be read, and whether they are all that
// was received of it.
func (c *checkup) holds(piece int) (ours int64, all bool) {
	all = true
	c.parts(piece, func(e int, from, to int64) {
		switch c.found[e] {
		case missing, changed:
			all = false
		case whole, doubtful, damaged:
			ours += to - from
		}
	})
	return ours, all
}

// check hashes what was received of a piece.
func (c *checkup) check(ctx context.Context, piece int) (ok bool, err error) {
	if !c.lack[piece] {
		want, known := c.hashes.Get(piece)
		got, err := c.source.HashPiece(ctx, piece)
		return err == nil && known && got == want, err
	}
	want, known := c.where.Kept(piece)
	if !known {
		return false, nil
	}
	h := hashlist.NewHash()
	buf := make([]byte, 256<<10)
	ok = true
	c.parts(piece, func(e int, from, to int64) {
		if c.found[e] != whole {
			return
		}
		for ok && err == nil && from < to {
			var failed *source.EntryError
			n, readErr := c.source.ReadAt(buf[:min(int64(len(buf)), to-from)], from)
			switch {
			case errors.As(readErr, &failed):
				ok = false
			case readErr != nil && from+int64(n) < to:
				err = readErr
			case ctx.Err() != nil:
				err = ctx.Err()
			}
			h.Write(buf[:n])
			from += int64(n)
		}
	})
	return ok && err == nil && [32]byte(h.Sum(nil)) == want, err
}

// judge finds out what it means that pieces are not right: a file is damaged if all
// that the piece holds seemed whole, else there is no telling.
func (c *checkup) judge(bad []int) {
	for _, piece := range bad {
		_, all := c.holds(piece)
		c.parts(piece, func(e int, _, _ int64) {
			switch {
			case all && (c.found[e] == whole || c.found[e] == doubtful):
				c.found[e] = damaged
			case c.found[e] == whole:
				c.found[e] = doubtful
			}
		})
	}
}

// note writes down what is not as it was sent.
func (c *checkup) note() {
	last := &Checked{At: time.Now()}
	for e, f := range c.found {
		switch {
		case f == doubtful:
			last.Unchecked++
		case c.mended[e]:
		case f == damaged:
			last.Damaged++
		case f == missing:
			last.Missing++
		case f == changed:
			last.Changed++
		}
	}
	c.result.At = last.At
	c.d.mu.Lock()
	in := c.d.incoming[c.id] // by now it may be a memory
	if in != nil {
		in.lastCheck = last
	}
	c.d.mu.Unlock()
	if in != nil {
		in.save()
	}
	c.d.notifier.changed()
}

// conclude puts together what was found.
func (c *checkup) conclude() {
	v := &c.result
	for e, f := range c.found {
		path, moved := c.before[e]
		if !moved && f > whole {
			path = c.pathOf(e)
		}
		switch f {
		case doubtful:
			v.Unchecked.add(path)
		case damaged:
			v.Damaged.add(path)
		case missing:
			v.Missing.add(path)
		case changed:
			v.Changed.add(path)
		}
	}
	v.OK = v.Repaired.Count+v.Beside.Count == v.Damaged.Count+v.Missing.Count+v.Changed.Count && v.Unchecked.Count == 0
}

// pathOf returns where an entry is, below the folder of all.
func (c *checkup) pathOf(entry int) string {
	at := c.source.Name(entry)
	for p := c.names.Parent(entry); p >= 0; p = c.names.Parent(p) {
		at = path.Join(c.source.Name(p), at)
	}
	return at
}

var _ store.Pieces = (*keptPieces)(nil)
