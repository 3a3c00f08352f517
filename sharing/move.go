package sharing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/store"
)

// errMove ends the work on a transfer that is to go on in another folder.
var errMove = errors.New("the transfer is to go on in another folder")

// firstJournal is where the notes about a transfer lie that was never moved.
const firstJournal = "journal"

// A place is where a share is, or was, received: a folder, and the notes about
// what is in it.
type place struct {
	Into    string `json:"into"`
	Journal string `json:"journal"`
}

// A move is the wish that a transfer go on in another folder.
type move struct {
	ctx    context.Context
	folder string
	done   chan error // one slot
}

// MoveTo lets a transfer to this device go on in another folder: that a disk is
// full, or a folder gone, need not be the end. What is here already is taken
// along if it can be read, and the rest fetched; nothing is left in the old
// folder, and if that cannot be reached now, it is cleared when Potluck starts
// and it is there again.
//
// When it returns nil, the transfer goes on in the new folder, also after a
// restart; copying may take as long as the disks need. With an error, which may be
// that of ctx, it is where it was, and nothing is left in the new folder. Errors:
// [ErrNotFound]; [ErrState] for an offer, for a transfer that has ended, and for
// one of which some has its final place already; sentences about the folder.
func (d *Device) MoveTo(ctx context.Context, ref, folder string) error {
	in, err := d.findIncoming(ref, func(in *incoming) bool { return in.accepted && !in.state.Final() })
	if err != nil {
		return err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	m := &move{ctx: ctx, folder: folder, done: make(chan error, 1)}
	d.mu.Lock()
	switch {
	case in.moving != nil:
		err = stateError("this transfer is being moved already")
	case in.choice == nil:
		err = stateError("this transfer has not begun yet; try again in a moment")
	case in.choice.into == folder:
		err = stateError("this transfer goes to that folder already")
	default:
		in.moving = m
	}
	d.mu.Unlock()
	if err != nil {
		return err
	}
	in.poke()
	select {
	case err = <-m.done:
	case <-ctx.Done():
		if in.takeMove(m) {
			return ctx.Err() // before it had begun
		}
		err = <-m.done // it looks at ctx, too
	case <-in.gone:
		select {
		case err = <-m.done:
		default:
			err = stateError("this transfer has ended")
			if d.tasks.isStopped() {
				err = ErrNotRunning
			}
		}
	}
	d.notifier.changed()
	return err
}

// wantsMove reports whether somebody waits for the share to be moved.
func (in *incoming) wantsMove() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.moving != nil && !in.moveBegun
}

// takeMove takes the wish back, and reports whether that was in time.
func (in *incoming) takeMove(m *move) bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	if in.moving != m || in.moveBegun {
		return false
	}
	in.moving = nil
	return true
}

// relocate does what MoveTo asked for. Nothing else is at work on the share.
func (in *incoming) relocate(ctx context.Context) {
	in.d.mu.Lock()
	m := in.moving
	in.moveBegun = m != nil
	in.d.mu.Unlock()
	if m == nil {
		return
	}
	err := in.moveTo(ctx, m)
	in.d.mu.Lock()
	in.moving, in.moveBegun = nil, false
	in.d.mu.Unlock()
	m.done <- err
}

func (in *incoming) moveTo(ctx context.Context, m *move) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(m.ctx, func() { cancel(m.ctx.Err()) })()

	in.d.mu.Lock()
	old, names := in.choice, in.manifest
	in.d.mu.Unlock()
	if old.item != nil && old.item.Placed() {
		return stateError("some of this has its final place in %s already; make room there, and it goes on", manifest.Printable(old.into))
	}
	c := &choice{into: m.folder, want: old.want, hashes: old.hashes, journal: in.freeJournal()}
	if c.hashes == nil {
		c.hashes = in.d.loadHashes(in.id, in.offer.Length, in.fromKey)
	}
	// Written down before anything is made: what a crash leaves there is cleared
	// away like any other old place.
	if err := in.changePlaces(func() { in.leftover = append(in.leftover, c.place()) }); err != nil {
		return err
	}
	_, statErr := os.Stat(c.into)
	err := in.copyTo(ctx, c, old, names)
	if err == nil {
		err = in.changePlaces(func() {
			in.leftover = slices.DeleteFunc(in.leftover, func(p place) bool { return p == c.place() })
			in.leftover = append(in.leftover, old.place())
			in.choice = c
		})
		if err != nil {
			in.d.mu.Lock()
			in.choice = old
			in.leftover = slices.DeleteFunc(in.leftover, func(p place) bool { return p == old.place() })
			in.leftover = append(in.leftover, c.place())
			in.d.mu.Unlock()
		}
	}
	unused := old
	if err != nil {
		unused = c
	}
	in.clearPlace(unused)
	if err != nil && errors.Is(statErr, fs.ErrNotExist) {
		os.Remove(c.into) // it was made for this, and stays if there is anything in it
	}
	return err
}

