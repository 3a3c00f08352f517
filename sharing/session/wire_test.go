package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// piecesBetween returns the two ends of a connection for pieces.
func piecesBetween(t *testing.T) (near, far net.Conn) {
	t.Helper()
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{})
	bea := start(t, "bea", Options{Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	anna.connect(bea)
	near, err := anna.DialPieces(t.Context(), bea.self)
	if err != nil {
		t.Fatal(err)
	}
	far = <-got
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

func TestPiecesArriveAsSent(t *testing.T) {
	near, far := piecesBetween(t)
	const total = 4 << 20
	send := func(c net.Conn, seed uint64) [32]byte {
		random := rand.New(rand.NewPCG(seed, 0))
		h := sha256.New()
		for left := total; left > 0; {
			b := make([]byte, min(left, 1+random.IntN(3*gatherLimit)))
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			h.Write(b)
			if n, err := c.Write(b); n != len(b) || err != nil {
				t.Errorf("Write: %d of %d, %v", n, len(b), err)
				return [32]byte{}
			}
			left -= len(b)
		}
		return [32]byte(h.Sum(nil))
	}
	receive := func(c net.Conn) [32]byte {
		h := sha256.New()
		if n, err := io.CopyN(h, c, total); err != nil {
			t.Errorf("read %d bytes: %v", n, err)
		}
		return [32]byte(h.Sum(nil))
	}
	var both sync.WaitGroup
	var sent, received [2][32]byte
	for i, c := range []net.Conn{near, far} {
		both.Go(func() { sent[i] = send(c, uint64(i)) })
		both.Go(func() { received[1-i] = receive(c) })
	}
	both.Wait()
	if sent != received {
		t.Error("what arrived differs")
	}
}

func TestPiecesOfNothing(t *testing.T) {
	near, _ := piecesBetween(t)
	if n, err := near.Write(nil); n != 0 || err != nil {
		t.Errorf("Write: %d, %v", n, err)
	}
}

func TestBlockedPieceWriteEndsWithClose(t *testing.T) {
	near, _ := piecesBetween(t) // nobody reads
	failed := make(chan error, 1)
	go func() {
		var err error
		for b := make([]byte, 1<<20); err == nil; _, err = near.Write(b) {
		}
		failed <- err
	}()
	near.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	if err := <-failed; !isTimeout(errors.Unwrap(err)) && !isTimeout(err) {
		t.Errorf("after the deadline: %v", err)
	}
	near.SetWriteDeadline(time.Time{})
	if _, err := near.Write([]byte("x")); err == nil {
		t.Error("wrote behind lost records")
	}

	near, _ = piecesBetween(t)
	go func() {
		var err error
		for b := make([]byte, 1<<20); err == nil; _, err = near.Write(b) {
		}
		failed <- err
	}()
	near.Close()
	if err := <-failed; err == nil {
		t.Error("no error")
	}
}

// A countingConn counts the calls of Write.
type countingConn struct {
	net.Conn
	got    bytes.Buffer
	writes int
}

func (c *countingConn) Write(p []byte) (int, error) {
	c.writes++
	return c.got.Write(p)
}

func TestWireGathers(t *testing.T) {
	var c countingConn
	w := &wire{Conn: &c}
	io.WriteString(w, "a")
	w.gather()
	for _, s := range []string{"b", "c", "d"} {
		io.WriteString(w, s)
	}
	if c.got.String() != "a" {
		t.Errorf("before the flush: %q", c.got.String())
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "e")
	if c.got.String() != "abcde" || c.writes != 3 {
		t.Errorf("%q in %d writes", c.got.String(), c.writes)
	}
}

func BenchmarkPieces(b *testing.B) { benchmarkConn(b, true) }

func BenchmarkPlainTLS(b *testing.B) { benchmarkConn(b, false) }

// benchmarkConn measures writes of the size of the BitTorrent library's.
func benchmarkConn(b *testing.B, fast bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	server, client := newHub(b), newHub(b)
	accepted := make(chan net.Conn, 1)
	go func() {
		raw, err := l.Accept()
		if err != nil {
			b.Error(err)
			close(accepted)
			return
		}
		accepted <- handshake(b, raw, fast, func(c net.Conn) *tls.Conn { return tls.Server(c, server.serverConfig(&wire{})) })
	}()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	near := handshake(b, raw, fast, func(c net.Conn) *tls.Conn {
		return tls.Client(c, client.clientConfig(server.self, "", protoPieces))
	})
	far := <-accepted
	defer near.Close()
	defer far.Close()

	const size = 128<<10 + 13 // a request and its header
	drained := make(chan error, 1)
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.LimitReader(struct{ io.Reader }{far}, int64(b.N)*size), make([]byte, 128<<10))
		drained <- err
	}()
	block := make([]byte, size)
	b.SetBytes(size)
	b.ResetTimer()
	for range b.N {
		if _, err := near.Write(block); err != nil {
			b.Fatal(err)
		}
	}
	if err := <-drained; err != nil {
		b.Fatal(err)
	}
}

func newHub(b *testing.B) *Hub {
	b.Helper()
	h, err := New(Options{Identity: newIdentity(b)})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func handshake(b *testing.B, raw net.Conn, fast bool, secure func(net.Conn) *tls.Conn) net.Conn {
	w := &wire{Conn: raw}
	under := net.Conn(w)
	if !fast {
		under = raw
	}
	conn := secure(under)
	if err := conn.HandshakeContext(context.Background()); err != nil {
		b.Error(err)
	}
	if !fast {
		return conn
	}
	in, err := introduce(conn, w, time.Now())
	if err != nil {
		b.Error(err)
	}
	return newPieceConn(in, func(*pieceConn) {})
}
