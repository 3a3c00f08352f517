package swarm

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	pp "github.com/anacrolix/torrent/peer_protocol"

	"potluck/sharing/identity"
)

var (
	errSevered = errors.New("swarm: connection severed")
	errRefused = errors.New("swarm: not for this device")
)

// An addr is how the library knows a device: not as an IP address and a port.
// So whatever the library does with those (bans, priorities, hole punching,
// a hash over every chunk for the sake of bans) it leaves alone, and the
// dialer gets back whom it is to dial.
type addr struct{ identity.ID }

func (addr) Network() string { return "potluck" }

// A conn is a piece connection as the library sees it. It belongs to one
// device and, once the handshake told which, to one torrent; it counts the
// payload, judges what comes in, and can be cut off without asking the library.
//
// The library reads from one goroutine and writes from one, and closes from
// any number.
type conn struct {
	net.Conn
	swarm  *Swarm
	peer   identity.ID
	dialed bool
	since  time.Time
	up     gate
	down   gate
	gone   chan struct{} // closed when it is severed

	// The reader's.
	greeted bool   // the other side's handshake has come and is in unread or gone
	unread  []byte // of the other side's handshake, or of a nudge
	in      frame
	hungry  bool // a nudge is to come between two messages

	// The writers': the library's goroutine, and tellTaker's between two messages.
	writing  sync.Mutex // held while a message is written
	greeting []byte     // our handshake, gathered: the library writes it in four pieces
	out      frame
	told     bool // the other side has been told that there is nothing, for a start

	tellMore chan struct{} // holds one signal at most, for tellTaker

	refill refill
	spare  spare

	mu        sync.Mutex // guards what follows
	torrent   *Torrent   // nil until the handshake named it
	traffic   *traffic   // set with torrent
	severed   bool
	moved     bool // payload passed
	closeOnce sync.Once
}

func newConn(s *Swarm, peer identity.ID, raw net.Conn, dialed bool) *conn {
	c := &conn{
		Conn: raw, swarm: s, peer: peer, dialed: dialed, since: time.Now(),
		gone: make(chan struct{}), tellMore: make(chan struct{}, 1),
	}
	c.up, c.down = s.gates(raw)
	return c
}

// RemoteAddr and LocalAddr are devices, see addr.
func (c *conn) RemoteAddr() net.Addr { return addr{c.peer} }
func (c *conn) LocalAddr() net.Addr  { return addr{c.swarm.self} }

// The library panics when a deadline cannot be set.

func (c *conn) SetDeadline(t time.Time) error      { return c.deadline(c.Conn.SetDeadline, t) }
func (c *conn) SetReadDeadline(t time.Time) error  { return c.deadline(c.Conn.SetReadDeadline, t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.deadline(c.Conn.SetWriteDeadline, t) }

// deadline sets a deadline, unless c was severed by means of one.
func (c *conn) deadline(set func(time.Time) error, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.severed {
		_ = set(t)
	}
	return nil
}

// sever ends all traffic on c, at once and without blocking: reads and writes
// fail from now on, so that the library closes c. May be called under any lock
// but c's own.
func (c *conn) sever() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.severed {
		c.severed = true
		close(c.gone)
		_ = c.Conn.SetDeadline(time.Unix(1, 0))
	}
}

// Close closes c, once; later calls wait for the first and return nil.
func (c *conn) Close() error {
	var err error
	c.closeOnce.Do(func() {
		c.sever()
		err = c.Conn.Close()
		c.swarm.forget(c)
	})
	return err
}

// attach binds c to the torrent that the handshake names.
func (c *conn) attach(t *Torrent, tr *traffic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.torrent, c.traffic, c.in.guard = t, tr, &t.spec
	if m, ok := c.Conn.(Measured); ok {
		m.Measure(&tr.waits.reading, &tr.waits.writing)
	}
}

// state returns the torrent that c is attached to and the device's counters,
// and whether c is of any use still.
func (c *conn) state() (t *Torrent, tr *traffic, alive bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.torrent, c.traffic, !c.severed
}

// useful reports whether c did what connections are for.
func (c *conn) useful() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved || time.Since(c.since) >= settled
}

