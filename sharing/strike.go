package sharing

import (
	"context"
	"slices"
	"time"

	"potluck/sharing/identity"
)

// Those who have a share go by its roster for days after it is over. So who is blocked
// is struck off the rosters of these shares too, and everybody left in them is told as
// soon as it is here.

// strikeLocked strikes a device off the rosters of what was sent from here and is over,
// and returns the shares for [Device.tellStruck].
func (d *Device) strikeLocked(id identity.ID) (struck []*outgoing) {
	for _, o := range d.outgoing {
		if o.ended.IsZero() || time.Since(o.ended) > keptFor || !o.circle.roster.has(id) {
			continue
		}
		left := make(map[identity.ID]bool)
		for _, other := range o.circle.roster.takers() {
			if other != id {
				left[other] = true
			}
		}
		r := o.circle.rosterOf(left)
		o.circle.setRosterLocked(r)
		o.rec.Roster, o.rec.Untold = r, slices.Clone(r.Takers)
		struck = append(struck, o)
	}
	return struck
}

// struckBeforeLocked notes who does not know, when a share comes to its end, that
// somebody was struck off its roster before.
func (o *outgoing) struckBeforeLocked(fellows map[identity.ID]fellow) {
	for id := range o.takers {
		if !o.d.blockedLocked(id) {
			continue
		}
		o.rec.Untold = slices.DeleteFunc(slices.Clone(o.circle.roster.takers()), func(id identity.ID) bool {
			return fellows[id].roster >= o.circle.roster.version()
		})
	}
}

// tellStruck writes the new rosters down, and has everybody be told: in that order,
// since a version must not come to say two things.
func (d *Device) tellStruck(struck []*outgoing) {
	for _, o := range struck {
		if len(o.rec.Untold) == 0 {
			continue
		}
		o.save()
		d.mu.Lock()
		o.striking = true
		o.circle.tellLocked()
		d.mu.Unlock()
	}
}

// strikesLocked reports whether a device is still to hear who was struck off the roster of a
// share that is over.
func (o *outgoing) strikesLocked(id identity.ID) bool {
	return o.striking && slices.Contains(o.rec.Untold, id)
}

// heardStrikeLocked lets go of those who know the latest roster.
func (o *outgoing) heardStrikeLocked() {
	untold := slices.DeleteFunc(slices.Clone(o.rec.Untold), func(id identity.ID) bool {
		return o.circle.fellows[id].roster >= o.circle.roster.version()
	})
	if len(untold) == len(o.rec.Untold) {
		return
	}
	o.rec.Untold = untold
	o.striking = len(untold) > 0
	o.d.tasks.run(func(context.Context) { o.save() })
}

// partFromStruck cuts the connections of a share that was delivered here with those who
// are no longer in its roster.
func (d *Device) partFromStruck(share ShareID, before []identity.ID) {
	d.mu.Lock()
	in, k := d.incoming[share], d.keptLocked(share)
	if in == nil || k == nil || k.torrent == nil {
		d.mu.Unlock()
		return
	}
	torrent := k.torrent
	gone := slices.DeleteFunc(slices.Clone(before), in.circle.hasLocked)
	d.mu.Unlock()
	for _, id := range gone {
		torrent.Disconnect(id)
	}
}
