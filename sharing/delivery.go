package sharing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"potluck/sharing/manifest"
	"potluck/sharing/store"
)

// finish gives everything its final name and signs for it. It reports false
// when pieces turned out to be missing after all.
func (t *transfer) finish(ctx context.Context) (bool, error) {
	in := t.in
	in.setState(Finishing)
	in.takePart(true, true)
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
	in.keep(ctx)
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
	in.receipt, in.result, in.keeping = r, result, true
	in.finishLocked(Delivered, "")
	in.err = ""
	in.done, in.coming = in.total, 0
	e := DeliveredEvent{
		Share: in.id, Direction: Receiving, From: in.from, To: d.identity.ID(), PeerName: d.nameLocked(in.from, in.fromName),
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

// keep takes down which files were delivered, and serves them from now on to others
// who may have the share.
func (in *incoming) keep(ctx context.Context) {
	d := in.d
	d.mu.Lock()
	v, names := in.deliveryLocked(), in.manifest
	d.mu.Unlock()
	r, err := v.openAs(names)
	if err == nil {
		err = r.stamp(ctx)
	}
	if err != nil { // it is done when it is needed
		d.log.Info("it was not taken down which files were received", "share", in.id.Short(), "err", err)
	}
	d.keepReceived(in)
	d.mu.Lock()
	in.keeping = false
	d.mu.Unlock()
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
