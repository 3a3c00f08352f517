package session

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// wantOneLink waits until there is one connection between a and b, and returns
// the two ends of it.
func wantOneLink(t *testing.T, a, b *device) (ofA, ofB *link) {
	t.Helper()
	late := time.After(20 * time.Second)
	check := time.NewTicker(10 * time.Millisecond)
	defer check.Stop()
	for {
		if a.countLinks() == 1 && b.countLinks() == 1 {
			ofA, ofB = a.session(b.self), b.session(a.self)
			if ofA == nil || ofB == nil || ofA.dialled == ofB.dialled {
				t.Fatalf("the ends do not match: %+v, %+v", ofA, ofB)
			}
			return ofA, ofB
		}
		select {
		case <-check.C:
		case <-late:
			t.Fatalf("%d and %d connections are left", a.countLinks(), b.countLinks())
		}
	}
}

func (d *device) countLinks() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.links)
}

func TestBothDialAtOnce(t *testing.T) {
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			small, large := twoIdentities(t)
			anna, bea := start(t, "anna", Options{Identity: small}), start(t, "bea", Options{Identity: large})
			var dials sync.WaitGroup
			for range 3 {
				dials.Go(func() { anna.connectLoosely(bea) })
				dials.Go(func() { bea.connectLoosely(anna) })
			}
			dials.Wait()
			wantOneLink(t, anna, bea)
			for _, pair := range [][2]*device{{anna, bea}, {bea, anna}} {
				if _, err := pair[0].get(pair[1].self, "/"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// connectLoosely dials even if there is a session.
func (d *device) connectLoosely(other *device) {
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	if _, err := d.Connect(ctx, identity.ID{}, other.addr()); err != nil {
		d.t.Errorf("Connect: %v", err)
	}
}

func TestDialOfSmallerIDStays(t *testing.T) {
	small, large := twoIdentities(t)
	release := make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-release
		}
		io.WriteString(w, "done")
	})
	anna, bea := start(t, "anna", Options{Identity: small, Handler: slow}), start(t, "bea", Options{Identity: large})
	bea.connect(anna)
	before, _ := anna.Get(bea.self)

	answer := make(chan error, 1)
	go func() {
		_, err := bea.get(anna.self, "/slow")
		answer <- err
	}()
	old := anna.session(bea.self)
	for len(old.served) == 0 { // the request has arrived
		if _, err := bea.get(anna.self, "/"); err != nil {
			t.Fatal(err)
		}
	}

	anna.connectLoosely(bea)
	if l := anna.session(bea.self); !l.dialled {
		t.Error("the session is not the one that the smaller ID dialled")
	}
	if after, _ := anna.Get(bea.self); !after.Since.Equal(before.Since) {
		t.Error("a device that stayed has another Since")
	}
	if !old.isAlive() {
		t.Error("the other connection was closed with a request on it")
	}
	close(release)
	if err := <-answer; err != nil {
		t.Errorf("the request that was going on: %v", err)
	}
	if ofAnna, _ := wantOneLink(t, anna, bea); !ofAnna.dialled {
		t.Error("the wrong connection is left")
	}
}

func TestRestartReplacesAtOnce(t *testing.T) {
	self := newIdentity(t)
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	before := start(t, "bea before", Options{Identity: self})
	before.connect(anna)
	if _, err := before.DialPieces(t.Context(), anna.self); err != nil {
		t.Fatal(err)
	}
	pieces := <-got
	first, _ := anna.Get(self.ID())

	after := start(t, "bea after", Options{Identity: self}) // the old one still runs
	after.connectLoosely(anna)
	anna.until("the new session", func() bool {
		peer, _ := anna.Get(self.ID())
		return peer.Hello.Name == "bea after" && !peer.Since.Equal(first.Since)
	})
	if got, err := anna.get(self.ID(), "/"); err != nil || got != "bea after hears anna" {
		t.Errorf("got %q, %v", got, err)
	}
	before.until("the end of the old session", func() bool { return before.session(anna.self) == nil })
	pieces.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := pieces.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("the connection for pieces of the old run: %v", err)
	}
	pieces.Close()
}

func TestOldConnectionThatIsDeadGivesWay(t *testing.T) {
	small, large := twoIdentities(t)
	anna, bea := start(t, "anna", Options{Identity: small}), start(t, "bea", Options{Identity: large})
	way := startProxy(t, bea.addr())
	if _, err := anna.Connect(t.Context(), bea.self, way.addr()); err != nil {
		t.Fatal(err)
	}
	bea.until("the session", func() bool { return len(bea.Live()) == 1 })
	first, _ := anna.Get(bea.self)
	way.freeze()

	bea.connectLoosely(anna) // the one that would lose if the old one were alive
	if l := bea.session(anna.self); !l.dialled {
		t.Error("the dead connection was kept")
	}
	anna.until("the new session", func() bool {
		peer, ok := anna.Get(bea.self)
		return ok && !peer.Since.Equal(first.Since)
	})
	if got, err := anna.get(bea.self, "/"); err != nil || got != "bea hears anna" {
		t.Errorf("got %q, %v", got, err)
	}
}

func isTimeout(err error) bool {
	t, ok := err.(net.Error)
	return ok && t.Timeout()
}
