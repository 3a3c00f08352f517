package session

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"potluck/sharing/identity"
)

func TestS44_UnfinishedHandshakesAreBounded(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	var idle []net.Conn
	defer func() {
		for _, c := range idle {
			c.Close()
		}
	}()
	for range 3 * maxUnfinished {
		c, err := net.Dial("tcp", bea.addr())
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, c)
	}
	anna.connect(bea) // in spite of them
	if n := bea.lobby.count(); n > maxUnfinishedOf {
		t.Errorf("%d unfinished connections of one address", n)
	}
	for i, c := range idle[:len(idle)-maxUnfinishedOf] {
		c.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := c.Read(make([]byte, 1)); err == nil || isTimeout(err) {
			t.Fatalf("connection %d was left open: %v", i, err)
		}
	}
}

func (b *lobby) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

func TestS44_LobbyOfManyAddresses(t *testing.T) {
	var b lobby
	var conns []*fakeConn
	for i := range 4 * maxUnfinished {
		c := &fakeConn{addr: &net.TCPAddr{IP: net.IPv4(10, 0, byte(i>>8), byte(i)), Port: 1}}
		conns = append(conns, c)
		defer b.enter(c)()
	}
	for i, c := range conns {
		if want := i < 3*maxUnfinished; c.closed != want {
			t.Fatalf("connection %d: closed %v", i, c.closed)
		}
	}
	if n := b.count(); n != maxUnfinished {
		t.Errorf("%d are waiting", n)
	}
	b.close()
	late := &fakeConn{addr: conns[0].addr}
	b.enter(late)()
	if !late.closed || !conns[len(conns)-1].closed {
		t.Error("a closed lobby holds connections")
	}
}

type fakeConn struct {
	net.Conn
	addr   net.Addr
	closed bool
}

func (c *fakeConn) RemoteAddr() net.Addr { return c.addr }
func (c *fakeConn) Close() error         { c.closed = true; return nil }

