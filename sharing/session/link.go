package session

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/yamux"

	"potluck/sharing/identity"
)

// goodbye is how long a closing link tries to tell the other side.
const goodbye = 250 * time.Millisecond

// A link is one authenticated, multiplexed connection with a device, after both
// hellos. A session is the link that the hub has chosen for a device.
type link struct {
	hub     *Hub
	id      identity.ID
	key     ed25519.PublicKey
	dialled bool      // by us
	number  uint64    // of the dial, as the side that dialled counts
	start   string    // of the run of the program at the other end
	born    time.Time // before the first byte was exchanged

	conn      *tls.Conn
	mux       *yamux.Session
	transport *http.Transport
	served    chan struct{} // holds one for each request being answered

	ending sync.Once
	why    error // set by ending, read after done
	done   <-chan struct{}
	life   context.Context // done a moment after done
	die    context.CancelFunc

	announcing sync.Mutex     // held to send our hello
	handlers   sync.WaitGroup // of requests being answered

	mu     sync.Mutex // guards the fields below
	closed bool       // no handler may begin
	hello  Hello
	port   int            // that the other side says it listens on; 0 if it does not
	addr   netip.AddrPort // where it can be dialled; not valid if unknown
}

// introduction is what is known of a connection when the handshake is done.
type introduction struct {
	conn    *tls.Conn
	wire    *wire
	id      identity.ID
	key     ed25519.PublicKey
	dialled bool
	number  uint64
	born    time.Time
}

func introduce(conn *tls.Conn, w *wire, born time.Time) (introduction, error) {
	id, key, err := identity.OfPeer(conn.ConnectionState())
	return introduction{conn: conn, wire: w, id: id, key: key, born: born}, err
}

// newLink starts to multiplex a connection on which the hellos were exchanged.
func (h *Hub) newLink(in introduction, g greeting) (*link, error) {
	l := &link{
		hub:     h,
		id:      in.id,
		key:     in.key,
		dialled: in.dialled,
		number:  in.number,
		start:   g.Start,
		born:    in.born,
		conn:    in.conn,
		served:  make(chan struct{}, maxServed),
		hello:   g.hello(),
		port:    g.Port,
		addr:    reachable(in.conn.RemoteAddr(), in.dialled, g.Port),
	}
	if !in.dialled {
		l.number = g.Dial
	}
	open := yamux.Server
	if in.dialled {
		open = yamux.Client
	}
	var err error
	if l.mux, err = open(&guard{Conn: in.conn}, muxConfig(h.log)); err != nil {
		return nil, err
	}
	l.done = l.mux.CloseChan()
	l.life, l.die = context.WithCancel(context.Background())
	l.transport = &http.Transport{
		DialContext:            func(ctx context.Context, _, _ string) (net.Conn, error) { return l.open(ctx) },
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxConnsPerHost:        maxAsked,
		MaxResponseHeaderBytes: maxHeader,
	}
	return l, nil
}

// reachable returns where the device at the other end can be dialled: where we
// did dial it, or where its connection came from with the port it listens on.
// It is not valid if the device does not say.
func reachable(remote net.Addr, dialled bool, port int) netip.AddrPort {
	tcp, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	at := tcp.AddrPort()
	switch {
	case dialled:
	case port == 0:
		return netip.AddrPort{}
	default:
		at = netip.AddrPortFrom(at.Addr(), uint16(port))
	}
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// serve answers the requests of the other side until the link ends.
func (l *link) serve() {
	_ = l.hub.server.Serve(door{l}) // the error is always that the door closed
	l.end(ErrLost)
	l.die()
	l.transport.CloseIdleConnections()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

// begin counts a handler that begins, until handlers.Done. It reports false if
// the link has ended.
func (l *link) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.handlers.Add(1)
	}
	return !l.closed
}

// open opens a stream for a request of ours.
func (l *link) open(ctx context.Context) (net.Conn, error) {
	type opened struct {
		s   *yamux.Stream
		err error
	}
	// Opening waits while the other side has 32 streams to accept, and does not
	// look at ctx. It ends with the link at the latest.
	result := make(chan opened)
	go func() {
		s, err := l.mux.OpenStream()
		select {
		case result <- opened{s, err}:
		case <-ctx.Done():
			if err == nil {
				s.Close()
			}
		}
	}()
	select {
	case r := <-result:
		if r.err != nil {
			return nil, r.err
		}
		return newStream(r.s, l, func() {}), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ping reports whether the other side answers within d.
func (l *link) ping(ctx context.Context, d time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	answered := make(chan bool, 1)
	go func() { // ends with the link at the latest
		_, err := l.mux.Ping()
		answered <- err == nil
	}()
	select {
	case ok := <-answered:
		return ok
	case <-ctx.Done():
		return false
	}
}

// end closes the link. It may be called again, and waits for the first call.
func (l *link) end(why error) {
	l.ending.Do(func() {
		l.why = why
		cut := time.AfterFunc(goodbye, func() { l.conn.NetConn().Close() })
		defer cut.Stop()
		l.mux.Close()
	})
}

// isAlive reports whether the link has not ended.
func (l *link) isAlive() bool {
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

// before reports whether l is the one to keep of two links with the same run of
// a device. Both devices come to the same answer.
func (l *link) before(other *link) bool {
	if l.bySmaller() != other.bySmaller() {
		return l.bySmaller()
	}
	return l.number < other.number
}

// bySmaller reports whether the side with the smaller ID dialled.
func (l *link) bySmaller() bool { return l.dialled == (l.hub.self.Compare(l.id) < 0) }

// update takes over a greeting that has changed. Who dialled another port than the
// one that was named goes on doing so until another one is named: a router may lead
// from the one to the other.
func (l *link) update(g greeting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hello = g.hello()
	if g.Port != l.port {
		l.port = g.Port
		l.addr = reachable(l.conn.RemoteAddr(), false, g.Port)
	}
}

// where returns where the device can probably be dialled; it is not valid if that
// is unknown.
func (l *link) where() netip.AddrPort {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.addr
}

// peer returns the device as others may see it.
func (l *link) peer(since time.Time) Peer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Peer{ID: l.id, Key: l.key, Hello: l.hello, Addr: l.addr, Since: since}
}
