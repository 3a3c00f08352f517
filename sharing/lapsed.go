package sharing

import (
	"context"
	"time"

	"potluck/sharing/source"
)

// A file that changes while it is shared fails: for everybody its bytes count as zeros from
// then on. But once others have all of the share, nobody needs that file from here. Its
// failure lapses then: this device gives nothing of it any more, as if it had left, and says
// nothing of it, unless somebody turns out to need it all the same.

// lapsedFor is how long a taker that is here may find nobody who gives it the rest before
// what lapsed is told.
const lapsedFor = 10 * time.Second

// lapsesLocked reports whether the takers do without this device, and notes the failure for
// later then.
func (o *outgoing) lapsesLocked(e source.EntryError) bool {
	if len(o.lapsed) == 0 && !o.free && !o.othersHaveAllLocked() {
		return false
	}
	if len(o.lapsed) == 0 && !o.d.tasks.run(o.watchLapsed) {
		return false
	}
	o.lapsed = append(o.lapsed, e)
	return true
}

// othersHaveAllLocked reports whether somebody was given the whole share.
func (o *outgoing) othersHaveAllLocked() bool {
	for _, t := range o.takers {
		if t.state == Delivered && t.total == o.pieces.length && len(o.takers) > 1 {
			return true
		}
	}
	return false
}

// watchLapsed tells what has lapsed when somebody needs it.
func (o *outgoing) watchLapsed(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		o.lookIfFree()
		o.d.mu.Lock()
		over := !o.ended.IsZero() || o.d.outgoing[o.id] != o
		if over || !o.neededLocked() {
			last = time.Now()
		}
		var told []source.EntryError
		if over || time.Since(last) > lapsedFor {
			told, o.lapsed = o.lapsed, nil
		}
		o.d.mu.Unlock()
		if over {
			return
		}
		for _, e := range told {
			o.failEntry(e)
		}
		if told != nil {
			return
		}
	}
}

// neededLocked reports whether a taker is here that the others cannot give the rest.
func (o *outgoing) neededLocked() bool {
	if o.free {
		return false
	}
	for id, t := range o.takers {
		if t.receiving() && o.d.links[id] != nil {
			return true
		}
	}
	return false
}

// hasLapsed reports whether something of a piece has lapsed.
func (o *outgoing) hasLapsed(piece int) bool {
	from, to := int64(piece)*o.pieces.size, int64(piece+1)*o.pieces.size
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	for _, e := range o.lapsed {
		if start := o.manifest.Offset(e.Entry); start < to && start+o.manifest.Size(e.Entry) > from {
			return true
		}
	}
	return false
}
