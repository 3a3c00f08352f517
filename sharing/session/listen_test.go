package session

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// reaches reports whether anna answers a newcomer there.
func reaches(t *testing.T, anna *device, addr string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got, err := start(t, "newcomer", Options{}).Connect(ctx, anna.self, addr)
	return err == nil && got == anna.self
}

// Who listens elsewhere keeps its sessions, and is reached there alone; who has a
// session knows where, for pieces and for when it is lost.
func TestListenElsewhere(t *testing.T) {
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	bea, carl := start(t, "bea", Options{}), start(t, "carl", Options{})
	bea.connect(anna)
	anna.connect(carl)
	old := anna.Addr()
	if err := anna.Listen("127.0.0.1:0", true); err != nil {
		t.Fatal(err)
	}
	if anna.Addr().Port() == old.Port() {
		t.Fatal("it listens where it did")
	}
	for _, d := range []*device{bea, carl} {
		d.until("it is known where anna listens", func() bool {
			peer, ok := d.Get(anna.self)
			return ok && peer.Addr == anna.Addr()
		})
		if _, err := d.get(anna.self, "/"); err != nil {
			t.Errorf("the session: %v", err)
		}
	}
	pieces, err := bea.DialPieces(t.Context(), anna.self)
	if err != nil {
		t.Fatal(err)
	}
	pieces.Close()
	(<-got).Close()
	if reaches(t, anna, old.String()) || !reaches(t, anna, anna.addr()) {
		t.Error("it is reached where it was, or not where it is")
	}
}

// The same port can be had for other addresses of the machine.
func TestListenWider(t *testing.T) {
	anna := start(t, "anna", Options{})
	old := anna.Addr()
	if err := anna.Listen(fmt.Sprintf(":%d", old.Port()), true); err != nil {
		t.Fatal(err)
	}
	if now := anna.Addr(); now.Port() != old.Port() || !now.Addr().IsUnspecified() || !reaches(t, anna, old.String()) {
		t.Errorf("it listens on %v", anna.Addr())
	}
}

// Where it cannot listen, all is as it was.
func TestListenRefused(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	old := anna.addr()
	_, port, err := net.SplitHostPort(old)
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{
		bea.addr(),                          // another one's
		net.JoinHostPort("192.0.2.1", "0"),  // another computer's
		net.JoinHostPort("192.0.2.1", port), // likewise, but the port is our own
		net.JoinHostPort("127.0.0.1", "99999"), "nowhere",
	} {
		if err := anna.Listen(addr, true); err == nil {
			t.Errorf("it listens on %s", addr)
		}
		if anna.addr() != old || !reaches(t, anna, old) {
			t.Errorf("after %s it listens on %s, and before on %s", addr, anna.addr(), old)
		}
	}
	if err := anna.Listen(bea.addr(), false); err != nil || anna.addr() == old || anna.addr() == bea.addr() {
		t.Errorf("any port would have done: %v, it listens on %s", err, anna.addr())
	}
	anna.stop()
	if err := anna.Listen(old, true); err == nil {
		t.Error("it listens although it has stopped")
	}
}

// A hub that is not open yet will be where it is told to.
func TestListenBeforeOpen(t *testing.T) {
	h, err := New(Options{Identity: newIdentity(t), Listen: "192.0.2.1:1", ListenStrict: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err == nil {
		t.Fatal("it has an address that is not this machine's")
	}
	if err := h.Listen("127.0.0.1:0", true); err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	if anna := run(t, h); !reaches(t, anna, anna.addr()) {
		t.Error("it is not reached")
	}
}
