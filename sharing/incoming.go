package sharing

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/session"
	"potluck/sharing/store"
	"potluck/sharing/swarm"
)

// forgetOffer is how long an unanswered offer stays when its device is gone. If
// the device comes back, it offers again.
const forgetOffer = time.Minute

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

	saving sync.Mutex // held to write the record, so that the last one stays

	// guarded by d.mu
	state        State
	accepted     bool
	infoHash     [20]byte // once it is accepted
	agreed       bool     // the sharer knows that it was accepted
	paused       bool     // by the person here
	retry        bool     // the person says that what was stuck is mended
	sharerPaused bool
	over         string // why it has to end, with state already final
	version      int    // of the take document
	told         bool   // the sharer knows that it is over
	settled      bool   // and nothing is going on any more
	offer        offerDoc
	fromName     string
	err          string
	fetching     context.CancelFunc // while the manifest is on its way
	manifest     *manifest.Manifest
	weight       int64 // roughly the bytes that the manifest takes
	title        string
	renamed      int     // entries that must arrive under another name here
	programs     int     // files that can run something
	choice       *choice // what was accepted
	answering    bool
	done, total  int64
	hashed       int64
	rate         rate
	yes          time.Time
	ended        time.Time
	goneSince    time.Time
	failures     []failureDoc
	torrent      *swarm.Torrent // while it is in the swarm
	doubts       int            // wrong pieces that the sharer could not explain
	excuses      int            // those it explained since it last told of a change
	explained    int            // amendments and failures at that time
	amended      int            // amendments heard
	result       store.Result
	receipt      *Receipt
	rec          record // as restored, for shares that are over
}

// A choice is an offer accepted, or a part of it.
type choice struct {
	into   string
	want   []bool // nil means all
	item   *store.Item
	hashes *hashlist.List
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
	if doc.State != offerOpen {
		return takeDoc{}, nil
	}
	if d.crowdedLocked(peer.ID) {
		return takeDoc{}, errors.New("too many offers wait for an answer here")
	}
	doc.Reason = ""
	in := &incoming{
		d: d, id: share, from: peer.ID, fromKey: peer.Key, fromName: manifest.DisplayName(peer.Hello.Name, 64),
		started: time.Now(), state: Offering, offer: doc, version: 1, total: doc.Length,
	}
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
	default:
		in.sharerPaused = doc.Paused
	}
	return in.docLocked()
}

// receiveLocked makes a share known to the device and starts its work.
func (d *Device) receiveLocked(in *incoming) bool {
	in.wake = make(chan struct{}, 1)
	ctx, end := context.WithCancel(context.Background())
	in.stop = end
	if !d.tasks.run(func(tasks context.Context) {
		defer context.AfterFunc(tasks, end)()
		defer end()
		in.run(ctx)
	}) {
		end()
		return false
	}
	d.incoming[in.id] = in
	return true
}

