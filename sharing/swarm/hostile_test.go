package swarm

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	pp "github.com/anacrolix/torrent/peer_protocol"

	"potluck/sharing/identity"
)

// knock connects to d as another device, which is for the test to play.
func knock(t *testing.T, d *device, as identity.ID) net.Conn {
	t.Helper()
	ours, theirs, err := pair()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close() })
	d.Accept(as, theirs)
	return ours
}

// helloOf returns the handshake of a device.
func helloOf(as identity.ID, infoHash [20]byte) []byte {
	id := peerID(as)
	return slices.Concat([]byte(pp.Protocol), extensions[:], infoHash[:], id[:])
}

// message returns a message of the wire protocol.
func message(kind pp.MessageType, words ...uint32) []byte {
	b := []byte{0, 0, 0, 0, byte(kind)}
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	return b
}

// wantClosed reads c to its end and returns what came.
func wantClosed(t *testing.T, c net.Conn) []byte {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patient))
	b, err := io.ReadAll(c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the connection stays open")
	}
	return b
}

// A device that may not have a share sees its connection closed and not one
// byte, whether the share is here or not; so does one that is not in order.
func TestS49_WhoMayNotSeesNothing(t *testing.T) {
	c, other := newContent(4, 64<<10), newContent(3, 64<<10)
	l := newLAN(t)
	a := l.join(1)
	friend, stranger := idOf(7), idOf(8)
	a.mu.Lock()
	a.may = func(id identity.ID, ih [20]byte) bool { return id == friend }
	a.mu.Unlock()
	ta := a.add(c, full(c))

	plain := helloOf(friend, c.InfoHash())
	for i := range extensions {
		plain[len(pp.Protocol)+i] = 0
	}
	for _, test := range []struct {
		name string
		as   identity.ID
		sent []byte
	}{
		{"not permitted", stranger, helloOf(stranger, c.InfoHash())},
		{"no such share, not permitted", stranger, helloOf(stranger, other.InfoHash())},
		{"no such share", friend, helloOf(friend, other.InfoHash())},
		{"another device's name", friend, helloOf(stranger, c.InfoHash())},
		{"our own name", friend, helloOf(a.id, c.InfoHash())},
		{"without extensions", friend, plain},
		{"not BitTorrent", friend, slices.Repeat([]byte("GET / "), 20)},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := knock(t, a, test.as)
			if _, err := conn.Write(test.sent); err != nil {
				t.Fatal(err)
			}
			if got := wantClosed(t, conn); len(got) > 0 {
				t.Errorf("saw %q", got)
			}
		})
	}
	if s := ta.Stats(); s.Written > 0 {
		t.Errorf("sent %d bytes", s.Written)
	}
}

// A dialled connection is no way around permissions either: nothing is said on
// it about a share that the device may not have.
func TestS49_NothingIsSaidToWhoMayNot(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	a.mu.Lock()
	a.may = func(identity.ID, [20]byte) bool { return false }
	a.mu.Unlock()
	heard := make(chan net.Conn, 16)
	l.wrap = func(ours net.Conn) net.Conn {
		l, r, err := pair()
		if err != nil {
			t.Error(err)
			return ours
		}
		t.Cleanup(func() { r.Close() })
		ours.Close()
		heard <- r
		return l
	}
	a.add(c, full(c), b)
	if got := wantClosed(t, <-heard); len(got) > 0 {
		t.Errorf("said %q", got)
	}
}

// Unfinished handshakes do not pile up.
func TestS44_UnfinishedHandshakesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Options{
			Self: idOf(1),
			Dial: (&device{}).dial,
			May:  func(identity.ID, [20]byte) bool { return true },
		})
		if err != nil {
			t.Fatal(err)
		}
		s.running = true // as far as Accept is concerned
		open := 0
		closed := make(chan bool, 1000)
		knock := func(as identity.ID) {
			ours, theirs := net.Pipe()
			s.Accept(as, theirs)
			open++
			go func() {
				_, err := io.ReadAll(ours)
				closed <- err == nil
			}()
		}
		drain := func() (n int) {
			synctest.Wait()
			for len(closed) > 0 {
				<-closed
				n++
			}
			return n
		}
		for range 10 {
			knock(idOf(2))
		}
		if n := drain(); n != 10-maxStrangeEach {
			t.Errorf("%d of 10 connections of one device closed at once", n)
		}
		for i := range 200 {
			knock(idOf(10 + i))
		}
		if n := drain(); n != 200-(maxStrange-maxStrangeEach) {
			t.Errorf("%d of 200 connections closed at once", n)
		}
		time.Sleep(handshakeTimeout - time.Millisecond)
		if n := drain(); n != 0 {
			t.Errorf("%d closed too soon", n)
		}
		time.Sleep(time.Millisecond)
		if n := drain(); n != maxStrange {
			t.Errorf("%d of %d closed in time", n, maxStrange)
		}
		s.busy.Wait()
		if len(s.conns) != 0 || len(s.strange) != 0 {
			t.Errorf("%d connections, %d devices left", len(s.conns), len(s.strange))
		}
		s.cancel()
	})
}

