package ui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/press"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// However choosing begins, the keyboard is on the cards then: arrows, Space, Enter
// and Esc work at once.
func TestChoosingHasTheKeyboard(t *testing.T) {
	named := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(named, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	begin := map[string]func(s *scene){
		"a drop":         func(s *scene) { drop(s, fyne.NewPos(20, 300), "/home/lan/a.pdf") },
		"paste":          func(s *scene) { s.o.App.Clipboard().SetContent("/home/lan/a.pdf"); s.paste() },
		"a second start": func(s *scene) { s.Raise([]string{named}) },
		"a drop on settings": func(s *scene) {
			s.do(func(l *view.Local) { l.Go(view.Settings) })
			drop(s, fyne.NewPos(300, 300), "/home/lan/a.pdf")
		},
		"files that are sent": func(s *scene) { s.desk.files = []string{"/home/lan/a.pdf"}; s.chooseFiles(nil) },
	}
	for name, begin := range begin {
		s := stage(t, quiet(), english(), usual)
		begin(s)
		s.draw()
		if focused := s.window.Canvas().Focused(); focused != fyne.Focusable(s.grid()) {
			t.Errorf("%s: the keyboard is on %T", name, focused)
			continue
		}
		for _, key := range []fyne.KeyName{fyne.KeyHome, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace, fyne.KeyReturn} {
			uitest.Key(s.grid(), key)
		}
		if told := s.engine.took(s.Window); told != "send a.pdf to bb" {
			t.Errorf("%s: the engine is told %q", name, told)
		}
	}
}

// What comes with the start is chosen for as soon as somebody is there.
func TestArgumentsHaveTheKeyboard(t *testing.T) {
	e := quiet()
	here := e.snapshot.Neighbours
	e.snapshot.Neighbours = nil
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := stage(t, e, english(), usual, path)
	e.snapshot.Neighbours = here
	s.draw()
	if focused := s.window.Canvas().Focused(); focused != fyne.Focusable(s.grid()) {
		t.Fatalf("the keyboard is on %T", focused)
	}
	uitest.Key(s.grid(), fyne.KeyEscape)
	if s.draw(); s.local.Choosing {
		t.Error("Esc does not give up the choice")
	}
}

// Who comes while somebody chooses by hand takes the keyboard from nothing.
func TestChoosingTakesNothingAway(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	drop(s, fyne.NewPos(20, 300), "/home/lan/a.pdf")
	s.draw()
	cancel := s.screen.pages[view.Nearby].(*nearbyPage).cancel
	s.window.Canvas().Focus(cancel)
	s.engine.snapshot.Neighbours = append(s.engine.snapshot.Neighbours, sharing.Neighbour{ID: identity.ID{9}, Name: "Zoe"})
	if s.draw(); s.window.Canvas().Focused() != fyne.Focusable(cancel) {
		t.Errorf("the keyboard is on %T", s.window.Canvas().Focused())
	}
}

// What is to be sent is weighed once, and said.
func TestWeighing(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.engine.amount = sharing.Amount{Files: 3, Folders: 1, Bytes: 12_000_000}
	drop(s, fyne.NewPos(20, 300), "/home/lan/a.pdf")
	for range 3 {
		s.draw()
	}
	if got := s.shown.Nearby.Bar.Text; !strings.Contains(got, "3 files · 12\u00a0MB") {
		t.Errorf("it says %q", got)
	}
	s.do((*view.Local).Cancel)
	if w := s.local.Weight; w.Known || len(w.Paths) > 0 {
		t.Errorf("it remembers %+v", w)
	}
}

// Whoever sends a text is told that it arrived, or why it did not.
func TestTextIsAcknowledged(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "Anna has your message."},
		{errors.New("Anna takes nothing from this device"), "Anna takes nothing from this device."},
	} {
		s := stage(t, quiet(), english(), usual)
		s.engine.err = c.err
		s.local.Choose(view.Basket{Text: "https://example.com"})
		s.local.Tick(anna)
		s.sendToTicked()
		if got := s.shown.Notice.Text; !strings.Contains(got, "Sending your message to") {
			t.Errorf("at first it says %q", got)
		}
		s.draw()
		unwrapped := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s.shown.Notice.Text)
		if unwrapped != c.want && unwrapped != strings.Replace(c.want, "Anna", "Anna AA00", 1) {
			t.Errorf("it says %q, want %q", unwrapped, c.want)
		}
	}
}

