package sharing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/source"
	"potluck/sharing/swarm"
)

// An outgoing is a share that this device brings, from the moment it is walked
// until every taker has ended.
type outgoing struct {
	d        *Device
	id       ShareID
	salt     [32]byte
	infoHash [20]byte
	circle   circle
	manifest *manifest.Manifest // nil once the share is over
	hashes   *hashlist.List     // likewise
	source   *source.Source     // likewise
	title    string
	started  time.Time

	end  context.CancelFunc // ends run; set before the share is known to the device
	wake chan struct{}      // one slot: a taker or a pause changed

	// guarded by d.mu
	takers   map[identity.ID]*taker
	torrent  *swarm.Torrent
	closed   bool // run is about to return
	paused   bool
	hashing  bool
	used     time.Time // when it was last found busy
	moved    int64     // bytes served until then
	hashed   int       // pieces whose hashes are known
	failures []failureDoc
	lapsed   []source.EntryError // files that failed when nobody needed them from here any more
	ended    time.Time
	enrolled time.Time // when the roster was changed last
	striking bool      // the share is over, and somebody was struck off the roster
	free     bool      // the takers can finish without this device
	freed    bool      // and that was said
	hidden   bool      // the person has taken it out of the history
	rec      record    // as last saved, for what does not change

	saving   sync.Mutex    // held to write the record; guards saved
	saved    record        // what was written last
	loading  sync.Mutex    // held by load
	doubting sync.Mutex    // held while a piece is looked at again
	newsMu   sync.Mutex    // guards more
	more     chan struct{} // closed and replaced when there is news for takers
	pieces   pieces
}

