package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"potluck/sharing/identity"
)

// A Hub keeps the sessions of this device. Its methods are safe to call from
// any goroutine; those that need the network wait for [Hub.Run] to have begun.
type Hub struct {
	o      Options
	log    *slog.Logger
	self   identity.ID
	start  string // of this run of the program
	server *http.Server
	lobby  lobby
	tasks  sync.WaitGroup // all goroutines of Run

	running  chan struct{} // closed when Run begins
	stopping chan struct{} // closed when it is asked to stop

	admission sync.Mutex // held to add a neighbour; taken before mu

	mu         sync.Mutex   // guards the fields below
	listener   net.Listener // replaced by Listen
	started    bool
	stopped    bool
	dials      uint64
	links      map[*link]struct{}
	neighbours map[identity.ID]*neighbour
	watchers   map[chan struct{}]struct{}
	dialling   map[identity.ID]chan struct{} // closed when the dial is over
}

// New returns a hub that has not begun. It opens nothing and starts nothing.
func New(o Options) (*Hub, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return nil, fmt.Errorf("the address to listen on must be HOST:PORT: %w", err)
	}
	h := &Hub{
		o:          o,
		log:        o.Log,
		self:       o.Identity.ID(),
		start:      newStart(),
		running:    make(chan struct{}),
		stopping:   make(chan struct{}),
		links:      make(map[*link]struct{}),
		neighbours: make(map[identity.ID]*neighbour),
		watchers:   make(map[chan struct{}]struct{}),
		dialling:   make(map[identity.ID]chan struct{}),
	}
	h.server = h.newServer()
	return h, nil
}

// Run accepts connections and keeps sessions until ctx is done, and then
// returns nil. It closes everything then, which takes a moment, and returns when
// all its goroutines, handlers included, have ended. It is to be called once.
func (h *Hub) Run(ctx context.Context) error {
	if err := h.Open(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h.mu.Lock()
	if h.started {
		h.mu.Unlock()
		return errors.New("session: Run called twice")
	}
	h.started = true
	h.mu.Unlock()
	close(h.running)

	failed := make(chan error, 1)
	h.tasks.Go(func() { failed <- h.accept(ctx) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	cancel()
	h.stop()
	return err
}

// stop closes everything and waits.
func (h *Hub) stop() {
	h.mu.Lock()
	h.stopped = true
	listener := h.listener
	links := h.links
	h.links = nil
	var pieces []*pieceConn
	for _, n := range h.neighbours {
		for c := range n.pieces {
			pieces = append(pieces, c)
		}
	}
	h.mu.Unlock()

	close(h.stopping)
	listener.Close()
	h.lobby.close()
	for _, c := range pieces {
		c.Close()
	}
	for l := range links {
		h.tasks.Go(func() { l.end(ErrStopped) })
	}
	h.tasks.Wait()
}

// enter counts the caller among the hub's tasks until leave is called, and
// returns a context that also ends with the hub. It waits for Run to begin.
func (h *Hub) enter(ctx context.Context) (inner context.Context, leave func(), err error) {
	select {
	case <-h.running:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		return nil, nil, ErrStopped
	}
	h.tasks.Add(1)
	inner, cancel := context.WithCancel(ctx)
	h.tasks.Go(func() {
		select {
		case <-h.stopping:
			cancel()
		case <-inner.Done():
		}
	})
	return inner, func() { cancel(); h.tasks.Done() }, nil
}

// adopt starts to serve a link, unless the hub is stopping.
func (h *Hub) adopt(l *link) error {
	h.mu.Lock()
	stopped := h.stopped
	if !stopped {
		h.links[l] = struct{}{}
		h.tasks.Go(func() {
			l.serve()
			h.forget(l)
			l.handlers.Wait()
		})
	}
	h.mu.Unlock()
	if stopped {
		l.end(ErrStopped)
		l.die()
		return ErrStopped
	}
	return nil
}
