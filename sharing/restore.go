package sharing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/store"
)

// maxPast is how many shares that are over are remembered.
const maxPast = 1000

// restore goes on with what was there before the device last stopped.
func (d *Device) restore() {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, rec := range d.prune(d.records.load(d.notes.add)) {
		work.Go(func() error {
			if err := d.restoreShare(rec); err != nil {
				d.log.Warn("a share of before cannot go on", "share", rec.Share.Short(), "err", err)
			}
			return nil
		})
	}
	_ = work.Wait()
	d.loadKnown()
	d.loadMessages()
	d.loadDeclined()
}

func (d *Device) restoreShare(rec record) error {
	switch rec.Direction {
	case Sending:
		return d.restoreOutgoing(rec)
	case Receiving:
		return d.restoreIncoming(rec)
	}
	return nil
}

// prune forgets the oldest shares that are over, if there are too many.
func (d *Device) prune(list []record) []record {
	var past []record
	for _, rec := range list {
		if !rec.Ended.IsZero() {
			past = append(past, rec)
		}
	}
	if len(past) <= maxPast {
		return list
	}
	sortByEnd(past)
	old := make(map[ShareID]bool)
	for _, rec := range past[:len(past)-maxPast] {
		old[rec.Share] = true
		d.records.remove(rec.Share)
	}
	kept := list[:0]
	for _, rec := range list {
		if !old[rec.Share] {
			kept = append(kept, rec)
		}
	}
	return kept
}

// pastIncoming is a share that is over, as far as it is remembered.
func (d *Device) pastIncoming(rec record) *incoming {
	in := &incoming{
		d: d, id: rec.Share, from: rec.From, fromKey: rec.FromKey, fromName: manifest.DisplayName(rec.FromName, 64),
		started: rec.Started, state: rec.State, accepted: true, paused: rec.Paused, version: rec.Version, told: rec.Told,
		offer: rec.Offer, err: rec.Error, total: rec.Total, ended: rec.Ended, failures: rec.Failures, receipt: rec.Receipt,
		yes: rec.Started, rec: rec, wake: make(chan struct{}, 1), stop: func() {},
		settled: rec.State.Final() && rec.Told, hidden: rec.Hidden,
		leftover: rec.Leftover, checked: rec.Checked, lastCheck: rec.LastCheck,
	}
	in.circle = newCircle(d, in.id, in.from, in.fromKey, in.poke)
	in.circle.roster = rec.Roster
	in.circle.active, in.circle.done = in.state == Delivered, in.state == Delivered
	if in.state == Delivered {
		in.done = in.total
	}
	return in
}

// restoreIncoming goes on with a transfer, or remembers one that is over.
func (d *Device) restoreIncoming(rec record) error {
	in := d.pastIncoming(rec)
	if err := in.offer.check(in.id, in.from); err != nil {
		return err
	}
	switch {
	case in.state == Waiting: // died while it was accepted; it will be offered again
		d.clearAway(in)
		d.records.remove(in.id)
		return nil
	case in.state.Final() && in.state != Delivered:
		d.clearAway(in)
	}
	if in.state == Delivered {
		d.clearRepair(in)
		d.keepReceived(in)
	}
	if in.state.Final() && in.told {
		in.clearLeftovers()
		d.mu.Lock()
		d.incoming[in.id] = in
		d.mu.Unlock()
		if in.hidden {
			d.drop(nil, in)
		}
		return nil
	}
	in.version++
	in.clearLeftovers()
	if !in.state.Final() {
		m, err := d.loadManifest(in.id)
		if err != nil {
			return err
		}
		in.setManifest(m)
		in.infoHash = in.spec().InfoHash()
		in.chooseLocked(&choice{into: rec.Into, journal: rec.Journal, want: unpackWant(rec.Want, m.Len())})
		in.state = Running
		if in.paused {
			in.state = Paused
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.receiveLocked(in) {
		return ErrNotRunning
	}
	return nil
}

// clearAway removes what was received of a share that has ended without being
// delivered, if that was not possible when it ended.
func (d *Device) clearAway(in *incoming) {
	m, err := d.loadManifest(in.id)
	if errors.Is(err, fs.ErrNotExist) {
		return // it was possible
	}
	if err == nil {
		c := &choice{into: in.rec.Into, journal: in.rec.Journal, want: unpackWant(in.rec.Want, m.Len())}
		var item *store.Item
		if item, err = store.Open(in.storeOptions(m, c, hashlist.New(in.id, in.offer.Length, in.fromKey))); err == nil {
			err = item.Discard()
		}
	}
	if mayGoLater(err) {
		d.log.Warn("what is left of a share cannot be cleared away yet", "share", in.id.Short(), "err", err)
		return
	}
	if in.clearLeftovers() {
		os.Remove(d.records.file(in.id, "manifest"))
	}
}

// loadManifest returns the list of files kept of an accepted share.
func (d *Device) loadManifest(share ShareID) (*manifest.Manifest, error) {
	return readManifest(d.records.file(share, "manifest"))
}

// record returns what is to be kept, and whether there is anything.
func (in *incoming) record() (record, bool) {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	if !in.accepted {
		return record{}, false
	}
	rec := in.rec
	if in.manifest != nil {
		rec = record{
			Share: in.id, Direction: Receiving, Title: in.title, Files: in.files,
			Folders: in.folders, Bytes: in.offer.Length, Started: in.started,
			From: in.from, FromKey: in.fromKey, Into: in.choice.into, Journal: in.choice.journal,
			Want: packWant(in.choice.want), Leftover: slices.Clone(in.leftover),
			Paths: paths(in.result), Notes: renamedNotes(in.result.Renamed),
		}
	}
	if in.manifest != nil {
		rec.FailureNotes = failureNotes(in.manifest, in.failures)
	}
	rec.Offer, rec.FromName, rec.Paused, rec.Failures = in.offer, in.fromName, in.paused, in.failures
	rec.Hidden = in.hidden
	rec.State, rec.Error, rec.Version, rec.Told = in.state, in.err, in.version, in.told
	rec.Roster, rec.LastCheck = in.circle.roster, in.lastCheck
	rec.Total, rec.Receipt, rec.Ended, rec.Checked = in.total, in.receipt, in.ended, in.checked
	return rec, true
}

// packWant writes a selection as bits, lowest first; nil means everything.
func packWant(want []bool) []byte {
	if want == nil {
		return nil
	}
	bits := make([]byte, (len(want)+7)/8)
	for i, w := range want {
		if w {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return bits
}

func unpackWant(bits []byte, n int) []bool {
	if bits == nil {
		return nil
	}
	want := make([]bool, n)
	for i := range want {
		want[i] = i/8 < len(bits) && bits[i/8]&(1<<(i%8)) != 0
	}
	return want
}

var _ store.Hashes = (*hashlist.List)(nil)

// save writes the record, once there is something that must survive a restart. If
// that fails, the log is told.
func (in *incoming) save() { _ = in.saveNow() }

func (in *incoming) saveNow() error {
	in.saving.Lock()
	defer in.saving.Unlock()
	defer in.d.records.lock(in.id)()
	if in.d.wasDropped(in.id) {
		return nil
	}
	rec, keep := in.record()
	if !keep {
		return nil
	}
	if err := in.d.records.save(rec); err != nil {
		in.d.log.Warn("the record of a share could not be saved", "share", in.id.Short(), "err", err)
		return fmt.Errorf("the state of the transfer could not be written down: %w", err)
	}
	return nil
}
