package sharing

import (
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pairing"
	"potluck/sharing/session"
)

// What devices say to each other while they pair: docs/protocol.md, section 7.
// All of it is about one try, on one session; a request about another try, or by
// another session, is about nothing.

// maxPairingDoc bounds each document, in bytes.
const maxPairingDoc = 1 << 10

type commitmentDoc struct {
	Commitment []byte `json:"commitment"`
}

type numberDoc struct {
	Number []byte `json:"number"`
}

// An answerDoc says what the person said, or why the pairing has ended.
type answerDoc struct {
	Same   bool `json:"same"`
	Reason end  `json:"reason,omitempty"` // if not the same
}

// A beginning is one pairing that another device has begun.
type beginning struct {
	peer identity.ID
	at   time.Time
}

// errPairing is why a request about a pairing cannot be answered with one.
type errPairing struct {
	status int
	text   string
}

func (e *errPairing) Error() string { return e.text }

var (
	errNoSuchTry = &errPairing{http.StatusNotFound, "no such try"}
	errBusyPair  = &errPairing{http.StatusConflict, "another pairing is under way here"}
	errCrowd     = &errPairing{http.StatusTooManyRequests, "too many pairings were begun"}
	errTooEarly  = &errPairing{http.StatusTooEarly, "the dishes are not known here yet"}
	errRules     = &errPairing{http.StatusBadRequest, "that is against the rules"}
)

type tryHandler func(http.ResponseWriter, *http.Request, session.Channel, [pairing.TrySize]byte)

// withTry reads what requests about a pairing have in common.
func (d *Device) withTry(f tryHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		channel, ok := session.ChannelOf(r.Context())
		try, err := hex.DecodeString(r.PathValue("try"))
		if !ok || err != nil || len(try) != pairing.TrySize {
			http.Error(w, "no such try", http.StatusNotFound)
			return
		}
		f(w, r, channel, [pairing.TrySize]byte(try))
	}
}

// refuse answers a request with an error.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	var e *errPairing
	if errors.As(err, &e) {
		status = e.status
	}
	http.Error(w, err.Error(), status)
}

// putCommitment hears that another device begins to pair.
func (d *Device) putCommitment(w http.ResponseWriter, r *http.Request, c session.Channel, try [pairing.TrySize]byte) {
	var doc commitmentDoc
	if !readDoc(w, r, &doc, maxPairingDoc) {
		return
	}
	if len(doc.Commitment) != pairing.Size {
		refuse(w, errRules)
		return
	}
	d.mu.Lock()
	p, err := d.followLocked(c, try)
	if err == nil {
		err = p.hearCommitmentLocked(doc)
	}
	var mine [pairing.Size]byte
	if err == nil {
		mine = p.shake.Commitment()
	}
	d.mu.Unlock()
	if err != nil {
		p.hearsNonsense(err)
		refuse(w, err)
		return
	}
	d.notifier.changed()
	writeDoc(w, commitmentDoc{mine[:]})
}

// followLocked returns the pairing that another device leads by that try: the one
// under way, or a new one.
func (d *Device) followLocked(c session.Channel, try [pairing.TrySize]byte) (*pact, error) {
	id := c.Peer()
	before := d.pacts[id]
	ours := false
	now := time.Now()
	if before != nil && before.state.Final() && now.Sub(before.ended) < d.patience.pause {
		// What was on its way when both had begun does not begin another one.
		return nil, errBusyPair
	}
	if before != nil && !before.state.Final() {
		switch {
		case before.try == try && before.channel == c && !before.leader:
			return before, nil // it asks again
		case before.try == try || !before.leader || before.state != PairingStarting:
			return nil, errBusyPair
		case d.identity.ID().Compare(id) < 0:
			return nil, errBusyPair // both have begun: ours counts
		}
		ours = before.ours // both have begun: theirs counts
	} else if err := d.mayBeginLocked(id, now); err != nil {
		return nil, err
	}
	p, err := d.newPactLocked(c, pairing.Follower, try)
	if err != nil {
		return nil, err
	}
	p.ours = ours
	if !d.startPactLocked(p) {
		return nil, ErrNotRunning
	}
	if ours {
		before.yieldLocked()
	}
	return p, nil
}

