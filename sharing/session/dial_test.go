package session

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"potluck/sharing/identity"
)

// An attempt says how a dial to an address goes.
type attempt struct {
	after time.Duration
	err   error
}

func TestRace(t *testing.T) {
	refused := errors.New("refused")
	for _, test := range []struct {
		name     string
		attempts map[string]attempt // of addresses a, b, c, in that order
		want     string             // "" for an error
		took     time.Duration
		tried    string
		dropped  string
	}{
		{"the first is quick", map[string]attempt{"a": {after: 9}, "b": {}, "c": {}}, "a", 9, "a", ""},
		{"a failure is followed at once", map[string]attempt{"a": {0, refused}, "b": {after: 9}, "c": {}}, "b", 9, "ab", ""},
		{"silence is not waited for", map[string]attempt{"a": {after: time.Hour}, "b": {after: 9}, "c": {}}, "b", raceDelay + 9, "ab", ""},
		{"the first may still win", map[string]attempt{"a": {after: raceDelay + 9}, "b": {after: time.Hour}, "c": {}}, "a", raceDelay + 9, "ab", ""},
		{"two at the same instant", map[string]attempt{"a": {after: raceDelay + 9}, "b": {after: 9}, "c": {after: time.Hour}}, "a or b", raceDelay + 9, "ab", "the other"},
		{"all fail", map[string]attempt{"a": {0, refused}, "b": {after: 9, err: refused}, "c": {0, refused}}, "", 9, "abc", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				tried, dropped := make(chan string, 3), make(chan string, 3)
				got, err := race(t.Context(), []string{"a", "b", "c"}, func(ctx context.Context, addr string) (string, error) {
					tried <- addr
					a := test.attempts[addr]
					select {
					case <-time.After(a.after):
						return addr, a.err
					case <-ctx.Done():
						return "", ctx.Err()
					}
				}, func(addr string) { dropped <- addr })
				if took := time.Since(began); took != test.took {
					t.Errorf("it took %v, want %v", took, test.took)
				}
				if (err != nil) != (test.want == "") || !strings.Contains(test.want, got) {
					t.Errorf("%q won, %v; want %q", got, err, test.want)
				}
				if all := drain(tried); all != test.tried {
					t.Errorf("tried %q, want %q", all, test.tried)
				}
				if lost := drain(dropped); lost != "" && test.dropped == "" || lost == got && lost != "" {
					t.Errorf("%q was dropped", lost)
				}
			})
		})
	}
}

func TestRaceEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := race(ctx, []string{"a", "b"}, func(ctx context.Context, _ string) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		}, func(int) {})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
	})
}

// drain returns what is in c, sorted.
func drain(c chan string) string {
	var all []string
	for len(c) > 0 {
		all = append(all, <-c)
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

func TestWithPort(t *testing.T) {
	for in, want := range map[string]string{
		"192.168.1.7":           "192.168.1.7:27420",
		"192.168.1.7:9":         "192.168.1.7:9",
		"anna.local":            "anna.local:27420",
		"fe80::1%eth0":          "[fe80::1%eth0]:27420",
		"[fe80::1%eth0]":        "[fe80::1%eth0]:27420",
		"[fe80::1%eth0]:27420":  "[fe80::1%eth0]:27420",
		"[2001:db8::1]:1":       "[2001:db8::1]:1",
		"bea.example.org:27421": "bea.example.org:27421",
	} {
		if got := withPort(in); got != want {
			t.Errorf("withPort(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReachable(t *testing.T) {
	at := func(s string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s)) }
	for _, test := range []struct {
		remote  net.Addr
		dialled bool
		port    int
		want    string
	}{
		{at("10.0.0.7:27420"), true, 5000, "10.0.0.7:27420"},
		{at("10.0.0.7:40001"), false, 27420, "10.0.0.7:27420"},
		{at("[::ffff:10.0.0.7]:40001"), false, 27420, "10.0.0.7:27420"},
		{at("[fe80::1%lo]:40001"), false, 27420, "[fe80::1%lo]:27420"},
		{at("10.0.0.7:40001"), false, 0, "invalid AddrPort"},
	} {
		if got := reachable(test.remote, test.dialled, test.port).String(); got != test.want {
			t.Errorf("%v: %s, want %s", test.remote, got, test.want)
		}
	}
}

func TestIPv6(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("there is no IPv6 here")
	}
	l.Close()
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{Listen: ":0"})
	bea := start(t, "bea", Options{Listen: ":0", Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	six := netip.AddrPortFrom(netip.IPv6Loopback(), bea.Addr().Port()).String()
	if _, err := anna.Connect(t.Context(), bea.self, six); err != nil {
		t.Fatal(err)
	}
	bea.until("the session", func() bool { return bea.session(anna.self) != nil })
	c, err := anna.DialPieces(t.Context(), bea.self)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	(<-got).Close()
	if peer, _ := bea.Get(anna.self); peer.Addr != netip.AddrPortFrom(netip.IPv6Loopback(), anna.Addr().Port()) {
		t.Errorf("bea knows anna at %s", peer.Addr)
	}
}

func TestPiecesTryAllAddresses(t *testing.T) {
	got := make(chan net.Conn, 1)
	anna := start(t, "anna", Options{})
	bea := start(t, "bea", Options{Pieces: func(_ identity.ID, c net.Conn) { got <- c }})
	way := startProxy(t, bea.addr())
	if _, err := anna.Connect(t.Context(), bea.self, way.addr()); err != nil {
		t.Fatal(err)
	}
	bea.until("the session", func() bool { return bea.session(anna.self) != nil })
	way.Close() // no new connections that way
	if _, err := anna.DialPieces(t.Context(), bea.self); err == nil {
		t.Fatal("there is a way that the test does not know")
	}
	if _, err := anna.Connect(t.Context(), bea.self, bea.addr()); err != nil {
		t.Fatal(err)
	}
	c, err := anna.DialPieces(t.Context(), bea.self)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	(<-got).Close()
}

func TestErrorsNameTheCause(t *testing.T) {
	anna := start(t, "anna", Options{})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	_, err = anna.Connect(t.Context(), identity.ID{1}, closed.Addr().String())
	if err == nil || !strings.Contains(err.Error(), closed.Addr().String()) || strings.Count(err.Error(), closed.Addr().String()) != 1 {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := anna.Connect(t.Context(), identity.ID{1}); !errors.Is(err, ErrNoSession) {
		t.Errorf("no address: %v", err)
	}
	if _, err := anna.Connect(t.Context(), anna.self, anna.addr()); !errors.Is(err, ErrSelf) {
		t.Errorf("itself: %v", err)
	}
}
