package session

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/sharing/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A device is a hub that runs, and a context that ends it.
type device struct {
	*Hub
	t    *testing.T
	stop func() // and wait
}

// start runs a hub on 127.0.0.1, and stops it when the test ends. Options that
// are not set have the values of a device that answers "hello from NAME".
func start(t *testing.T, name string, o Options) *device {
	t.Helper()
	if o.Identity == nil {
		o.Identity = newIdentity(t)
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Hello == nil {
		o.Hello = func() Hello { return Hello{Name: name} }
	}
	if o.Handler == nil {
		o.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			peer, _ := PeerOf(r.Context())
			io.WriteString(w, name+" hears "+peer.Hello.Name)
		})
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	return run(t, h)
}

// run runs a hub until the test ends.
func run(t *testing.T, h *Hub) *device {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := h.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	stop := func() {
		cancel()
		<-ended
	}
	t.Cleanup(stop)
	return &device{Hub: h, t: t, stop: stop}
}

func newIdentity(t testing.TB) *identity.Identity {
	t.Helper()
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// twoIdentities returns a smaller and a larger one.
func twoIdentities(t *testing.T) (small, large *identity.Identity) {
	a, b := newIdentity(t), newIdentity(t)
	if a.ID().Compare(b.ID()) > 0 {
		a, b = b, a
	}
	return a, b
}

func (d *device) addr() string { return d.Addr().String() }

// connect makes a session with another device.
func (d *device) connect(other *device) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	if got, err := d.Connect(ctx, other.self, other.addr()); err != nil || got != other.self {
		d.t.Fatalf("Connect: %s, %v", got.Short(), err)
	}
	other.until("the session is there on the other side", func() bool { return other.session(d.self) != nil })
}

// until waits for a condition that depends on the sessions of d.
func (d *device) until(what string, ok func() bool) {
	d.t.Helper()
	changed, stop := d.Watch()
	defer stop()
	late := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-changed:
		case <-late:
			d.t.Fatalf("not in time: %s", what)
		}
	}
}

// get asks the other device for a page.
func (d *device) get(id identity.ID, path string) (string, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	return d.send(ctx, id, http.MethodGet, path, nil)
}

func (d *device) send(ctx context.Context, id identity.ID, method, path string, body io.Reader) (string, error) {
	req, err := http.NewRequest(method, "http://device"+path, body)
	if err != nil {
		return "", err
	}
	resp, err := d.Do(ctx, id, req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return string(text), err
}

func TestRequestsGoBothWays(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	anna.connect(bea)
	for _, test := range []struct {
		from, to *device
		want     string
	}{
		{anna, bea, "bea hears anna"},
		{bea, anna, "anna hears bea"},
	} {
		got, err := test.from.get(test.to.self, "/v1/who")
		if err != nil || got != test.want {
			t.Errorf("got %q, %v; want %q", got, err, test.want)
		}
	}
	peer, ok := bea.Get(anna.self)
	if !ok || peer.Hello.Name != "anna" || peer.Addr != anna.Addr() || !peer.Key.Equal(anna.o.Identity.Public()) {
		t.Errorf("bea knows anna as %+v", peer)
	}
	peer, ok = anna.Get(bea.self)
	if !ok || peer.Hello.Name != "bea" || peer.Addr != bea.Addr() {
		t.Errorf("anna knows bea as %+v", peer)
	}
}

func TestNoSession(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	if _, err := anna.get(bea.self, "/"); !errors.Is(err, ErrNoSession) {
		t.Errorf("Do: %v", err)
	}
	if _, err := anna.DialPieces(t.Context(), bea.self); !errors.Is(err, ErrNoSession) {
		t.Errorf("DialPieces: %v", err)
	}
}

func TestConnectToWhoeverAnswers(t *testing.T) {
	anna, bea := start(t, "anna", Options{}), start(t, "bea", Options{})
	got, err := anna.Connect(t.Context(), identity.ID{}, bea.addr())
	if err != nil || got != bea.self {
		t.Fatalf("Connect: %s, %v", got.Short(), err)
	}
	first, _ := anna.Get(bea.self)
	if _, err := anna.Connect(t.Context(), identity.ID{}, bea.addr()); err != nil {
		t.Fatal(err)
	}
	if again, _ := anna.Get(bea.self); !again.Since.Equal(first.Since) {
		t.Error("a second dial by the same side began another session")
	}
	if _, err := anna.Connect(t.Context(), identity.ID{}, anna.addr()); !errors.Is(err, ErrSelf) {
		t.Errorf("own address: %v", err)
	}
}

func TestConnectTriesAllAddresses(t *testing.T) {
	anna, bea, carl := start(t, "anna", Options{}), start(t, "bea", Options{}), start(t, "carl", Options{})
	got, err := anna.Connect(t.Context(), bea.self, "127.0.0.1:1", carl.addr(), bea.addr())
	if err != nil || got != bea.self {
		t.Fatalf("Connect: %s, %v", got.Short(), err)
	}
	if len(anna.Live()) != 1 {
		t.Errorf("there are %d sessions", len(anna.Live()))
	}
}

func TestThreeDevices(t *testing.T) {
	anna, bea, carl := start(t, "anna", Options{}), start(t, "bea", Options{}), start(t, "carl", Options{})
	anna.connect(bea)
	carl.connect(anna)
	bea.connect(carl)
	for _, d := range []*device{anna, bea, carl} {
		d.until("two neighbours", func() bool { return len(d.Live()) == 2 })
	}
	bea.stop()
	for _, d := range []*device{anna, carl} {
		d.until("one neighbour", func() bool { return len(d.Live()) == 1 })
	}
	if got, err := anna.get(carl.self, "/"); err != nil || got != "carl hears anna" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAnnounceTellsHello(t *testing.T) {
	name := make(chan string, 1)
	name <- "anna"
	hello := func() Hello {
		n := <-name
		name <- n
		return Hello{Name: n, Kind: "laptop"}
	}
	anna, bea := start(t, "", Options{Hello: hello}), start(t, "bea", Options{})
	anna.connect(bea)
	<-name
	name <- "Anna\u202e\nLena" + strings.Repeat("!", 100)
	anna.Announce()
	bea.until("the new name", func() bool {
		peer, _ := bea.Get(anna.self)
		return peer.Hello.Name != "anna"
	})
	peer, _ := bea.Get(anna.self)
	if len(peer.Hello.Name) > maxName || strings.ContainsAny(peer.Hello.Name, "\u202e\n") || peer.Hello.Kind != "laptop" {
		t.Errorf("hello: %+v", peer.Hello)
	}
}
