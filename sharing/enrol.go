package sharing

import (
	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// enrolLocked brings the roster up to date: who has said yes, and may have the share
// from anybody in the roster.
func (o *outgoing) enrolLocked() {
	takers := make(map[identity.ID]bool)
	for id, t := range o.takers {
		if (t.receiving() || t.state == Delivered) && !o.d.blockedLocked(id) {
			takers[id] = true
		}
	}
	if r := o.circle.rosterOf(takers); r != o.circle.roster {
		o.circle.roster = r
		o.rec.Roster = r
		o.circle.tellLocked()
	}
}

// servedLocked returns whom to exchange pieces with now, how many devices take the
// share or may yet, and whom not to be connected with.
func (o *outgoing) servedLocked() (takers []swarm.Taker, expected int, others []identity.ID) {
	var here []identity.ID
	for id, t := range o.takers {
		if !t.state.Final() {
			expected++
		}
		switch {
		case !t.receiving() && t.state != Delivered:
			others = append(others, id)
		case t.receiving() && o.d.links[id] != nil:
			here = append(here, id)
		}
	}
	for _, id := range ring(o.d.identity.ID(), here) {
		takers = append(takers, swarm.Taker{ID: id, Part: o.takers[id].total < o.pieces.length})
	}
	return takers, expected, others
}
