package sharing

import (
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// enrolEvery is how often the roster may change: many say yes at once, and all are
// told of each change.
const enrolEvery = 50 * time.Millisecond

// enrolLocked brings the roster up to date: who has said yes, and may have the share
// from anybody in the roster. It reports whether that is news, to be told when it is
// written down: a version must not come to say two things.
func (o *outgoing) enrolLocked() (news bool) {
	takers := make(map[identity.ID]bool)
	for id, t := range o.takers {
		if t.enrolled() && !o.d.blockedLocked(id) {
			takers[id] = true
		}
	}
	r := o.circle.rosterOf(takers)
	if r == o.circle.roster {
		return false
	}
	if wait := time.Until(o.enrolled.Add(enrolEvery)); wait > 0 {
		time.AfterFunc(wait, o.poke)
		return false
	}
	o.enrolled = time.Now()
	o.circle.setRosterLocked(r)
	o.rec.Roster = r
	return true
}

// servedLocked returns whom to exchange pieces with now, and whom not to be
// connected with.
func (o *outgoing) servedLocked() (takers []swarm.Taker, others []identity.ID) {
	var here []identity.ID
	for id, t := range o.takers {
		switch {
		case !t.mayFetch():
			others = append(others, id)
		case t.state == Delivered:
			takers = append(takers, swarm.Taker{ID: id, Rests: true})
		case o.d.links[id] != nil:
			here = append(here, id)
		}
	}
	for _, id := range ring(o.d.identity.ID(), here) {
		takers = append(takers, swarm.Taker{ID: id, Part: o.takers[id].total < o.pieces.length})
	}
	return takers, others
}
