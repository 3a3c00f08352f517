package sharing

import (
	"crypto/ed25519"
	"maps"
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
	if in == nil || !in.goesOnLocked() && !in.keeping && (in.state != Delivered || d.keptLocked(share) == nil) {
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

// forgetLocked lets go of what a fellow has said and was told in a session.
func (c *circle) forgetLocked(id identity.ID) {
	delete(c.fellows, id)
	delete(c.named, id)
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
