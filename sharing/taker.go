package sharing

import (
	"encoding/json"
	"errors"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// A taker is what the sharer knows of one device that a share is offered to.
// Its fields are guarded by Device.mu.
type taker struct {
	id      identity.ID
	name    string
	state   State
	last    State // what it was before this device was restarted; empty once it has said what it is
	version int   // of the offer document
	told    bool  // the taker knows that it is over
	heard   int   // version of its document that was heard last
	done    int64
	coming  int64
	total   int64
	rate    rate
	gauge   gauge // of what serving it waits for
	err     string
	reason  string // why it was withdrawn
	receipt *Receipt
	yes     time.Time // when it accepted
	doubts  int       // of pieces that were right
	fellows []fellowDoc
	listing int // requests for the manifest that are being answered

	checking, checked bool // the files without content are being looked at for it, or were
}

const (
	maxDoubts  = 16 // of one taker that are looked into: each costs the reading of a piece
	maxListing = 2  // requests of one taker for one manifest at once
)

// mayDoubt reports whether a doubt of a taker is looked into. It is counted
// until doubtWasRight.
func (o *outgoing) mayDoubt(id identity.ID) bool {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	if t == nil || !t.receiving() || t.doubts >= maxDoubts {
		return false
	}
	t.doubts++
	return true
}

func (o *outgoing) doubtWasRight(id identity.ID) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	if t := o.takers[id]; t != nil && t.doubts > 0 {
		t.doubts--
	}
}

// beginManifest reports whether the manifest may be sent to a taker once more,
// until endManifest.
func (o *outgoing) beginManifest(id identity.ID) bool {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	if t == nil || t.listing >= maxListing {
		return false
	}
	t.listing++
	return true
}

func (o *outgoing) endManifest(id identity.ID) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	if t := o.takers[id]; t != nil {
		t.listing--
	}
}

// receiving reports whether the taker may fetch pieces.
func (t *taker) receiving() bool { return receives(t.state) }

// receives reports whether a taker in that state has pieces to come.
func receives(s State) bool {
	switch s {
	case Running, Paused, Stuck, Finishing:
		return true
	}
	return false
}

// mayFetch reports whether the taker may fetch pieces, or fetch some once more
// because they were damaged there.
func (t *taker) mayFetch() bool { return t.receiving() || t.state == Delivered }

// enrolled reports whether the taker has said yes, and may have the share from others:
// also while nothing is heard of it since a restart.
func (t *taker) enrolled() bool { return t.mayFetch() || receives(t.last) }

// shown is the state for people to see: while nothing is heard of the taker since
// a restart, what it was then.
func (t *taker) shown() State {
	if t.last != "" {
		return t.last
	}
	return t.state
}

// doneSteps is in how many steps what a taker has is written down: each is a
// writing of the record.
const doneSteps = 16

func (t *taker) record() takerRecord {
	r := takerRecord{ID: t.id, Name: t.name, State: t.shown(), Error: t.err, Total: t.total, Told: t.told, Receipt: t.receipt, Version: t.version}
	if step := t.total / doneSteps; step > 0 && !t.state.Final() {
		r.Done = t.done / step * step
	}
	return r
}

func restoreTaker(r takerRecord) *taker {
	t := &taker{
		id: r.ID, name: manifest.DisplayName(r.Name, 64), state: r.State, err: r.Error,
		total: r.Total, told: r.Told, receipt: r.Receipt, version: r.Version,
	}
	if !t.state.Final() { // what it is now, it will say itself
		t.state, t.last, t.done = Offering, r.State, min(max(r.Done, 0), r.Total)
	}
	if t.state == Delivered {
		t.done, t.coming = t.total, 0
	}
	return t
}

// offerToLocked adds takers. Those that there are already stay as they are.
func (o *outgoing) offerToLocked(to []identity.ID) {
	d := o.d
	for _, id := range to {
		if o.takers[id] != nil {
			continue
		}
		t := &taker{id: id, state: Offering, version: 1, total: o.pieces.length}
		if k := d.known[id]; k != nil {
			t.name = k.Name
			if d.links[id] == nil {
				d.hintKnownLocked(id, time.Now())
			}
		}
		o.takers[id] = t
		d.kickLocked(id)
	}
	o.poke()
	d.notifier.changed()
}

// letterLocked is what taker t must know.
func (o *outgoing) letterLocked(t *taker) letter {
	id, over := t.id, t.state.Final()
	return letter{
		share: o.id, version: t.version, path: "/v1/offers/" + o.id.String(), body: o.replyLocked(t),
		heard: func(reply []byte) error {
			var take takeDoc
			if err := json.Unmarshal(reply, &take); err != nil {
				return err
			}
			if over {
				o.takerTold(id)
				return nil
			}
			if err := take.check(); err != nil {
				return err
			}
			_, err := o.hearTake(id, take)
			return err
		},
		missing: func() {
			if over {
				o.takerTold(id)
			}
		},
	}
}

// takerTold notes that the taker knows the end.
func (o *outgoing) takerTold(id identity.ID) {
	o.d.mu.Lock()
	if t := o.takers[id]; t != nil && t.state.Final() {
		t.told = true
		o.d.hasRoomLocked(id)
	}
	o.d.mu.Unlock()
	o.poke()
}

