package sharing

import (
	"cmp"
	"context"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// partAfter is how long nothing goes on with a device that is not to see this one
// before its session ends: time for the last answer to get there.
const partAfter = time.Second

// SetSettings replaces the settings. They count from now on; what was accepted
// already goes where it was going. Devices that are not to see this one any more
// lose their sessions; those that something is going on with, when it is over.
func (d *Device) SetSettings(s Settings) {
	s.Name = manifest.DisplayName(s.Name, 64)
	s.complete()
	now := time.Now()
	var gone []identity.ID
	d.mu.Lock()
	renamed, hidden := s.Name != d.settings.Name, s.Visible != d.settings.Visible
	d.settings = s
	if hidden {
		for _, h := range d.hints {
			h.asked, h.next, h.retry = false, now, 0
		}
		d.lookWhomToDial()
		for id := range d.links {
			if !d.visibleToLocked(id) {
				gone = append(gone, id)
			}
		}
	}
	d.mu.Unlock()
	d.swarm.SetLimits(s.limits())
	for _, id := range gone {
		d.hub.Drop(id, "this device is not to be seen by it")
	}
	if renamed {
		d.hub.Announce()
	}
	d.notifier.changed()
}

// SetOffline tells the device, which does not look itself, whether there is no
// network on which others could be found. Nothing but [Self] says so: sessions end
// when nobody is heard any more, and what was going on waits.
func (d *Device) SetOffline(offline bool) {
	d.mu.Lock()
	changed := d.offline != offline
	d.offline = offline
	d.mu.Unlock()
	if changed {
		d.notifier.changed()
	}
}

// isOpen reports whether everybody may find out who this device is.
func (d *Device) isOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings.Visible == AudienceEveryone
}

// admits reports whether a device that calls is let in.
func (d *Device) admits(id identity.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.visibleToLocked(id)
}

// lingersLocked reports whether a device that there is a session with sees this one
// although the settings say otherwise, and nobody here has called it.
func (d *Device) lingersLocked(id identity.ID) bool {
	h := d.hints[id]
	return !d.settings.Visible.has(d.pairedLocked(id)) && (h == nil || !h.asked)
}

// tendLingering ends, until ctx is done, the sessions with those that are not to see
// this device any more, when nothing goes on with them.
func (d *Device) tendLingering(ctx context.Context) {
	changed, stop := d.notifier.watch()
	defer stop()
	look := time.NewTimer(0)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-look.C:
		}
		over, wait := d.lingering(time.Now())
		for _, id := range over {
			d.hub.Drop(id, "what went on with it is over, and this device is not to be seen by it")
		}
		if look.Stop(); wait > 0 {
			look.Reset(wait)
		}
	}
}

// lingering returns those of the sessions to end that nothing goes on with any more,
// and when to look again; 0 when that is not needed before something changes.
func (d *Device) lingering(now time.Time) (over []identity.ID, wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.settings.Visible == AudienceEveryone {
		return nil, 0
	}
	for id, l := range d.links {
		switch {
		case l.parting || !d.lingersLocked(id) || d.busyWithLocked(id):
			l.idle = time.Time{}
		case l.idle.IsZero():
			l.idle = now
			wait = cmp.Or(wait, partAfter)
		case now.Sub(l.idle) >= partAfter:
			over = append(over, id)
		default:
			left := partAfter - now.Sub(l.idle)
			wait = min(cmp.Or(wait, left), left)
		}
	}
	return over, wait
}

// visibleToLocked reports whether a device may see this one: as the settings say,
// and as long as something goes on with it.
func (d *Device) visibleToLocked(id identity.ID) bool {
	return d.settings.Visible.has(d.pairedLocked(id)) || d.busyWithLocked(id)
}
