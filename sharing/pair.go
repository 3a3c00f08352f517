package sharing

import (
	"context"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/pairing"
	"potluck/sharing/session"
)

const (
	maxPairings     = 8 // under way at once
	maxPairingsHere = 4 // of those, begun by others

	// maxBegun bounds the pairings that others begin within pairingSpan,
	// maxBegunOf those of one device: each is a question to the person, and a
	// try for whoever stands in between.
	maxBegun    = 20
	maxBegunOf  = 5
	pairingSpan = 10 * time.Minute
)

// patience is how long the parts of a pairing take at most.
type patience struct {
	start   time.Duration // until there is something to compare
	compare time.Duration // for both persons to say yes, from then on
	show    time.Duration // that one which is over is shown
	again   time.Duration // before what was not heard is said again
	pause   time.Duration // after one is over, before the other side may begin the next
}

var usualPatience = patience{
	start: 15 * time.Second, compare: time.Minute, show: 2 * time.Minute, again: 300 * time.Millisecond, pause: 2 * time.Second,
}

// A pact is one pairing, from its beginning until it is no longer shown. It
// belongs to one session, and fails with it. What the other device says is heard
// by its handlers (pairwire.go); one goroutine leads it (pairlead.go).
type pact struct {
	d       *Device
	peer    identity.ID
	name    string // as it called itself
	channel session.Channel
	try     [pairing.TrySize]byte
	leader  bool
	wake    chan struct{} // one slot: look at the fields below again

	// guarded by Device.mu
	shake  *pairing.Handshake
	dishes [pairing.Places]int
	state  PairingState
	ours   bool
	said   bool // this person said yes
	heard  bool // and the other device knows
	theirs bool // the other person said yes
	tell   end  // why it failed, if that is to be told to the other device
	until  time.Time
	ended  time.Time
	err    string
}

// An end is what a device says of a pairing that it has ended.
type end string

const (
	endDifferent end = "different" // the person saw other dishes
	endCancelled end = "cancelled" // by the person
	endLate      end = "late"      // nobody answered
	endBroken    end = "broken"    // the other side did not keep to the rules
	endNone      end = ""          // nothing is to be told
)

// sentences of what the other side says about the end.
var foreignEnds = map[end]string{
	endDifferent: "the other person saw other dishes; somebody may be in between, so try again on another network",
	endCancelled: "it was cancelled on the other device",
	endLate:      "nobody answered on the other device in time",
	endBroken:    "the devices did not understand each other; somebody may be in between, so try again on another network",
}

