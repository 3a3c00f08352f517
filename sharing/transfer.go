package sharing

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/store"
	"potluck/sharing/swarm"
)

const (
	// wantAhead is how many pieces are asked for before they have arrived.
	wantAhead = 1024

	// tellEvery is how often progress is told to the sharer.
	tellEvery = 300 * time.Millisecond

	// comingEvery is how often the sharer is told of parts of pieces, when no piece
	// has become complete.
	comingEvery = time.Second

	// fellowsEvery is how often it is told how much came from whom.
	fellowsEvery = 3 * time.Second

	// mendEvery is how often a stuck transfer looks whether it can go on.
	mendEvery = 5 * time.Second
)

// A transfer is the receiving of one accepted share, while the device runs.
type transfer struct {
	in      *incoming
	item    *store.Item
	hashes  *hashlist.List
	torrent *swarm.Torrent // nil if no content is wanted
	next    int            // pieces below have been asked for
	asked   int            // how many of them were not complete then
	before  int            // how many pieces were complete when asking began
	losses  int            // of the item, when asking began
	bare    bool           // files without content are wanted
	arrived chan struct{}  // one slot: a piece was verified
	kept    time.Time      // when failures were saved last
	listed  bool           // the whole hash list is kept
	rested  bool           // what is here has been lying there for a while
	waits   waits
	given   map[identity.ID]given // by those who are connected
}

// storeOptions says where and what to receive.
func (in *incoming) storeOptions(m *manifest.Manifest, c *choice, h *hashlist.List) store.Options {
	return store.Options{
		Folder: c.into, State: in.d.records.file(in.id, c.journalName()), Share: in.id, Manifest: m, Want: c.want,
		Hashes: h, Log: in.d.log,
	}
}

// transfer fetches what was accepted, gives it its final names, and signs for it.
// It returns nil when the share has ended one way or another, or ctx is done.
func (in *incoming) transfer(ctx context.Context) error {
	for {
		err := in.transferHere(ctx)
		if !errors.Is(err, errMove) {
			return err
		}
		in.relocate(ctx)
	}
}

// transferHere is transfer until the share is to be moved to another folder, for
// which it returns errMove.
func (in *incoming) transferHere(ctx context.Context) error {
	t, err := in.openTransfer(ctx)
	if t == nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() {
		if err := t.item.Run(ctx); err != nil {
			in.d.log.Warn("what was received could not be synced", "share", in.id.Short(), "err", err)
		}
	})
	work.Go(func() { t.followHashes(ctx) })
	err = t.drive(ctx)
	if t.torrent != nil {
		in.d.mu.Lock()
		in.torrent = nil
		in.d.mu.Unlock()
		t.torrent.Drop()
	}
	cancel()
	work.Wait()
	if errors.Is(err, errMove) {
		return err
	}
	if in.isFinal() && in.stateNow() != Delivered || err != nil {
		t.discard()
		return err
	}
	return t.item.Close()
}

// discard clears away what was received before the end.
func (t *transfer) discard() {
	in := t.in
	err := t.item.Discard()
	if err != nil {
		in.d.log.Warn("what was received before the end could not be cleared away", "share", in.id.Short(), "err", err)
	}
	if in.clearLeftovers() && !mayGoLater(err) {
		os.Remove(in.d.records.file(in.id, "manifest"))
	}
}

// mayGoLater reports whether what could not be discarded with err may be when
// the device starts again; the manifest is kept for that.
func mayGoLater(err error) bool {
	folder := (*store.FolderError)(nil)
	return errors.As(err, &folder)
}

// openTransfer opens what consent has made, or what was there before a restart.
// It returns nil without an error if the share ends before that is possible, or
// ctx.
func (in *incoming) openTransfer(ctx context.Context) (*transfer, error) {
	in.d.mu.Lock()
	c, m := in.choice, in.manifest
	in.d.mu.Unlock()
	t := &transfer{in: in, item: c.item, arrived: make(chan struct{}, 1)}
	if t.item == nil {
		t.hashes = in.d.loadHashes(in.id, in.offer.Length, in.fromKey)
		item, err := in.reopen(ctx, in.storeOptions(m, c, t.hashes))
		if item == nil {
			return nil, err
		}
		t.item = item
		in.d.mu.Lock()
		c.item, c.hashes = item, t.hashes
		for _, f := range in.failures {
			item.FailEntry(f.Entry)
		}
		in.d.mu.Unlock()
	} else {
		t.hashes = c.hashes
	}
	if in.offer.Length > 0 {
		if _, pieces := t.item.Total(); pieces > 0 {
			torrent, err := in.d.swarm.Add(in.spec(), in.from, &arrivals{t.item, t.arrived})
			if err != nil {
				t.discard()
				return nil, err
			}
			t.torrent = torrent
			in.d.mu.Lock()
			in.torrent = torrent
			in.d.mu.Unlock()
		}
	}
	t.bare = hasBare(m, t.item)
	t.askAgain()
	t.noteProgress()
	return t, nil
}

