package sharing

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"time"

	"potluck/sharing/identity"
)

// A circle is what a device knows of all those that a share goes to: the sharer
// and the takers, who are fellows to each other. They tell one another the latest
// roster, whether they exchange pieces just now, and where their fellows can be
// reached, so that the share goes on when the sharer has left.
//
// Its fields are guarded by Device.mu.
type circle struct {
	d       *Device
	share   ShareID
	sharer  identity.ID
	key     ed25519.PublicKey // the sharer's
	changed func()            // called, with the lock held, when fellows or the roster have changed

	roster  *roster   // the latest known; nil for none
	past    []*roster // some that were known before it, the latest last
	since   time.Time // when it became known
	version int       // of what fellows are told; grows with every change
	active  bool      // pieces are exchanged here, or will be when somebody asks
	done    bool      // everything wanted is here
	fellows map[identity.ID]fellow
	named   map[identity.ID]map[identity.ID]string // to a fellow, in this session: others, and where they are
}

// A fellow is what a device has said of itself in this session.
type fellow struct {
	roster       int // the version it knows
	active, done bool
	alone        bool // it has no session with the sharer
}

const (
	maxSwarmDoc = 256 << 10
	maxAddrs    = 4 // of one holder
)

// A swarmDoc is what fellows tell each other of a share: PUT /v1/swarms/{share}.
type swarmDoc struct {
	Version int         `json:"version"`          // of the roster that the sender knows
	Roster  *rosterDoc  `json:"roster,omitempty"` // if the other one may not know it
	Active  bool        `json:"active"`
	Done    bool        `json:"done"`
	Alone   bool        `json:"alone,omitempty"` // the sender has no session with the sharer
	Holders []holderDoc `json:"holders,omitempty"`
}

// A holderDoc says where a fellow was reached.
type holderDoc struct {
	ID    identity.ID `json:"id"`
	Addrs []string    `json:"addrs"`
}

func newCircle(d *Device, share ShareID, sharer identity.ID, key ed25519.PublicKey, changed func()) circle {
	return circle{
		d: d, share: share, sharer: sharer, key: key, changed: changed, version: 1,
		fellows: make(map[identity.ID]fellow), named: make(map[identity.ID]map[identity.ID]string),
	}
}

// circleLocked returns the circle of a share that goes on here, or that was delivered
// and is kept for others, who hear of it when they ask; else nil.
func (d *Device) circleLocked(share ShareID) *circle {
	if o := d.outgoing[share]; o != nil && (o.goesOnLocked() || o.striking) {
		return &o.circle
	}
	in := d.incoming[share]
	if in == nil || !in.goesOnLocked() && (in.state != Delivered || d.keptLocked(share) == nil) {
		return nil
	}
	return &in.circle
}

func (o *outgoing) goesOnLocked() bool { return o.manifest != nil }

func (in *incoming) goesOnLocked() bool { return in.accepted && !in.state.Final() }

// circlesLocked returns the circles of all shares that go on here.
func (d *Device) circlesLocked() []*circle {
	var list []*circle
	for _, o := range d.outgoing {
		if o.goesOnLocked() {
			list = append(list, &o.circle)
		}
	}
	for _, in := range d.incoming {
		if in.goesOnLocked() {
			list = append(list, &in.circle)
		}
	}
	return list
}

// hasLocked reports whether a device belongs to the circle and is not blocked here.
func (c *circle) hasLocked(id identity.ID) bool {
	return (id == c.sharer || c.roster.has(id)) && !c.d.blockedLocked(id)
}

// fellowLocked reports whether a device belongs to a circle of a share that goes on
// here.
func (d *Device) fellowLocked(id identity.ID) bool {
	return slices.ContainsFunc(d.circlesLocked(), func(c *circle) bool { return c.hasLocked(id) })
}

// hereLocked returns those of the circle that there is a session with.
func (c *circle) hereLocked() []identity.ID {
	self := c.d.identity.ID()
	var list []identity.ID
	for _, id := range append(slices.Clone(c.roster.takers()), c.sharer) {
		if id != self && c.d.links[id] != nil && c.hasLocked(id) {
			list = append(list, id)
		}
	}
	return list
}

// confidantsLocked returns those who are told: by the sharer all takers, for it is
// the first to know, and by a taker its neighbours in the ring.
func (c *circle) confidantsLocked() []identity.ID {
	self := c.d.identity.ID()
	here := slices.DeleteFunc(c.hereLocked(), func(id identity.ID) bool { return id == c.sharer })
	if self == c.sharer {
		return here
	}
	return ring(self, here)
}