// copyTo makes the new place and takes along what the old one has.
func (in *incoming) copyTo(ctx context.Context, c, old *choice, names *manifest.Manifest) (err error) {
	if c.item, err = store.Create(in.storeOptions(names, c, c.hashes)); err != nil {
		return err
	}
	in.d.mu.Lock()
	failures := slices.Clone(in.failures)
	in.d.mu.Unlock()
	for _, f := range failures {
		c.item.FailEntry(f.Entry)
	}
	if old.item != nil {
		err = c.item.Adopt(ctx, old.item, func() bool { return !in.isFinal() })
	}
	switch {
	case in.isFinal():
		return stateError("this transfer has ended")
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return err
}

// clearPlace removes what a place holds that is not used any more, and its mention
// in the record if that was possible.
func (in *incoming) clearPlace(c *choice) {
	var err error
	if c.item != nil {
		err = c.item.Discard()
	} else {
		err = in.openAndDiscard(c)
	}
	if mayGoLater(err) {
		in.d.log.Warn("what is left in a folder cannot be cleared away yet", "share", in.id.Short(), "err", err)
		return
	}
	_ = in.changePlaces(func() {
		in.leftover = slices.DeleteFunc(in.leftover, func(p place) bool { return p == c.place() })
	}) // which tells the log; then the next start does it
}

// openAndDiscard removes what a place holds that nothing is at work on.
func (in *incoming) openAndDiscard(c *choice) error {
	in.d.mu.Lock()
	m := in.manifest
	in.d.mu.Unlock()
	if m == nil {
		var err error
		if m, err = in.d.loadManifest(in.id); err != nil {
			return err
		}
	}
	item, err := store.Open(in.storeOptions(m, c, hashlist.New(in.id, in.offer.Length, in.fromKey)))
	if err != nil {
		return err
	}
	return item.Discard()
}

// clearLeftovers removes what is left in the folders that the share was received
// into before, as far as they are there, and reports whether nothing is left.
func (in *incoming) clearLeftovers() bool {
	in.d.mu.Lock()
	places, want := slices.Clone(in.leftover), in.rec.Want
	in.d.mu.Unlock()
	for _, p := range places {
		m, err := in.d.loadManifest(in.id)
		if err != nil {
			return true // then nobody can tell what is ours
		}
		in.clearPlace(&choice{into: p.Into, journal: p.Journal, want: unpackWant(want, m.Len())})
	}
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return len(in.leftover) == 0
}

// changePlaces changes what is known of the places, and writes it down.
func (in *incoming) changePlaces(change func()) error {
	in.d.mu.Lock()
	change()
	in.rec.Leftover = slices.Clone(in.leftover)
	in.d.mu.Unlock()
	return in.saveNow()
}

// freeJournal returns a name for notes under which there are none.
func (in *incoming) freeJournal() string {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	used := map[string]bool{in.choice.journalName(): true}
	for _, p := range in.leftover {
		used[p.Journal] = true
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s-%d", firstJournal, n); !used[name] {
			return name
		}
	}
}

func (c *choice) place() place { return place{Into: c.into, Journal: c.journalName()} }

func (c *choice) journalName() string {
	if c.journal == "" {
		return firstJournal
	}
	return c.journal
}
