package discovery

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// ErrID is returned by [New] for an ID that is not 64 lower-case hexadecimal
// digits.
var ErrID = errors.New("discovery: the ID must be 64 lower-case hexadecimal digits")

// ErrPort is returned by [New] for a port that is not within 1 and 65535.
var ErrPort = errors.New("discovery: the port must be within 1 and 65535")

// Options are what [New] needs.
type Options struct {
	// ID is this device's own, 64 lower-case hexadecimal digits. Required.
	ID string

	// Port is where this device listens, on all addresses. Required.
	Port int

	// Interfaces are the names of the network interfaces to use. Empty means
	// every usable one; the package comment says which these are.
	Interfaces []string

	// Silent keeps this device from being announced. Others are listened for
	// all the same.
	Silent bool

	// Log may be nil, for silence.
	Log *slog.Logger
}

// A Neighbour is a device that was heard of on the local network. It is a hint,
// not a fact.
type Neighbour struct {
	// ID is 64 lower-case hexadecimal digits, never our own.
	ID string

	// Addrs are where it may be dialled, best first: in a subnet of ours,
	// then link-local IPv6 (with the zone), then the rest. At least one, at
	// most 8.
	Addrs []netip.AddrPort

	// Seen is when it was last heard.
	Seen time.Time
}

// A Discovery announces this device and keeps the list of its neighbours. Its
// methods are safe to call from any goroutine.
type Discovery struct {
	id     string
	port   int
	named  []string
	silent bool
	log    *slog.Logger
	net    network
	tempo  tempo
	wall   func() time.Time // the time of day, which jumps when the computer slept

	table   *table
	news    chan struct{} // holds one signal at most: the table has changed
	refresh chan struct{} // holds one signal at most: a round is wanted

	mu       sync.Mutex // guards the fields below
	place    place
	moves    int // of place, and sleeps
	watchers map[chan struct{}]struct{}
}

// New returns a Discovery that knows nobody yet. It opens no socket and starts
// no goroutine; that is for [Discovery.Run]. It returns [ErrID] or [ErrPort] when
// the options are wrong.
func New(o Options) (*Discovery, error) {
	if !isID(o.ID) {
		return nil, ErrID
	}
	if o.Port < 1 || o.Port > 65535 {
		return nil, fmt.Errorf("%w, not %d", ErrPort, o.Port)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Discovery{
		id:       o.ID,
		port:     o.Port,
		named:    slices.Clone(o.Interfaces),
		silent:   o.Silent,
		log:      o.Log,
		net:      zeroconfNetwork{},
		tempo:    defaultTempo,
		wall:     time.Now,
		table:    newTable(),
		news:     make(chan struct{}, 1),
		refresh:  make(chan struct{}, 1),
		watchers: make(map[chan struct{}]struct{}),
	}, nil
}

// Neighbours returns those heard of lately, ordered by ID; nobody when Run is not
// running. The list is the caller's own.
func (d *Discovery) Neighbours() []Neighbour { return d.table.list() }

// Watch returns a channel that is sent to when the list has changed: somebody
// came or went, or has other addresses; and when the interfaces in use, or their
// addresses, have. The first signal is there at once. Changes
// that come faster than they are received count as one, and there are at most ten
// signals a second. The function ends the watch; the channel is never closed.
func (d *Discovery) Watch() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	c <- struct{}{}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers[c] = struct{}{}
	return c, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watchers, c)
	}
}

// Refresh asks anew who is there, within a second, and twice more in the seconds
// after. It does not wait for the answers. While the network is flooded it does
// nothing.
func (d *Discovery) Refresh() { signal(d.refresh) }

// Forget drops a neighbour of whom the caller knows that it is gone, because its
// session ended for example. It is listed again when it is heard again; to find
// out at once, call [Discovery.Refresh] after it.
func (d *Discovery) Forget(id string) {
	if d.table.forget(id) {
		signal(d.news)
	}
}

// Interfaces returns the names of the interfaces in use, sorted. It is empty
// when there is no network, and when Run is not running.
func (d *Discovery) Interfaces() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.place.names()
}

// Moves returns how often the interfaces in use or their addresses have changed, or
// the computer has slept, since New. Then connections may be dead that seem alive.
func (d *Discovery) Moves() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.moves
}

// hear takes in what an answer said. It is called by the network, from any
// goroutine.
func (d *Discovery) hear(c claim) {
	s, err := c.check(d.here())
	switch {
	case err != nil:
		d.log.Debug("answer ignored", "err", err)
	case s.id == d.id:
	case d.table.note(s, time.Now()):
		signal(d.news)
	}
}

// tell signals all watchers.
func (d *Discovery) tell() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.watchers {
		signal(c)
	}
}

// here returns where we stand now.
func (d *Discovery) here() place {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.place
}

// move notes that we stand elsewhere now.
func (d *Discovery) move(p place) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.place = p
	d.moves++
}

// leave forgets all, at the end.
func (d *Discovery) leave() {
	d.move(nil)
	d.table.clear()
	d.tell()
}

// signal sends to a channel that holds one signal at most.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is waiting already
	}
}

// isID reports whether s is an ID in its one spelling.
func isID(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == idBytes && hex.EncodeToString(b) == s
}

// Run announces this device, unless it is silent, and listens for others until ctx is done, then says
// goodbye and returns nil, within a second. It does not fail: without a network
// it waits for one. It is to be called once.
func (d *Discovery) Run(ctx context.Context) error {
	newRunner(d).run(ctx)
	return nil
}