// A card of somebody who was blocked can undo that, as long as it is there.
func TestMenuOfABlockedCard(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.snapshot.Neighbours = s.engine.snapshot.Neighbours[:1]
	for i := range s.engine.snapshot.Known {
		k := &s.engine.snapshot.Known[i]
		k.Blocked = k.ID == anna
	}
	s.draw()
	items := s.goneItems(anna)
	if len(items) != 2 || len(s.goneItems(room)) != 1 || len(s.goneItems(identity.ID{9})) != 0 {
		t.Fatalf("%d things can be done with her", len(items))
	}
	items[0].Action()
	if told := s.engine.took(s.Window); told != "unblock aa" {
		t.Errorf("the engine is told %q", told)
	}
}

// A notice that is there when somebody is to be chosen stands above the bar with what
// is sent and the buttons.
func TestNoticeLeavesTheBar(t *testing.T) {
	for _, l := range looks {
		s := stage(t, quiet(), settingsOf(l.theme, l.language, l.text), l.size)
		s.local.Notice = view.Notice{Text: "Taken back.", Until: s.clock.Add(time.Minute)}
		s.draw()
		s.local.Choose(view.Basket{Paths: []string{"/home/lan/Ảnh Đà Lạt"}})
		s.draw()
		notice, bar := s.screen.notice.root, s.screen.pages[view.Nearby].(*nearbyPage).bar
		if !notice.Visible() || !bar.Visible() {
			t.Fatalf("%s: the notice is seen: %v, the bar: %v", l.name, notice.Visible(), bar.Visible())
		}
		if end := notice.Position().Y + notice.Size().Height; end > bar.Position().Y {
			t.Errorf("%s: the notice ends at %v, over the bar at %v", l.name, end, bar.Position().Y)
		}
	}
}

// A click, Space or Enter on the card of an other device says why nothing is sent to it,
// and sends nothing.
func TestOtherDeviceIsNotChosen(t *testing.T) {
	for name, act := range map[string]func(s *scene){
		"a click": func(s *scene) { s.tapCard(twin) },
		"Enter":   func(s *scene) { s.enterCard(twin) },
	} {
		s := stage(t, quiet(), english(), usual)
		s.local.Choose(view.Basket{Paths: []string{"/home/lan/a.pdf"}})
		s.draw()
		act(s)
		if n := s.shown.Notice; !strings.HasPrefix(n.Text, "This is not the device you verified.") || len(s.local.Ticked) > 0 {
			t.Errorf("%s: %+v, ticked %v", name, n, s.local.Ticked)
		}
		if told := s.engine.took(s.Window); told != "" {
			t.Errorf("%s: the engine is told %q", name, told)
		}
	}
}

// The page of one who hides leads to changing that.
func TestWayOutOfHiding(t *testing.T) {
	for _, here := range []bool{true, false} {
		s := stage(t, quiet(), english(), usual)
		s.prefs.values["visible"] = "nobody"
		if s.choose(s.prefs.Values()); !here {
			s.engine.snapshot.Neighbours = nil
		}
		s.draw()
		s.pass(time.Minute)
		p := s.screen.pages[view.Nearby].(*nearbyPage)
		if !inSight(s, "do not show up here either") || p.note.Visible() != here || p.empty.Visible() == here {
			t.Errorf("somebody here: %v, and shown are %q", here, reading(s))
		}
		b := map[bool]*press.Button{true: p.change, false: p.unhide}[here]
		b.Tapped(nil)
		if s.window.Canvas().Overlays().Top() == nil {
			t.Error("nothing leads to changing it")
		}
	}
}

// A text that is too long for a message is refused with what to do, and not kept to be
// sent.
func TestLongTextIsNotChosen(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.o.App.Clipboard().SetContent(strings.Repeat("x", sharing.MaxText+1))
	s.paste()
	s.draw()
	if s.local.Choosing || !strings.Contains(s.shown.Notice.Text, "too long") {
		t.Errorf("chosen: %v, says %q", s.local.Choosing, s.shown.Notice.Text)
	}
}

// A menu that is opened with the mouse is about whom the keyboard was on.
func TestMenuOfWhomTheKeyboardIsOn(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	grid := s.grid()
	grid.Point(binh.String())
	s.window.Canvas().Focus(grid)
	s.draw()
	popup := widget.NewPopUp(widget.NewLabel("menu"), s.window.Canvas()) // takes the canvas' focus, as a menu does
	popup.Show()
	n, ok := s.front()
	if !ok || n.ID != binh {
		t.Errorf("in front: %v, %s", ok, n.Name)
	}
}
