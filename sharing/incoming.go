package sharing

import (
	"context"
	"crypto/ed25519"
	"errors"
	"runtime"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/session"
	"potluck/sharing/store"
	"potluck/sharing/swarm"
)

// An incoming is a share that a neighbour offers to this device: first a
// question, then a transfer, then a memory.
type incoming struct {
	d       *Device
	id      ShareID
	from    identity.ID
	fromKey ed25519.PublicKey
	started time.Time

	stop context.CancelFunc // ends run
	wake chan struct{}      // one slot: look at the fields below again
	gone chan struct{}      // closed when run has returned

	saving sync.Mutex // held to write the record, so that the last one stays

	// guarded by d.mu
	state        State
	accepted     bool
	infoHash     [20]byte // once it is accepted
	circle       circle
	fellows      []fellowDoc         // those that pieces came from
	fellowsSince int                 // version of the take document in which they were new
	fellowsAt    time.Time           // when that was
	stalled      time.Time           // since when nothing has come
	faults       map[identity.ID]int // bad pieces proven to be a fellow's
	agreed       bool                // the sharer knows that it was accepted
	paused       bool                // by the person here
	retry        bool                // the person says that what was stuck is mended
	sharerPaused bool
	heard        int    // version of the offer document heard last
	heardOver    *link  // that it was heard over
	over         string // why it has to end, with state already final
	version      int    // of the take document
	told         bool   // the sharer knows that it is over
	settled      bool   // and nothing is going on any more
	keeping      bool   // it was delivered, and is about to be served to others
	hidden       bool   // the person has taken it out of the history
	offer        offerDoc
	fromName     string
	err          string
	fetching     context.CancelFunc // while the manifest is on its way
	manifest     *manifest.Manifest
	weight       int64   // roughly the bytes that the manifest takes
	title        string  // of what is taken; of all, while that is a question
	files        int     // likewise
	folders      int     // likewise
	renamed      int     // entries that must arrive under another name here
	programs     int     // files that can run something
	choice       *choice // what was accepted
	moving       *move   // to another folder; nil if nobody asked for that
	moveBegun    bool
	leftover     []place // folders that it was to be received into before, and that are not cleared yet
	answering    bool
	done, total  int64
	coming       int64     // bytes of pieces that are still on their way
	comingAt     time.Time // when the sharer was last told of those alone
	hashed       int64
	rate         rate
	gauge        gauge // of what it waits for
	yes          time.Time
	ended        time.Time
	goneSince    time.Time
	failures     []failureDoc
	checked      bool           // the sharer has looked at its files without content since the yes
	lastCheck    *Checked       // what was found when the files were last verified; not changed once it is set
	torrent      *swarm.Torrent // while it is in the swarm
	doubts       int            // wrong pieces that the sharer could not explain
	excuses      int            // those it explained since it last told of a change
	explained    int            // amendments and failures at that time
	lapses       int            // those it explained with what is to be had from others
	amended      int            // amendments heard
	result       store.Result
	receipt      *Receipt
	rec          record // as restored, for shares that are over
}

// hearOffer notes what a sharer says of a share of its own, and returns what it
// is to know.
func (d *Device) hearOffer(peer session.Peer, share ShareID, doc offerDoc) (takeDoc, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if in := d.incoming[share]; in != nil && in.from == peer.ID {
		defer in.poke()
		return in.hearOfferLocked(doc), nil
	}
	switch {
	case doc.State != offerOpen:
		return takeDoc{}, nil
	case d.declinedLocked(share):
		return takeDoc{Version: lastVersion, State: takeDeclined}, nil
	}
	if d.blockedLocked(peer.ID) || !d.settings.Offers.has(d.pairedLocked(peer.ID)) {
		return takeDoc{Version: lastVersion, State: takeDeclined, Error: "it takes no offers from this device"}, nil
	}
	if d.crowdedLocked(peer.ID) {
		return takeDoc{}, errors.New("too many offers wait for an answer here")
	}
	doc.Reason = ""
	in := &incoming{
		d: d, id: share, from: peer.ID, fromKey: peer.Key, fromName: manifest.DisplayName(peer.Hello.Name, 64),
		started: time.Now(), state: Offering, offer: doc, version: 1, total: doc.Length,
	}
	in.circle = newCircle(d, share, peer.ID, peer.Key, in.poke)
	if !d.receiveLocked(in) {
		return takeDoc{}, ErrNotRunning
	}
	return takeDoc{Version: 0, State: takeUnknown}, nil
}

