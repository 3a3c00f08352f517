package sharing

import (
	"context"
	"time"

	"potluck/sharing/manifest"
)

// VerifyOptions say what [Device.Verify] does.
type VerifyOptions struct {
	// Restore puts the original of each file that somebody has changed here beside
	// it, under a name that is free.
	Restore bool `json:"restore,omitempty"`

	// Wait is how long nothing may come of what is fetched again before that is given
	// up. 0 is 15 seconds while nobody is here who may have it, and else a minute.
	Wait time.Duration `json:"wait,omitempty"`
}

// Verified is what [Device.Verify] found and did.
type Verified struct {
	Share ShareID   `json:"share"`
	Title string    `json:"title"` // as in Transfer
	Files int       `json:"files"` // that were checked
	Bytes int64     `json:"bytes"` // that were read
	At    time.Time `json:"at"`    // as in Checked, of which this tells all

	Damaged   Entries `json:"damaged"`   // other content than was sent, though nobody seems to have changed them
	Missing   Entries `json:"missing"`   // no longer there
	Changed   Entries `json:"changed"`   // changed by somebody since they came: left as they are
	Unchecked Entries `json:"unchecked"` // lie so close to those that they could not be checked alone
	Repaired  Entries `json:"repaired"`  // of the damaged and the missing: there again as they were sent
	Beside    Entries `json:"beside"`    // there again under another name, since theirs is taken: the paths they have now

	// OK says that all is here as it was sent, if need be beside what was changed.
	OK bool `json:"ok"`

	// Error is a sentence why not all that is damaged or missing is here again. It
	// is empty if it is, or there was nothing to do.
	Error string `json:"error,omitempty"`
}

// Entries are some of the files and folders of a transfer.
type Entries struct {
	Count int      `json:"count"`
	Paths []string `json:"paths,omitempty"` // of the first 100, cleaned for display
}

// maxNamed is how many entries are named in [Entries].
const maxNamed = 100

func (e *Entries) add(path string) {
	if e.Count++; len(e.Paths) < maxNamed {
		e.Paths = append(e.Paths, manifest.Printable(path))
	}
}

// Verify reads again all that was received with the transfer that ref names, and
// compares it with what its sender signed. What is damaged or missing is fetched
// again from whoever has it and is here, and put in its place: a damaged file is
// replaced when the disk has the new one, a missing one comes back where it was,
// and under a free name if something else is there now. A file with another size
// or time than it came with is its person's own work, and left alone.
//
// It may take as long as the disk needs. How far it is stands in the snapshot
// ([Transfer].Verify), and so does, from then on, what it left behind
// ([Transfer].Checked); its end is told by a [VerifiedEvent] as well. It ends when ctx
// is done, by [Device.Cancel], and with the device, and begins anew when it is asked
// for again; each file is then as it was before, or as it was sent. When nobody who
// has it is here, or the disk is full, Verified.Error says so. Errors: [ErrNotFound];
// [ErrState] for a transfer that was not delivered here, or is being verified;
// sentences about the folder, or about what is no longer known.
func (d *Device) Verify(ctx context.Context, ref string, o VerifyOptions) (Verified, error) {
	in, err := d.findIncoming(ref, func(in *incoming) bool { return in.state == Delivered })
	if err != nil {
		return Verified{}, err
	}
	c := &checkup{d: d, restore: o.Restore, awayFor: d.awayFor, stillFor: d.stillFor, done: make(chan struct{})}
	if o.Wait > 0 {
		c.awayFor, c.stillFor = o.Wait, o.Wait
	}
	d.mu.Lock()
	c.delivery = in.deliveryLocked()
	c.result = Verified{Share: in.id, Title: in.titleLocked()}
	busy := d.checkups[in.id] != nil
	if !busy {
		ctx, c.cancel = context.WithCancel(ctx)
		d.checkups[in.id] = c
	}
	d.mu.Unlock()
	if busy {
		return Verified{}, stateError("this is being verified already")
	}
	defer c.cancel()
	if !d.tasks.run(func(tasks context.Context) {
		defer close(c.done)
		defer context.AfterFunc(tasks, c.cancel)()
		err = c.run(ctx)
	}) {
		err = ErrNotRunning
		close(c.done)
	}
	<-c.done
	d.mu.Lock()
	delete(d.checkups, in.id)
	d.mu.Unlock()
	d.notifier.changed()
	if err != nil {
		return Verified{}, err
	}
	d.notifier.tell(VerifiedEvent{c.result})
	return c.result, nil
}

// titleLocked returns what the share is called.
func (in *incoming) titleLocked() string {
	if in.manifest != nil {
		return in.title
	}
	return in.rec.Title
}

// cancelCheckup ends the verifying of the share that ref names, and reports whether
// there was any. It does not wait for its end.
func (d *Device) cancelCheckup(ref string) (ShareID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for share, c := range d.checkups {
		if refers(ref, share) {
			c.cancel()
			return share, true
		}
	}
	return ShareID{}, false
}

// endCheckup ends the verifying of a share, if there is any, and waits for that.
func (d *Device) endCheckup(share ShareID) {
	d.mu.Lock()
	c := d.checkups[share]
	d.mu.Unlock()
	if c != nil {
		c.cancel()
		<-c.done
	}
}