// holdersLocked returns whom to fetch from: those in the ring of all who exchange
// pieces now, as far as they have not said otherwise. The sharer counts if it knows
// that we take the share.
func (c *circle) holdersLocked(agreed bool) []identity.ID {
	list := slices.DeleteFunc(c.hereLocked(), func(id identity.ID) bool {
		said, known := c.fellows[id]
		return id == c.sharer && !agreed || id != c.sharer && known && !said.active
	})
	return ring(c.d.identity.ID(), list)
}

// tellLocked makes everybody be told again.
func (c *circle) tellLocked() {
	c.version++
	c.callLocked()
}

// callLocked makes it be looked whom there is something to tell.
func (c *circle) callLocked() {
	for _, id := range c.confidantsLocked() {
		c.d.kickLocked(id)
	}
}

// setLocked notes what this device does.
func (c *circle) setLocked(active, done bool) {
	if c.active != active || c.done != done {
		c.active, c.done = active, done
		c.tellLocked()
	}
}

// adoptLocked takes over a roster that was checked, if it is a later one.
func (c *circle) adoptLocked(r *roster) {
	if r.version() <= c.roster.version() {
		return
	}
	now := time.Now()
	c.setRosterLocked(r)
	c.since = now
	for _, id := range r.Takers {
		if id != c.d.identity.ID() && c.d.links[id] == nil {
			c.d.hintKnownLocked(id, now)
		}
	}
	if c.sharerHereLocked() {
		c.callLocked() // those who are new, and have not heard of us
	} else {
		c.tellLocked()
	}
	c.changed()
}

// sharerHereLocked reports whether the sharer can tell everybody itself.
func (c *circle) sharerHereLocked() bool {
	return c.sharer == c.d.identity.ID() || c.d.links[c.sharer] != nil
}

// docLocked is what a fellow is told, with this word on the roster, or without one. Of
// others it hears from the sharer, or from us when one of us does not reach that.
func (c *circle) docLocked(to identity.ID, roster *rosterDoc) swarmDoc {
	doc := swarmDoc{Version: c.roster.version(), Roster: roster, Active: c.active, Done: c.done, Alone: !c.sharerHereLocked()}
	if c.sharer != c.d.identity.ID() && c.sharerHereLocked() && !c.fellows[to].alone {
		return doc
	}
	for _, id := range ring(to, append(slices.Clone(c.roster.takers()), c.sharer)) {
		if l := c.d.links[id]; l != nil && l.peer.Addr.IsValid() && c.named[to][id] != l.peer.Addr.String() {
			doc.Holders = append(doc.Holders, holderDoc{ID: id, Addrs: []string{l.peer.Addr.String()}})
		}
	}
	return doc
}

// namedLocked notes that a fellow has taken in where others are: it has the roster that
// they are in.
func (c *circle) namedLocked(to identity.ID, doc swarmDoc) {
	if c.fellows[to].roster < doc.Version || len(doc.Holders) == 0 {
		return
	}
	if c.named[to] == nil {
		c.named[to] = make(map[identity.ID]string)
	}
	for _, h := range doc.Holders {
		c.named[to][h.ID] = h.Addrs[0]
	}
}

// forgetLocked lets go of what a fellow has said and was told in a session.
func (c *circle) forgetLocked(id identity.ID) {
	delete(c.fellows, id)
	delete(c.named, id)
}

// sharerTells is how long it is left to the sharer to tell everybody of a roster.
const sharerTells = 3 * time.Second

// letterLocked is what a fellow must know. The roster of many is long, and most have
// it from the sharer: it comes along if the sharer writes, or when the fellow turns out
// to have an older one although the sharer is away, or has had the time to tell it. One
// that does not know of us yet is written to again until then.
func (c *circle) letterLocked(to identity.ID) letter {
	knows, known := c.fellows[to]
	var news *rosterDoc
	if knows.roster < c.roster.version() && (c.sharer == c.d.identity.ID() || known && c.rosterIsOldLocked()) {
		news = c.newsFromLocked(knows.roster)
	}
	m := c.letterWithLocked(to, news)
	m.more = func() (*letter, error) {
		c.d.mu.Lock()
		defer c.d.mu.Unlock()
		knows, known := c.fellows[to]
		switch {
		case knows.roster >= c.roster.version():
			return nil, nil
		case news != nil, c.rosterIsOldLocked():
			whole := c.letterWithLocked(to, c.roster.since(nil))
			return &whole, nil
		case !known:
			return nil, errLater
		}
		return nil, nil
	}
	return m
}

// rosterIsOldLocked reports whether others have not got the roster from the sharer, if
// they do not know it.
func (c *circle) rosterIsOldLocked() bool {
	return !c.sharerHereLocked() || time.Since(c.since) > sharerTells
}