// crowdedLocked reports whether there is no room for another offer of peer. What
// counts is what has work going on: also an offer that has ended, until its
// sharer knows.
func (d *Device) crowdedLocked(peer identity.ID) bool {
	waiting, waitingOfPeer, running := 0, 0, 0
	for _, in := range d.incoming {
		switch {
		case in.state.Final() && in.settled:
		case !in.accepted:
			waiting++
			if in.from == peer {
				waitingOfPeer++
			}
		case in.from == peer:
			running++
		}
	}
	return waiting >= maxOffers || waitingOfPeer >= maxOffersOfPeer || running >= maxTransfersOfPeer
}

// hearOfferLocked takes over what the sharer says, and returns this side's state.
func (in *incoming) hearOfferLocked(doc offerDoc) takeDoc {
	switch {
	case in.state.Final():
		if doc.State != offerOpen {
			in.told = true
		}
	case doc.State != offerOpen:
		in.finishLocked(Withdrawn, foreignSentence(doc.Reason))
		in.told = true
	case in.freshLocked(doc.Version):
		in.sharerPaused = doc.Paused
		in.gauge.heard(time.Now(), doc.Slow)
	}
	return in.docLocked()
}

// freshLocked reports whether a document of that version is not older than one
// heard in this session: answers may come later than what was said after them.
func (in *incoming) freshLocked(version int) bool {
	if l := in.d.links[in.from]; l != in.heardOver {
		in.heardOver, in.heard = l, 0
	}
	if version < in.heard {
		return false
	}
	in.heard = version
	return true
}

// receiveLocked makes a share known to the device and starts its work.
func (d *Device) receiveLocked(in *incoming) bool {
	in.wake, in.gone = make(chan struct{}, 1), make(chan struct{})
	ctx, end := context.WithCancel(context.Background())
	in.stop = end
	if !d.tasks.run(func(tasks context.Context) {
		defer context.AfterFunc(tasks, end)()
		defer end()
		defer close(in.gone)
		in.run(ctx)
	}) {
		end()
		return false
	}
	d.incoming[in.id] = in
	delete(d.dropped, in.id)
	return true
}

func (in *incoming) spec() swarm.Spec {
	return swarm.Spec{
		Length: in.offer.Length, PieceLength: hashlist.PieceLength(in.offer.Length), Salt: torrentSalt(in.id),
	}
}

// run leads the share from offer to end, or until ctx is done.
func (in *incoming) run(ctx context.Context) {
	err := in.lead(ctx)
	if ctx.Err() != nil && !in.isFinal() {
		return // the device stops; a transfer goes on after the restart
	}
	if err != nil {
		in.end(Failed, err.Error())
	}
	in.save()
	in.d.notifier.changed()
	in.awaitTold(ctx)
	in.save()
	in.forget()
	in.d.trim()
	in.d.notifier.changed()
}

// forget lets go of the list of files once the sharer knows the end, and of all
// of it if it was never accepted; of those that failed some stay to be seen.
func (in *incoming) forget() {
	if past := in.settleDown(); past != nil && past.hidden {
		in.d.drop(nil, past)
	}
}

// settleDown leaves of a share that is over what is remembered of it, and returns
// that if it is more than the share was never accepted.
func (in *incoming) settleDown() *incoming {
	rec, keep := in.record()
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	switch {
	case !in.told || in.d.incoming[in.id] != in:
	case keep:
		past := in.d.pastIncoming(rec)
		past.fellows, past.lastCheck = in.fellows, in.lastCheck
		in.d.incoming[in.id] = past
		return past
	case in.hidden:
		delete(in.d.incoming, in.id)
	case in.state == Failed:
		if in.manifest != nil {
			in.rec.Title, in.rec.Files, in.rec.Folders = in.title, in.files, in.folders
		}
		in.settled, in.manifest = true, nil
		in.d.forgetRefusedLocked()
	default:
		delete(in.d.incoming, in.id)
	}
	return nil
}

// forgetRefusedLocked drops the oldest of the offers that failed before they
// were accepted, if there are too many.
func (d *Device) forgetRefusedLocked() {
	var oldest *incoming
	n := 0
	for _, in := range d.incoming {
		if in.accepted || in.state != Failed || !in.settled {
			continue
		}
		n++
		if oldest == nil || in.ended.Before(oldest.ended) {
			oldest = in
		}
	}
	if n > maxRefused {
		delete(d.incoming, oldest.id)
	}
}