// Read reads for the library. What it is not to see ends the connection.
func (c *conn) Read(b []byte) (int, error) {
	_, tr, alive := c.state()
	if !alive {
		return 0, errSevered
	}
	if !c.greeted {
		var h hello
		if _, err := io.ReadFull(c.Conn, h[:]); err != nil {
			return 0, err
		}
		if err := h.check(c.peer); err != nil {
			return 0, c.misbehaved(err)
		}
		c.greet(h)
	}
	if c.hungry && c.in.between() {
		c.hungry = false
		c.refill.done()
		c.unread = nudge
	}
	if len(c.unread) > 0 {
		n := copy(b, c.unread)
		c.unread = c.unread[n:]
		return n, nil
	}
	if tr == nil {
		// Before our own handshake there is nothing to read beyond the other's.
		return 0, c.misbehaved(errors.New("message before the handshake"))
	}
	if portion := c.down.portion(); portion > 0 {
		b = b[:min(len(b), portion)]
	}
	if c.hungry && c.in.rest > 0 {
		b = b[:min(int64(len(b)), c.in.rest)]
	}
	before := c.in.answers
	n, err := c.Conn.Read(b)
	payload, bad := c.in.pass(b[:n])
	if bad != nil {
		return 0, c.misbehaved(bad)
	}
	c.down.wait(n, c.gone, &tr.waits.held) // what is not read, the other side cannot send
	if !c.count(&tr.read, payload) {
		return 0, errSevered
	}
	if answers := c.in.answers - before; answers > 0 {
		c.hungry = c.refill.answered(answers) || c.hungry
	}
	return n, err
}

// count adds payload that passed to n, and reports whether it may pass: once c
// is severed none does.
func (c *conn) count(n *atomic.Int64, payload int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.severed {
		return false
	}
	n.Add(payload)
	c.moved = c.moved || payload > 0
	return true
}

// greet hands the other side's handshake to the library.
func (c *conn) greet(h hello) {
	c.greeted = true
	c.unread = h[:]
}

// misbehaved ends the connection because of what the other side sent.
func (c *conn) misbehaved(err error) error {
	c.sever()
	c.swarm.log.Debug("piece connection ended for what it sent", "peer", c.peer.Short(), "err", err)
	if t, _, _ := c.state(); t != nil {
		t.misbehaved(c.peer)
	}
	return fmt.Errorf("swarm: %w", err)
}

// Write writes for the library, which writes whole messages.
func (c *conn) Write(b []byte) (int, error) {
	t, tr, alive := c.state()
	if !alive {
		return 0, errSevered
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if len(c.greeting) < helloSize {
		return c.writeHello(b)
	}
	var parts [][]byte
	var told bool
	var err error
	switch {
	case t == nil || t.sharer == c.peer:
		return c.send(b, tr)
	case t.spread != nil:
		parts, told, err = silence(b)
	default:
		parts, err = c.spare.sift(b)
	}
	for _, part := range parts {
		if err == nil {
			_, err = c.send(part, tr)
		}
	}
	if err == nil && told && !c.told {
		c.told = true
		err = c.beginTelling(t.spread)
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// beginTelling says that there is nothing, and then what the plan has for the
// taker.
func (c *conn) beginTelling(s *spreader) error {
	if _, err := c.Conn.Write([]byte{0, 0, 0, 1, byte(pp.HaveNone)}); err != nil {
		return err
	}
	if _, err := c.swarm.enter(); err != nil {
		return err
	}
	s.join(c)
	go c.tellTaker(s)
	return nil
}

// send writes messages no faster than the limits allow, and counts the payload.
func (c *conn) send(b []byte, tr *traffic) (int, error) {
	written := 0
	for {
		part := b[written:]
		if portion := c.up.portion(); portion > 0 {
			part = part[:min(len(part), portion)]
			if !c.up.wait(len(part), c.gone, &tr.waits.held) {
				return written, errSevered
			}
		}
		tr.waits.sending.Begin()
		n, err := c.Conn.Write(part)
		tr.waits.sending.End()
		before := c.out.asks
		payload, _ := c.out.pass(part[:n]) // our own messages are not judged
		c.refill.asked(c.out.asks - before)
		c.count(&tr.written, payload)
		if written += n; err != nil || written == len(b) {
			return written, err
		}
	}
}

// writeHello gathers our handshake, learns from it which torrent a dialled
// connection is for, and sends it in one piece if that is still wanted.
func (c *conn) writeHello(b []byte) (int, error) {
	if len(c.greeting)+len(b) > helloSize {
		return 0, errors.New("swarm: library wrote more than a handshake")
	}
	c.greeting = append(c.greeting, b...)
	if len(c.greeting) < helloSize {
		return len(b), nil
	}
	if c.dialed {
		h := hello(c.greeting)
		if err := c.swarm.bind(c, h.infoHash()); err != nil {
			c.sever() // the library waits for the other side's handshake
			return 0, err
		}
	}
	if _, err := c.Conn.Write(c.greeting); err != nil {
		return 0, err
	}
	return len(b), nil
}

// traffic counts the payload exchanged with one device for one torrent, and what
// that waited for.
type traffic struct {
	read, written atomic.Int64
	waits         waits
}
