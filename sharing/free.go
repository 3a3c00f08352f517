package sharing

import (
	"slices"

	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// lookIfFree finds out whether the takers can finish without this device, and says
// so, or takes that back.
func (o *outgoing) lookIfFree() {
	o.d.mu.Lock()
	torrent := o.torrent
	fellows, unfinished := o.fellowsLocked()
	o.d.mu.Unlock()
	free := torrent != nil && unfinished > 0 && len(fellows) > 1 && torrent.Free(fellows)

	o.d.mu.Lock()
	changed := o.free != free
	o.free = free
	told := o.freed
	if torrent != nil && unfinished > 0 { // else it does not matter any more, or is not known
		o.freed = free
	}
	says := o.freed
	waiting := 0
	for _, t := range o.takers {
		if t.state == Offering || t.state == Waiting {
			waiting++
		}
	}
	o.d.mu.Unlock()
	switch {
	case says && !told:
		o.d.notifier.tell(SpreadEvent{Share: o.id, Title: o.title, Unfinished: unfinished, Unanswered: waiting})
	case told && !says:
		o.d.notifier.tell(StayEvent{Share: o.id, Title: o.title, Unfinished: unfinished})
	}
	if changed {
		o.d.notifier.changed()
	}
}

// fellowsLocked returns what is known of the takers that have said yes, and how
// many of them are not done.
func (o *outgoing) fellowsLocked() (list []swarm.Fellow, unfinished int) {
	var ids []identity.ID
	for id, t := range o.takers {
		if t.mayFetch() {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		t := o.takers[id]
		f := swarm.Fellow{ID: id, Done: t.state == Delivered || t.total > 0 && t.done == t.total}
		f.All = f.Done && t.total == o.pieces.length && o.d.links[id] != nil
		if !f.Done {
			unfinished++
		}
		for _, other := range t.fellows {
			now := other.Now || t.state == Paused // when it goes on it finds those that it had
			if i := slices.Index(ids, other.ID); i >= 0 && now {
				f.With = append(f.With, i)
			}
		}
		list = append(list, f)
	}
	return list, unfinished
}