// Send shares paths with the devices in to: it walks them once, offers what it
// found, and returns the share's ID. Hashing goes on behind it. Devices that are
// not here are told when they come. Errors are sentences about the paths.
//
// Sharing the same unchanged paths again while the share is still running adds
// the new takers to it.
func (d *Device) Send(ctx context.Context, paths []string, to []identity.ID) (ShareID, error) {
	switch {
	case len(paths) == 0:
		return ShareID{}, errors.New("there is nothing to send: name a file or a folder")
	case len(to) == 0:
		return ShareID{}, errors.New("there is nobody to send to: name a neighbour")
	case slices.Contains(to, d.identity.ID()):
		return ShareID{}, errors.New("that is this device itself: name another one")
	}
	select {
	case <-d.running:
	default:
		return ShareID{}, ErrNotRunning // what is restored must not be mixed up with what is new
	}
	src, err := source.Scan(ctx, paths, source.ScanOptions{})
	if err != nil {
		return ShareID{}, err
	}
	if share, same := d.joinSame(src, to); same {
		src.Close()
		return share, nil
	}
	if src.Manifest().Len() == 0 {
		src.Close()
		return ShareID{}, errors.New("there is nothing to send: only links or special files were found")
	}
	if src.Manifest().StreamLength() > maxStream {
		src.Close()
		return ShareID{}, errors.New("this is more than 16 TiB, which is too much for one share: send it in parts")
	}
	o := &outgoing{
		d: d, source: src, manifest: src.Manifest(), title: title(src.Manifest()),
		started: time.Now(), takers: make(map[identity.ID]*taker),
	}
	rand.Read(o.salt[:]) // never fails
	o.id = shareID(d.identity.ID(), o.salt, o.manifest.Hash())
	o.hashes = hashlist.New(o.id, o.manifest.StreamLength(), d.identity.Public())
	o.rec = record{
		Share: o.id, Direction: Sending, Title: o.title, Files: o.manifest.Files(), Folders: o.manifest.Folders(),
		Bytes: o.manifest.StreamLength(), Started: o.started, Paths: src.Paths(), Notes: leftOut(src), Renamed: renamedNotes(src.Renamed()),
	}
	if !d.begin(o) {
		src.Close()
		return ShareID{}, ErrNotRunning
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	o.offerToLocked(to)
	return o.id, nil
}

// joinSame adds takers to a running share of the same unchanged files, if there
// is one that has not ended for any of them.
func (d *Device) joinSame(src *source.Source, to []identity.ID) (ShareID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, o := range d.outgoing {
		if !o.ended.IsZero() || o.paused || len(o.failures)+len(o.lapsed) > 0 || o.source.Fingerprint() != src.Fingerprint() ||
			slices.ContainsFunc(to, func(id identity.ID) bool { t := o.takers[id]; return t != nil && t.state.Final() }) {
			continue
		}
		o.offerToLocked(to)
		return o.id, true
	}
	return ShareID{}, false
}

// begin makes the share known to the device and starts its work.
func (d *Device) begin(o *outgoing) bool {
	o.init()
	o.source.NotifyFail(o.entryFailed)
	ctx, end := context.WithCancel(context.Background())
	o.end = end
	d.mu.Lock()
	defer d.mu.Unlock()
	o.hashing, o.used = true, time.Now()
	if !d.tasks.run(func(tasks context.Context) {
		defer context.AfterFunc(tasks, end)()
		defer end()
		o.run(ctx)
	}) {
		end()
		return false
	}
	d.outgoing[o.id] = o
	return true
}

// init sets what follows from the other fields.
func (o *outgoing) init() {
	o.wake = make(chan struct{}, 1)
	o.circle = newCircle(o.d, o.id, o.d.identity.ID(), o.d.identity.Public(), o.poke)
	o.circle.active, o.circle.done, o.circle.roster = true, true, o.rec.Roster
	o.more = make(chan struct{})
	length := o.manifest.StreamLength()
	o.pieces = pieces{o: o, length: length, size: hashlist.PieceLength(length), broken: make(map[int]bool), amends: make(map[int]bool)}
	if length > 0 {
		o.infoHash = o.spec().InfoHash()
	}
}

func (o *outgoing) spec() swarm.Spec {
	return swarm.Spec{Length: o.pieces.length, PieceLength: o.pieces.size, Salt: torrentSalt(o.id)}
}

// run hashes the files, and serves them until all takers have ended or ctx is
// done.
func (o *outgoing) run(ctx context.Context) {
	var work sync.WaitGroup
	if err := os.MkdirAll(o.d.records.dir(o.id), 0o700); err != nil { // before there are hashes to keep, which may be known at once
		o.d.log.Warn("a share has no folder", "share", o.id.Short(), "err", err)
	}
	work.Go(func() {
		if err := o.keep(); err != nil {
			o.d.log.Warn("a share could not be saved: it will not go on after a restart", "share", o.id.Short(), "err", err)
		}
		o.save()
	})
	work.Go(func() {
		o.hash(ctx)
		o.d.mu.Lock()
		o.hashing = false
		o.d.mu.Unlock()
	})
	look := time.NewTicker(max(o.d.idleAfter/4, time.Millisecond))
	defer look.Stop()
	for ctx.Err() == nil && !o.settle() {
		o.lookIfFree()
		for woken := false; !woken; {
			select {
			case <-ctx.Done():
				woken = true
			case <-o.wake:
				woken = true
			case now := <-look.C:
				o.rest(now)
			}
		}
	}
	o.end()
	work.Wait()
	o.close()
	if past := o.settleDown(); past != nil && past.hidden {
		o.d.drop(past, nil)
	} else if past != nil {
		o.d.keepSent(past)
		o.d.tellStruck([]*outgoing{past})
	}
	o.d.trim()
	o.d.notifier.changed()
}

// settleDown leaves of a share that is over what is remembered of it, and returns
// that.
func (o *outgoing) settleDown() *outgoing {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	if o.ended.IsZero() || o.d.outgoing[o.id] != o {
		return nil
	}
	past := o.d.pastOutgoing(o.recordLocked())
	for id, t := range past.takers {
		t.fellows = o.takers[id].fellows
	}
	past.circle.version = o.circle.version // or what is new is taken for what was told before
	past.struckBeforeLocked(o.circle.fellows)
	o.d.outgoing[o.id] = past
	return past
}

// settle loads or drops the torrent as the takers need it, saves their states,
// and reports whether all have ended.
func (o *outgoing) settle() (over bool) {
	o.d.mu.Lock()
	news := o.enrolLocked()
	takers, others := o.servedLocked()
	over = true
	for _, t := range o.takers {
		if !t.state.Final() || !t.told {
			over = false
		}
	}
	over = over && len(o.takers) > 0
	if over {
		o.ended = time.Now()
	}
	torrent, paused, wanted := o.torrent, o.paused, o.wantedLocked()
	o.d.mu.Unlock()

	if torrent == nil && wanted && !over {
		if err := o.load(); err != nil {
			o.d.log.Warn("a share could not be made ready", "share", o.id.Short(), "err", err)
		}
		o.d.mu.Lock()
		torrent = o.torrent
		o.d.mu.Unlock()
	}
	if torrent != nil {
		torrent.SetTakers(takers)
		for _, id := range others {
			torrent.Disconnect(id)
		}
		if paused {
			torrent.Pause()
		} else {
			torrent.Resume()
		}
	}
	o.save()
	if news {
		o.d.mu.Lock()
		o.circle.tellLocked()
		o.d.mu.Unlock()
	}
	o.d.notifier.changed()
	return over
}

// load puts the share into the swarm, before a taker is told that it may come.
func (o *outgoing) load() error {
	o.loading.Lock()
	defer o.loading.Unlock()
	o.d.mu.Lock()
	o.used = time.Now()
	loaded := o.torrent != nil || o.pieces.length == 0 || o.closed
	o.d.mu.Unlock()
	if loaded {
		return nil
	}
	known := o.hashes.Known()
	t, err := o.d.swarm.Share(o.spec(), &o.pieces)
	if err != nil {
		return err
	}
	o.d.mu.Lock()
	o.torrent = t
	o.d.mu.Unlock()
	for i := known; i < o.hashes.Known(); i++ { // hashed meanwhile
		t.Changed(i)
	}
	return nil
}

// close lets go of the files and the torrent. If the share is over, only its
// record stays.
func (o *outgoing) close() {
	o.loading.Lock()
	defer o.loading.Unlock()
	o.d.mu.Lock()
	torrent := o.torrent
	o.torrent, o.closed = nil, true
	o.d.mu.Unlock()
	if torrent != nil {
		torrent.Drop()
	}
	o.source.Close() // whoever still reads gets an error
	o.save()
	o.d.notifier.changed()
}

// keep writes down what is needed to go on after a restart.
func (o *outgoing) keep() error {
	dir := o.d.records.dir(o.id)
	if _, err := os.Stat(filepath.Join(dir, "source")); err == nil {
		return nil
	}
	return writeFileFrom(filepath.Join(dir, "source"), func(w io.Writer) error { return o.source.Save(w) })
}

// save writes the record, unless nothing in it has changed.
func (o *outgoing) save() {
	o.saving.Lock()
	defer o.saving.Unlock()
	defer o.d.records.lock(o.id)()
	if o.d.wasDropped(o.id) {
		return
	}
	o.d.mu.Lock()
	rec := o.recordLocked()
	o.d.mu.Unlock()
	if reflect.DeepEqual(rec, o.saved) {
		return
	}
	if err := o.d.records.save(rec); err != nil {
		o.d.log.Warn("the record of a share could not be saved", "share", o.id.Short(), "err", err)
		return
	}
	o.saved = rec
}

func (o *outgoing) recordLocked() record {
	rec := o.rec
	rec.Offer = o.docLocked(1)
	rec.Paused, rec.Ended, rec.Hidden = o.paused, o.ended, o.hidden
	rec.Failures = slices.Clone(o.failures)
	if o.manifest != nil {
		rec.FailureNotes = o.failureNotesLocked()
	}
	rec.Takers = nil
	for _, t := range o.takers {
		rec.Takers = append(rec.Takers, t.record())
	}
	slices.SortFunc(rec.Takers, func(a, b takerRecord) int { return a.ID.Compare(b.ID) })
	return rec
}

// poke makes run look again.
func (o *outgoing) poke() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// docLocked is what a taker is told.
func (o *outgoing) docLocked(version int) offerDoc {
	hash := o.rec.Offer.Manifest
	if o.manifest != nil {
		h := o.manifest.Hash()
		hash = h[:]
	}
	return offerDoc{
		Version: version, Salt: o.salt[:], Manifest: hash, Length: o.pieces.length,
		State: offerOpen, Paused: o.paused,
	}
}

// pastOutgoing is a share that is over, as far as it is remembered.
func (d *Device) pastOutgoing(rec record) *outgoing {
	o := &outgoing{
		d: d, id: rec.Share, title: rec.Title, started: rec.Started, rec: rec, end: func() {},
		paused: rec.Paused, failures: rec.Failures, ended: rec.Ended, hidden: rec.Hidden, takers: make(map[identity.ID]*taker),
	}
	if len(rec.Offer.Salt) == 32 {
		o.salt = [32]byte(rec.Offer.Salt)
	}
	o.pieces.length = rec.Bytes
	o.circle = newCircle(d, o.id, d.identity.ID(), d.identity.Public(), o.heardStrikeLocked)
	o.circle.active, o.circle.done, o.circle.roster = true, true, rec.Roster
	o.striking = len(rec.Untold) > 0 && !o.ended.IsZero() && time.Since(o.ended) < keptFor
	for _, t := range rec.Takers {
		o.takers[t.ID] = restoreTaker(t)
	}
	return o
}

// restoreOutgoing goes on with a share from before a restart, or remembers one
// that is over.
func (d *Device) restoreOutgoing(rec record) error {
	o := d.pastOutgoing(rec)
	if !o.ended.IsZero() {
		if o.hidden {
			d.records.remove(o.id)
			return nil
		}
		d.mu.Lock()
		d.outgoing[o.id] = o
		d.mu.Unlock()
		d.keepSent(o)
		return nil
	}
	f, err := os.Open(d.records.file(o.id, "source"))
	if err != nil {
		return err
	}
	defer f.Close()
	if o.source, err = source.Load(context.Background(), f); err != nil {
		return err
	}
	o.manifest = o.source.Manifest()
	o.hashes = d.loadHashes(o.id, o.manifest.StreamLength(), d.identity.Public())
	o.hashed, o.saved = o.hashes.Known(), rec
	for _, fail := range o.failures {
		o.source.Fail(fail.Entry, source.Reason(fail.Why))
	}
	if !d.begin(o) {
		o.source.Close()
		return ErrNotRunning
	}
	return nil
}

// title names a share by its first top-level items.
func title(m *manifest.Manifest) string { return titleOf(m.Top(), m.TopCount()) }

// titleOf names a share by the first of count top-level items.
func titleOf(first []string, count int) string {
	first = slices.Clone(first[:min(len(first), maxTitles)])
	for i, name := range first {
		first[i] = manifest.DisplayFile(name, 80)
	}
	s := strings.Join(first, ", ")
	if count > maxTitles {
		s += fmt.Sprintf(" +%d", count-maxTitles)
	}
	return s
}

// leftOut lists what the walk passed over.
func leftOut(src *source.Source) []Note {
	var notes []Note
	for _, l := range src.LeftOut() {
		if len(notes) == maxFailures {
			break
		}
		notes = append(notes, Note{Path: manifest.Printable(l.Path), Text: l.Why.String()})
	}
	return notes
}
