package session

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"potluck/sharing/identity"
)

func TestDeadDeviceIsNoticed(t *testing.T) {
	t.Parallel()
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	way := startProxy(t, bea.addr())
	if _, err := anna.Connect(t.Context(), bea.self, way.addr()); err != nil {
		t.Fatal(err)
	}
	bea.until("the session", func() bool { return len(bea.Live()) == 1 })
	way.freeze()
	anna.until("the end of the session", func() bool { return len(anna.Live()) == 0 })
	bea.until("the end of the session", func() bool { return len(bea.Live()) == 0 })
}

func TestPingFindsTheDead(t *testing.T) {
	anna, bea, carl := start(t, "anna", Options{}), start(t, "bea", Options{}), start(t, "carl", Options{})
	anna.connect(carl)
	way := startProxy(t, bea.addr())
	if _, err := anna.Connect(t.Context(), bea.self, way.addr()); err != nil {
		t.Fatal(err)
	}
	anna.Ping(t.Context())
	if n := len(anna.Live()); n != 2 {
		t.Fatalf("%d sessions before", n)
	}
	way.freeze()
	anna.Ping(t.Context())
	anna.until("the end of the dead session", func() bool { return len(anna.Live()) == 1 })
	if _, ok := anna.Get(carl.self); !ok {
		t.Error("the living one was dropped")
	}
}

func TestRequestFailsWithItsSession(t *testing.T) {
	arrived := make(chan struct{})
	wait := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: wait})
	anna.connect(bea)
	answer := make(chan error, 1)
	go func() {
		_, err := anna.get(bea.self, "/")
		answer <- err
	}()
	<-arrived
	bea.Drop(anna.self, "a test")
	if err := <-answer; !errors.Is(err, ErrLost) {
		t.Errorf("Do: %v", err)
	}
	anna.until("the end of the session", func() bool { return len(anna.Live()) == 0 })
}

func TestAnswerCutByTheEndOfTheSession(t *testing.T) {
	half := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "half of ")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: half})
	anna.connect(bea)
	req, err := http.NewRequest(http.MethodGet, "http://device/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := anna.Do(t.Context(), bea.self, req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	anna.Drop(bea.self, "a test")
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, ErrLost) {
		t.Errorf("body: %v", err)
	}
}

func TestPiecesEndWithTheSession(t *testing.T) {
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{})
	bea := start(t, "bea", Options{Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	anna.connect(bea)
	near, err := anna.DialPieces(t.Context(), bea.self)
	if err != nil {
		t.Fatal(err)
	}
	far := <-got
	for c, want := range map[net.Conn]*device{near: bea, far: anna} {
		if got := c.RemoteAddr().String(); got != want.self.PeerAddr().String() {
			t.Errorf("RemoteAddr = %s", got)
		}
	}
	if _, err := near.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(far, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}

	anna.Drop(bea.self, "a test")
	for name, c := range map[string]net.Conn{"near": near, "far": far} {
		c.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := c.Read(make([]byte, 1)); err == nil || isTimeout(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := errors.Join(c.SetDeadline(time.Now()), c.SetReadDeadline(time.Now()), c.SetWriteDeadline(time.Now())); err != nil {
			t.Errorf("%s: deadline of a closed connection: %v", name, err)
		}
	}
	bea.until("the end of the session", func() bool { return len(bea.Live()) == 0 })
}

func TestPiecesNeedASession(t *testing.T) {
	anna := start(t, "anna", Options{})
	bea := start(t, "bea", Options{Pieces: func(_ identity.ID, c net.Conn) {
		t.Error("pieces without a session")
		c.Close()
	}})
	in, err := anna.dial(t.Context(), bea.self, []string{bea.addr()}, protoPieces)
	if err != nil {
		t.Fatal(err)
	}
	defer in.conn.Close()
	bea.stop()
	if _, err := in.conn.Read(make([]byte, 1)); err == nil {
		t.Error("read something")
	}
}
