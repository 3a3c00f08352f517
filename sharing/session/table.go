package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"potluck/sharing/identity"
)

const (
	maxSessions = 64

	pingAll      = 2 * time.Second  // after a change of network
	pingOld      = time.Second      // for an old link to show that it is alive
	retireAfter  = time.Second      // a link that lost stays open so long,
	retireCheck  = time.Second / 10 // then until it is idle,
	retireAtMost = 10 * time.Second // and no longer
)

var (
	errReplaced = errors.New("another connection with the device took over")
	errSilent   = errors.New("the device did not answer")
	errMoved    = errors.New("this device has another address now")
	errDropped  = errors.New("the session was dropped")
)

// A neighbour is a device with a session. Its fields are guarded by Hub.mu.
type neighbour struct {
	current *link
	retired []*link // lost to current, and still finishing
	since   time.Time
	addrs   []string // that Connect was last given
	pieces  map[*pieceConn]struct{}
}

// settle makes l the session with its device, or gives it up for the one there
// is. It returns nil if there is a session with the device then. It takes a
// second at most.
func (h *Hub) settle(l *link) error {
	h.admission.Lock()
	if h.session(l.id) == nil {
		if err := h.makeRoom(l.id); err != nil {
			h.admission.Unlock()
			l.end(err)
			return err
		}
	}
	done, old := h.place(l, nil, false)
	h.admission.Unlock()

	for !done {
		alive := old.ping(context.Background(), pingOld)
		done, old = h.place(l, old, alive)
	}
	if !l.isAlive() {
		l.end(ErrLost)
		h.forget(l)
		return ErrLost
	}
	return nil
}

// place tries to find l its place. If that depends on whether the session there
// is is alive it returns that one, to be asked, and called again with.
func (h *Hub) place(l, asked *link, alive bool) (done bool, ask *link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.neighbours[l.id]
	switch {
	case h.stopped: // and the link with it
	case n == nil:
		h.neighbours[l.id] = &neighbour{current: l, since: time.Now(), pieces: make(map[*pieceConn]struct{})}
		h.log.Info("session begins", "device", l.id.Short(), "addr", l.conn.RemoteAddr().String(), "dialled", l.dialled)
		h.signalLocked()
	case n.current.start != l.start || asked == n.current && !alive:
		h.replaceLocked(n, l)
	case asked != n.current:
		return false, n.current
	case l.before(n.current):
		n.retired = append(n.retired, n.current)
		h.retireLocked(n.current)
		n.current = l
		h.signalLocked()
	default:
		n.retired = append(n.retired, l)
		h.retireLocked(l)
	}
	return true, nil
}

// replaceLocked puts l in the place of a session with a device that was
// restarted or does not answer there any more.
func (h *Hub) replaceLocked(n *neighbour, l *link) {
	h.log.Info("session replaced", "device", l.id.Short(), "restarted", n.current.start != l.start)
	for _, old := range append(n.retired, n.current) {
		h.tasks.Go(func() { old.end(errReplaced) })
	}
	for c := range n.pieces {
		if c.born.Before(l.born) {
			h.tasks.Go(func() { c.Close() })
		}
	}
	n.current, n.retired, n.since = l, nil, time.Now()
	h.signalLocked()
}

// retireLocked closes l when it is no longer used, unless it becomes the
// session again.
func (h *Hub) retireLocked(l *link) {
	h.tasks.Go(func() {
		check := time.NewTicker(retireCheck)
		defer check.Stop()
		for began := time.Now(); ; {
			select {
			case <-l.done:
				return
			case now := <-check.C:
				if h.session(l.id) == l {
					return
				}
				if age := now.Sub(began); age > retireAtMost || age > retireAfter && l.mux.NumStreams() == 0 {
					l.end(errReplaced)
					return
				}
			}
		}
	})
}

// forget removes a link that has ended.
func (h *Hub) forget(l *link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.links, l)
	n := h.neighbours[l.id]
	if n == nil {
		return
	}
	n.retired = slices.DeleteFunc(n.retired, func(r *link) bool { return r == l })
	if n.current != l {
		return
	}
	for c := range n.pieces {
		h.tasks.Go(func() { c.Close() })
	}
	h.log.Info("session ends", "device", l.id.Short(), "why", l.why)
	if i := slices.IndexFunc(n.retired, (*link).isAlive); i >= 0 {
		// The other side chose differently, which takes a lost ping.
		n.current, n.since = n.retired[i], time.Now()
		n.retired = slices.Delete(n.retired, i, i+1)
	} else {
		delete(h.neighbours, l.id)
	}
	h.signalLocked()
}

// makeRoom ends the least important session if there are too many, or fails if
// none is less important than one with newcomer. h.admission must be held.
func (h *Hub) makeRoom(newcomer identity.ID) error {
	least, full := h.leastImportant(newcomer)
	switch {
	case !full:
		return nil
	case least == newcomer:
		return ErrFull
	}
	h.Drop(least, "a more important device needs the place")
	return nil
}

// leastImportant reports whether there are as many sessions as there may be,
// and which device should then have none, of those and newcomer.
func (h *Hub) leastImportant(newcomer identity.ID) (least identity.ID, full bool) {
	live := h.Live()
	if len(live) < maxSessions {
		return identity.ID{}, false
	}
	least, lowest := newcomer, h.o.Keep(newcomer)
	for _, p := range live {
		if keep := h.o.Keep(p.ID); keep < lowest {
			least, lowest = p.ID, keep
		}
	}
	return least, true
}

// Drop ends the session with the device, if there is one, and closes its
// connections for pieces. The reason is for the log.
func (h *Hub) Drop(id identity.ID, reason string) {
	h.mu.Lock()
	n := h.neighbours[id]
	if n == nil {
		h.mu.Unlock()
		return
	}
	delete(h.neighbours, id)
	h.signalLocked()
	h.mu.Unlock()

	h.log.Info("session dropped", "device", id.Short(), "reason", reason)
	for c := range n.pieces { // n is nobody else's now
		c.Close()
	}
	for _, l := range append(n.retired, n.current) {
		l.end(errDropped)
	}
}

// session returns the link that is the session with id, or nil.
func (h *Hub) session(id identity.ID) *link {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := h.neighbours[id]; n != nil {
		return n.current
	}
	return nil
}

// Live returns the devices that there is a session with, in the order of their
// IDs.
func (h *Hub) Live() []Peer {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]Peer, 0, len(h.neighbours))
	for _, n := range h.neighbours {
		list = append(list, n.current.peer(n.since))
	}
	slices.SortFunc(list, func(a, b Peer) int { return a.ID.Compare(b.ID) })
	return list
}

// Get returns the device with that ID, if there is a session with it.
func (h *Hub) Get(id identity.ID) (Peer, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.neighbours[id]
	if n == nil {
		return Peer{}, false
	}
	return n.current.peer(n.since), true
}

// Watch returns a channel that gets a signal when what [Hub.Live] returns has
// changed, and a function to end that. Signals that come faster than they are
// received count as one.
func (h *Hub) Watch() (ch <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, c)
	}
}

func (h *Hub) signalLocked() {
	for c := range h.watchers {
		select {
		case c <- struct{}{}:
		default: // one is waiting already
		}
	}
}