// letterWithLocked is what a fellow must know, with this word on the roster, or without.
func (c *circle) letterWithLocked(to identity.ID, roster *rosterDoc) letter {
	told := c.docLocked(to, roster)
	return letter{
		share: c.share, about: aboutSwarm, version: c.version, path: "/v1/swarms/" + c.share.String(),
		body: told,
		heard: func(reply []byte) error {
			var doc swarmDoc
			if err := json.Unmarshal(reply, &doc); err != nil {
				return err
			}
			if err := c.d.hearFellow(to, c.share, doc); err != nil {
				return err
			}
			c.d.mu.Lock()
			defer c.d.mu.Unlock()
			c.namedLocked(to, told)
			return nil
		},
		missing: func() { // it does not take part, or does not know that we do
			c.d.mu.Lock()
			defer c.d.mu.Unlock()
			c.forgetLocked(to)
			c.changed()
		},
	}
}

var errNoFellow = errors.New("this share is not for that device")

// hearFellow notes what another device says of a share.
func (d *Device) hearFellow(from identity.ID, share ShareID, doc swarmDoc) error {
	if len(doc.Holders) > maxHolders {
		return errors.New("too many holders")
	}
	d.mu.Lock()
	c := d.circleLocked(share)
	if c == nil {
		d.mu.Unlock()
		return errNoFellow
	}
	key, known := c.key, c.roster
	news := doc.Roster != nil && c.sharer != d.identity.ID() && doc.Roster.Version > known.version()
	d.mu.Unlock()
	var latest *roster
	if news {
		var err error
		latest, err = doc.Roster.over(known, share, key)
		if err != nil && !errors.Is(err, errOtherRoster) { // it is told whole next
			return err
		}
		news = err == nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if c = d.circleLocked(share); c == nil {
		return errNoFellow
	}
	if news {
		before := c.roster.takers()
		c.adoptLocked(latest)
		if in := d.incoming[share]; in != nil { // or nobody is known after a restart
			d.tasks.run(func(context.Context) {
				d.partFromStruck(share, before)
				in.save()
			})
		}
	}
	if !c.hasLocked(from) {
		return errNoFellow
	}
	said := fellow{roster: doc.Version, active: doc.Active, done: doc.Done, alone: doc.Alone}
	if c.fellows[from] != said {
		c.fellows[from] = said
		c.changed()
	}
	for _, h := range doc.Holders {
		if c.hasLocked(h.ID) {
			d.hearsayLocked(h)
		}
	}
	return nil
}

// hearsayLocked notes where a fellow is said to be reached. The session proves it.
func (d *Device) hearsayLocked(h holderDoc) {
	now := time.Now()
	if h.ID == d.identity.ID() || d.links[h.ID] != nil {
		return
	}
	known := d.hints[h.ID]
	for _, a := range h.Addrs[:min(len(h.Addrs), maxAddrs)] {
		if addr, err := netip.ParseAddrPort(a); err != nil || !addr.IsValid() {
			continue
		}
		switch {
		case known == nil && len(d.hints) >= maxHints:
			return
		case known == nil:
			known = &hint{addrs: []string{a}, heard: now, next: now}
			d.hints[h.ID] = known
		case !slices.Contains(known.addrs, a) && len(known.addrs) < 2*maxAddrs:
			known.addrs, known.next, known.retry = append(slices.Clone(known.addrs), a), now, 0
		}
	}
}

// leftLocked forgets what a device has said, whose session has ended. When it was
// the sharer, those who stay tell each other.
func (d *Device) leftLocked(id identity.ID) {
	for _, c := range d.circlesLocked() {
		if c.sharer == id {
			c.tellLocked()
		}
		_, there := c.fellows[id]
		c.forgetLocked(id)
		if there {
			c.changed()
		}
	}
}

// arrivedLocked has fellows be told of a sharer that is reached from here again: they may
// not know where it is.
func (d *Device) arrivedLocked(id identity.ID) {
	for _, c := range d.circlesLocked() {
		if c.sharer == id && len(c.fellows) > 0 {
			c.tellLocked()
		}
	}
}

// rosterOf makes a roster of devices, if the one there is does not say just that.
func (c *circle) rosterOf(takers map[identity.ID]bool) *roster {
	list := slices.SortedFunc(maps.Keys(takers), identity.ID.Compare)
	list = list[:min(len(list), maxRoster)]
	if slices.Equal(list, c.roster.takers()) {
		return c.roster
	}
	r := &roster{Version: c.roster.version() + 1, Takers: list}
	r.sign(c.d.identity, c.share)
	return r
}
