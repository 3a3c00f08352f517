package session

import (
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pace"
)

const (
	readBuffer  = 128 << 10 // bytes of one read from the socket
	gatherLimit = 256 << 10 // bytes of one write to it, before TLS adds its own
)

// A wire is a TCP connection under TLS. TLS reads and writes records of 16 KiB,
// a system call each; on a fast network those calls are a good part of the
// work. Once buffered is called, the wire reads ahead, and between gather and
// flush it keeps what is written and passes it on at once.
type wire struct {
	net.Conn

	ahead       []byte // nil until buffered
	first, last int    // of what was read ahead and not yet taken

	receiving, sending atomic.Pointer[pace.Meter] // what waiting for the network is counted in, if anything

	mu        sync.Mutex // guards the fields below
	mute      bool       // nothing may be said yet
	gathering bool
	gathered  []byte
	err       error // of a flush: the records it lost cannot be made up for
}

// buffered makes the wire read ahead. No read may be going on.
func (w *wire) buffered() { w.ahead = make([]byte, readBuffer) }

func (w *wire) Read(p []byte) (int, error) {
	if w.first == w.last {
		if len(p) >= len(w.ahead) {
			return w.receive(p)
		}
		n, err := w.receive(w.ahead)
		if n <= 0 {
			return 0, err
		}
		w.first, w.last = 0, n // an error comes again with the next read
	}
	n := copy(p, w.ahead[w.first:w.last])
	w.first += n
	return n, nil
}

// Write is called by TLS for each record, also for those that TLS itself sends
// while it reads.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.mute:
		return 0, errNoKnock
	case w.err != nil:
		return 0, w.err
	case w.gathering:
		w.gathered = append(w.gathered, p...)
		return len(p), nil
	}
	return w.send(p)
}

// receive and send use the connection itself.

func (w *wire) receive(p []byte) (int, error) {
	if m := w.receiving.Load(); m != nil {
		m.Begin()
		defer m.End()
	}
	return w.Conn.Read(p)
}

func (w *wire) send(p []byte) (int, error) {
	if m := w.sending.Load(); m != nil {
		m.Begin()
		defer m.End()
	}
	return w.Conn.Write(p)
}

// speak lets what is written through, on a wire that was mute.
func (w *wire) speak() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mute = false
}

// gather makes the wire keep what is written until flush.
func (w *wire) gather() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gathering = true
}

// flush writes what was gathered.
func (w *wire) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gathering = false
	if w.err == nil && len(w.gathered) > 0 {
		_, w.err = w.send(w.gathered)
	}
	w.gathered = w.gathered[:0]
	return w.err
}

// A pieceConn is a connection for pieces. Its address is the made-up one of the
// device at the other end.
type pieceConn struct {
	id    identity.ID
	tls   *tls.Conn
	wire  *wire
	born  time.Time
	close func() error // once

	far bool // the other end is outside the local network

	writing sync.Mutex // held for a Write
}

// newPieceConn takes over a connection whose handshake is done. Closing it calls
// closed, once.
func newPieceConn(in introduction, closed func(*pieceConn)) *pieceConn {
	in.wire.buffered()
	c := &pieceConn{id: in.id, tls: in.conn, wire: in.wire, born: in.born, far: isFar(in.wire.Conn.RemoteAddr())}
	c.close = sync.OnceValue(func() error {
		// Without TLS's goodbye, which could wait behind a blocked write: each
		// message tells its length, so a cut is noticed.
		err := c.wire.Conn.Close()
		closed(c)
		return err
	})
	return c
}

// Read reads from the other end; one read at a time.
func (c *pieceConn) Read(p []byte) (int, error) { return c.tls.Read(p) }

// Write writes all of p with few system calls.
func (c *pieceConn) Write(p []byte) (written int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	for {
		part := p[written:min(len(p), written+gatherLimit)]
		c.wire.gather()
		_, err := c.tls.Write(part)
		if flushed := c.wire.flush(); err == nil {
			err = flushed
		}
		if err != nil {
			return written, err
		}
		if written += len(part); written == len(p) {
			return written, nil
		}
	}
}

// Measure has the time counted that the connection waits for the network: with
// nothing to read, and with no room for what is to be written.
func (c *pieceConn) Measure(reads, writes *pace.Meter) {
	c.wire.receiving.Store(reads)
	c.wire.sending.Store(writes)
}

// Far reports whether the other end is outside the local network.
func (c *pieceConn) Far() bool { return c.far }

// Close closes the connection at once, and ends reads and writes.
func (c *pieceConn) Close() error { return c.close() }

func (c *pieceConn) LocalAddr() net.Addr  { return c.tls.LocalAddr() }
func (c *pieceConn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.id.PeerAddr()) }

// The deadlines of a closed connection can be set without an error: the
// BitTorrent library takes one for a mistake of its own, and panics.

func (c *pieceConn) SetDeadline(t time.Time) error {
	_ = c.wire.SetDeadline(t)
	return nil
}

func (c *pieceConn) SetReadDeadline(t time.Time) error {
	_ = c.wire.SetReadDeadline(t)
	return nil
}

func (c *pieceConn) SetWriteDeadline(t time.Time) error {
	_ = c.wire.SetWriteDeadline(t)
	return nil
}

var _ net.Conn = (*pieceConn)(nil)
