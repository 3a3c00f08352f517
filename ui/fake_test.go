package ui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/ui/calm"
	"potluck/ui/uitest"
)

// now is when all tests happen.
var now = time.Date(2026, 11, 26, 14, 30, 0, 0, time.UTC)

// An engine has what it is given and remembers what it is told.
type engine struct {
	snapshot sharing.Snapshot
	contents *manifest.Manifest
	amount   sharing.Amount
	reached  identity.ID
	free     map[string]int64
	err      error

	mu   sync.Mutex
	told []string
}

var _ Source = (*engine)(nil)

func (e *engine) tell(format string, a ...any) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, fmt.Sprintf(format, a...))
	return e.err
}

// took returns what the engine was told, once all that was begun has ended.
func (e *engine) took(w *Window) string {
	w.acts.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	told := strings.Join(e.told, "; ")
	e.told = nil
	return told
}

func who(ids []identity.ID) string {
	var list []string
	for _, id := range ids {
		list = append(list, id.String()[:2])
	}
	return strings.Join(list, ",")
}

func (e *engine) Snapshot() sharing.Snapshot       { return e.snapshot }
func (e *engine) Watch() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }
func (e *engine) Subscribe() (<-chan sharing.Event, func()) {
	return make(chan sharing.Event), func() {}
}

func (e *engine) Measure(_ context.Context, paths []string) (sharing.Amount, error) {
	return e.amount, nil
}

func (e *engine) Reach(_ context.Context, addr string) (identity.ID, error) {
	return e.reached, e.tell("reach %s", addr)
}

func (e *engine) Send(_ context.Context, paths []string, to []identity.ID) (sharing.ShareID, error) {
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	return sharing.ShareID{}, e.tell("send %s to %s", strings.Join(names, "+"), who(to))
}

func (e *engine) SendText(_ context.Context, text string, to []identity.ID) error {
	return e.tell("say %q to %s", text, who(to))
}
func (e *engine) CloseMessage(_ context.Context, id string) error { return e.tell("close %s", id) }
func (e *engine) Contents(_ context.Context, ref string) (*manifest.Manifest, error) {
	return e.contents, e.tell("contents %s", ref[:4])
}

func (e *engine) Accept(_ context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error) {
	n := 0
	for _, want := range o.Want {
		if want {
			n++
		}
	}
	return sharing.ShareID{}, e.tell("accept %s into %q, %d of %d", ref[:4], o.Into, n, len(o.Want))
}

func (e *engine) Decline(_ context.Context, ref string) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("decline %s", ref[:4])
}

func (e *engine) Pause(_ context.Context, ref string) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("pause %s", ref[:4])
}

func (e *engine) Resume(_ context.Context, ref string) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("resume %s", ref[:4])
}

func (e *engine) Withdraw(_ context.Context, ref string, id identity.ID) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("withdraw %s from %s", ref[:4], who([]identity.ID{id}))
}

func (e *engine) Cancel(_ context.Context, ref string) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("cancel %s", ref[:4])
}

func (e *engine) Retry(_ context.Context, ref string) (sharing.ShareID, error) {
	return sharing.ShareID{}, e.tell("retry %s", ref[:4])
}

func (e *engine) Verify(_ context.Context, ref string, o sharing.VerifyOptions) (sharing.Verified, error) {
	return sharing.Verified{}, e.tell("verify %s %v", ref[:4], o.Restore)
}
func (e *engine) PauseAll(context.Context) error             { return e.tell("pause all") }
func (e *engine) ResumeAll(context.Context) error            { return e.tell("resume all") }
func (e *engine) Forget(_ context.Context, ref string) error { return e.tell("forget %s", ref[:4]) }
func (e *engine) ForgetAll(context.Context) error            { return e.tell("forget all") }
func (e *engine) Parts(string) ([]uint8, error)              { return []uint8{255, 255, 128, 0}, nil }

func (e *engine) Pair(_ context.Context, id identity.ID) error {
	return e.tell("pair %s", id.String()[:2])
}

func (e *engine) AnswerPairing(_ context.Context, id identity.ID, same bool) error {
	return e.tell("answer %s %v", id.String()[:2], same)
}

func (e *engine) CancelPairing(_ context.Context, id identity.ID) error {
	return e.tell("give up pairing %s", id.String()[:2])
}

func (e *engine) Unpair(_ context.Context, id identity.ID) error {
	return e.tell("unpair %s", id.String()[:2])
}

func (e *engine) SetAlias(_ context.Context, id identity.ID, alias string) error {
	return e.tell("call %s %q", id.String()[:2], alias)
}

func (e *engine) SetTrusted(_ context.Context, id identity.ID, on bool) error {
	return e.tell("trust %s %v", id.String()[:2], on)
}