// Whatever comes after the handshake ends the connection at worst: not the
// process, and not the torrent for others.
func TestS40_S47_GarbageEndsTheConnection(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	ta := a.add(c, full(c), b)
	evil := idOf(9)

	for _, test := range []struct {
		name string
		sent []byte
	}{
		{"noise", slices.Repeat([]byte{0xFF}, 1000)},
		{"a huge message", []byte{0x7F, 0xFF, 0xFF, 0xFF, byte(pp.Piece)}},
		{"HaveNone after HaveAll", slices.Concat(message(pp.HaveAll), message(pp.HaveNone), message(pp.Have, 0))},
		{"a bitfield after HaveAll", slices.Concat(message(pp.HaveAll), []byte{0, 0, 0, 2, byte(pp.Bitfield), 0xF0})},
		{"HaveNone after Have", slices.Concat(message(pp.Have, 1), message(pp.HaveNone))},
		{"a bitfield too long", append(message(pp.Bitfield, 1), 1)},
		{"Have of no piece", message(pp.Have, 4)},
		{"Have of a far piece", message(pp.Have, 0xFFFFFFFF)},
		{"a request of no piece", message(pp.Request, 99, 0, 1)},
		{"a request beyond the piece", message(pp.Request, 3, 64<<10-5, 1)},
		{"a request of nothing", message(pp.Request, 0, 0, 0)},
		{"a request that overflows", message(pp.Request, 0, 0xFFFFFFFF, 2)},
		{"a chunk not asked for", append(message(pp.Piece, 0, 0), 1, 2, 3)},
		{"an empty chunk", message(pp.Piece, 0, 0)},
		{"a reject of nothing", message(pp.Reject, 0, 0, 1)},
		{"allowed fast", message(pp.AllowedFast, 0xFFFFFFFF)},
		{"port", []byte{0, 0, 0, 3, byte(pp.Port), 1, 1}},
		{"hashes", message(pp.Hashes, make([]uint32, 14)...)},
		{"a hash request", message(pp.HashRequest, make([]uint32, 12)...)},
		{"metadata", append([]byte{0, 0, 0, 4, byte(pp.Extended), 1}, "de"...)},
		{"hole punching", append([]byte{0, 0, 0, 4, byte(pp.Extended), 2}, "de"...)},
		{"an extended handshake that is none", append([]byte{0, 0, 0, 6, byte(pp.Extended), 0}, "i1ei"...)},
		{"deep bencode", extended(slices.Repeat([]byte("l"), maxExtended-2))},
		{"long bencode", extended(slices.Repeat([]byte("l"), maxExtended))},
		{"a type that does not exist", message(99)},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := knock(t, a, evil)
			if _, err := conn.Write(append(helloOf(evil, c.InfoHash()), test.sent...)); err != nil {
				t.Fatal(err)
			}
			wantClosed(t, conn)
		})
	}

	m := newMemory(c)
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	m.waitWhole(t)
	ta.Drop() // panics if the library lost count of who has what
	tb.Drop()
}

func extended(payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload)+2))
	return append(append(b, byte(pp.Extended), 0), payload...)
}

// What is in order is answered, so that the test above means something.
func TestRawPeerIsServed(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a := l.join(1)
	a.add(c, full(c))
	friend := idOf(9)
	conn := knock(t, a, friend)
	sent := slices.Concat(helloOf(friend, c.InfoHash()), message(pp.HaveNone),
		extended([]byte("d1:mde4:reqqi10ee")), message(pp.Interested))
	if _, err := conn.Write(sent); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(patient))
	var h hello
	if _, err := io.ReadFull(conn, h[:]); err != nil {
		t.Fatal(err)
	}
	if err := h.check(a.id); err != nil || h.infoHash() != c.InfoHash() {
		t.Fatalf("handshake %q: %v", h, err)
	}
	asked := false
	for {
		var length uint32
		if err := binary.Read(conn, binary.BigEndian, &length); err != nil {
			t.Fatal(err)
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(conn, body); err != nil {
			t.Fatal(err)
		}
		if length == 0 {
			continue
		}
		switch pp.MessageType(body[0]) {
		case pp.Unchoke:
			if !asked {
				asked = true
				if _, err := conn.Write(message(pp.Request, 1, 100, 50)); err != nil {
					t.Fatal(err)
				}
			}
		case pp.Piece:
			if got, want := body[9:], c.data[64<<10+100:][:50]; !slices.Equal(got, want) {
				t.Error("other bytes than asked for")
			}
			return
		}
	}
}
