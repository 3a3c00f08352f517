package session

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// A stranger is a TLS server with a key of its own. It counts what it is sent
// after the handshake.
type stranger struct {
	net.Listener
	got  atomic.Int64
	done chan struct{}
}

func startStranger(t *testing.T, config *tls.Config) *stranger {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stranger{Listener: l, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			conn := tls.Server(raw, config)
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			n, _ := io.Copy(io.Discard, conn) // with the handshake
			s.got.Add(n)
			conn.Close()
		}
	}()
	t.Cleanup(s.stop)
	return s
}

func (s *stranger) stop() {
	s.Close()
	<-s.done
}

func TestS33_NothingIsSentToTheWrongDevice(t *testing.T) {
	anna, other := start(t, "anna", Options{}), newIdentity(t)
	wrong := startStranger(t, &tls.Config{
		Certificates: []tls.Certificate{other.Certificate()},
		ClientAuth:   tls.RequireAnyClientCert,
		NextProtos:   []string{protoSession, protoPieces},
	})
	want := newIdentity(t).ID()
	for _, proto := range []string{protoSession, protoPieces} {
		_, err := anna.dial(t.Context(), want, []string{wrong.Addr().String()}, proto)
		var wrongKey *WrongKeyError
		if !errors.As(err, &wrongKey) || wrongKey.Got != other.ID() || wrongKey.Want != want {
			t.Errorf("%s: %v", proto, err)
		}
	}
	if _, err := anna.Connect(t.Context(), want, wrong.Addr().String()); err == nil {
		t.Error("Connect succeeded")
	}
	wrong.stop()
	if n := wrong.got.Load(); n != 0 {
		t.Errorf("%d bytes were sent", n)
	}
}

func TestS34_ConnectionsThatProveNothingAreRefused(t *testing.T) {
	var asked atomic.Int32
	bea := start(t, "bea", Options{
		Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }),
		Pieces: func(_ identity.ID, c net.Conn) {
			asked.Add(1)
			c.Close()
		},
	})
	anna := newIdentity(t)
	borrowed := newIdentity(t).Certificate()
	borrowed.Certificate = bea.o.Identity.Certificate().Certificate

	base := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protoSession}}
	for name, change := range map[string]func(*tls.Config){
		"no certificate":      func(*tls.Config) {},
		"certificate, no key": func(c *tls.Config) { c.Certificates = []tls.Certificate{borrowed} },
		"its own key":         func(c *tls.Config) { c.Certificates = []tls.Certificate{bea.o.Identity.Certificate()} },
		"no protocol":         func(c *tls.Config) { c.Certificates, c.NextProtos = []tls.Certificate{anna.Certificate()}, nil },
		"another protocol": func(c *tls.Config) {
			c.Certificates, c.NextProtos = []tls.Certificate{anna.Certificate()}, []string{"h2"}
		},
		"an older TLS": func(c *tls.Config) {
			c.Certificates, c.MaxVersion = []tls.Certificate{anna.Certificate()}, tls.VersionTLS12
		},
		"pieces with no session": func(c *tls.Config) { c.Certificates, c.NextProtos = []tls.Certificate{}, []string{protoPieces} },
	} {
		config := base.Clone()
		change(config)
		conn, err := tls.Dial("tcp", bea.addr(), config)
		if err != nil {
			continue // refused in the handshake
		}
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		_ = writeGreeting(conn, greeting{Start: "1"})
		if n, err := conn.Read(make([]byte, 1)); n > 0 || isTimeout(err) {
			t.Errorf("%s: read %d bytes, %v", name, n, err)
		}
		conn.Close()
	}
	if len(bea.Live()) > 0 || asked.Load() > 0 {
		t.Errorf("%d sessions, %d requests", len(bea.Live()), asked.Load())
	}
}

func TestS34_ServerMustProveItsKey(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), newIdentity(t)
	borrowed := newIdentity(t).Certificate()
	borrowed.Certificate = bea.Certificate().Certificate
	liar := startStranger(t, &tls.Config{
		Certificates: []tls.Certificate{borrowed},
		NextProtos:   []string{protoSession},
	})
	if _, err := anna.Connect(t.Context(), bea.ID(), liar.Addr().String()); err == nil {
		t.Error("a certificate without its key was believed")
	}
	liar.stop()
	if n := liar.got.Load(); n != 0 {
		t.Errorf("%d bytes were sent", n)
	}
}