// Pair begins to pair with a device that there is a session with: soon both
// screens show the same four dishes, and both persons are to answer with
// [Device.AnswerPairing]. If that has begun already, here or there, it goes on.
// How far it is stands in the snapshot. The error is [ErrState] if the device is
// not here.
func (d *Device) Pair(ctx context.Context, id identity.ID) error {
	channel, err := d.hub.Channel(id)
	if err != nil {
		return stateError("this device is not here now; it must be near, and Potluck must run on it")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	under := d.pactsLocked(func(*pact) bool { return true })
	switch p := d.pacts[id]; {
	case p != nil && !p.state.Final():
		return nil
	case d.blockedLocked(id):
		return stateError("this device is blocked; unblock it first")
	case under >= maxPairings:
		return stateError("too many devices are being verified at the same time; end one of these first")
	}
	p, err := d.newPactLocked(channel, pairing.Leader, pairing.NewTry())
	if err != nil {
		return stateError("this device has just gone")
	}
	p.ours = true
	if !d.startPactLocked(p) {
		return ErrNotRunning
	}
	d.notifier.changed()
	return nil
}

// AnswerPairing says whether the person has seen the same four dishes on both
// screens. If not, the pairing has failed, and so it has for the other device. The
// error is [ErrNotFound] if there is none, and [ErrState] if there is nothing to
// be answered.
func (d *Device) AnswerPairing(ctx context.Context, id identity.ID, same bool) error {
	d.mu.Lock()
	p := d.pacts[id]
	switch {
	case p == nil:
		d.mu.Unlock()
		return ErrNotFound
	case p.state == PairingStarting:
		d.mu.Unlock()
		return stateError("there is nothing to compare yet; try again in a moment")
	case p.state == PairingWaiting && same:
		d.mu.Unlock()
		return nil
	case p.state.Final():
		d.mu.Unlock()
		return stateError("this is over already")
	}
	var fact Event
	if same {
		p.said, p.state = true, PairingWaiting
	} else {
		fact = p.failLocked("the dishes were not the same; somebody may be in between, so try again on another network", endDifferent)
	}
	d.mu.Unlock()
	p.announce(fact)
	return nil
}

// CancelPairing ends the pairing with a device, and clears away one that is over.
// The error is [ErrNotFound] if there is none.
func (d *Device) CancelPairing(ctx context.Context, id identity.ID) error {
	d.mu.Lock()
	p := d.pacts[id]
	if p == nil {
		d.mu.Unlock()
		return ErrNotFound
	}
	var fact Event
	if !p.state.Final() {
		fact = p.failLocked("it was cancelled", endCancelled)
	}
	delete(d.pacts, id)
	d.mu.Unlock()
	p.announce(fact)
	return nil
}

// newPactLocked returns a pairing over a session, which has not begun.
func (d *Device) newPactLocked(c session.Channel, role pairing.Role, try [pairing.TrySize]byte) (*pact, error) {
	secret, err := c.Export(pairing.Label, nil, pairing.Size)
	if err != nil {
		return nil, err
	}
	p := &pact{
		d: d, peer: c.Peer(), channel: c, try: try, leader: role == pairing.Leader, wake: make(chan struct{}, 1),
		shake: pairing.New(role, pairing.Setting{
			Try: try, Self: d.identity.ID(), Peer: c.Peer(), Secret: [pairing.Size]byte(secret),
		}),
		state: PairingStarting, until: time.Now().Add(d.patience.start),
	}
	if l := d.links[p.peer]; l != nil {
		p.name = l.peer.Hello.Name
	} else if peer, ok := d.hub.Get(p.peer); ok { // its link is about to be made
		p.name = manifest.DisplayName(peer.Hello.Name, 64)
	}
	return p, nil
}

// startPactLocked makes p the pairing with its device, and starts its work.
func (d *Device) startPactLocked(p *pact) bool {
	if !d.tasks.run(p.run) {
		return false
	}
	d.pacts[p.peer] = p
	return true
}

// pactsLocked counts the pairings under way that are so.
func (d *Device) pactsLocked(so func(*pact) bool) int {
	n := 0
	for _, p := range d.pacts {
		if !p.state.Final() && so(p) {
			n++
		}
	}
	return n
}

// pairingLocked reports whether a pairing with the device is under way.
func (d *Device) pairingLocked(id identity.ID) bool {
	p := d.pacts[id]
	return p != nil && !p.state.Final()
}

// failLocked ends a pairing that is not over, and returns the fact to be told. The
// other device is told what tell says.
func (p *pact) failLocked(why string, tell end) Event {
	if p.state.Final() {
		return nil
	}
	p.state, p.err, p.tell, p.ended = PairingFailed, why, tell, time.Now()
	p.until = p.ended.Add(p.d.patience.show)
	return PairingEvent{p.viewLocked()}
}

// announce tells everybody here what has happened, and wakes the goroutine of
// the pairing.
func (p *pact) announce(fact Event) {
	if fact != nil {
		p.d.notifier.tell(fact)
	} else {
		p.d.notifier.changed()
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pact) viewLocked() Pairing {
	v := Pairing{
		Peer: p.peer, Name: p.d.nameLocked(p.peer, p.name), State: p.state, Ours: p.ours, Until: p.until, Error: p.err,
	}
	for i, n := range p.dishes {
		v.Dishes[i] = identity.DishFromIndex(n)
	}
	return v
}
