package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
	"potluck/sharing"
)

// What the library of discovery leaves behind ends by itself after some seconds,
// and holds nothing: see package discovery.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/grandcat/zeroconf.(*Server).probe"))
}

// patience is how long a test waits for what must happen; no measure of speed.
const patience = 60 * time.Second

// A guest is an App that runs on this machine alone.
type guest struct {
	*App
	places settings.Places
	stop   func() error
}

func loopback() string {
	if runtime.GOOS == "darwin" {
		return "lo0"
	}
	return "lo"
}

func places(t *testing.T, with map[string]any) settings.Places {
	t.Helper()
	p, err := settings.PlacesFor(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{
		"name": fmt.Sprintf("guest-%08x", rand.Uint32()), "listen": "127.0.0.1:0",
		"interfaces": []string{loopback()}, "downloads": filepath.Join(p.State, "downloads"),
	}
	for k, v := range with {
		all[k] = v
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.SettingsFile(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func start(t *testing.T, p settings.Places) *guest {
	t.Helper()
	return startWith(t, Options{Places: p, Version: "1.2.3"})
}

func startWith(t *testing.T, o Options) *guest {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	g := &guest{App: a, places: o.Places, stop: sync.OnceValue(func() error { cancel(); return <-ended })}
	t.Cleanup(func() {
		if err := g.stop(); err != nil {
			t.Error(err)
		}
	})
	select {
	case <-a.Ready():
	case err := <-ended:
		ended <- err
		t.Fatalf("it ended before it was ready: %v", err)
	case <-time.After(patience):
		t.Fatal("it is not ready")
	}
	return g
}

// await waits until the device looks as it should.
func await(t *testing.T, g *guest, ok func(sharing.Snapshot) bool) {
	t.Helper()
	changed, stop := g.Device().Watch()
	defer stop()
	late := time.After(patience)
	for !ok(g.Device().Snapshot()) {
		select {
		case <-changed:
		case <-late:
			t.Fatalf("it did not happen: %+v", g.Device().Snapshot())
		}
	}
}

func sees(name string) func(sharing.Snapshot) bool {
	return func(s sharing.Snapshot) bool {
		return slices.ContainsFunc(s.Neighbours, func(n sharing.Neighbour) bool { return n.Name == name })
	}
}

func TestTwoFindEachOther(t *testing.T) {
	anna, ben := start(t, places(t, nil)), start(t, places(t, nil))
	await(t, anna, sees(ben.Settings().Current().Name))
	await(t, ben, sees(anna.Settings().Current().Name))

	// By way of the local socket too, and a change of name is seen.
	client, err := control.Connect(t.Context(), anna.places.State)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if n, err := client.Find(t.Context(), ben.Settings().Current().Name, patience); err != nil || n.ID != ben.Device().Snapshot().Self.ID {
		t.Errorf("found %+v, %v", n, err)
	}
	other := fmt.Sprintf("other-%08x", rand.Uint32())
	if _, err := client.Set(t.Context(), "name", other); err != nil {
		t.Fatal(err)
	}
	await(t, ben, sees(other))

	if err := anna.stop(); err != nil {
		t.Error(err)
	}
	await(t, ben, func(s sharing.Snapshot) bool { return !sees(other)(s) })
}

// Looking for neighbours elsewhere begins when the setting changes, and until then
// there is no network.
func TestInterfacesChangeWhileItRuns(t *testing.T) {
	anna := start(t, places(t, map[string]any{"interfaces": []string{"none such"}}))
	ben := start(t, places(t, nil))
	await(t, anna, func(s sharing.Snapshot) bool { return s.Self.Offline })
	name := anna.Settings().Current().Name
	if _, err := anna.Settings().Set("interfaces", strings.Join(ben.Settings().Current().Interfaces, ",")); err != nil {
		t.Fatal(err)
	}
	await(t, ben, sees(name))
	await(t, anna, func(s sharing.Snapshot) bool { return !s.Self.Offline })
}

// The device listens elsewhere as soon as that is set, and is found there; what
// cannot be had is refused.
func TestPortChangesWhileItRuns(t *testing.T) {
	anna, ben := start(t, places(t, nil)), start(t, places(t, nil))
	before := anna.Device().Addr()
	if _, err := anna.Settings().Set("listen", ben.Device().Addr().String()); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("another one's port: %v", err)
	}
	if got := anna.Settings().Current().Listen; got != "127.0.0.1:0" || anna.Device().Addr() != before {
		t.Errorf("after that it is %q, and %s", got, anna.Device().Addr())
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := free.Addr().String()
	free.Close()
	if _, err := anna.Settings().Set("listen", to); err != nil {
		t.Fatal(err)
	}
	if got := anna.Device().Addr().String(); got != to {
		t.Errorf("it listens on %s, and is to on %s", got, to)
	}
	carl := start(t, places(t, nil)) // has to be told where
	await(t, carl, func(s sharing.Snapshot) bool {
		return slices.ContainsFunc(s.Neighbours, func(n sharing.Neighbour) bool { return n.ID == anna.Device().Snapshot().Self.ID })
	})
}

// A connection that this computer does not have is refused when it is set; one that was set
// before stays, and others can be changed beside it.
func TestConnectionsThatAreNotThere(t *testing.T) {
	a := start(t, places(t, map[string]any{"interfaces": []string{loopback(), "gone0"}}))
	if _, err := a.Settings().Set("interfaces", "nonsense0"); err == nil || !strings.Contains(err.Error(), `called "nonsense0"`) || !strings.Contains(err.Error(), loopback()) {
		t.Errorf("one that is not there: %v", err)
	}
	if got := a.Settings().Current().Interfaces; !slices.Equal(got, []string{loopback(), "gone0"}) {
		t.Errorf("after that there are %q", got)
	}
	for _, list := range []string{"gone0", loopback(), ""} {
		if _, err := a.Settings().Set("interfaces", list); err != nil {
			t.Errorf("%q: %v", list, err)
		}
	}
	if _, err := a.Settings().Set("interfaces", "gone0"); err == nil {
		t.Error("it is not there any more")
	}
}

// A window has to come up although the port that was chosen is another program's now;
// other settings can be changed meanwhile.
func TestAnyPortRatherThanNone(t *testing.T) {
	ben := start(t, places(t, nil))
	p := places(t, map[string]any{"listen": ben.Device().Addr().String()})
	if a, err := New(Options{Places: p}); err != nil {
		t.Fatal(err)
	} else if err := a.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("it runs on another one's port: %v", err)
	}
	anna := startWith(t, Options{Places: p, AnyPort: true})
	if notes := anna.Notes(); len(notes) != 1 || !strings.HasPrefix(notes[0], "the port of the settings ") {
		t.Errorf("it says %q", notes)
	}
	if _, err := anna.Settings().Set("language", "vi"); err != nil {
		t.Error(err)
	}
	if _, err := anna.Settings().Set("listen", "127.0.0.1:0"); err != nil || !anna.Device().Addr().Addr().IsLoopback() {
		t.Errorf("it does not listen elsewhere: %v, %s", err, anna.Device().Addr())
	}
}

func TestIdentityAndSettingsStay(t *testing.T) {
	p := places(t, nil)
	first := start(t, p)
	self := first.Device().Snapshot().Self
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, p).Device().Snapshot().Self
	if again.ID != self.ID || again.Name != self.Name {
		t.Errorf("was %+v, is %+v", self, again)
	}
}

func TestSettingsOfOneRun(t *testing.T) {
	p := places(t, nil)
	a, err := New(Options{Places: p, Use: map[string]string{"name": "for one run"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	<-a.Ready()
	if got := a.Device().Snapshot().Self.Name; got != "for one run" {
		t.Errorf("name %q", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if store, err := settings.Open(p.SettingsFile()); err != nil || store.Current().Name == "for one run" {
		t.Errorf("it was written down: %v", err)
	}
}

func TestWhatKeepsItFromRunning(t *testing.T) {
	run := func(p settings.Places, use map[string]string) error {
		a, err := New(Options{Places: p, Use: use})
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		return a.Run(ctx)
	}
	running := start(t, places(t, nil))
	damaged := places(t, nil)
	if err := os.WriteFile(damaged.KeyFile(), []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := places(t, map[string]any{"format": 99})
	for name, c := range map[string]struct {
		places settings.Places
		use    map[string]string
		says   string
	}{
		"running already": {running.places, nil, instance.ErrRunning.Error()},
		"damaged key":     {damaged, nil, "damaged"},
		"newer settings":  {newer, nil, "newer Potluck"},
		"wrong setting":   {places(t, nil), map[string]string{"accept": "all"}, "everyone"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(c.places, c.use)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want something about %q", err, c.says)
			}
			if one, err := instance.Acquire(c.places.State); err == nil {
				one.Release()
			} else if name != "running already" {
				t.Errorf("the state folder is not given back: %v", err)
			}
		})
	}
	if _, err := New(Options{}); err == nil {
		t.Error("it runs nowhere")
	}
}

func TestStoppedThroughTheSocket(t *testing.T) {
	g := start(t, places(t, nil))
	client, err := control.Connect(t.Context(), g.places.State)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := client.Version(t.Context()); errors.Is(err, instance.ErrNotRunning) {
			break
		}
	}
}

func TestPartsStopInReverse(t *testing.T) {
	var mu sync.Mutex
	var order []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	until := func(name string, err error) part {
		return part{name, func(ctx context.Context) error {
			<-ctx.Done()
			note(name)
			return err
		}}
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := runInOrder(ctx, []part{until("a", nil), until("b", nil), until("c", nil)}, func() { note("started"); cancel() }); err != nil {
		t.Error(err)
	}
	if got := strings.Join(order, " "); got != "started c b a" {
		t.Errorf("order: %s", got)
	}

	broken := errors.New("broken")
	fails := part{"fails", func(context.Context) error { return broken }}
	order = nil
	err := runInOrder(t.Context(), []part{until("a", nil), fails, until("c", errors.New("late"))}, func() {})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "fails: broken") || !strings.Contains(err.Error(), "c: late") {
		t.Errorf("got %v", err)
	}
	if got := strings.Join(order, " "); got != "c a" {
		t.Errorf("order: %s", got)
	}
}