func (e *engine) Link() (sharing.DeviceLink, error) {
	return sharing.DeviceLink{ID: e.snapshot.Self.ID, Addrs: []netip.AddrPort{netip.MustParseAddrPort("192.168.1.5:27420")}}, e.err
}
func (e *engine) Block(id identity.ID)   { _ = e.tell("block %s", id.String()[:2]) }
func (e *engine) Unblock(id identity.ID) { _ = e.tell("unblock %s", id.String()[:2]) }

// A desk is a desktop on which somebody chooses the same every time.
type desk struct {
	files  []string
	folder string
	at     string // where choosing a folder began
	none   bool   // the system has no chooser
	tree   map[string][]Listed
	told   chan string
}

func (d *desk) ChooseFiles(context.Context, string) ([]string, error) {
	if d.none {
		return nil, ErrNoChooser
	}
	return d.files, nil
}

func (d *desk) ChooseFolder(_ context.Context, _, at string) (string, error) {
	if d.none {
		return "", ErrNoChooser
	}
	d.at = at
	return d.folder, nil
}

func (d *desk) List(_ context.Context, folder string) (Listing, error) {
	if folder == "" {
		folder = "/home/lan"
	}
	entries, there := d.tree[folder]
	if !there {
		return Listing{}, fs.ErrNotExist
	}
	return Listing{folder, entries}, nil
}

func (d *desk) MakeFolder(_ context.Context, in, name string) (string, error) {
	path := filepath.Join(in, name)
	if _, there := d.tree[path]; there {
		return "", fs.ErrExist
	}
	d.tree[path] = nil
	d.tree[in] = append(d.tree[in], Listed{name, true})
	return path, nil
}

func (d *desk) Open(_ context.Context, path string) error {
	d.told <- "open " + path
	return nil
}

func (d *desk) CopiedFiles(_ context.Context, text string) []string {
	if strings.HasPrefix(text, "/") {
		return strings.Split(text, "\n")
	}
	return nil
}

func (d *desk) Show(_ context.Context, path string) error {
	d.told <- "show " + path
	return nil
}

func (d *desk) Browse(_ context.Context, link string) error {
	d.told <- "browse " + link
	return nil
}

// prefs are settings in memory.
type prefs struct {
	mu     sync.Mutex
	values map[string]string
}

func (p *prefs) Values() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.values)
}

func (p *prefs) Set(key, value string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if value == "" {
		return errors.New("the name is empty; others need something to call this device")
	}
	p.values[key] = value
	return nil
}

func (p *prefs) ResetAll() error                  { return nil }
func (p *prefs) Watch() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

func settingsOf(theme, language, textSize string) *prefs {
	return &prefs{values: map[string]string{
		"name": "Lan's laptop", "downloads": "/home/lan/Downloads/Potluck", "visible": "everyone", "openUntil": "no", "offers": "everyone", "accept": "ask",
		"listen": ":27420", "interfaces": "", "language": language, "theme": theme, "textSize": textSize, "upLimit": "0", "downLimit": "0",
		"tray": "no", "startAtLogin": "no", "notifications": "yes",
	}}
}

// A scene is a window with an engine behind it. The follower does not run: what it
// would do is done by draw.
type scene struct {
	*Window
	engine *engine
	desk   *desk
	prefs  *prefs
	clock  time.Time
}

func (e *engine) Free(_ context.Context, folder string) int64 {
	if free, known := e.free[folder]; known {
		return free
	}
	return -1
}

// A fonts draws what has none of these characters.
type fonts struct{ lacks string }

func (f fonts) Draw(text string) bool { return !strings.ContainsAny(text, f.lacks) }

func everyFont() (Fonts, error) { return fonts{}, nil }

// stage opens a window of that size that shows the engine.
func stage(t testing.TB, e *engine, p *prefs, size fyne.Size, take ...string) *scene {
	t.Helper()
	s := &scene{engine: e, desk: &desk{told: make(chan string, 10)}, prefs: p, clock: now.Add(-calm.Time)}
	app := test.NewTempApp(t)
	uitest.Tick()
	w, err := New(Options{App: app, Desktop: s.desk, Take: take, Version: "1.2", Now: func() time.Time { return s.clock }, Fonts: everyFont})
	if err != nil {
		t.Fatal(err)
	}
	s.Window = w
	w.window.Resize(size)
	w.source, w.prefs, w.local.Starting, w.local.Home = e, p, false, "/home/lan"
	w.local.Began, w.focused = now.Add(-time.Hour), true
	w.choose(p.Values())
	t.Cleanup(w.acts.Wait)
	w.take(take)
	s.draw()
	s.pass(calm.Time) // all has just come up
	return s
}

// draw does what the follower does, once what was begun has ended.
func (s *scene) draw() {
	s.acts.Wait()
	s.runTasks()
	s.snapshot = s.engine.snapshot
	s.render()
	s.runTasks()
	s.render()
}

// later lets time pass.
func (s *scene) pass(d time.Duration) {
	s.clock = s.clock.Add(d)
	s.draw()
}
