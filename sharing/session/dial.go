package session

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"potluck/sharing/identity"
)

// maxAddrs bounds the addresses that are tried for one device.
const maxAddrs = 16

// Connect sees to it that there is a session with the device want, dialling it
// at the addresses given, "host:port" each, best first, of which at most 16
// count. The zero ID means whoever answers. It returns at once if there is a
// session already, and when there is one by whatever way.
//
// Connect waits for a dial to the same device that is going on.
//
// The error says for each address what went wrong; in it may be a
// [*WrongKeyError], [ErrSelf], [ErrRefused] or [ErrFull].
func (h *Hub) Connect(ctx context.Context, want identity.ID, addrs ...string) (identity.ID, error) {
	ctx, leave, err := h.enter(ctx)
	if err != nil {
		return identity.ID{}, err
	}
	defer leave()
	if want == h.self {
		return identity.ID{}, ErrSelf
	}
	addrs = addrs[:min(len(addrs), maxAddrs)]
	defer h.remember(want, addrs)
	if h.session(want) != nil {
		return want, nil
	}
	if !want.IsZero() {
		release, err := h.soleDial(ctx, want)
		if err != nil {
			return identity.ID{}, err
		}
		defer release()
		if h.session(want) != nil {
			return want, nil
		}
	}
	if len(addrs) == 0 {
		return identity.ID{}, ErrNoSession
	}
	got, err := h.connect(ctx, want, addrs)
	if err != nil && !want.IsZero() && h.session(want) != nil {
		return want, nil // it has dialled us
	}
	return got, err
}

// remember keeps the addresses of a device that there is a session with, for
// its pieces.
func (h *Hub) remember(id identity.ID, addrs []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := h.neighbours[id]; n != nil && len(addrs) > 0 {
		n.addrs = slices.Clone(addrs)
	}
}

// soleDial waits until nobody else dials the device, and keeps others from it
// until release is called.
func (h *Hub) soleDial(ctx context.Context, id identity.ID) (release func(), err error) {
	for {
		h.mu.Lock()
		other := h.dialling[id]
		if other == nil {
			over := make(chan struct{})
			h.dialling[id] = over
			h.mu.Unlock()
			return func() {
				h.mu.Lock()
				defer h.mu.Unlock()
				delete(h.dialling, id)
				close(over)
			}, nil
		}
		h.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// connect dials the device and makes a session of it.
func (h *Hub) connect(ctx context.Context, want identity.ID, addrs []string) (identity.ID, error) {
	in, err := h.dialUnlessMet(ctx, want, addrs)
	if err != nil {
		return identity.ID{}, err
	}
	h.mu.Lock()
	h.dials++
	in.dialled, in.number = true, h.dials
	h.mu.Unlock()
	if !h.o.Allow(in.id) {
		in.conn.Close()
		return identity.ID{}, fmt.Errorf("%w: device %s", ErrBlocked, in.id.Short())
	}
	g, err := h.sayHello(ctx, in)
	if err != nil {
		in.conn.NetConn().Close()
		return identity.ID{}, err
	}
	l, err := h.newLink(in, g)
	if err != nil {
		return identity.ID{}, err
	}
	if err := h.adopt(l); err != nil {
		return identity.ID{}, err
	}
	return in.id, h.settle(l)
}

// dialUnlessMet dials until the device answers, or has made a session itself.
// From then on that no longer counts: if both sides gave up a connection with
// hellos on it, since the other one came first, none would be left.
func (h *Hub) dialUnlessMet(ctx context.Context, want identity.ID, addrs []string) (introduction, error) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer cancel()
	if !want.IsZero() {
		watch.Go(func() {
			if h.awaitSession(ctx, want) == nil {
				cancel()
			}
		})
	}
	return h.dial(ctx, want, addrs, protoSession)
}

// sayHello exchanges hellos on a connection that we have made.
func (h *Hub) sayHello(ctx context.Context, in introduction) (greeting, error) {
	stop := context.AfterFunc(ctx, func() { in.conn.NetConn().Close() })
	defer stop()
	if err := in.conn.SetDeadline(in.born.Add(dialTimeout + handshakeTimeout)); err != nil {
		return greeting{}, err
	}
	if err := writeGreeting(in.conn, h.greet(in.number)); err != nil {
		return greeting{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	g, err := readGreeting(in.conn)
	switch {
	case ctx.Err() != nil:
		return greeting{}, ctx.Err()
	case errors.Is(err, errBadHello):
		return greeting{}, err
	case errors.Is(err, io.EOF):
		return greeting{}, ErrRefused
	case err != nil:
		return greeting{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return g, in.conn.SetDeadline(time.Time{})
}

// dial makes a connection to the device want at the first of the addresses that
// it proves itself at.
func (h *Hub) dial(ctx context.Context, want identity.ID, addrs []string, proto string) (introduction, error) {
	return race(ctx, addrs, func(ctx context.Context, addr string) (introduction, error) {
		in, err := h.dialOne(ctx, want, withPort(addr), proto)
		if err != nil {
			return in, fmt.Errorf("%s: %w", addr, err)
		}
		return in, nil
	}, func(in introduction) { in.conn.NetConn().Close() })
}

func (h *Hub) dialOne(ctx context.Context, want identity.ID, addr, proto string) (introduction, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout+handshakeTimeout)
	defer cancel()
	born := time.Now()
	raw, err := newDialer().DialContext(ctx, "tcp", addr)
	if err != nil {
		return introduction{}, shorten(err)
	}
	w := &wire{Conn: raw}
	conn := tls.Client(w, h.clientConfig(want, addr, proto))
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return introduction{}, explainHandshake(err)
	}
	in, err := introduce(conn, w, born)
	if err != nil {
		raw.Close()
	}
	return in, err
}

// shorten takes from an error of package net the address, which is told anyway.
func shorten(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err
	}
	return err
}

// explainHandshake says in plain words why a handshake failed, where that is
// known.
func explainHandshake(err error) error {
	var noTLS tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &noTLS), errors.As(err, &alert):
		return fmt.Errorf("what answers there is no Potluck that this one can talk to: %w", err)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("it closed the connection before saying who it is: %w", err)
	}
	return err
}

// Ping asks all devices for a sign of life at once, and ends the sessions of
// those that give none within two seconds, or that begin at an address which is no
// longer this device's. It is for after a change of network or a sleep. It returns
// when all are known.
func (h *Hub) Ping(ctx context.Context) {
	ctx, leave, err := h.enter(ctx)
	if err != nil {
		return
	}
	defer leave()
	h.mu.Lock()
	links := make([]*link, 0, len(h.links))
	for l := range h.links {
		links = append(links, l)
	}
	h.mu.Unlock()

	own, _ := net.InterfaceAddrs() // if they are not told, the pings will tell
	var pings sync.WaitGroup
	for _, l := range links {
		pings.Go(func() {
			if isOrphan(l.conn.LocalAddr(), own) {
				l.end(errMoved)
				return
			}
			if !l.ping(ctx, pingAll) && ctx.Err() == nil {
				l.end(errSilent)
			}
		})
	}
	pings.Wait()
}

// isOrphan reports whether a connection from that address can get no answers any
// more, since the address is not among our own ones.
func isOrphan(from net.Addr, own []net.Addr) bool {
	tcp, ok := from.(*net.TCPAddr)
	if !ok || len(own) == 0 || tcp.IP.IsLoopback() {
		return false
	}
	return !slices.ContainsFunc(own, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.Equal(tcp.IP)
	})
}
