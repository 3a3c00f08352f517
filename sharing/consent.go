package sharing

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/store"
)

// forgetOffer is how long an unanswered offer stays when its device is gone. If
// the device comes back, it offers again.
const forgetOffer = time.Minute

// A choice is an offer accepted, or a part of it.
type choice struct {
	into    string
	journal string // what the folder of notes is called; empty means firstJournal
	want    []bool // nil means all
	item    *store.Item
	hashes  *hashlist.List
}

// consent waits until this person, or the settings, have answered. Where the settings
// say yes, and the disk does not, it waits for either.
func (in *incoming) consent(ctx context.Context) error {
	var refused error // by the disk
	switch in.settingsAnswer() {
	case answerNo:
		in.end(Declined, "it takes no offers")
		return nil
	case answerYes:
		if refused = in.accept(AcceptOptions{}); refused == nil || !isAboutFolder(refused) {
			return refused
		}
	}
	for !in.isFinal() {
		wait := in.mayAsk(time.Now())
		if wait <= 0 {
			break
		}
		if err := in.wait(ctx, min(wait, 5*time.Second)); err != nil {
			return err
		}
		in.endIfAbandoned()
	}
	if in.isFinal() {
		return nil
	}
	more := in.anotherWaits()
	in.setState(Waiting)
	if offer, ok := in.offerView(); ok {
		in.d.notifier.tell(OfferedEvent{Offer: offer, More: more})
		if refused != nil {
			in.d.notifier.tell(FailedEvent{
				Share: in.id, Direction: Receiving, Peer: in.from, PeerName: offer.FromName, State: Waiting, Error: refused.Error(),
			})
		}
	}
	for !in.isFinal() && !in.isAccepted() {
		if err := in.wait(ctx, 5*time.Second); err != nil {
			return err
		}
		in.endIfAbandoned()
		if refused != nil && in.settingsAnswer() == answerYes && in.fits() {
			// The person may answer at the same time, and the disk refuse again.
			_ = in.accept(AcceptOptions{})
		}
	}
	in.answered(time.Now())
	if in.isFinal() {
		reason, withdrawn := in.reason()
		in.d.notifier.tell(OfferGoneEvent{Share: in.id, From: in.from, Reason: reason, Withdrawn: withdrawn})
	}
	return nil
}

// isAboutFolder reports whether an offer was not accepted because of the folder that
// it would go to, or of its disk.
func isAboutFolder(err error) bool {
	var space *store.NoSpaceError
	var folder *store.FolderError
	return errors.As(err, &space) || errors.As(err, &folder)
}

// fits reports whether the download folder can be used now, and has room for all of the
// offer as far as its disk tells: to try to accept it costs more.
func (in *incoming) fits() bool {
	in.d.mu.Lock()
	into, need := in.d.settings.Downloads, in.offer.Length
	in.d.mu.Unlock()
	free := in.d.room(into)
	return (free < 0 || free >= need) && Usable(into) == nil
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

// An answer is what the settings say to an offer.
type answer int

const (
	answerAsk answer = iota // the person
	answerYes
	answerNo
)

// settingsAnswer returns what the settings say to the offer. Of its device only
// what the session has proved and this person has said counts.
func (in *incoming) settingsAnswer() answer {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.known[in.from]
	paired := k != nil && k.Paired && !k.Blocked
	switch mode := d.settings.Accept; {
	case mode == AcceptNobody:
		return answerNo
	case mode == AcceptEveryone, mode == AcceptPaired && paired:
		return answerYes
	case paired && k.Trusted && in.programs == 0:
		return answerYes
	}
	return answerAsk
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

	c, err := in.choose(m, into, o)
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
	in.chooseLocked(c)
	in.accepted, in.state, in.yes = true, Running, time.Now()
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

func (in *incoming) choose(m *manifest.Manifest, into string, o AcceptOptions) (*choice, error) {
	c := &choice{}
	var err error
	if c.into, err = filepath.Abs(into); err != nil {
		return nil, err
	}
	if c.want, err = o.pick(m); err != nil {
		return nil, err
	}
	if err := in.d.makeAbove(c.into); err != nil { // what receives says it to the person
		in.d.log.Warn("what is above the download folder cannot be made", "err", err)
	}
	c.hashes = hashlist.New(in.id, in.offer.Length, in.fromKey)
	if err := in.create(m, c); err != nil {
		if _, e := os.Lstat(in.d.records.file(in.id, firstJournal)); errors.Is(e, fs.ErrNotExist) {
			in.d.records.remove(in.id) // else it tells what is left to be cleared away
		}
		return nil, err
	}
	return c, nil
}

// makeAbove makes what is above the download folder, where that is nobody's choice
// and below the person's home: a new account has nothing there. The folder itself is
// made by what receives, and taken away if it comes to nothing.
func (d *Device) makeAbove(into string) error {
	d.mu.Lock()
	home, downloads := d.settings.Home, d.settings.Downloads
	d.mu.Unlock()
	if home == "" || into != filepath.Clean(downloads) {
		return nil
	}
	above, err := filepath.Rel(home, filepath.Dir(into))
	if err != nil || !filepath.IsLocal(above) {
		return err
	}
	if _, err := os.Stat(filepath.Dir(into)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	root, err := os.OpenRoot(home)
	if err != nil {
		return err
	}
	defer root.Close()
	return root.MkdirAll(above, 0o777)
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
