package sharing

import (
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// SetSettings replaces the settings. They count from now on; what was accepted
// already goes where it was going. Devices that are not to see this one any more
// lose their sessions, unless something is going on with them.
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

// visibleToLocked reports whether a device may see this one: as the settings say,
// and as long as something goes on with it.
func (d *Device) visibleToLocked(id identity.ID) bool {
	return d.settings.Visible.has(d.pairedLocked(id)) || d.busyWithLocked(id)
}
