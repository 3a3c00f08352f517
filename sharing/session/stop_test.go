package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

func TestStopWithEverythingGoingOn(t *testing.T) {
	arrived := make(chan struct{}, 2)
	wait := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		if r.URL.Path == "/body" {
			io.Copy(io.Discard, r.Body)
		}
		<-r.Context().Done()
	})
	begun, ended := make(chan struct{}), make(chan struct{})
	pieces := func(_ identity.ID, c net.Conn) { // blocks, as it may
		defer c.Close()
		close(begun)
		io.Copy(io.Discard, c)
		close(ended)
	}
	anna, bea := start(t, "anna", Options{Handler: wait}), start(t, "bea", Options{Handler: wait, Pieces: pieces})
	anna.connect(bea)
	c, err := anna.DialPieces(t.Context(), bea.self)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-begun
	half, err := net.Dial("tcp", bea.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer half.Close()

	endless, feed := io.Pipe()
	defer feed.Close()
	var requests sync.WaitGroup
	requests.Go(func() {
		if _, err := anna.get(bea.self, "/"); err == nil {
			t.Error("the request was answered")
		}
	})
	requests.Go(func() {
		if _, err := bea.send(t.Context(), anna.self, http.MethodPut, "/body", endless); err == nil {
			t.Error("the request with a body was answered")
		}
	})
	<-arrived
	<-arrived
	dial := make(chan error, 1)
	go func() { // to where nobody answers
		_, err := bea.Connect(context.Background(), identity.ID{1}, half.LocalAddr().String(), "192.0.2.1:27420")
		dial <- err
	}()

	began := time.Now()
	bea.stop()
	if took := time.Since(began); took > 5*time.Second { // a second on a machine that is not busy
		t.Errorf("it took %v", took)
	}
	<-ended
	requests.Wait()
	if err := <-dial; err == nil {
		t.Error("a dial of a stopped hub succeeded")
	}
	if _, err := bea.Connect(t.Context(), anna.self, anna.addr()); !errors.Is(err, ErrStopped) {
		t.Errorf("Connect after the end: %v", err)
	}
	if _, err := net.Dial("tcp", bea.addr()); err == nil {
		t.Error("the port is still open")
	}
	anna.until("the end of the session", func() bool { return len(anna.Live()) == 0 })
}

func TestStopWithADeadDevice(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	way := startProxy(t, bea.addr())
	if _, err := anna.Connect(t.Context(), bea.self, way.addr()); err != nil {
		t.Fatal(err)
	}
	way.freeze()
	var requests sync.WaitGroup
	for range maxAsked { // enough to fill the buffers of the system
		requests.Go(func() {
			anna.send(t.Context(), bea.self, http.MethodPut, "/", bytes.NewReader(make([]byte, maxBody)))
		})
	}
	l := anna.session(bea.self)
	check := time.NewTicker(10 * time.Millisecond)
	defer check.Stop()
	for l.mux.NumStreams() < 8 {
		<-check.C
	}
	began := time.Now()
	anna.stop()
	if took := time.Since(began); took > 5*time.Second { // half a second, unless the machine is busy
		t.Errorf("it took %v", took)
	}
	requests.Wait()
}

func TestHandlerPanicHarmsNobody(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("a test") })
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: mux})
	anna.connect(bea)
	if _, err := anna.get(bea.self, "/panic"); err == nil {
		t.Error("a panic was an answer")
	}
	if _, err := anna.get(bea.self, "/"); err != nil {
		t.Errorf("the next request: %v", err)
	}
}

func TestRunWithContextThatIsDone(t *testing.T) {
	h, err := New(Options{Identity: newIdentity(t), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	addr := h.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("the port is still open")
	}
	if err := h.Run(ctx); err == nil {
		t.Error("it ran twice")
	}
}

func TestConnectWaitsForRun(t *testing.T) {
	bea := start(t, "bea", Options{})
	h, err := New(Options{Identity: newIdentity(t), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	dial := make(chan error, 1)
	go func() {
		_, err := h.Connect(t.Context(), bea.self, bea.addr())
		dial <- err
	}()
	run(t, h)
	if err := <-dial; err != nil {
		t.Error(err)
	}
}

func TestPortTaken(t *testing.T) {
	first := start(t, "first", Options{})
	h, err := New(Options{Identity: newIdentity(t), Listen: first.addr(), ListenStrict: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err == nil {
		t.Fatal("the port was taken twice")
	}
	if second := start(t, "second", Options{Listen: first.addr()}); second.Addr().Port() == first.Addr().Port() {
		t.Error("the port was shared")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no identity, no error")
	}
	if _, err := New(Options{Identity: newIdentity(t), Listen: "27420"}); err == nil {
		t.Error("no host, no error")
	}
}
