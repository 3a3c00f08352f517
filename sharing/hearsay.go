package sharing

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"time"

	"potluck/sharing/identity"
)

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

// sharerTells is how long it is left to the sharer to tell everybody of a roster.
const sharerTells = 3 * time.Second

// letterLocked is what a fellow must know. The roster of many is long, and most have
// it from the sharer: it comes along if the sharer writes, or when the fellow turns out
// to have an older one although the sharer is away, or has had the time to tell it. One
// that does not know of us yet is written to again until then.
func (c *circle) letterLocked(to identity.ID) letter {
	knows, known := c.fellows[to]
	var news *rosterDoc
	if knows.roster < c.roster.version() && (known || c.sharer == c.d.identity.ID()) && c.tellsRosterLocked() {
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
		case news != nil, c.tellsRosterLocked():
			whole := c.letterWithLocked(to, c.roster.since(nil))
			return &whole, nil
		case !known:
			return nil, errLater
		}
		return nil, nil
	}
	return m
}

// tellsRosterLocked reports whether it is for us to tell of the roster: it is for the sharer
// as long as it is here, and has not had the time.
func (c *circle) tellsRosterLocked() bool {
	return c.sharer == c.d.identity.ID() || !c.sharerHereLocked() || time.Since(c.since) > sharerTells
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
