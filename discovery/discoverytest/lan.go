// Package discoverytest provides a local network that exists in memory only,
// with devices that find each other there as those of package discovery do on a
// real one.
//
//	var lan discoverytest.LAN
//	a := lan.Device(idA, netip.MustParseAddrPort("127.0.0.1:1234"))
//	b := lan.Device(idB, netip.MustParseAddrPort("127.0.0.1:1235"))
//	go a.Run(ctx)
//	go b.Run(ctx)
//
// Nothing takes time here: who runs is seen at once by all who run, and gone at
// once when it ends. [LAN.Cut] makes a device deaf and dumb while it runs, as when
// its cable is pulled; a test can also make up neighbours, with [LAN.Put].
package discoverytest

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"potluck/discovery"
)

// A LAN joins devices. Its zero value is ready to use, and its methods are safe to
// call from any goroutine.
type LAN struct {
	mu      sync.Mutex // guards the fields below, and those of the devices
	present map[string]discovery.Neighbour
	running map[*Device]struct{}
	cut     map[string]struct{}
}

// A Device has the methods of [discovery.Discovery], and does the same as far as
// can be seen from outside.
type Device struct {
	lan   *LAN
	id    string
	addrs []netip.AddrPort

	// guarded by lan.mu
	forgotten map[string]struct{}
	refreshes int
	watchers  map[chan struct{}]struct{}
}

// Device returns a device that is to be announced at these addresses, when it
// runs.
func (l *LAN) Device(id string, addrs ...netip.AddrPort) *Device {
	return &Device{
		lan:       l,
		id:        id,
		addrs:     addrs,
		forgotten: make(map[string]struct{}),
		watchers:  make(map[chan struct{}]struct{}),
	}
}

// Put announces a neighbour that no Device stands for, or new addresses of one
// that is there.
func (l *LAN) Put(id string, addrs ...netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.putLocked(id, addrs)
}

func (l *LAN) putLocked(id string, addrs []netip.AddrPort) {
	if l.present == nil {
		l.present = make(map[string]discovery.Neighbour)
	}
	l.present[id] = discovery.Neighbour{ID: id, Addrs: slices.Clone(addrs), Seen: time.Now()}
	for d := range l.running {
		delete(d.forgotten, id)
	}
	l.tellLocked()
}

// Remove takes a neighbour away: it is gone for everybody.
func (l *LAN) Remove(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.present, id)
	l.tellLocked()
}

// Cut makes the device with this ID invisible to the others, and them to it,
// until [LAN.Mend].
func (l *LAN) Cut(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut == nil {
		l.cut = make(map[string]struct{})
	}
	l.cut[id] = struct{}{}
	l.tellLocked()
}

// Mend undoes [LAN.Cut].
func (l *LAN) Mend(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.cut, id)
	l.tellLocked()
}

func (l *LAN) tellLocked() {
	for d := range l.running {
		d.tellLocked()
	}
}

// Run makes the device one of the LAN until ctx is done.
func (d *Device) Run(ctx context.Context) error {
	l := d.lan
	l.mu.Lock()
	if l.running == nil {
		l.running = make(map[*Device]struct{})
	}
	l.running[d] = struct{}{}
	l.putLocked(d.id, d.addrs)
	l.mu.Unlock()

	<-ctx.Done()

	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.present, d.id)
	l.tellLocked() // this one too, which sees nobody from now on
	delete(l.running, d)
	clear(d.forgotten)
	return nil
}

// Neighbours returns all who are on the LAN now but the device itself, ordered by
// ID; nobody when the device does not run.
func (d *Device) Neighbours() []discovery.Neighbour {
	l := d.lan
	l.mu.Lock()
	defer l.mu.Unlock()

	list := make([]discovery.Neighbour, 0, len(l.present))
	for _, n := range l.present {
		if d.seesLocked(n.ID) {
			n.Addrs = slices.Clone(n.Addrs)
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b discovery.Neighbour) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func (d *Device) seesLocked(id string) bool {
	_, running := d.lan.running[d]
	_, weCut := d.lan.cut[d.id]
	_, theyCut := d.lan.cut[id]
	_, forgotten := d.forgotten[id]
	return running && id != d.id && !weCut && !theyCut && !forgotten
}

// Watch is as in [discovery.Discovery.Watch].
func (d *Device) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	c <- struct{}{}
	d.lan.mu.Lock()
	defer d.lan.mu.Unlock()
	d.watchers[c] = struct{}{}
	return c, func() {
		d.lan.mu.Lock()
		defer d.lan.mu.Unlock()
		delete(d.watchers, c)
	}
}

func (d *Device) tellLocked() {
	for c := range d.watchers {
		select {
		case c <- struct{}{}:
		default: // one is waiting already
		}
	}
}

// Refresh finds again who was forgotten and is still there.
func (d *Device) Refresh() {
	d.lan.mu.Lock()
	defer d.lan.mu.Unlock()
	d.refreshes++
	clear(d.forgotten)
	d.tellLocked()
}

// Refreshes returns how often Refresh was called.
func (d *Device) Refreshes() int {
	d.lan.mu.Lock()
	defer d.lan.mu.Unlock()
	return d.refreshes
}

// Forget drops a neighbour from the list of this device, until it is announced
// again or Refresh is called.
func (d *Device) Forget(id string) {
	d.lan.mu.Lock()
	defer d.lan.mu.Unlock()
	if _, present := d.lan.present[id]; present && d.seesLocked(id) {
		d.forgotten[id] = struct{}{}
		d.tellLocked()
	}
}

// Interfaces returns the one name "lan" while the device runs.
func (d *Device) Interfaces() []string {
	d.lan.mu.Lock()
	defer d.lan.mu.Unlock()
	if _, ok := d.lan.running[d]; ok {
		return []string{"lan"}
	}
	return nil
}
