package sharing

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
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
	arrived chan struct{}  // one slot: a piece was verified
	kept    time.Time      // when failures were saved last
}

// storeOptions says where and what to receive.
func (in *incoming) storeOptions(m *manifest.Manifest, c *choice, h *hashlist.List) store.Options {
	return store.Options{
		Folder: c.into, State: in.d.records.file(in.id, "journal"), Share: in.id, Manifest: m, Want: c.want,
		Hashes: h, Log: in.d.log,
	}
}

// transfer fetches what was accepted, gives it its final names, and signs for it.
// It returns nil when the share has ended one way or another, or ctx is done.
func (in *incoming) transfer(ctx context.Context) error {
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
	if !mayGoLater(err) {
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
		c.item = item
		for _, f := range in.failures {
			item.FailEntry(f.Entry)
		}
		in.d.mu.Unlock()
	} else {
		t.hashes = c.hashes
	}
	if in.offer.Length > 0 {
		if _, pieces := t.item.Total(); pieces > 0 {
			torrent, err := in.d.swarm.Add(in.spec(), &arrivals{t.item, t.arrived})
			if err != nil {
				t.discard()
				if errors.Is(err, swarm.ErrExists) {
					err = &sentenceError{"another share here goes by the same name on the network; end that one first", err}
				}
				return nil, err
			}
			t.torrent = torrent
			in.d.mu.Lock()
			in.torrent = torrent
			in.d.mu.Unlock()
		}
	}
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
			if t.complete() {
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
	in.d.mu.Unlock()
	in.setState(Stuck)
	in.d.notifier.tell(FailedEvent{
		Share: in.id, Direction: Receiving, Peer: in.from, PeerName: in.fromName, State: Stuck, Error: err.Error(),
	})
}

// askAgain makes ask begin anew, for pieces that were asked for and then lost.
func (t *transfer) askAgain() {
	if losses := t.item.Losses(); t.torrent != nil && losses != t.losses {
		for piece := range t.hashes.Len() { // the swarm takes the lost ones for complete
			if t.item.Wanted(piece) && !t.item.Complete(piece) {
				t.torrent.Changed(piece)
			}
		}
	}
	t.next, t.asked = 0, 0
	t.losses = t.item.Losses()
	_, t.before = t.item.Have()
}

// pause lets nothing come in.
func (t *transfer) pause() {
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
	if t.in.isAgreed() { // before, it would refuse the connection
		t.torrent.SetHolders([]identity.ID{t.in.from})
	}
	if t.item.Losses() != t.losses { // pieces that were here are wanted again
		t.askAgain()
	}
	known := t.hashes.Known()
	var list []int
	for ; t.next < known && t.outstanding()+len(list) < wantAhead; t.next++ {
		if t.item.Wanted(t.next) && !t.item.Complete(t.next) {
			list = append(list, t.next)
		}
	}
	if len(list) > 0 {
		t.asked += len(list)
		t.torrent.Want(list...)
	}
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

// noteProgress takes down how far it is, and tells the sharer.
func (t *transfer) noteProgress() {
	in, now := t.in, time.Now()
	done, _ := t.item.Have()
	total, _ := t.item.Total()
	hashed := min(int64(t.hashes.Known())*hashlist.PieceLength(in.offer.Length), in.offer.Length)
	in.d.mu.Lock()
	changed := in.done != done || in.total != total || in.hashed != hashed
	in.rate.note(now, done)
	if in.done != done || in.total != total {
		in.done, in.total = done, total
		in.version++
		in.d.kickLocked(in.from)
	}
	in.hashed = hashed
	in.d.mu.Unlock()
	if changed {
		in.d.notifier.changed()
	}
}

// finish gives everything its final name and signs for it. It reports false
// when pieces turned out to be missing after all.
func (t *transfer) finish(ctx context.Context) (bool, error) {
	in := t.in
	in.setState(Finishing)
	t.noteProgress()
	result, err := t.item.Finish(ctx)
	switch {
	case stopped(ctx, err):
		return true, nil
	case err != nil && !t.complete():
		in.d.log.Warn("parts of what was received are missing", "share", in.id.Short(), "err", err)
		t.askAgain()
		return false, nil
	case err != nil:
		if t.item.Err() == nil { // not one that the disk may get over
			return true, err
		}
		return false, nil
	}
	if result.Files == 0 && len(result.Failed) > 0 && len(result.Tops) == 0 {
		return true, in.nothingLeft()
	}
	if !t.awaitHashes(ctx, t.hashes.Len()) {
		return true, nil
	}
	if err := writeFileFrom(in.d.records.file(in.id, "hashes"), t.hashes.Save); err != nil {
		in.d.log.Warn("the hashes of what was received could not be kept", "share", in.id.Short(), "err", err)
	}
	in.delivered(t, result)
	return true, nil
}

// awaitHashes waits for the first n hashes, which come from the sharer, and
// reports whether they are here: the share may end before, and ctx.
func (t *transfer) awaitHashes(ctx context.Context, n int) bool {
	for t.hashes.Known() < n {
		if t.in.isFinal() || t.in.wait(ctx, time.Second) != nil {
			return false
		}
	}
	return true
}

// nothingLeft says why nothing of what was accepted could be had.
func (in *incoming) nothingLeft() error {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	notes := failureNotes(in.manifest, in.failures)
	if len(notes) == 0 {
		return errors.New("nothing of it could be sent")
	}
	return fmt.Errorf("nothing of it could be sent: %s: %s", notes[0].Path, notes[0].Text)
}

// delivered signs the receipt and makes the share a thing of the past.
func (in *incoming) delivered(t *transfer, result store.Result) {
	d := in.d
	amended := t.hashes.AmendSeq()
	digest, _ := t.hashes.DigestAt(amended)
	r := &Receipt{
		Share: in.id, Manifest: HexHash(in.offer.Manifest), Hashes: HexHash(digest), Amended: amended, Sharer: in.from,
		Entries: ranges(in.manifest.Len(), t.item.Covered), Files: result.Files, Bytes: result.Bytes,
		Time: time.Now().UTC().Truncate(time.Second),
	}
	r.sign(d.identity)
	d.mu.Lock()
	if in.state.Final() {
		d.mu.Unlock()
		return
	}
	in.receipt, in.result = r, result
	in.finishLocked(Delivered, "")
	in.err = ""
	in.done = in.total
	e := DeliveredEvent{
		Share: in.id, Direction: Receiving, From: in.from, To: d.identity.ID(), PeerName: in.fromName,
		Paths: paths(result), Files: result.Files, Bytes: result.Bytes, Seconds: in.ended.Sub(in.yes).Seconds(),
		Renamed: renamedNotes(result.Renamed), Failures: failureNotes(in.manifest, in.failures),
	}
	d.mu.Unlock()
	if len(e.Paths) > 0 {
		e.Path = e.Paths[0]
	}
	in.save() // before anybody hears of it
	d.mu.Lock()
	d.kickLocked(in.from)
	d.mu.Unlock()
	d.notifier.tell(e)
}

func paths(r store.Result) []string {
	var list []string
	for _, top := range r.Tops {
		list = append(list, top.Path)
	}
	return list
}

func renamedNotes(renamed []manifest.Renamed) []Note {
	var notes []Note
	for _, r := range renamed[:min(len(renamed), maxFailures)] {
		notes = append(notes, Note{Path: manifest.Printable(r.From), Text: manifest.Printable(r.To)})
	}
	return notes
}

// followHashes learns the hashes, and what failed, as the sharer finds out.
func (t *transfer) followHashes(ctx context.Context) {
	for ctx.Err() == nil {
		before := t.heard()
		err := t.askHashes(ctx)
		news := t.heard() != before
		if news {
			t.in.poke()
		}
		if news && err == nil {
			continue
		}
		if err != nil {
			t.in.d.log.Debug("hashes were not heard", "share", t.in.id.Short(), "err", err)
		}
		select { // a sharer that has nothing to say must not keep us busy
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// heard counts all that the sharer has told of hashes and failures.
func (t *transfer) heard() int {
	t.in.d.mu.Lock()
	defer t.in.d.mu.Unlock()
	return t.hashes.Known() + t.hashes.AmendSeq() + len(t.in.failures)
}

func (t *transfer) askHashes(ctx context.Context) error {
	in := t.in
	in.d.mu.Lock()
	failed := len(in.failures)
	in.d.mu.Unlock()
	path := fmt.Sprintf("/v1/shares/%s/hashes?from=%d&amended=%d&failed=%d", in.id, t.hashes.Known(), t.hashes.AmendSeq(), failed)
	reply, status, err := in.d.call(ctx, in.from, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("status %d", status)
	}
	var doc hashesDoc
	if err := json.Unmarshal(reply, &doc); err != nil {
		return err
	}
	for _, run := range doc.Runs {
		if err := t.hashes.Add(run); err != nil {
			return err
		}
	}
	for _, a := range doc.Amendments {
		if err := t.hashes.AddAmendment(a); err != nil {
			return err
		}
		in.d.mu.Lock()
		in.amended = t.hashes.AmendSeq()
		in.d.mu.Unlock()
		if t.torrent != nil && a.Piece >= 0 && a.Piece < t.next && t.item.Wanted(a.Piece) && !t.item.Complete(a.Piece) {
			t.torrent.Want(a.Piece) // what came for the old hash was refused
		}
	}
	return t.hearFailures(doc.Failures)
}

// hearFailures gives up the entries that the sharer cannot send any more.
func (t *transfer) hearFailures(failures []failureDoc) error {
	in := t.in
	for _, f := range failures {
		if f.Entry < 0 || f.Entry >= in.manifest.Len() {
			return fmt.Errorf("there is no entry %d", f.Entry)
		}
		f.Why = foreignSentence(f.Why[:min(len(f.Why), maxReason)])
		in.d.mu.Lock()
		full := len(in.failures) >= in.manifest.Len()
		if !full {
			in.failures = append(in.failures, f)
		}
		in.d.mu.Unlock()
		if full {
			return errors.New("more failures than entries")
		}
		t.item.FailEntry(f.Entry)
		t.unwant(f.Entry)
	}
	if n := len(failures); n > 0 && (n < maxFailures || time.Since(t.kept) > time.Second) {
		in.save() // not each time while there are more to come at once
		t.kept = time.Now()
	}
	return nil
}

// unwant stops asking for pieces that only held a failed entry.
func (t *transfer) unwant(entry int) {
	size := t.in.manifest.Entry(entry).Size
	if t.torrent == nil || size == 0 {
		return
	}
	length := hashlist.PieceLength(t.in.offer.Length)
	first := t.in.manifest.Offset(entry)
	var list []int
	for i := int(first / length); i <= int((first+size-1)/length); i++ {
		if !t.item.Wanted(i) {
			list = append(list, i)
		}
	}
	t.torrent.Unwant(list...)
}

// loadHashes returns the hash list kept of a share from before, or an empty one.
func (d *Device) loadHashes(share ShareID, length int64, sharer ed25519.PublicKey) *hashlist.List {
	if f, err := os.Open(d.records.file(share, "hashes")); err == nil {
		defer f.Close()
		if list, err := hashlist.Load(f, share, length, sharer); err == nil {
			return list
		}
	}
	return hashlist.New(share, length, sharer)
}

// tooManyDoubts is how many wrong pieces a sharer may send that it finds right
// itself, before the transfer ends.
const tooManyDoubts = 4

// tooManyExcuses is how many it may explain with a change of its files before
// it tells of one.
const tooManyExcuses = 16

// badPiece hears from the swarm of a piece that was not what its hash says, and
// that peer had a part in. The sharer is asked to look before anybody is blamed:
// somebody may have changed a file.
func (d *Device) badPiece(infoHash [20]byte, piece int, peer identity.ID, alone bool) {
	d.mu.Lock()
	var in *incoming
	for _, i := range d.incoming {
		if i.infoHash == infoHash && i.accepted && !i.state.Final() {
			in = i
		}
	}
	d.mu.Unlock()
	if in == nil || peer != in.from {
		return
	}
	d.log.Warn("a piece was wrong", "share", in.id.Short(), "piece", piece, "device", peer.Short(), "alone", alone)
	d.tasks.run(func(ctx context.Context) { in.ask(ctx, piece) })
}

// ask asks the sharer about a wrong piece, and forgives it if it can explain.
func (in *incoming) ask(ctx context.Context, piece int) {
	path := fmt.Sprintf("/v1/shares/%s/doubt?piece=%d", in.id, piece)
	reply, status, err := in.d.call(ctx, in.from, http.MethodPost, path, nil)
	var doc doubtDoc
	if err == nil && status == http.StatusOK {
		err = json.Unmarshal(reply, &doc)
	}
	if err != nil {
		in.d.log.Debug("the sharer could not be asked", "share", in.id.Short(), "err", err)
	}
	in.d.mu.Lock()
	switch news := in.amended + len(in.failures); {
	case !doc.Changed:
		in.doubts++
	case news > in.explained:
		in.explained, in.excuses = news, 0
	default:
		in.excuses++
	}
	enough := in.doubts >= tooManyDoubts || in.excuses >= tooManyExcuses
	torrent := in.torrent
	in.d.mu.Unlock()
	if enough {
		in.end(Failed, "what arrives is not what was offered; there may be a defect in the other device or its disk")
		return
	}
	if torrent != nil {
		torrent.Forgive(in.from)
	}
}
