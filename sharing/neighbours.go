package sharing

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/session"
)

const (
	maxHints = 1000 // devices heard of and not met

	firstRetry  = time.Second      // after a dial that failed
	lastRetry   = 15 * time.Second // for devices we have nothing to do with, and those away for long
	urgentRetry = 2 * time.Second  // for devices that something is going on with
	silentRetry = time.Minute      // for paired devices that nothing was heard of for long

	// forgetHint is how long what was heard of a device counts. Paired ones are
	// dialled all the same: they may not announce themselves.
	forgetHint = 2 * time.Minute

	// elderDelay is how long the device with the larger ID lets the other one
	// dial first, when both hear of each other.
	elderDelay = 300 * time.Millisecond

	dialsAtOnce = 16

	// busyLook is how soon to look again whom to dial, when as many are dialled as
	// may be; idleLook the same, when there is nobody.
	busyLook = 50 * time.Millisecond
	idleLook = time.Second
)

// A hint is where a device might be reached. Nothing in it is proved.
type hint struct {
	addrs   []string
	heard   time.Time
	retry   time.Duration
	next    time.Time // not to be dialled before
	dialing bool
	stop    context.CancelFunc // ends the dialing; nil before it has begun
	renew   bool               // the dialing was stopped to begin anew
	asked   bool               // by the person: it is dialled even if it could not find us
	given   []string           // by the person, of addrs
}

// Hint tells the device that another one with this ID (hexadecimal) may be
// reached at one of addrs. Nothing of it is trusted: the session proves the key.
func (d *Device) Hint(id string, addrs []netip.AddrPort) {
	peer, err := identity.ParseID(id)
	if err != nil || peer == d.identity.ID() || len(addrs) == 0 {
		return
	}
	list := make([]string, 0, len(addrs))
	for _, a := range addrs {
		list = append(list, a.String())
	}
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.lookWhomToDial()
	h := d.hints[peer]
	switch {
	case h == nil && len(d.hints) >= maxHints:
		return
	case h == nil:
		h = &hint{next: now}
		if d.identity.ID().Compare(peer) > 0 {
			h.next = now.Add(elderDelay)
		}
		d.hints[peer] = h
	case !slices.Equal(h.addrs, list):
		h.next, h.retry = now, 0
	}
	h.addrs, h.heard = list, now
}

