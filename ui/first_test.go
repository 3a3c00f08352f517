package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/ui/calm"
	"potluck/ui/focus"
	"potluck/ui/press"
	"potluck/ui/view"
)

// keepsOn is somebody for whom closing the window keeps Potluck running.
func keepsOn() *prefs {
	p := english()
	p.values["tray"] = "yes"
	return p
}

// Where nothing else could tell that Potluck goes on, the window asks the first time
// that it is closed, and not again.
func TestFirstCloseIsTold(t *testing.T) {
	s := stage(t, quiet(), keepsOn(), usual)
	noted := 0
	s.o.Mute, s.o.OnTold = true, func() error { noted++; return nil }
	s.closing()
	s.draw()
	if s.hidden || !strings.Contains(s.shown.Question.Text, "keeps running") {
		t.Fatalf("hidden: %v, asks %q", s.hidden, s.shown.Question.Text)
	}
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.draw()
	if s.hidden || s.shown.Question.Text != "" {
		t.Errorf("Esc: hidden: %v, asks %q", s.hidden, s.shown.Question.Text)
	}
	s.closing()
	s.draw()
	tap(t, s, "Keep running")
	s.draw()
	if !s.hidden || noted != 1 {
		t.Fatalf("hidden: %v, told %d times", s.hidden, noted)
	}
	s.show()
	s.closing()
	s.draw()
	if !s.hidden || s.shown.Question.Text != "" || noted != 1 {
		t.Errorf("the second time: hidden: %v, asks %q, told %d times", s.hidden, s.shown.Question.Text, noted)
	}
}

// The person may end it instead, and whoever closes the window once more has heard.
func TestFirstCloseAnswered(t *testing.T) {
	s := stage(t, quiet(), keepsOn(), usual)
	s.o.Mute = true
	s.closing()
	s.pass(calm.Time)
	tap(t, s, "Quit")
	select {
	case <-s.Over():
	default:
		t.Error("Quit does not end it")
	}
	s = stage(t, quiet(), keepsOn(), usual)
	s.o.Mute = true
	s.closing()
	s.closing()
	if !s.hidden {
		t.Error("closing again does not hide it")
	}
}

// Where notifications are shown, one tells, and the window goes at once.
func TestFirstCloseNotified(t *testing.T) {
	s := stage(t, quiet(), keepsOn(), usual)
	noted := 0
	s.o.OnTold = func() error { noted++; return nil }
	s.closing()
	s.acts.Wait()
	if !s.hidden || noted != 1 {
		t.Errorf("hidden: %v, told %d times", s.hidden, noted)
	}
}

// A setting that was refused, and is right now, is not complained of any more.
func TestMendedSettingIsQuiet(t *testing.T) {
	for name, good := range map[string]string{"another": "Lan", "the old one": english().values["name"]} {
		s := stage(t, quiet(), english(), usual)
		s.local.Go(view.Settings)
		s.draw()
		var row *settingRow
		for _, r := range s.screen.pages[view.Settings].(*settingsPage).rows {
			if r.now.Key == "name" {
				row = r
			}
		}
		row.set("")
		s.draw()
		if s.shown.Notice.Tone != view.Bad {
			t.Fatalf("%s: says %+v", name, s.shown.Notice)
		}
		row.set(good)
		s.draw()
		if text := s.shown.Notice.Text; text != "" {
			t.Errorf("%s: still says %q", name, text)
		}
	}
}

