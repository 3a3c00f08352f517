package sharing

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/sharing/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// waitLong is how long a test waits for what must happen. It is no measure of
// speed: only a failing test waits that long.
const waitLong = 120 * time.Second

// A party is a device that runs in a test.
type party struct {
	*Device
	t         testing.TB
	state     string
	downloads string
	events    <-chan Event
	stop      func()
}

// start runs a device on the state folder; mode says how it accepts.
func start(t testing.TB, name, state string, mode AcceptMode) *party {
	t.Helper()
	return startAt(t, name, state, mode, "127.0.0.1:0")
}

// startAt is like start, for a device that listens there.
func startAt(t testing.TB, name, state string, mode AcceptMode, listen string) *party {
	t.Helper()
	id, err := identity.Load(filepath.Join(state, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	p := &party{t: t, state: state, downloads: filepath.Join(state, "downloads")}
	p.Device, err = New(Options{
		Identity: id, State: filepath.Join(state, "state"), Listen: listen,
		Settings: Settings{Name: name, Downloads: p.downloads, Accept: mode},
		Log:      slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})).With("at", name),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Open(); err != nil {
		t.Fatal(err)
	}
	var unsubscribe func()
	p.events, unsubscribe = p.Subscribe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	<-p.Running()
	stopped := false
	p.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("%s: Run: %v", name, err)
		}
		unsubscribe()
	}
	t.Cleanup(p.stop)
	return p
}

// meet makes a know where b is.
func meet(a, b *party) {
	addr := netip.MustParseAddrPort(b.Snapshot().Self.Addr)
	a.Hint(b.Snapshot().Self.ID.String(), []netip.AddrPort{addr})
}

func (p *party) id() identity.ID { return p.Snapshot().Self.ID }

// next waits for an event of type E for which ok is true; nil means any.
func next[E Event](p *party, ok func(E) bool) E {
	p.t.Helper()
	timeout := time.After(waitLong)
	for {
		select {
		case e, open := <-p.events:
			if !open {
				p.t.Fatal("the events ended")
			}
			if e, is := e.(E); is && (ok == nil || ok(e)) {
				return e
			}
			if f, is := e.(FailedEvent); is {
				p.t.Logf("%s: failed: %s (final %v)", p.Snapshot().Self.Name, f.Error, f.Final)
			}
		case <-timeout:
			var want E
			p.t.Fatalf("no %T came; snapshot: %+v", want, p.Snapshot().Transfers)
		}
	}
}

// until waits for a snapshot for which ok is true.
func (p *party) until(what string, ok func(Snapshot) bool) Snapshot {
	p.t.Helper()
	changed, stop := p.Watch()
	defer stop()
	timeout := time.After(waitLong)
	for {
		if s := p.Snapshot(); ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-timeout:
			p.t.Fatalf("%s did not happen: %+v", what, p.Snapshot())
		}
	}
}

// tree makes a folder of files of all kinds of sizes.
func tree(t *testing.T, dir string, big int) string {
	t.Helper()
	root := filepath.Join(dir, "Ảnh Đà Lạt")
	r := rand.NewChaCha8([32]byte{1})
	for name, size := range map[string]int{
		"empty": 0, "one": 1, "piece": 256 << 10, "piece+1": 256<<10 + 1, "sub/doc..pdf": 1000,
		"sub/deep/.hidden": 77, "sub/日本 😀.txt": 12345, "big": big,
	} {
		data := make([]byte, size)
		r.Read(data)
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		when := time.Unix(1_500_000_000+int64(size), 123456000)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "empty folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// same fails the test unless got is a copy of want, and nothing else is in got's
// folder.
func same(t *testing.T, want, got string) {
	t.Helper()
	list := func(root string) map[string]fs.FileInfo {
		m := make(map[string]fs.FileInfo)
		err := filepath.Walk(root, func(path string, info fs.FileInfo, err error) error {
			if err == nil {
				rel, _ := filepath.Rel(root, path)
				m[rel] = info
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := list(want), list(got)
	for name, ia := range a {
		ib := b[name]
		if ib == nil {
			t.Errorf("%q is missing", name)
			continue
		}
		if ia.IsDir() != ib.IsDir() || !ia.ModTime().Equal(ib.ModTime()) && name != "." {
			t.Errorf("%q: %v %v, want %v %v", name, ib.Mode(), ib.ModTime(), ia.Mode(), ia.ModTime())
		}
		if ia.IsDir() {
			continue
		}
		da, _ := os.ReadFile(filepath.Join(want, name))
		db, _ := os.ReadFile(filepath.Join(got, name))
		if !bytes.Equal(da, db) {
			t.Errorf("%q differs", name)
		}
	}
	for name := range b {
		if a[name] == nil {
			t.Errorf("%q should not be there", name)
		}
	}
}

// onlyIn fails the test unless the folder holds exactly these names.
func onlyIn(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && len(names) > 0 {
		t.Fatal(err)
	}
	want := make(map[string]bool)
	for _, n := range names {
		want[n] = true
	}
	for _, e := range entries {
		if !want[e.Name()] {
			t.Errorf("%s holds %q", folder, e.Name())
		}
		delete(want, e.Name())
	}
	for n := range want {
		t.Errorf("%s lacks %q", folder, n)
	}
}

func TestAFolderArrives(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	meet(ben, anna)
	root := tree(t, t.TempDir(), 5<<20)
	share, err := ben.Send(t.Context(), []string{root}, []identity.ID{anna.id()})
	if err != nil {
		t.Fatal(err)
	}
	offered := next[OfferedEvent](anna, nil)
	if offered.FromName != "Ben" || offered.Files != 8 || offered.Title != "Ảnh Đà Lạt" || offered.Share != share {
		t.Errorf("offered %+v", offered)
	}
	onlyIn(t, anna.downloads)
	if _, err := anna.Accept(t.Context(), share.Short(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	got := next[DeliveredEvent](anna, nil)
	sent := next[DeliveredEvent](ben, nil)
	same(t, root, got.Path)
	onlyIn(t, anna.downloads, "Ảnh Đà Lạt")
	if sent.Files != 8 || sent.Bytes != got.Bytes {
		t.Errorf("the sharer heard %+v", sent)
	}
	v, err := anna.Verify(t.Context(), share.Short(), VerifyOptions{})
	if err != nil || !v.OK || v.Bytes != got.Bytes {
		t.Errorf("verify: %+v, %v", v, err)
	}
}