// followSessions keeps a link for every live session, until ctx is done.
func (d *Device) followSessions(ctx context.Context) {
	changed, stop := d.hub.Watch()
	defer stop()
	for {
		d.syncLinks(d.hub.Live())
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// syncLinks starts links for new sessions and ends those of sessions that ended.
func (d *Device) syncLinks(live []session.Peer) {
	now := time.Now()
	here := make(map[identity.ID]session.Peer, len(live))
	for _, p := range live {
		p.Hello.Name = manifest.DisplayName(p.Hello.Name, 64)
		here[p.ID] = p
	}
	var events []Event
	var gone []identity.ID
	moved := false
	d.mu.Lock()
	for id, l := range d.links {
		p, still := here[id]
		if still && p.Since.Equal(l.peer.Since) {
			if p.Hello.Name != l.peer.Hello.Name || p.Addr != l.peer.Addr {
				moved = d.meetLocked(p, now) || moved
			}
			l.peer = p
			delete(here, id)
			continue
		}
		l.cancel()
		delete(d.links, id)
		if k := d.known[id]; k != nil {
			k.Seen = now
		}
		gone = append(gone, id)
		d.leftLocked(id)
		if !still {
			if !d.blockedLocked(id) || !l.parting {
				events = append(events, NeighbourEvent{ID: id, Name: d.nameLocked(id, l.peer.Hello.Name)})
			}
			if h := d.hints[id]; h != nil { // it may be back at once
				h.next, h.retry = now, 0
			} else if d.busyWithLocked(id) || d.pairedLocked(id) || d.heirsLocked()[id] {
				d.hintKnownLocked(id, now)
			}
		}
	}
	for id, p := range here {
		l := newLink(p)
		if !d.tasks.run(func(ctx context.Context) { d.talk(ctx, id, l) }) {
			break
		}
		d.links[id] = l
		if d.blockedLocked(id) {
			l.parting = true
			d.tasks.run(func(ctx context.Context) { d.sayGoodbye(ctx, id) })
			continue
		}
		for _, o := range d.outgoing { // it may have restarted, and count anew
			if t := o.takers[id]; t != nil {
				t.heard = 0
			}
		}
		moved = d.meetLocked(p, now) || moved
		d.arrivedLocked(id)
		events = append(events, NeighbourEvent{ID: id, Name: d.nameLocked(id, p.Hello.Name), Present: true})
	}
	d.mu.Unlock()
	for _, id := range gone {
		d.swarm.Disconnect(id)
	}
	for _, e := range events {
		d.notifier.tell(e)
	}
	d.notifier.changed()
	d.lookWhomToDial()
	if moved {
		d.keepKnownSoon()
	}
}

// reachNeighbours dials those heard of, until ctx is done.
func (d *Device) reachNeighbours(ctx context.Context) {
	look := time.NewTimer(0)
	defer look.Stop()
	slots := make(chan struct{}, dialsAtOnce)
	for {
		due, next := d.dueDials(time.Now(), dialsAtOnce-len(slots))
		for id, addrs := range due {
			slots <- struct{}{}
			if !d.tasks.run(func(ctx context.Context) {
				d.dial(ctx, id, addrs)
				<-slots
			}) {
				return
			}
		}
		look.Reset(next)
		select {
		case <-ctx.Done():
			return
		case <-d.heard:
		case <-look.C:
		}
	}
}

// lookWhomToDial has that done at once. Where it is not called, it is done soon.
func (d *Device) lookWhomToDial() {
	select {
	case d.heard <- struct{}{}:
	default: // it will be done already
	}
}

// dueDials returns at most n devices to be dialled now, marks them, and says when
// to look for others.
func (d *Device) dueDials(now time.Time, n int) (due map[identity.ID][]string, next time.Duration) {
	due, next = make(map[identity.ID][]string), idleLook
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, h := range d.hints {
		if h.dialing || d.links[id] != nil || d.blockedLocked(id) || !h.asked && !d.visibleToLocked(id) {
			continue
		}
		if wait := h.next.Sub(now); wait > 0 || len(due) >= n {
			next = min(next, max(wait, busyLook))
			continue
		}
		h.dialing = true
		due[id] = d.addrsLocked(id, h)
	}
	return due, next
}

// dial tries to get a session with a device, and plans the next try if it fails.
func (d *Device) dial(ctx context.Context, id identity.ID, addrs []string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	d.mu.Lock()
	h := d.hints[id] // which stays while it is dialled
	h.stop = cancel
	d.mu.Unlock()
	_, err := d.hub.Connect(ctx, id, addrs...)
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.lookWhomToDial()
	h.dialing, h.stop = false, nil
	if h.renew {
		h.renew, h.next = false, time.Now()
		return
	}
	limit := lastRetry
	urgent, paired := d.busyWithLocked(id), d.pairedLocked(id)
	switch {
	case urgent && time.Since(h.heard) <= forgetHint:
		limit = urgentRetry
	case urgent:
	case paired && time.Since(h.heard) > forgetHint:
		limit = silentRetry
	}
	h.retry = min(max(2*h.retry, firstRetry), limit)
	h.next = time.Now().Add(h.retry)
	if err != nil && !urgent && !paired && time.Since(h.heard) > forgetHint {
		delete(d.hints, id)
	}
	if err != nil {
		d.log.Debug("a device was not reached", "device", id.Short(), "err", err)
	}
}

// Reach gets a session with whoever answers at addr, "host:port" or a host
// alone, and returns its ID. The text of a [DeviceLink] leads to that device or to
// none.
func (d *Device) Reach(ctx context.Context, addr string) (identity.ID, error) {
	if l, ok := ParseDeviceLink(addr); ok {
		return d.reachLink(ctx, l)
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(strings.Trim(addr, "[]"), DefaultPort)
	}
	id, err := d.hub.Connect(ctx, identity.ID{}, addr)
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		return id, d.whyUnreachedLocked(addr, err)
	}
	d.noteReached(id, addr)
	return id, nil
}

// whyUnreachedLocked says why nobody was reached at an address that the person
// gave.
func (d *Device) whyUnreachedLocked(addr string, err error) error {
	at := manifest.Printable(addr)
	if errors.Is(err, session.ErrSelf) {
		return ErrSelf
	}
	if errors.Is(err, session.ErrBlocked) {
		return &sentenceError{"the device at " + at + " is blocked here; unblock it first", err}
	}
	return &sentenceError{"no Potluck device answers at " + at + "; check the address, and that Potluck runs there and lets itself be found", err}
}
