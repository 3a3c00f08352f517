package discovery

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxNeighbours bounds the list, which anybody on the network can grow.
	maxNeighbours = 1000

	// maxAddrs is how many addresses are kept for each.
	maxAddrs = 8

	// settling is how long after it was first heard a neighbour must still be
	// heard to keep its place in a full table.
	settling = 3 * time.Second
)

// A table holds who was heard of. Its methods are safe to call from any
// goroutine.
type table struct {
	mu    sync.Mutex // guards the fields below
	known map[string]*entry
	grace time.Time // silence counts from here, at the earliest
}

type entry struct {
	first, last time.Time // heard
	addrs       []heard   // best first
}

type heard struct {
	address
	first, last time.Time
}

func newTable() *table { return &table{known: make(map[string]*entry)} }

// note takes in a sighting, and reports whether it is news.
//
// A full table takes a new neighbour in place of one that is new itself, whichever
// comes to hand; those heard for a while stay. So a flood of made-up devices does
// not push out the true ones that were there before.
func (t *table) note(s sighting, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()

	e, ok := t.known[s.id]
	if !ok {
		if len(t.known) >= maxNeighbours && !t.makeRoomLocked() {
			return false
		}
		e = &entry{first: now}
		t.known[s.id] = e
	}
	e.last = now
	return e.add(s.addrs, now)
}

// makeRoomLocked drops one neighbour that has not settled, if there is one.
func (t *table) makeRoomLocked() bool {
	for id, e := range t.known {
		if !e.settled() {
			delete(t.known, id)
			return true
		}
	}
	return false
}

func (e *entry) settled() bool { return e.last.Sub(e.first) >= settling }

// add takes in addresses, and reports whether any of those kept is new.
//
// They are merged with those heard before: a device that has two interfaces in
// common with us answers through each, and of these answers the library reports
// whichever comes first. What is new goes before what is old, because an address
// that was given up is heard no more.
func (e *entry) add(addrs []address, now time.Time) bool {
	for _, a := range addrs {
		i := slices.IndexFunc(e.addrs, func(h heard) bool { return h.AddrPort == a.AddrPort })
		if i < 0 {
			e.addrs = append(e.addrs, heard{a, now, now})
			continue
		}
		e.addrs[i].class, e.addrs[i].last = a.class, now
	}
	slices.SortFunc(e.addrs, func(a, b heard) int {
		return cmp.Or(cmp.Compare(a.class, b.class), b.first.Compare(a.first), a.Compare(b.AddrPort))
	})
	e.addrs = slices.Clip(e.addrs[:min(len(e.addrs), maxAddrs)])
	return slices.ContainsFunc(e.addrs, func(h heard) bool { return h.first.Equal(now) })
}

// excuse lets silence count from now on only, for everybody: it was we who were
// away.
func (t *table) excuse(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.grace = now
}

// forget drops a neighbour, and reports whether it was known.
func (t *table) forget(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.known[id]
	delete(t.known, id)
	return ok
}

func (t *table) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.known)
}

// forgetSilent drops the neighbours, and the addresses, that were last heard
// longer than silence ago. It reports whether there were any.
func (t *table) forgetSilent(now time.Time, silence time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()

	since := now.Add(-silence)
	if t.grace.After(since) {
		return false
	}
	forgotten := false
	for id, e := range t.known {
		kept := slices.DeleteFunc(e.addrs, func(h heard) bool { return h.last.Before(since) })
		forgotten = forgotten || len(kept) < len(e.addrs)
		e.addrs = kept
		if len(kept) == 0 {
			delete(t.known, id)
		}
	}
	return forgotten
}

func (t *table) len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.known)
}

// list returns all, ordered by ID.
func (t *table) list() []Neighbour {
	t.mu.Lock()
	defer t.mu.Unlock()

	list := make([]Neighbour, 0, len(t.known))
	for id, e := range t.known {
		addrs := make([]netip.AddrPort, len(e.addrs))
		for i, h := range e.addrs {
			addrs[i] = h.AddrPort
		}
		list = append(list, Neighbour{ID: id, Addrs: addrs, Seen: e.last})
	}
	slices.SortFunc(list, func(a, b Neighbour) int { return strings.Compare(a.ID, b.ID) })
	return list
}
