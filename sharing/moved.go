package sharing

import (
	"context"
	"time"
)

// Moved tells the device that the computer's network has changed, or that it has
// slept: sessions may be dead that seem alive, and devices be reached that could
// not be. It returns at once.
func (d *Device) Moved() {
	select {
	case d.moved <- struct{}{}:
	default: // it will be looked into already
	}
}

// tendMoves looks after the sessions when the network has changed, until ctx is
// done. Those that are lost are made anew as soon as that is known.
func (d *Device) tendMoves(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.moved:
		}
		d.dialAnew(time.Now())
		d.hub.Ping(ctx)
	}
}

// dialAnew dials at once those that are missed, and begins anew where that is
// being done: what was sent before the network was there may be lost for seconds.
func (d *Device) dialAnew(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	heirs := d.heirsLocked()
	for id := range heirs {
		if d.links[id] == nil {
			d.hintKnownLocked(id, now)
		}
	}
	for id, h := range d.hints {
		if d.links[id] != nil || !h.asked && !heirs[id] && !d.pairedLocked(id) && !d.busyWithLocked(id) {
			continue
		}
		h.next, h.retry, h.heard = now, 0, now
		if h.stop != nil {
			h.renew = true
			h.stop()
		}
	}
	d.lookWhomToDial()
}