// After an answer the keyboard is on nothing of the next request that answers it.
func TestNextRequestIsNotAnswered(t *testing.T) {
	for _, look := range []bool{true, false} {
		e := quiet()
		second := program()
		second.From, second.FromName = anna, "Anna"
		if !look {
			second.Files, second.Folders, second.Programs = 1, 0, 0
		}
		e.snapshot.Offers = []sharing.Offer{photos(), second}
		s := stage(t, e, english(), usual)
		s.pass(time.Minute)
		for _, stop := range []func() fyne.Focusable{
			func() fyne.Focusable { return button(t, s, "Decline") },
			func() fyne.Focusable { return button(t, s, "Accept") },
		} {
			e.snapshot.Offers = []sharing.Offer{photos(), second}
			s.pass(time.Minute)
			s.window.Canvas().Focus(stop())
			s.acceptFront()
			e.took(s.Window)
			e.snapshot.Offers = []sharing.Offer{second}
			s.draw()
			s.draw()
			got := s.keyboard(t)
			if b, is := got.(*press.Button); is && (b.Value().Text == "Decline" || b.Value().Text == "Accept") {
				t.Errorf("the keyboard is on %q", b.Value().Text)
			}
			if card := s.focusedRequest(); card == nil {
				t.Errorf("the keyboard is on %T, away from the requests", got)
			}
		}
	}
}

// button returns the first button of the window with that text.
func button(t *testing.T, s *scene, text string) *press.Button {
	t.Helper()
	for _, card := range s.screen.now.cards {
		for _, o := range inAll(card.Held()) {
			if b, ok := o.(*press.Button); ok && b.Value().Text == text && card.Visible() {
				return b
			}
		}
	}
	t.Fatalf("no button %q", text)
	return nil
}

func inAll(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, o := range objects {
		all = append(all, o)
		if c, ok := o.(*fyne.Container); ok {
			all = append(all, inAll(c.Objects)...)
		}
	}
	return all
}

// Who has put all settings back has the keyboard on that page, and not on what stands
// beside it, whatever it was on before and whatever looks different then.
func TestResetStaysOnThePage(t *testing.T) {
	for _, keys := range []bool{true, false} {
		for _, changed := range []string{"none", "theme", "language", "textSize"} {
			e := quiet()
			e.snapshot.Messages = []sharing.Message{{ID: "m1", From: anna, FromName: "Anna", Text: "one", At: now}}
			s := stage(t, e, english(), fyne.NewSize(1280, 800))
			s.local.Go(view.Settings)
			s.draw()
			page := s.screen.pages[view.Settings].(*settingsPage)
			reset := focus.First(page.rows[len(page.rows)-1].root)
			for _, row := range page.rows {
				if row.now.Control == view.Press {
					reset = focus.First(row.root)
				}
			}
			if keys {
				s.window.Canvas().Focus(reset)
			}
			reset.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			s.pass(calm.Time)
			s.window.Canvas().Focus(s.screen.notice.do)
			s.screen.notice.do.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			s.draw()
			s.prefs.values[changed] = map[string]string{"theme": "dark", "language": "vi", "textSize": "120"}[changed]
			s.choose(s.prefs.Values())
			s.draw()
			s.draw()
			got := s.keyboard(t)
			_, in := focus.PlaceOf(s.screen.pages[view.Settings].object(), got.(fyne.CanvasObject))
			if got != fyne.Focusable(s.screen.rail[2]) && !in {
				t.Errorf("by keys: %v, %s changed: the keyboard is on %T", keys, changed, got)
			}
		}
	}
}

// What was named and does not exist is said at once, and the rest is taken.
func TestMissingArguments(t *testing.T) {
	there := filepath.Join(t.TempDir(), "there.pdf")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(t.TempDir(), "gone.pdf")
	s := stage(t, quiet(), english(), usual, there, gone)
	if got := s.local.Basket.Paths; len(got) != 1 || got[0] != there {
		t.Errorf("chosen for are %q", got)
	}
	if got := s.shown.Notice.Text; got != "\u2068gone.pdf\u2069 is not there any more." {
		t.Errorf("says %q", got)
	}
	s.Raise([]string{gone, gone + "2"})
	s.draw()
	if got := s.local.Basket.Paths; len(got) != 1 || s.shown.Notice.Text == "" {
		t.Errorf("chosen for are %q", got)
	}
	s = stage(t, quiet(), english(), usual, gone)
	if s.local.Choosing || s.shown.Notice.Text == "" {
		t.Errorf("chooses for nothing, and says %q", s.shown.Notice.Text)
	}
}