// lead returns when the share has ended, with the error that ended it if it was
// one of this side.
func (in *incoming) lead(ctx context.Context) error {
	if in.isFinal() {
		return nil
	}
	if in.getManifest() == nil {
		m, err := in.fetchManifest(ctx)
		if err != nil || m == nil {
			return in.unlessFinal(err)
		}
		in.setManifest(m)
	}
	if !in.isAccepted() {
		if err := in.consent(ctx); err != nil || in.isFinal() || ctx.Err() != nil {
			return in.unlessFinal(err)
		}
	}
	err := in.transfer(ctx)
	in.tellWithdrawn()
	return in.unlessFinal(err)
}

// tellWithdrawn says that the sharer has taken back what was on its way.
func (in *incoming) tellWithdrawn() {
	why, withdrawn := in.reason()
	if !withdrawn {
		return
	}
	in.d.mu.Lock()
	e := in.failedLocked(why)
	in.d.mu.Unlock()
	in.d.notifier.tell(e)
}

// failedLocked is the event of a transfer that is over without having arrived.
func (in *incoming) failedLocked(why string) FailedEvent {
	return FailedEvent{
		Share: in.id, Direction: Receiving, Peer: in.from, PeerName: in.d.nameLocked(in.from, in.fromName), State: in.state, Error: why, Final: true,
	}
}

func (in *incoming) unlessFinal(err error) error {
	if in.isFinal() {
		return nil
	}
	return err
}

// finishLocked makes the state final. What has to be cleared away, run does.
func (in *incoming) finishLocked(s State, why string) {
	if in.state.Final() {
		return
	}
	in.state, in.over, in.ended = s, why, time.Now()
	in.version++
	if in.fetching != nil {
		in.fetching()
	}
	if s != Delivered {
		in.err = why
	}
}

// end makes the state final from this side, with a sentence why.
func (in *incoming) end(s State, why string) {
	in.d.mu.Lock()
	if in.state.Final() {
		in.d.mu.Unlock()
		return
	}
	in.finishLocked(s, why)
	in.d.kickLocked(in.from)
	e := in.failedLocked(why)
	accepted := in.accepted
	in.d.mu.Unlock()
	if s == Failed || accepted {
		in.d.notifier.tell(e)
	}
	in.poke()
}

// wait returns nil when woken or after a while, and an error when ctx is done.
func (in *incoming) wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-in.wake:
	case <-t.C:
	}
	return nil
}

func (in *incoming) poke() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

func (in *incoming) isFinal() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.state.Final()
}

func (in *incoming) isPaused() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.paused
}

func (in *incoming) stateNow() State {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.state
}

// takeRetry reports, once, whether the person asked to try again.
func (in *incoming) takeRetry() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	retry := in.retry
	in.retry = false
	return retry
}

func (in *incoming) isAccepted() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.accepted
}

// reason says why the share is over, and whether its sharer took it back.
func (in *incoming) reason() (why string, withdrawn bool) {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.over, in.state == Withdrawn
}

func (in *incoming) getManifest() *manifest.Manifest {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.manifest
}

// setManifest takes over the list of files, and counts what the person is to be
// warned of.
func (in *incoming) setManifest(m *manifest.Manifest) {
	programs := 0
	var weight int64
	for _, e := range m.All() {
		weight += int64(len(e.Path)) + 24
		if _, program := manifest.Kind(e.Path); program && !e.Dir {
			programs++
		}
	}
	renamed := manifest.Localize(m, manifest.Traits{Windows: runtime.GOOS == "windows"}).RenamedCount()
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	in.manifest, in.programs, in.renamed, in.weight = m, programs, renamed, weight
	in.title, in.files, in.folders = title(m), m.Files(), m.Folders()
}

// chooseLocked notes what is taken, and what that is called.
func (in *incoming) chooseLocked(c *choice) {
	in.choice = c
	if c.want == nil {
		return
	}
	var tops []string
	count := 0
	in.files, in.folders = 0, 0
	for i, want := range c.want {
		if !want {
			continue
		}
		if in.manifest.Dir(i) {
			in.folders++
		} else {
			in.files++
		}
		if in.manifest.Parent(i) < 0 {
			if count++; count <= maxTitles {
				tops = append(tops, in.manifest.Name(i))
			}
		}
	}
	in.title = titleOf(tops, count)
}

// setState changes a state that is not final, and tells the sharer.
func (in *incoming) setState(s State) {
	in.d.mu.Lock()
	if !in.state.Final() && in.state != s {
		in.state = s
		if s != Stuck {
			in.err = ""
		}
		in.version++
		in.d.kickLocked(in.from)
	}
	in.d.mu.Unlock()
	in.d.notifier.changed()
}