// yieldLocked ends a pairing without a word: another one has come in its place, or
// the person never heard of it.
func (p *pact) yieldLocked() {
	p.state, p.until = PairingFailed, time.Now()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// mayBeginLocked returns nil if a device may begin to pair with this one, and
// counts that.
func (d *Device) mayBeginLocked(id identity.ID, now time.Time) error {
	d.begun = slices.DeleteFunc(d.begun, func(b beginning) bool { return now.Sub(b.at) > pairingSpan })
	of := 0
	for _, b := range d.begun {
		if b.peer == id {
			of++
		}
	}
	switch {
	case d.blockedLocked(id):
		return errNoSuchTry
	case len(d.begun) >= maxBegun, of >= maxBegunOf,
		d.pactsLocked(func(p *pact) bool { return !p.ours }) >= maxPairingsHere:
		return errCrowd
	}
	d.begun = append(d.begun, beginning{id, now})
	return nil
}

// hearsNonsense ends the pairing, if there is one, when what was said is against
// the rules.
func (p *pact) hearsNonsense(err error) {
	if p != nil && errors.Is(err, pairing.ErrBroken) {
		p.broke()
	}
}

func (p *pact) hearCommitmentLocked(doc commitmentDoc) error {
	if len(doc.Commitment) != pairing.Size {
		return pairing.ErrBroken
	}
	return p.shake.HearCommitment([pairing.Size]byte(doc.Commitment))
}

// hearNumberLocked takes the other side's number, and returns the fact that there
// is something to compare if that is new.
func (p *pact) hearNumberLocked(doc numberDoc) (Event, error) {
	if len(doc.Number) != pairing.Size {
		return nil, pairing.ErrBroken
	}
	if err := p.shake.HearNumber([pairing.Size]byte(doc.Number)); err != nil {
		return nil, err
	}
	if p.state != PairingStarting {
		return nil, nil
	}
	dishes, err := p.shake.Dishes()
	if err != nil {
		return nil, err
	}
	p.dishes, p.state, p.until = dishes, PairingComparing, time.Now().Add(p.d.patience.compare)
	return PairingEvent{p.viewLocked()}, nil
}

// putNumber hears the leader's number, and tells ours.
func (d *Device) putNumber(w http.ResponseWriter, r *http.Request, c session.Channel, try [pairing.TrySize]byte) {
	var doc numberDoc
	if !readDoc(w, r, &doc, maxPairingDoc) {
		return
	}
	d.mu.Lock()
	p, err := d.tryLocked(c, try)
	var fact Event
	var mine [pairing.Size]byte
	switch {
	case err != nil:
	case p.leader:
		err = errRules // it answers, and does not ask
	default:
		if fact, err = p.hearNumberLocked(doc); err == nil {
			mine, err = p.shake.Number()
		}
	}
	d.mu.Unlock()
	if err != nil {
		p.hearsNonsense(err)
		refuse(w, err)
		return
	}
	p.announce(fact)
	writeDoc(w, numberDoc{mine[:]})
}

// putAnswer hears what the other person said, or that it is over.
func (d *Device) putAnswer(w http.ResponseWriter, r *http.Request, c session.Channel, try [pairing.TrySize]byte) {
	var doc answerDoc
	if !readDoc(w, r, &doc, maxPairingDoc) {
		return
	}
	d.mu.Lock()
	p, err := d.tryLocked(c, try)
	var fact Event
	switch {
	case err != nil:
	case !doc.Same:
		why := foreignEnds[doc.Reason]
		if why == "" {
			why = foreignEnds[endCancelled]
		}
		fact = p.failLocked(why, endNone)
	case p.state == PairingStarting:
		err = errTooEarly
	default:
		p.theirs = true
	}
	d.mu.Unlock()
	if err != nil {
		refuse(w, err)
		return
	}
	p.announce(fact)
	writeDoc(w, struct{}{})
}

// tryLocked returns the pairing that a request is about. One that both have said
// yes to hears that once more, if its device did not hear that it was heard.
func (d *Device) tryLocked(c session.Channel, try [pairing.TrySize]byte) (*pact, error) {
	p := d.pacts[c.Peer()]
	if p == nil || p.try != try || p.channel != c || p.state == PairingFailed {
		return nil, errNoSuchTry
	}
	return p, nil
}
