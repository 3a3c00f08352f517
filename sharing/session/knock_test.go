package session

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"potluck/sharing/identity"
)

func TestKnockIsForOneDeviceAndThreeHours(t *testing.T) {
	bea, other := newIdentity(t).ID(), newIdentity(t).ID()
	now := time.Date(2026, 11, 26, 12, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		id   identity.ID
		at   time.Time
		good bool
	}{
		{"now", bea, now, true},
		{"in another zone", bea, now.In(time.FixedZone("", 7*3600)), true},
		{"an hour behind", bea, now.Add(-time.Hour), true},
		{"an hour ahead", bea, now.Add(time.Hour), true},
		{"two hours behind", bea, now.Add(-2 * time.Hour), false},
		{"two hours ahead", bea, now.Add(2 * time.Hour), false},
		{"for another device", other, now, false},
	} {
		if got := isKnock(knock(test.id, test.at), bea, now); got != test.good {
			t.Errorf("%s: %v", test.name, got)
		}
	}
	for _, name := range []string{"", "potluck", ".potluck", "example.com", bea.String(), knock(bea, now)[1:], knock(bea, now) + "."} {
		if isKnock(name, bea, now) {
			t.Errorf("%q is a knock", name)
		}
	}
	if name := knock(bea, now); strings.Contains(name, bea.String()[:8]) {
		t.Errorf("%s tells the ID", name)
	}
}

// read returns what a server says to a client that sends text, before it closes.
func read(t *testing.T, addr string, text []byte) []byte {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := conn.Write(text); err != nil {
		t.Fatal(err)
	}
	if c, ok := conn.(*net.TCPConn); ok {
		c.CloseWrite()
	}
	said, err := io.ReadAll(conn)
	if isTimeout(err) {
		t.Fatal("the connection was not closed")
	}
	return said
}

// hello returns the first message of a TLS client with that configuration.
func hello(t *testing.T, config *tls.Config) []byte {
	t.Helper()
	near, far := net.Pipe()
	done := make(chan []byte)
	go func() {
		b := make([]byte, 16<<10)
		n, _ := far.Read(b)
		far.Close()
		done <- b[:n]
	}()
	_ = tls.Client(near, config).Handshake() // fails when far closes
	return <-done
}

func TestDeviceThatIsNotToBeFoundSaysNothing(t *testing.T) {
	var open atomic.Bool
	bea := start(t, "bea", Options{Open: open.Load})
	stranger := newIdentity(t)
	config := func(name string) *tls.Config {
		return &tls.Config{
			InsecureSkipVerify: true, ServerName: name, NextProtos: []string{protoSession},
			Certificates: []tls.Certificate{stranger.Certificate()},
		}
	}
	old := config("example.com")
	old.MaxVersion = tls.VersionTLS12
	for name, text := range map[string][]byte{
		"a hello with no name":       hello(t, config("")),
		"a hello with another name":  hello(t, config("example.com")),
		"a hello for another device": hello(t, config(knock(stranger.ID(), time.Now()))),
		"a hello of long ago":        hello(t, config(knock(bea.self, time.Now().Add(-3*time.Hour)))),
		"an older TLS":               hello(t, old),
		"no TLS":                     []byte("GET / HTTP/1.1\r\n\r\n"),
		"a broken record":            {22, 3, 1, 0, 5, 1, 0, 0, 1, 0},
	} {
		if len(text) == 0 {
			t.Fatalf("%s: nothing to send", name)
		}
		if said := read(t, bea.addr(), text); len(said) > 0 {
			t.Errorf("%s: it said %d bytes", name, len(said))
		}
	}
	if said := read(t, bea.addr(), hello(t, config(knock(bea.self, time.Now())))); len(said) == 0 {
		t.Error("it says nothing to a caller who knows it")
	}
	open.Store(true)
	said := read(t, bea.addr(), hello(t, config("")))
	if len(said) == 0 {
		t.Error("it says nothing though it is to be found")
	}
	if bytes.Contains(said, stranger.Certificate().Certificate[0]) {
		t.Error("a certificate travels in clear")
	}
}

func TestDeviceThatIsNotToBeFoundHasSessions(t *testing.T) {
	anna, carl := start(t, "anna", Options{}), start(t, "carl", Options{})
	bea := start(t, "bea", Options{
		Open:  func() bool { return false },
		Admit: func(id identity.ID) bool { return id == anna.self },
	})
	anna.connect(bea)
	if _, err := anna.Connect(t.Context(), identity.ID{}, bea.addr()); err == nil {
		t.Error("it answered a caller who did not know it")
	}
	if _, err := carl.Connect(t.Context(), bea.self, bea.addr()); !errors.Is(err, ErrRefused) {
		t.Errorf("the one that is not let in: %v", err)
	}
	// It may call whom it likes, and exchange pieces with those.
	bea.connect(carl)
	if got := len(bea.Live()); got != 2 {
		t.Errorf("%d sessions, want 2", got)
	}
}