func (in *incoming) spec() swarm.Spec {
	return swarm.Spec{
		Length: in.offer.Length, PieceLength: hashlist.PieceLength(in.offer.Length), Salt: [32]byte(in.offer.Salt),
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
	in.d.notifier.changed()
}

// forget lets go of the list of files once the sharer knows the end, and of all
// of it if it was never accepted; of those that failed some stay to be seen.
func (in *incoming) forget() {
	rec, keep := in.record()
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	switch {
	case !in.told || in.d.incoming[in.id] != in:
	case keep:
		in.d.incoming[in.id] = in.d.pastIncoming(rec)
	case in.state == Failed:
		if in.manifest != nil {
			in.rec.Title, in.rec.Files, in.rec.Folders = in.title, in.manifest.Files(), in.manifest.Folders()
		}
		in.settled, in.manifest = true, nil
		in.d.forgetRefusedLocked()
	default:
		delete(in.d.incoming, in.id)
	}
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
	return in.unlessFinal(in.transfer(ctx))
}

func (in *incoming) unlessFinal(err error) error {
	if in.isFinal() {
		return nil
	}
	return err
}

// fetchManifest gets the names and sizes from the sharer, however long that
// takes. It returns nil and no error if the offer is over before.
func (in *incoming) fetchManifest(ctx context.Context) (*manifest.Manifest, error) {
	for !in.isFinal() {
		m, err := in.tryManifest(ctx)
		var invalid *manifest.InvalidError
		switch {
		case err == nil:
			return m, nil
		case errors.As(err, &invalid):
			return nil, &sentenceError{"the offer was refused: " + invalid.Error(), err}
		}
		in.d.log.Debug("a manifest was not fetched", "share", in.id.Short(), "err", err)
		if err := in.wait(ctx, 500*time.Millisecond); err != nil {
			return nil, err
		}
		in.endIfAbandoned()
	}
	return nil, nil
}

var errNotYet = errors.New("lists of files of other offers come first")

// beginFetch reports whether the manifest may be fetched now, so that its
// sharer cannot fill our memory with others: one of a device at a time, and
// none while those that wait for an answer are too large already.
func (in *incoming) beginFetch(cancel context.CancelFunc) bool {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	var held, heldOfPeer int64
	for _, other := range d.incoming {
		if other.accepted || other.manifest == nil && other.fetching == nil {
			continue
		}
		held += other.weight
		if other.from == in.from {
			heldOfPeer += other.weight
			if other.fetching != nil {
				return false
			}
		}
	}
	if in.state.Final() || held >= maxNames || heldOfPeer >= maxNamesOfPeer {
		return false
	}
	in.fetching = cancel
	return true
}

// endFetch lets the next one of the same device begin.
func (in *incoming) endFetch() {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	in.fetching = nil
	for _, other := range in.d.incoming {
		if other != in && other.from == in.from && other.state == Offering {
			other.poke()
		}
	}
}

func (in *incoming) tryManifest(ctx context.Context) (*manifest.Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if !in.beginFetch(cancel) {
		return nil, errNotYet
	}
	defer in.endFetch()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://device/v1/shares/"+in.id.String()+"/manifest", nil)
	if err != nil {
		return nil, err
	}
	resp, err := in.d.hub.Do(ctx, in.from, req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	m, err := manifest.Decode(resp.Body)
	if err != nil {
		return nil, err
	}
	if h := m.Hash(); !slices.Equal(h[:], in.offer.Manifest) || m.StreamLength() != in.offer.Length {
		return nil, &manifest.InvalidError{Entry: -1, Reason: "it is not the list of files that was offered"}
	}
	return m, nil
}

// consent waits until this person, or the settings, have answered.
func (in *incoming) consent(ctx context.Context) error {
	mode, paired := in.d.acceptMode(in.from)
	switch {
	case mode == AcceptNobody:
		in.end(Declined, "it takes no offers")
		return nil
	case mode == AcceptEveryone || mode == AcceptPaired && paired:
		return in.accept(AcceptOptions{})
	}
	in.setState(Waiting)
	if offer, ok := in.offerView(); ok {
		in.d.notifier.tell(OfferedEvent{offer})
	}
	for !in.isFinal() && !in.isAccepted() {
		if err := in.wait(ctx, 5*time.Second); err != nil {
			return err
		}
		in.endIfAbandoned()
	}
	if in.isFinal() {
		in.d.notifier.tell(OfferGoneEvent{Share: in.id, From: in.from, Reason: in.reason()})
	}
	return nil
}

// endIfAbandoned lets go of an offer whose sharer has been away for long: nobody
// is there to be told, and if it comes back it will offer again.
func (in *incoming) endIfAbandoned() {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	now := time.Now()
	switch {
	case in.d.links[in.from] != nil || in.answering || in.accepted:
		in.goneSince = time.Time{}
	case in.goneSince.IsZero():
		in.goneSince = now
	case now.Sub(in.goneSince) > forgetOffer:
		in.finishLocked(Withdrawn, "its device is gone")
		in.told = true
	}
}

// acceptMode returns the mode that counts now, and whether peer is paired.
func (d *Device) acceptMode(peer identity.ID) (AcceptMode, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.known[peer]
	return d.settings.Accept, k != nil && k.Paired
}

// accept takes the offer, or the part of it that o names: free space is checked,
// the staging folder made and the acceptance written down before the sharer hears
// of it. When it fails, the offer is as before.
func (in *incoming) accept(o AcceptOptions) error {
	d := in.d
	d.mu.Lock()
	switch {
	case in.accepted || in.answering || in.state.Final():
		d.mu.Unlock()
		return stateError("this offer has been answered already")
	case in.manifest == nil:
		d.mu.Unlock()
		return stateError("the list of files of this offer is still on its way; try again in a moment")
	}
	in.answering = true
	asked := in.state == Waiting
	m, into := in.manifest, o.Into
	if into == "" {
		into = d.settings.Downloads
	}
	d.mu.Unlock()

	c, err := in.choose(m, into, o.Only)
	infoHash := in.spec().InfoHash()
	d.mu.Lock()
	in.answering = false
	if err == nil && in.state.Final() { // withdrawn meanwhile
		d.mu.Unlock()
		c.item.Discard()
		d.records.remove(in.id)
		return stateError("the offer was withdrawn")
	}
	if err != nil {
		d.mu.Unlock()
		return err
	}
	in.choice, in.accepted, in.state, in.yes = c, true, Running, time.Now()
	in.infoHash = infoHash
	in.total, _ = c.item.Total()
	d.mu.Unlock()
	in.save()
	d.mu.Lock()
	in.version++
	d.kickLocked(in.from)
	d.mu.Unlock()
	if asked {
		d.notifier.tell(OfferGoneEvent{Share: in.id, From: in.from, Reason: "accepted"})
	}
	in.poke()
	return nil
}

func (in *incoming) choose(m *manifest.Manifest, into string, only []string) (*choice, error) {
	c := &choice{}
	var err error
	if c.into, err = filepath.Abs(into); err != nil {
		return nil, err
	}
	if len(only) > 0 {
		if c.want, err = manifest.Select(m, only); err != nil {
			return nil, err
		}
	}
	c.hashes = hashlist.New(in.id, in.offer.Length, in.fromKey)
	if err := in.create(m, c); err != nil {
		if _, e := os.Lstat(in.d.records.file(in.id, "journal")); errors.Is(e, fs.ErrNotExist) {
			in.d.records.remove(in.id) // else it tells what is left to be cleared away
		}
		return nil, err
	}
	return c, nil
}

// create makes the place for what was chosen. Before, it writes down where that
// is, so that it can be cleared away if the device dies before the acceptance is
// written down.
func (in *incoming) create(m *manifest.Manifest, c *choice) (err error) {
	if err := os.MkdirAll(in.d.records.dir(in.id), 0o700); err != nil {
		return err
	}
	if err := writeFileFrom(in.d.records.file(in.id, "manifest"), m.Encode); err != nil {
		return err
	}
	if err := in.d.records.save(record{
		Share: in.id, Direction: Receiving, Offer: in.offer, From: in.from, FromKey: in.fromKey,
		Into: c.into, Want: packWant(c.want), State: Waiting,
	}); err != nil {
		return err
	}
	c.item, err = store.Create(in.storeOptions(m, c, c.hashes))
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
	e := FailedEvent{
		Share: in.id, Direction: Receiving, Peer: in.from, PeerName: in.fromName, State: s, Error: why, Final: true,
	}
	accepted := in.accepted
	in.d.mu.Unlock()
	if s == Failed || accepted {
		in.d.notifier.tell(e)
	}
	in.poke()
}

// docLocked is what the sharer is told.
func (in *incoming) docLocked() takeDoc {
	doc := takeDoc{Version: in.version, Done: in.done, Total: in.total, Error: in.err}
	switch in.state {
	case Offering:
		doc.State = takeUnknown
	case Waiting:
		doc.State = takeSeen
	case Running:
		doc.State = takeRunning
	case Paused:
		doc.State = takePaused
	case Stuck:
		doc.State = takeStuck
	case Finishing:
		doc.State = takeFinishing
	case Delivered:
		doc.State, doc.Receipt = takeDelivered, in.receipt
	case Declined:
		doc.State = takeDeclined
	case Cancelled, Withdrawn:
		doc.State = takeCancelled
	case Failed:
		doc.State = takeFailed
	}
	return doc
}

// letterLocked is what the sharer must know.
func (in *incoming) letterLocked() letter {
	doc := in.docLocked()
	final := in.state.Final()
	return letter{
		share: in.id, version: in.version, path: "/v1/takes/" + in.id.String(), body: doc,
		heard: func(reply []byte) error {
			var offer offerDoc
			if err := json.Unmarshal(reply, &offer); err != nil {
				return err
			}
			if final {
				in.setTold()
				return nil
			}
			if err := offer.check(in.id, in.from); err != nil {
				return err
			}
			in.d.mu.Lock()
			in.agreed = in.agreed || doc.State == takeRunning
			in.hearOfferLocked(offer)
			in.d.mu.Unlock()
			in.poke()
			return nil
		},
		missing: func() {
			if !final && doc.State != takeUnknown {
				in.end(Failed, "the other device no longer shares this")
			}
			in.setTold()
		},
	}
}

func (in *incoming) setTold() {
	in.d.mu.Lock()
	if in.state.Final() {
		in.told = true
	}
	in.d.mu.Unlock()
	in.poke()
}

// awaitTold waits until the sharer knows the end, or ctx is done.
func (in *incoming) awaitTold(ctx context.Context) {
	for {
		in.d.mu.Lock()
		told := in.told
		in.d.kickLocked(in.from)
		in.d.mu.Unlock()
		if told || in.wait(ctx, forgetOffer) != nil {
			return
		}
		in.endIfAbandoned()
	}
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

func (in *incoming) isAgreed() bool {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.agreed
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

func (in *incoming) reason() string {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	return in.over
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
	in.manifest, in.title, in.programs, in.renamed, in.weight = m, title(m), programs, renamed, weight
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

// save writes the record, once there is something that must survive a restart.
func (in *incoming) save() {
	in.saving.Lock()
	defer in.saving.Unlock()
	rec, keep := in.record()
	if !keep {
		return
	}
	if err := in.d.records.save(rec); err != nil {
		in.d.log.Warn("the record of a share could not be saved", "share", in.id.Short(), "err", err)
	}
}
