package session

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"potluck/sharing/identity"
)

const (
	// maxUnfinished bounds the connections that have not yet shown a key and
	// said hello, maxUnfinishedOf those of one address.
	maxUnfinished   = 64
	maxUnfinishedOf = 8

	handshakeTimeout = 8 * time.Second // for the handshake and both hellos
)

// accept takes connections until ctx is done.
func (h *Hub) accept(ctx context.Context) error {
	const shortest, longest = 5 * time.Millisecond, time.Second
	pause := shortest
	for {
		listener := h.listening()
		conn, err := listener.Accept()
		switch {
		case err == nil:
			pause = shortest
			leave := h.lobby.enter(conn) // here, to enter in order of age
			h.tasks.Go(func() { h.receive(ctx, conn, leave) })
			continue
		case ctx.Err() != nil:
			return nil
		case h.listening() != listener: // that one has taken its place
			continue
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("the listener was closed: %w", err)
		}
		// Most likely there is no file descriptor left. That passes.
		h.log.Warn("a connection could not be accepted", "err", err)
		select {
		case <-time.After(pause):
			pause = min(2*pause, longest)
		case <-ctx.Done():
			return nil
		}
	}
}

// receive finds out who has connected, and for what.
func (h *Hub) receive(ctx context.Context, raw net.Conn, leave func()) {
	defer leave()
	if err := h.welcome(ctx, raw, leave); err != nil {
		h.log.Debug("connection not accepted", "addr", raw.RemoteAddr().String(), "err", err)
		raw.Close()
	}
}

func (h *Hub) welcome(ctx context.Context, raw net.Conn, leave func()) error {
	born := time.Now()
	if err := raw.SetDeadline(born.Add(handshakeTimeout)); err != nil {
		return err
	}
	w := &wire{Conn: raw, mute: true}
	conn := tls.Server(w, h.serverConfig(w))
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	in, err := introduce(conn, w, born)
	if err != nil {
		return err
	}
	if !h.o.Allow(in.id) || h.session(in.id) == nil && !h.o.Admit(in.id) {
		return fmt.Errorf("device %s may not connect", in.id.Short())
	}
	if conn.ConnectionState().NegotiatedProtocol == protoPieces {
		return h.welcomePieces(ctx, in, leave)
	}
	return h.welcomeSession(in, leave)
}

func (h *Hub) welcomeSession(in introduction, leave func()) error {
	g, err := readGreeting(in.conn)
	if err != nil {
		return err
	}
	if least, full := h.leastImportant(in.id); full && least == in.id && h.session(in.id) == nil {
		return ErrFull
	}
	if err := writeGreeting(in.conn, h.greet(0)); err != nil {
		return err
	}
	if err := in.conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	leave()
	l, err := h.newLink(in, g)
	if err != nil {
		return err
	}
	if err := h.adopt(l); err != nil {
		return err
	}
	return h.settle(l)
}

// welcomePieces hands over a connection for pieces, if there is a session with
// the device, or one comes: the device may know of it a moment earlier.
func (h *Hub) welcomePieces(ctx context.Context, in introduction, leave func()) error {
	if h.o.Pieces == nil {
		return errors.New("no pieces are exchanged here")
	}
	wait, cancel := context.WithDeadline(ctx, in.born.Add(handshakeTimeout))
	defer cancel()
	if err := h.awaitSession(wait, in.id); err != nil {
		return err
	}
	if err := in.conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	leave()
	c, err := h.takePieces(in)
	if err != nil {
		return err
	}
	h.o.Pieces(in.id, c)
	return nil
}

// awaitSession waits until there is a session with id.
func (h *Hub) awaitSession(ctx context.Context, id identity.ID) error {
	changed, stop := h.Watch()
	defer stop()
	for h.session(id) == nil {
		select {
		case <-changed:
		case <-ctx.Done():
			return ErrNoSession
		}
	}
	return nil
}

// A lobby holds the connections whose handshake is not finished. When there are
// too many the oldest is closed: an honest device needs milliseconds, and is
// through while those that only take up room grow old.
type lobby struct {
	mu      sync.Mutex
	waiting []*guest // oldest first
	closed  bool
}

type guest struct {
	conn net.Conn
	addr netip.Addr
}

// enter lets a connection in, and returns the function to call when it is
// finished; to call that again does nothing.
func (b *lobby) enter(conn net.Conn) (leave func()) {
	g := &guest{conn: conn}
	if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		g.addr = tcp.AddrPort().Addr().Unmap()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		conn.Close()
		return func() {}
	}
	of := 0
	for _, other := range b.waiting {
		if other.addr == g.addr {
			of++
		}
	}
	switch {
	case of >= maxUnfinishedOf:
		b.evictLocked(func(other *guest) bool { return other.addr == g.addr })
	case len(b.waiting) >= maxUnfinished:
		b.evictLocked(func(*guest) bool { return true })
	}
	b.waiting = append(b.waiting, g)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.waiting = slices.DeleteFunc(b.waiting, func(other *guest) bool { return other == g })
	}
}

// evictLocked closes the oldest connection that matches.
func (b *lobby) evictLocked(match func(*guest) bool) {
	if i := slices.IndexFunc(b.waiting, match); i >= 0 {
		b.waiting[i].conn.Close()
		b.waiting = slices.Delete(b.waiting, i, i+1)
	}
}

// close closes all connections, and those that are still to come.
func (b *lobby) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, g := range b.waiting {
		g.conn.Close()
	}
	b.waiting = nil
}