// hearTake notes what a taker says of itself, and returns what it is to know.
func (o *outgoing) hearTake(id identity.ID, doc takeDoc) (offerDoc, error) {
	d := o.d
	state, _ := doc.State.state()
	if reply, over, err := o.overFor(id); over || err != nil {
		return reply, err
	}
	if state == Delivered {
		if err := o.checkReceipt(id, doc.Receipt); err != nil {
			return offerDoc{}, err
		}
	}
	if state == Running || state == Finishing {
		if err := o.load(); err != nil {
			return offerDoc{}, err
		}
	}
	now := time.Now()
	readings := o.readings(id, now)
	var events []Event
	d.mu.Lock()
	t := o.takers[id]
	if t == nil {
		d.mu.Unlock()
		return offerDoc{}, ErrNotFound
	}
	if l := d.links[id]; l != nil {
		t.name = l.peer.Hello.Name
	}
	if !t.state.Final() && doc.Version >= t.heard {
		t.heard = doc.Version
		before := t.state
		t.state, t.last, t.err = state, "", foreignSentence(doc.Error)
		if state != Offering && state != Waiting {
			t.done, t.coming, t.total = doc.Done, doc.Coming, doc.Total
			if doc.Fellows != nil {
				t.fellows = doc.Fellows
			}
			t.rate.note(now, doc.Done+doc.Coming)
			if state != Running || o.paused {
				t.gauge.rest()
			} else {
				t.gauge.heard(now, doc.Slow)
				t.gauge.note(now, doc.Done+doc.Coming, readings, o.judgeLocked(t))
			}
		}
		if t.receiving() && t.yes.IsZero() {
			t.yes = now
			events = append(events, AnsweredEvent{Share: o.id, Peer: id, PeerName: d.nameLocked(id, t.name), Accepted: true})
		}
		if state != before {
			if before == Waiting || state.Final() {
				d.hasRoomLocked(id)
			}
			events = append(events, o.takerEventsLocked(t, doc)...)
		}
		if state.Final() {
			t.told = true // it said so itself
		}
	}
	reply := o.replyLocked(t)
	final := t.state.Final()
	d.mu.Unlock()

	o.lookForTaker(id)
	if final {
		o.save() // before the taker may forget: it asks no more after the reply
	}
	for _, e := range events {
		d.notifier.tell(e)
	}
	o.poke()
	d.notifier.changed()
	return reply, nil
}

// replyLocked is what a taker is to know now.
func (o *outgoing) replyLocked(t *taker) offerDoc {
	doc := o.docLocked(t.version)
	doc.Slow = t.gauge.word
	if t.state.Final() {
		doc.State, doc.Reason = offerWithdrawn, t.reason
		if t.reason == takerBlocked {
			doc.Reason = noLongerShares
		}
	}
	return doc
}

// overFor returns the reply to a taker for whom the share is over: what it says
// changes nothing any more.
func (o *outgoing) overFor(id identity.ID) (offerDoc, bool, error) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	if t == nil {
		return offerDoc{}, false, ErrNotFound
	}
	return o.replyLocked(t), t.state.Final(), nil
}

// isOverFor reports whether a device has, or may have, nothing to do with the share
// any more.
func (o *outgoing) isOverFor(id identity.ID) bool {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	return t == nil || t.state.Final()
}

// takerEventsLocked returns the events of a taker's new state.
func (o *outgoing) takerEventsLocked(t *taker, doc takeDoc) []Event {
	switch t.state {
	case Declined:
		return []Event{AnsweredEvent{Share: o.id, Peer: t.id, PeerName: o.d.nameLocked(t.id, t.name)}}
	case Delivered:
		t.receipt = doc.Receipt
		e := DeliveredEvent{
			Share: o.id, Direction: Sending, From: o.d.identity.ID(), To: t.id, PeerName: o.d.nameLocked(t.id, t.name),
			Files: doc.Receipt.Files, Bytes: doc.Receipt.Bytes, Failures: o.failureNotesLocked(),
		}
		if !t.yes.IsZero() {
			e.Seconds = time.Since(t.yes).Seconds()
		}
		return []Event{e}
	case Cancelled:
		sentence := "it was cancelled there"
		if t.err == noLongerShares {
			sentence = t.err
		}
		return []Event{o.failedLocked(t, sentence, true)}
	case Failed:
		return []Event{o.failedLocked(t, t.err, true)}
	case Stuck:
		return []Event{o.failedLocked(t, t.err, false)}
	}
	return nil
}

func (o *outgoing) failedLocked(t *taker, sentence string, final bool) FailedEvent {
	return FailedEvent{
		Share: o.id, Direction: Sending, Peer: t.id, PeerName: o.d.nameLocked(t.id, t.name), State: t.state, Error: sentence, Final: final,
	}
}

// checkReceipt returns an error unless the receipt is the taker's, for this share
// as it is.
func (o *outgoing) checkReceipt(id identity.ID, r *Receipt) error {
	if r == nil {
		return errors.New("a delivery without a receipt")
	}
	if o.manifest == nil {
		return errors.New("this share is over")
	}
	switch {
	case r.Taker != id || r.Sharer != o.d.identity.ID() || r.Share != o.id:
		return errors.New("the receipt is about another share or other devices")
	case r.Manifest != HexHash(o.manifest.Hash()):
		return errors.New("the receipt is about another manifest")
	}
	if err := r.Check(); err != nil {
		return err
	}
	if err := r.covers(o.manifest); err != nil {
		return err
	}
	if digest, known := o.hashes.DigestAt(r.Amended); !known || r.Hashes != HexHash(digest) {
		return errors.New("the receipt is about other content")
	}
	return nil
}

// endTaker ends the share for one taker from this side.
func (o *outgoing) endTaker(id identity.ID, state State, reason string) bool {
	o.d.mu.Lock()
	t := o.takers[id]
	if t == nil || t.state.Final() {
		o.d.mu.Unlock()
		return false
	}
	t.state, t.last, t.reason, t.version = state, "", reason, t.version+1
	o.d.kickLocked(id)
	e := o.failedLocked(t, reason, true)
	o.d.mu.Unlock()
	o.d.notifier.tell(e)
	o.poke()
	return true
}
