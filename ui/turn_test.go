package ui

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/ui/field"
	"potluck/ui/focus"
	"potluck/ui/press"
	"potluck/ui/view"
)

var low = fyne.NewSize(640, 480)

// Every page that is longer than the window is turned by the keyboard, from where the
// keyboard is when the page is opened.
func TestPagesTurnByKey(t *testing.T) {
	pages := map[string]func(*scene){
		"keys":    func(s *scene) { s.turn(view.Keys) },
		"about":   func(s *scene) { s.turn(view.About) },
		"mine":    func(s *scene) { s.showMine() },
		"device":  func(s *scene) { s.openDevice(binh) },
		"details": screens()["details"],
		"verify":  screens()["verify"],
	}
	for name, open := range pages {
		for _, focused := range []bool{true, false} {
			s := stage(t, busy(), settingsOf("light", "vi", "200"), low)
			open(s)
			for range 3 {
				s.draw()
			}
			scroll := focus.ScrollIn(s.screen.pages[s.shown.Page].object())
			if scroll == nil {
				t.Errorf("%s: all is in sight", name)
				continue
			}
			key := func(k fyne.KeyName) float32 {
				if f := s.window.Canvas().Focused(); f != nil && focused {
					f.TypedKey(&fyne.KeyEvent{Name: k})
				} else {
					s.typedKey(&fyne.KeyEvent{Name: k})
				}
				return scroll.Offset.Y
			}
			if !focused {
				s.window.Canvas().Unfocus()
			}
			down, further, end := key(fyne.KeyDown), key(fyne.KeyPageDown), key(fyne.KeyEnd)
			if !(0 < down && down <= further && further <= end) || end < scroll.Content.Size().Height-scroll.Size().Height-1 {
				t.Errorf("%s, focused: %v: Down %v, PgDn %v, End %v of %v", name, focused, down, further, end, scroll.Content.Size().Height)
			}
			up, back, home := key(fyne.KeyUp), key(fyne.KeyPageUp), key(fyne.KeyHome)
			if up >= end || back > up || home != 0 {
				t.Errorf("%s, focused: %v: Up %v, PgUp %v, Home %v", name, focused, up, back, home)
			}
		}
	}
}

// refusing are settings that take nothing.
type refusing struct{ *prefs }

func (refusing) Set(string, string) error { return errors.New("this is not a port") }

// Whoever has put all settings back sees none of what was typed and refused.
func TestResetForgetsWhatWasTyped(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.Window.prefs = refusing{s.prefs}
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	s.draw()
	var entry *field.Entry
	page := s.screen.pages[view.Settings].(*settingsPage)
	for _, r := range page.rows {
		if r.now.Key == "listen" {
			focus.Together(r.root, r.root, func(o, _ fyne.CanvasObject) {
				if e, ok := o.(*field.Entry); ok {
					entry = e
				}
			})
		}
	}
	was := entry.Text
	entry.SetText("foo:99999")
	entry.OnSubmitted(entry.Text)
	s.draw()
	if s.shown.Notice.Text == "" || entry.Text != "foo:99999" {
		t.Fatalf("says %q, and shows %q", s.shown.Notice.Text, entry.Text)
	}
	for _, to := range []view.Page{view.Nearby, view.Settings} {
		s.do(func(l *view.Local) { l.Go(to) })
		s.draw()
	}
	if entry.Text != was {
		t.Errorf("when the page is seen again it shows %q", entry.Text)
	}
	entry.SetText("foo:99999")
	entry.OnSubmitted(entry.Text)
	s.draw()
	s.answer(view.ResetSettings, "")
	s.draw()
	if entry.Text != was || s.shown.Notice.Text != "" {
		t.Errorf("still shows %q, and says %q", entry.Text, s.shown.Notice.Text)
	}
	for _, o := range test.LaidOutObjects(page.object()) {
		if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == "Save" {
			t.Error("it can still be saved")
		}
	}
}

// The control that has the keyboard stays in sight when the window becomes lower, unless
// it was out of sight before.
func TestResizedKeepsTheControlInSight(t *testing.T) {
	s := stage(t, quiet(), english(), fyne.NewSize(900, 800))
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	s.draw()
	control := s.control("Text size").(fyne.CanvasObject)
	s.window.Canvas().Focus(control.(fyne.Focusable))
	resize := func(height float32) {
		s.window.Resize(fyne.NewSize(700, height))
		s.draw()
		s.screen.reveal()
	}
	for _, height := range []float32{600, 480, 700, 480} {
		resize(height)
		if !focus.InSight(control) {
			t.Errorf("%v high, it is out of sight", height)
		}
	}
	s.screen.pages[view.Settings].(*settingsPage).scroll.ScrollToTop()
	if resize(500); focus.InSight(control) {
		t.Error("the page was scrolled away from it, and jumps back")
	}
}

// The hint is there as soon as there is room for it, also when the window grew while
// another page was shown.
func TestHintComesBack(t *testing.T) {
	s := stage(t, quiet(), english(), low)
	hint := func() bool { return s.screen.pages[view.Nearby].(*nearbyPage).hint.Visible() }
	if hint() {
		t.Fatal("it takes the room of the cards")
	}
	s.window.Resize(usual)
	if !hint() {
		t.Error("it is missing after the window grew")
	}
	s.window.Resize(low)
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	s.draw()
	s.window.Resize(usual)
	s.draw()
	s.do(func(l *view.Local) { l.Go(view.Nearby) })
	if !hint() {
		t.Error("it is missing after the window grew while another page was shown")
	}
}
