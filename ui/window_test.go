package ui

import (
	"context"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// A fake engine has what it is given and remembers what it is told.
type fake struct {
	Source
	snapshot sharing.Snapshot
	told     chan string
	err      error
}

func (f *fake) Snapshot() sharing.Snapshot { return f.snapshot }

func (f *fake) Send(_ context.Context, paths []string, to []identity.ID) (sharing.ShareID, error) {
	f.told <- "send " + filepath.Join(paths...) + " to " + to[0].Short()
	return sharing.ShareID{}, f.err
}

func (f *fake) Accept(_ context.Context, ref string, _ sharing.AcceptOptions) (sharing.ShareID, error) {
	f.told <- "accept " + ref[:4]
	return sharing.ShareID{}, f.err
}

func (f *fake) Decline(_ context.Context, ref string) (sharing.ShareID, error) {
	f.told <- "decline " + ref[:4]
	return sharing.ShareID{}, f.err
}

func (f *fake) Pause(_ context.Context, ref string) (sharing.ShareID, error) {
	f.told <- "pause " + ref[:4]
	return sharing.ShareID{}, f.err
}

// busy is a device with something of everything going on.
func busy() *fake {
	anna, ben := identity.ID{0xAA}, identity.ID{0xBB}
	return &fake{
		told: make(chan string, 1),
		snapshot: sharing.Snapshot{
			Self: sharing.Self{Name: "Lan's laptop"},
			Neighbours: []sharing.Neighbour{
				{ID: anna, Name: "Anna", Paired: true},
				{ID: ben, Name: "Bình's ThinkPad"},
				{ID: identity.ID{0xCC}, Name: "Nguyễn Thị Minh Khai's very long MacBook Pro name"},
			},
			Offers: []sharing.Offer{{
				Share: sharing.ShareID{0x0F, 0xFE}, From: anna, FromName: "Anna", Title: "Ảnh Đà Lạt 2026", Files: 1204, Bytes: 3_400_000_000,
				Into: "/home/lan/Downloads/Potluck", Free: 212_000_000_000,
			}},
			Transfers: []sharing.Transfer{
				{
					Share: sharing.ShareID{0xD0}, Direction: sharing.Sending, State: sharing.Delivered, Title: "slides.pdf", Files: 1, Bytes: 48_000_000,
					Peers: []sharing.Peer{{ID: ben, Name: "Bình's ThinkPad"}},
				},
				{
					Share: sharing.ShareID{0x12, 0x34}, Direction: sharing.Receiving, State: sharing.Running, Title: "Video Tết 2026.mp4", Files: 1,
					Peers: []sharing.Peer{{ID: anna, Name: "Anna", Done: 1_500_000_000, Total: 3_400_000_000, Rate: 84_000_000, Left: 22 * time.Second, Connected: true}},
				},
			},
		},
	}
}

// open makes a window that shows the engine. The follower does not run: what it
// would do is done by draw, so that the test and it do not meet.
func open(t *testing.T, f *fake, take ...string) *Window {
	t.Helper()
	w, err := New(Options{App: test.NewTempApp(t), Take: take})
	if err != nil {
		t.Fatal(err)
	}
	w.source, w.local.Starting = f, false
	draw(w, f)
	return w
}

// draw does what the follower does, once what the person began has ended.
func draw(w *Window, f *fake) {
	w.acts.Wait()
	w.show(view.Of(f.Snapshot(), w.local, w.words))
}

// button returns the visible button of that text.
func button(t *testing.T, w *Window, text string) *widget.Button {
	t.Helper()
	var found *widget.Button
	for _, o := range test.LaidOutObjects(w.window.Content()) {
		if b, ok := o.(*widget.Button); ok && b.Visible() && b.Text == text {
			found = b
		}
	}
	if found == nil {
		t.Fatalf("no button %q", text)
	}
	return found
}

func TestBusyWindow(t *testing.T) {
	f := busy()
	w := open(t, f)
	if w.me.Text != "Lan's laptop" || w.heading.Text != "3 nearby" || w.window.Title() != "(1) Potluck" {
		t.Errorf("shows %q, %q, %q", w.me.Text, w.heading.Text, w.window.Title())
	}
	picture(t, w, "busy.png")
	for text, told := range map[string]string{"Accept": "accept 0ffe", "Decline": "decline 0ffe", "Pause": "pause 1234"} {
		test.Tap(button(t, w, text))
		if got := <-f.told; got != told {
			t.Errorf("%s: the engine is told %q, want %q", text, got, told)
		}
	}
}

func TestDropAndSend(t *testing.T) {
	f := busy()
	w := open(t, f)
	link, err := storage.ParseURI("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	w.take([]fyne.URI{storage.NewFileURI("/home/lan/a.pdf"), link})
	draw(w, f)
	if w.basket.Text != "a.pdf" || w.hint.Text != "Who is it for?" {
		t.Errorf("shows %q, %q", w.hint.Text, w.basket.Text)
	}
	picture(t, w, "choosing.png")
	test.Tap(button(t, w, "Send")) // the last card's
	if got := <-f.told; got != "send /home/lan/a.pdf to cc000000" {
		t.Errorf("the engine is told %q", got)
	}
	draw(w, f)
	if w.basket.Visible() {
		t.Errorf("the basket still holds %q", w.basket.Text)
	}
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	f := busy()
	f.err = errors.New("the file is gone")
	w := open(t, f, "/home/lan/a.pdf")
	test.Tap(button(t, w, "Send"))
	<-f.told
	draw(w, f)
	if !w.problem.Visible() || w.problem.Text != "the file is gone" {
		t.Errorf("shows %q", w.problem.Text)
	}
}

// A row whose value is the same is not touched.
func TestUnchangedRowsAreLeftAlone(t *testing.T) {
	w, err := New(Options{App: test.NewTempApp(t)})
	if err != nil {
		t.Fatal(err)
	}
	sets := 0
	inner := w.transfers.make
	w.transfers.make = func() row[view.Transfer] {
		r := inner()
		set := r.set
		r.set = func(v view.Transfer) { sets++; set(v) }
		return r
	}
	v := view.Of(busy().snapshot, view.Local{}, w.words)
	w.show(v)
	first := sets
	w.show(view.Of(busy().snapshot, view.Local{}, w.words))
	if sets != first {
		t.Errorf("%d rows were set again", sets-first)
	}
	v.Transfers = slices.Delete(v.Transfers, 0, 1)
	w.show(v)
	if n := len(w.transfers.box.Objects); n != 1 {
		t.Errorf("%d rows for one transfer", n)
	}
}

// picture keeps what the window looks like, to be looked at.
func picture(t *testing.T, w *Window, name string) {
	t.Helper()
	for range 2 { // the test driver lays out only when told to; wrapped texts then ask for more
		w.window.Content().Refresh()
	}
	f, err := os.Create(filepath.Join(t.ArtifactDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}
