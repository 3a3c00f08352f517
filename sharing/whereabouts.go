package sharing

import (
	"context"
	"slices"
	"time"

	"potluck/sharing/identity"
)

// Where other devices are is kept on disk, since they need not be heard of: a
// network may carry no multicast, and both devices of a transfer may be started
// anew. As long as something is under way with a device it is dialled there again
// and again, more and more seldom.

const (
	// maxPlaces bounds the addresses of each kind that are kept of a device;
	// maxPlace the length of one.
	maxPlaces = 4
	maxPlace  = 300

	// maxHeard is how many of the addresses heard of a device are tried beside
	// those that are kept.
	maxHeard = 7

	// saveKnownEvery is the least time between two writings of the devices met,
	// as they come and go.
	saveKnownEvery = time.Second
)

// bounded returns a copy of the first few addresses of list that can be kept,
// without those that are known already.
func bounded(list []string, known ...string) []string {
	var kept []string
	for _, a := range list {
		if len(kept) < maxPlaces && a != "" && len(a) <= maxPlace && !slices.Contains(known, a) && !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// give notes where the person has said the device is, and reports whether that is
// new.
func (k *knownDevice) give(addrs []string) bool {
	now := bounded(slices.Concat(addrs, k.Given))
	if slices.Equal(now, k.Given) {
		return false
	}
	k.Given = now
	return true
}

// places returns where the device may be, the likeliest first.
func (k *knownDevice) places() []string {
	all := slices.Concat(k.Given, []string{k.Addr}, k.Heard)
	var list []string
	for _, a := range all {
		if a != "" && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// addrsLocked returns where a device is to be dialled. One that is paired, or that
// something is under way with, is also tried where it was before: it may not
// announce itself, and anybody can announce it.
func (d *Device) addrsLocked(id identity.ID, h *hint) []string {
	k := d.known[id]
	if k == nil || !k.Paired && !d.busyWithLocked(id) {
		return h.addrs
	}
	places := k.places()
	heard := slices.DeleteFunc(slices.Clone(h.addrs), func(a string) bool { return slices.Contains(places, a) })
	heard = heard[:min(len(heard), maxHeard)]
	if len(heard) > 0 {
		// What is heard now is likelier than what was; but a flood of it is not to
		// keep the rest waiting.
		return slices.Concat(heard[:1], places, heard[1:])
	}
	return places
}

// noteReached remembers that the person has asked for a device, and where it was.
func (d *Device) noteReached(id identity.ID, addrs ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.hints[id]
	if h == nil {
		h = &hint{heard: time.Now(), next: time.Now().Add(firstRetry)}
		d.hints[id] = h
	}
	h.asked = true
	h.given = bounded(slices.Concat(addrs, h.given))
	for _, addr := range addrs {
		if !slices.Contains(h.addrs, addr) && len(h.addrs) < 8 {
			h.addrs = append(slices.Clone(h.addrs), addr)
		}
	}
	if k := d.known[id]; k != nil && k.give(h.given) { // or else when it is met
		d.keepKnownSoon()
	}
}

// hintKnownLocked plans to dial a device where it was.
func (d *Device) hintKnownLocked(id identity.ID, now time.Time) {
	if k := d.known[id]; k != nil && len(k.places()) > 0 && d.hints[id] == nil {
		d.hints[id] = &hint{addrs: k.places(), heard: now, next: now}
		d.lookWhomToDial()
	}
}

// keepKnownSoon has the devices met written down, so that where they are is not
// lost with the power. It may be called with d.mu held.
func (d *Device) keepKnownSoon() {
	select {
	case d.met <- struct{}{}:
	default: // it will be done already
	}
}

// tendKnown writes down the devices met when that is asked for, until ctx is done.
func (d *Device) tendKnown(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done(): // Run writes them down once more
			return
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return
		case <-d.met:
			_ = d.saveKnown() // which tells the log
		}
		pause.Reset(saveKnownEvery)
	}
}