func TestS43_SlowHandshakeIsCutOff(t *testing.T) {
	t.Parallel()
	bea := start(t, "bea", Options{})
	silent, err := net.Dial("tcp", bea.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	self := newIdentity(t)
	noHello, err := tls.Dial("tcp", bea.addr(), &tls.Config{
		InsecureSkipVerify: true,
		Certificates:       []tls.Certificate{self.Certificate()},
		NextProtos:         []string{protoSession},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer noHello.Close()
	for name, c := range map[string]net.Conn{"no handshake": silent, "no hello": noHello} {
		c.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := c.Read(make([]byte, 1)); err == nil || isTimeout(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A poorListener has no file descriptor for its first connections.
type poorListener struct {
	net.Listener
	mu    sync.Mutex
	fails int
}

func (l *poorListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails > 0 {
		l.fails--
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

func TestS43_ListenerSurvivesLackOfDescriptors(t *testing.T) {
	o := Options{Identity: newIdentity(t), Listen: "127.0.0.1:0"}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	h.listener = &poorListener{Listener: h.listener, fails: 5}
	bea := run(t, h)
	start(t, "anna", Options{}).connect(bea)
}

// ask makes a session with d as a device that speaks for itself, and returns
// its connection after the hellos.
func ask(t *testing.T, d *device) (net.Conn, identity.ID) {
	t.Helper()
	self := newIdentity(t)
	conn, err := tls.Dial("tcp", d.addr(), &tls.Config{
		InsecureSkipVerify: true,
		Certificates:       []tls.Certificate{self.Certificate()},
		NextProtos:         []string{protoSession},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if err := writeGreeting(conn, greeting{Start: "hostile"}); err != nil {
		t.Fatal(err)
	}
	if _, err := readGreeting(conn); err != nil {
		t.Fatal(err)
	}
	d.until("the session", func() bool { return d.session(self.ID()) != nil })
	return conn, self.ID()
}

// frame returns a yamux header.
func frame(kind byte, flags uint16, stream, length uint32) []byte {
	b := []byte{0, kind}
	b = binary.BigEndian.AppendUint16(b, flags)
	b = binary.BigEndian.AppendUint32(b, stream)
	return binary.BigEndian.AppendUint32(b, length)
}

func TestS43_PingFloodEndsTheSession(t *testing.T) {
	bea := start(t, "bea", Options{})
	conn, id := ask(t, bea)
	for i := range uint32(10 * maxPings) {
		if _, err := conn.Write(frame(typePing, 1, 0, i)); err != nil {
			break // it was noticed
		}
	}
	bea.until("the end of the session", func() bool { return bea.session(id) == nil })
}

func TestS43_StreamFloodIsBounded(t *testing.T) {
	release := make(chan struct{})
	var mu sync.Mutex
	running, most := 0, 0
	hold := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		select {
		case <-release:
		case <-r.Context().Done():
		}
		mu.Lock()
		running--
		mu.Unlock()
	})
	bea := start(t, "bea", Options{Handler: hold})
	conn, id := ask(t, bea)
	const request = "GET / HTTP/1.1\r\nHost: device\r\n\r\n"
	for i := range uint32(1000) {
		_, err := conn.Write(append(frame(typeData, 1, 2*i+1, uint32(len(request))), request...))
		if err != nil {
			break
		}
		if l := bea.session(id); l != nil && l.mux.NumStreams() > maxStreams+64 {
			t.Fatalf("%d streams", l.mux.NumStreams())
		}
	}
	conn.Close()
	bea.until("the end of the session", func() bool { return bea.session(id) == nil })
	close(release)
	mu.Lock()
	defer mu.Unlock()
	if most > maxServed {
		t.Errorf("%d requests ran at once", most)
	}
}

func TestGarbageEndsTheSession(t *testing.T) {
	bea := start(t, "bea", Options{})
	for name, text := range map[string][]byte{
		"not yamux":         []byte("GET / HTTP/1.1\r\n\r\n"),
		"window exceeded":   frame(typeData, 1, 1, 1<<31),
		"unknown frame":     frame(9, 0, 0, 0),
		"unknown goodbye":   frame(3, 0, 0, 99),
		"stream twice":      append(frame(1, 1, 1, 0), frame(1, 1, 1, 0)...),
		"end of the stream": frame(1, 1|4, 1, 0)[:headerSize-1],
	} {
		conn, id := ask(t, bea)
		if _, err := conn.Write(text); err != nil {
			t.Fatal(err)
		}
		if name == "end of the stream" {
			conn.Close()
		}
		bea.until(name, func() bool { return bea.session(id) == nil })
	}
}

func TestTooManySessions(t *testing.T) {
	important := newIdentity(t)
	bea := start(t, "bea", Options{Keep: func(id identity.ID) int {
		if id == important.ID() {
			return 1
		}
		return 0
	}})
	for range maxSessions {
		ask(t, bea)
	}
	late := start(t, "late", Options{})
	if _, err := late.Connect(t.Context(), bea.self, bea.addr()); !errors.Is(err, ErrRefused) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := bea.Connect(t.Context(), late.self, late.addr()); !errors.Is(err, ErrFull) {
		t.Errorf("one too many of our own: %v", err)
	}
	start(t, "important", Options{Identity: important}).connect(bea)
	if n := len(bea.Live()); n != maxSessions {
		t.Errorf("%d sessions", n)
	}
}

func TestManyRequestsAtOnce(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	anna.connect(bea)
	var requests sync.WaitGroup
	for i := range 4 * maxServed {
		from, to := anna, bea
		if i%2 == 1 {
			from, to = bea, anna
		}
		requests.Go(func() {
			if _, err := from.get(to.self, "/"); err != nil {
				t.Error(err)
			}
		})
	}
	requests.Wait()

	late := time.After(5 * time.Second) // half of what yamux waits for a stream's other end
	check := time.NewTicker(10 * time.Millisecond)
	defer check.Stop()
	for _, l := range []*link{anna.session(bea.self), bea.session(anna.self)} {
		for l.mux.NumStreams() > 0 || len(l.served) > 0 {
			select {
			case <-check.C:
			case <-late:
				t.Fatalf("%d streams are left", l.mux.NumStreams())
			}
		}
	}
}