// reopen opens what was there before a restart. If its folder cannot be had, it
// waits: the disk may only not be connected yet. It returns nil without an error
// if the share ends before, or ctx.
func (in *incoming) reopen(ctx context.Context, o store.Options) (*store.Item, error) {
	for {
		item, err := store.Open(o)
		if err == nil || store.Lost(err) {
			return item, err
		}
		in.stick(err)
		if in.wait(ctx, mendEvery) != nil || in.isFinal() {
			return nil, nil
		}
		if in.wantsMove() {
			return nil, errMove
		}
	}
}

// arrivals is an item that tells when a piece has arrived.
type arrivals struct {
	*store.Item
	arrived chan<- struct{}
}

// Verify checks and keeps a piece, and signals it.
func (a *arrivals) Verify(piece int) error {
	err := a.Item.Verify(piece)
	select {
	case a.arrived <- struct{}{}:
	default:
	}
	return err
}

// drive leads the transfer until it has ended, or ctx is done.
func (t *transfer) drive(ctx context.Context) error {
	in := t.in
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	var mend time.Time
	if err := t.recheck(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil && !in.isFinal() {
		if in.wantsMove() {
			return errMove
		}
		failed := t.item.Failed()
		if err := t.item.Err(); err != nil {
			if fatal := t.stuck(err, &mend); fatal {
				return err
			}
			failed = nil
		} else if in.isPaused() {
			in.setState(Paused)
			t.pause()
		} else {
			in.setState(Running)
			t.ask()
			if t.complete() && t.trusty() && t.provable() {
				done, err := t.finish(ctx)
				if done || err != nil {
					return err
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-in.wake:
		case <-failed:
		case <-tick.C:
			t.noteProgress()
		case <-t.arrived:
		}
	}
	return nil
}

// recheck hashes again what a power loss may have damaged.
func (t *transfer) recheck(ctx context.Context) error {
	for _, piece := range t.item.Suspect() {
		if ctx.Err() != nil {
			return nil
		}
		if !t.awaitHashes(ctx, piece+1) {
			return nil
		}
		if _, err := t.item.Recheck(ctx, piece); err != nil && !stopped(ctx, err) {
			return err
		}
		if t.torrent != nil {
			t.torrent.Changed(piece)
		}
		t.noteProgress()
	}
	return nil
}

// stuck shows what is wrong on this disk, and tries again now and then. It
// reports whether there is no point in that.
func (t *transfer) stuck(err error, mend *time.Time) (fatal bool) {
	in := t.in
	if in.stateNow() != Stuck {
		t.pause()
		*mend = time.Now().Add(mendEvery)
		in.stick(err)
	}
	if store.Lost(err) {
		return true
	}
	if in.takeRetry() || time.Now().After(*mend) {
		*mend = time.Now().Add(mendEvery)
		t.item.Retry()
		t.askAgain()
	}
	return false
}

// stick makes the share stuck, for a reason on this disk, unless it is already.
func (in *incoming) stick(err error) {
	if in.stateNow() == Stuck {
		return
	}
	in.d.mu.Lock()
	in.err = err.Error()
	name := in.d.nameLocked(in.from, in.fromName)
	in.d.mu.Unlock()
	in.setState(Stuck)
	in.d.notifier.tell(FailedEvent{
		Share: in.id, Direction: Receiving, Peer: in.from, PeerName: name, State: Stuck, Error: err.Error(),
	})
}

// askAgain makes ask begin anew, for pieces that were asked for and then lost.
func (t *transfer) askAgain() {
	losses := t.item.Losses() // one more meanwhile is for the next time
	if t.torrent != nil && losses != t.losses {
		for piece := range t.hashes.Len() { // the swarm takes the lost ones for complete
			if t.item.Missing(piece) {
				t.torrent.Changed(piece)
			}
		}
		for _, p := range t.torrent.Stats().Peers { // they know from this device that it has them
			if p.Connected {
				t.torrent.Disconnect(p.ID)
			}
		}
	}
	t.next, t.asked = 0, 0
	t.losses = losses
	_, t.before = t.item.Have()
}

// pause lets nothing come in.
func (t *transfer) pause() {
	t.rested = true
	t.item.Rest()
	t.in.takePart(false, false)
	if t.torrent != nil {
		t.torrent.Pause()
		t.torrent.SetHolders(nil)
	}
}

// ask goes for the next pieces whose hashes are known.
func (t *transfer) ask() {
	if t.torrent == nil {
		return
	}
	t.torrent.Resume()
	if t.rested { // a disk may have spoiled what was here
		t.item.Doubt()
		t.rested = false
	}
	t.in.takePart(true, t.complete())
	t.torrent.SetHolders(t.in.holders(time.Now()))
	if t.item.Losses() != t.losses { // pieces that were here are wanted again
		t.askAgain()
	}
	known := t.hashes.Known()
	var list []int
	for ; t.next < known && t.outstanding()+len(list) < wantAhead; t.next++ {
		if t.item.Missing(t.next) {
			list = append(list, t.next)
		}
	}
	if len(list) > 0 {
		t.asked += len(list)
		t.torrent.Want(list...)
	}
}

// stallAfter is how long nothing has come before the sharer is asked itself,
// whoever else has the share.
const stallAfter = 5 * time.Second

// restAfter is how long nothing has come before what is here is looked at again.
const restAfter = time.Minute

// takePart notes whether this device exchanges pieces now, and whether it needs
// none any more.
func (in *incoming) takePart(active, done bool) {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	in.circle.setLocked(active, done)
}

// shutOut cuts the connections with devices that may not have the share any more.
func (t *transfer) shutOut(s swarm.Stats) {
	for _, p := range s.Peers {
		if p.Connected && !t.in.d.mayHave(p.ID, t.torrent.InfoHash()) {
			t.torrent.Disconnect(p.ID)
		}
	}
}

// holders returns whom to fetch from now.
func (in *incoming) holders(now time.Time) []identity.ID {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	list := in.circle.holdersLocked(in.agreed) // before, the sharer would refuse the connection
	if in.agreed && now.Sub(in.stalled) > in.d.stallAfter && slices.Contains(in.circle.hereLocked(), in.from) && !slices.Contains(list, in.from) {
		list[0] = in.from // the ring is full without it
	}
	return list
}

// outstanding is how many pieces were asked for and are not here, or a little
// more.
func (t *transfer) outstanding() int {
	_, have := t.item.Have()
	return max(0, t.asked-(have-t.before))
}

func (t *transfer) complete() bool {
	_, have := t.item.Have()
	_, total := t.item.Total()
	return have == total
}

// trusty reports whether it may be signed for: what is wanted and has no content
// must have been looked at by the sharer, for no hash tells of its change.
func (t *transfer) trusty() bool {
	t.in.d.mu.Lock()
	checked := t.in.checked
	t.in.d.mu.Unlock()
	return checked || !t.bare
}

// provable reports whether enough hashes are known to look at what was here before.
func (t *transfer) provable() bool { return t.hashes.Known() >= t.item.Unproven() }

// hasBare reports whether files without content are wanted.
func hasBare(m *manifest.Manifest, item *store.Item) bool {
	for i, e := range m.All() {
		if !e.Dir && e.Size == 0 && item.Covered(i) {
			return true
		}
	}
	return false
}

// noteProgress takes down how far it is, and tells the sharer.
func (t *transfer) noteProgress() {
	in, now := t.in, time.Now()
	done, _ := t.item.Have()
	total, _ := t.item.Total()
	coming := max(0, min(t.item.Coming(), total-done))
	var stats swarm.Stats
	if t.torrent != nil {
		stats = t.torrent.Stats()
		t.shutOut(stats)
	}
	readings, fellows := t.readings(stats, now), t.fellowDocs(stats, now)
	hashed := min(int64(t.hashes.Known())*hashlist.PieceLength(in.offer.Length), in.offer.Length)
	in.d.mu.Lock()
	changed := in.done != done || in.coming != coming || in.total != total || in.hashed != hashed
	in.rate.note(now, done+coming)
	if in.state == Running && (!in.sharerPaused || in.helpedLocked()) {
		in.gauge.note(now, done+coming, readings, judgeReceiving)
	} else {
		in.gauge.rest()
	}
	moved := done+coming > in.done+in.coming
	if moved && now.Sub(in.stalled) > restAfter && !in.stalled.IsZero() {
		t.rested = true
	}
	if moved || in.state != Running || in.stalled.IsZero() {
		in.stalled = now
	}
	news := !slices.EqualFunc(in.fellows, fellows, sameFellow) || done == total || now.Sub(in.fellowsAt) > fellowsEvery
	in.fellows = fellows
	if in.done != done || in.total != total || news || in.coming != coming && now.Sub(in.comingAt) > comingEvery {
		if news {
			in.fellowsSince, in.fellowsAt = in.version+1, now
		}
		in.done, in.total, in.comingAt = done, total, now
		in.version++
		in.d.kickLocked(in.from)
	}
	in.coming, in.hashed = coming, hashed
	in.d.mu.Unlock()
	if changed {
		in.d.notifier.changed()
	}
}
