package sharing

import (
	"context"
	"time"

	"potluck/sharing/identity"
)

// What this person sees of a share that ended because somebody was blocked.
const (
	takerBlocked  = "this device was blocked"
	sharerBlocked = "its device was blocked"
)

// noLongerShares is what a blocked device is told of the shares that there were
// with it, which would else wait there for ever.
const noLongerShares = "the other device does not share with this one any more"

// goodbye is how long a blocked device has to hear that the shares are over, and
// goodbyeLook how often it is looked whether it has.
const (
	goodbye     = 5 * time.Second
	goodbyeLook = 20 * time.Millisecond
)

// allowed reports whether there may be a session with a device: with one that is
// blocked only as long as it does not know that the shares with it are over.
func (d *Device) allowed(id identity.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.blockedLocked(id) || d.owesLocked(id)
}

// owesLocked reports whether a device has still to hear that a share is over.
func (d *Device) owesLocked(id identity.ID) bool {
	for _, o := range d.outgoing {
		if t := o.takers[id]; t != nil && t.state.Final() && !t.told {
			return true
		}
	}
	for _, in := range d.incoming {
		if in.from == id && in.state.Final() && !in.told {
			return true
		}
	}
	return false
}

// partFrom ends the session with a device that was blocked, as soon as it has
// heard what it has to.
func (d *Device) partFrom(id identity.ID) {
	if !d.tasks.run(func(ctx context.Context) { d.sayGoodbye(ctx, id) }) {
		d.hub.Drop(id, "blocked")
	}
}

// sayGoodbye waits until a blocked device has heard all, or has had its time, and
// ends the session. Who did not listen then is not let in again for that.
func (d *Device) sayGoodbye(ctx context.Context, id identity.ID) {
	look := time.NewTicker(goodbyeLook)
	defer look.Stop()
	late := time.NewTimer(goodbye)
	defer late.Stop()
	for {
		d.mu.Lock()
		blocked, here, owes := d.blockedLocked(id), d.links[id] != nil, d.owesLocked(id)
		d.mu.Unlock()
		if !blocked {
			return
		}
		if !here || !owes {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-late.C:
			d.giveUpTelling(id)
		case <-look.C:
		}
	}
	d.hub.Drop(id, "blocked")
}

// giveUpTelling takes a device for one that knows the end of all that is over.
func (d *Device) giveUpTelling(id identity.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, o := range d.outgoing {
		if t := o.takers[id]; t != nil && t.state.Final() && !t.told {
			t.told = true
			o.poke()
		}
	}
	for _, in := range d.incoming {
		if in.from == id && in.state.Final() && !in.told {
			in.told = true
			in.poke()
		}
	}
}