func TestS35_RedirectsAndProxiesAreNotFollowed(t *testing.T) {
	var visited atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited.Add(1) }))
	defer trap.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, trap.URL)
	}
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, trap.URL, http.StatusTemporaryRedirect)
	})
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: away})
	anna.connect(bea)
	for _, url := range []string{"http://device/v1/x", trap.URL + "/v1/x"} {
		req, err := http.NewRequest(http.MethodPost, url, strings.NewReader("private"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := anna.Do(t.Context(), bea.self, req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("%s: %s", url, resp.Status)
		}
	}
	if visited.Load() > 0 {
		t.Error("the other server was visited")
	}
}

func TestS35_PortsOfServicesAreNotDialled(t *testing.T) {
	for _, port := range []int{-1, 0, 22, 80, 1023, 65536} {
		g, err := parseGreeting([]byte(`{"start":"1","port":` + strconv.Itoa(port) + `}`))
		if err != nil || g.Port != 0 {
			t.Errorf("port %d became %d, %v", port, g.Port, err)
		}
	}
}

func TestBlockedDevice(t *testing.T) {
	anna := start(t, "anna", Options{})
	bea := start(t, "bea", Options{Allow: func(id identity.ID) bool { return id != anna.self }})
	if _, err := anna.Connect(t.Context(), bea.self, bea.addr()); !errors.Is(err, ErrRefused) {
		t.Errorf("the blocked one: %v", err)
	}
	if _, err := bea.Connect(t.Context(), anna.self, anna.addr()); err == nil {
		t.Error("bea connected to whom it has blocked")
	}
	if len(bea.Live()) > 0 {
		t.Error("there is a session")
	}
}

func TestBodyIsBounded(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		var tooLong *http.MaxBytesError
		switch {
		case errors.As(err, &tooLong) && n == tooLong.Limit:
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		case err != nil:
			t.Errorf("read %d bytes: %v", n, err)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/small", read)
	mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) {
		AllowBody(r.Context(), 4*maxBody)
		read(w, r)
	})
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: mux})
	anna.connect(bea)
	for _, test := range []struct {
		path string
		size int
		ok   bool
	}{
		{"/small", 0, true},
		{"/small", maxBody, true},
		{"/small", maxBody + 1, false},
		{"/large", 4 * maxBody, true},
		{"/large", 4*maxBody + 1, false},
	} {
		_, err := anna.send(t.Context(), bea.self, http.MethodPut, test.path, bytes.NewReader(make([]byte, test.size)))
		if (err == nil) != test.ok {
			t.Errorf("%s with %d bytes: %v", test.path, test.size, err)
		}
	}
}

func TestAnswerIsBounded(t *testing.T) {
	b := &body{ReadCloser: io.NopCloser(strings.NewReader("0123456789")), limit: 4}
	got, err := io.ReadAll(b)
	var tooLong *http.MaxBytesError
	if string(got) != "0123" || !errors.As(err, &tooLong) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestHeaderIsBounded(t *testing.T) {
	long := strings.Repeat("x", 2*maxHeader)
	boast := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Boast", long) })
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{Handler: boast})
	anna.connect(bea)
	if _, err := anna.get(bea.self, "/"); err == nil {
		t.Error("an answer with a long header was read")
	}
	req, err := http.NewRequest(http.MethodGet, "http://device/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Boast", long)
	resp, err := bea.Do(t.Context(), anna.self, req)
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("a request with a long header: %s", resp.Status)
		}
	}
}

func TestRequestWithoutDeadlineGetsOne(t *testing.T) {
	deadline := make(chan bool, 1)
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	anna.connect(bea)
	l := anna.session(bea.self)
	l.transport.RegisterProtocol("http", roundTrip(func(r *http.Request) (*http.Response, error) {
		_, ok := r.Context().Deadline()
		deadline <- ok
		return nil, errors.New("enough")
	}))
	if _, err := anna.send(context.Background(), bea.self, http.MethodGet, "/", nil); err == nil {
		t.Error("no error")
	}
	if !<-deadline {
		t.Error("the request had no deadline")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
