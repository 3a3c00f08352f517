package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/ui/field"
	"potluck/ui/focus"
	"potluck/ui/view"
)

// control returns what a setting is changed with.
func (s *scene) control(name string) fyne.Focusable {
	var found fyne.Focusable
	page := s.screen.pages[view.Settings].object()
	focus.Together(page, page, func(o, _ fyne.CanvasObject) {
		switch o := o.(type) {
		case *field.Select:
			if o.Label == name {
				found = o
			}
		case *field.Slider:
			if o.Label == name {
				found = o
			}
		}
	})
	return found
}

// keyboard is what has the focus, and fails where nothing has it, or something that is
// not to be seen.
func (s *scene) keyboard(t *testing.T) fyne.Focusable {
	t.Helper()
	stop := s.window.Canvas().Focused()
	if stop == nil || !focus.Seen(s.screen.root, stop.(fyne.CanvasObject)) {
		t.Fatalf("the keyboard is on %T, which is not seen", stop)
	}
	return stop
}

// What a setting was changed with keeps the keyboard, though all is made anew.
func TestSettingKeepsTheKeyboard(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.local.Go(view.Settings)
	s.draw()
	name := map[string]string{"theme": "Theme", "textSize": "Text size", "language": "Language"}
	vi := map[string]string{"theme": "Giao diện", "textSize": "Cỡ chữ", "language": "Ngôn ngữ"}
	for _, c := range []struct{ key, value string }{{"theme", "dark"}, {"textSize", "110"}, {"language", "vi"}} {
		stop := s.control(name[c.key])
		s.window.Canvas().Focus(stop)
		s.prefs.values[c.key] = c.value
		s.choose(s.prefs.Values())
		s.draw()
		after := name[c.key]
		if c.key == "language" {
			after = vi[c.key]
		}
		if now := s.keyboard(t); now == stop || now != s.control(after) {
			t.Errorf("%s: the keyboard is on %T, and the setting is %T", c.key, now, s.control(after))
		}
		page := s.screen.pages[view.Settings].(*settingsPage)
		driver := fyne.CurrentApp().Driver()
		at := driver.AbsolutePositionForObject(s.keyboard(t).(fyne.CanvasObject)).Y - driver.AbsolutePositionForObject(page.scroll).Y
		if at < 0 || at > page.scroll.Size().Height {
			t.Errorf("%s: it is at %v of %v", c.key, at, page.scroll.Size().Height)
		}
	}
}

// A text that is being written outlasts the evening, when the colours change.
func TestTypingOutlastsTheTheme(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.write(anna)
	s.draw()
	entry := s.keyboard(t).(*field.Entry)
	entry.SetText("see you")
	entry.CursorColumn = 3
	s.prefs.values["theme"] = "dark"
	s.choose(s.prefs.Values())
	s.draw()
	now := s.keyboard(t).(*field.Entry)
	if now == entry || now.Text != "see you" || now.CursorColumn != 3 {
		t.Errorf("%q, and the cursor is at %d", now.Text, now.CursorColumn)
	}
}

// Whoever has sent a message is where they were: on the card of whom it was for.
func TestKeyboardComesBack(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.window.Canvas().Focus(s.grid())
	s.grid().Point(binh.String())
	at := s.grid().Cursor()
	if at == 0 {
		t.Fatal("that is where it begins")
	}
	s.write(binh)
	s.draw()
	entry := s.keyboard(t).(*field.Entry)
	entry.SetText("hello")
	s.screen.pages[view.Write].(*writePage).sendNow()
	s.draw()
	if s.shown.Page != view.Nearby || s.keyboard(t) != fyne.Focusable(s.grid()) || s.grid().Cursor() != at {
		t.Errorf("page %d, the keyboard is on %T, card %d", s.shown.Page, s.keyboard(t), s.grid().Cursor())
	}
}

// A question that was answered gives the keyboard back.
func TestAnswerGivesBack(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.window.Canvas().Focus(s.grid())
	s.press(view.CancelTransfer, sharing.ShareID{0x12, 0x34}.String())
	if s.keyboard(t) != fyne.Focusable(s.screen.notice.keep) {
		t.Fatalf("the keyboard is on %T", s.keyboard(t))
	}
	s.screen.notice.keep.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.keyboard(t) != fyne.Focusable(s.grid()) {
		t.Errorf("the keyboard is on %T", s.keyboard(t))
	}
}

// Where a card with a button goes away, what is nearest to it has the keyboard.
func TestNearestHasTheKeyboard(t *testing.T) {
	e := quiet()
	e.snapshot.Messages = []sharing.Message{{ID: "m1", From: anna, FromName: "Anna", Text: "one", At: now}}
	e.snapshot.Transfers = moving()
	s := stage(t, e, english(), usual)
	card := s.screen.now.messages.box
	s.window.Canvas().Focus(focus.First(card))
	s.keyboard(t)
	e.snapshot.Messages = nil
	s.draw()
	stop := s.keyboard(t)
	if _, in := focus.PlaceOf(s.screen.now.moving.box, stop.(fyne.CanvasObject)); !in {
		t.Errorf("the keyboard is on %T", stop)
	}
	e.snapshot.Transfers = nil
	s.draw()
	s.keyboard(t)
}

// Both keys lead to the settings, also for whoever types or stands on a card, and the
// menu has one entry for it.
func TestTwoKeysForTheSettings(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	entries := 0
	for _, item := range s.mainMenu().Items[0].Items {
		if item.Label == "Settings" {
			entries++
		}
	}
	if entries != 1 {
		t.Errorf("the menu has %d entries", entries)
	}
	keyed := keyedApp{fyne.CurrentApp(), map[fyne.Shortcut]int{}}
	fyne.SetCurrentApp(keyed)
	t.Cleanup(func() { fyne.SetCurrentApp(keyed.App) })
	s.grid().TypedShortcut(alsoSettings)
	s.write(anna)
	s.keyboard(t).(*field.Entry).TypedShortcut(alsoSettings)
	if n := keyed.heard[alsoSettings]; n != 2 {
		t.Errorf("the window hears of the other key %d times", n)
	}
	s.window.Canvas().Focus(s.grid())
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	if s.keyboard(t) != fyne.Focusable(s.screen.rail[2]) {
		t.Errorf("the keyboard is on %T", s.keyboard(t))
	}
}

// A keyedApp has canvases that take shortcuts, as those of real windows do.
type keyedApp struct {
	fyne.App
	heard map[fyne.Shortcut]int
}

func (a keyedApp) Driver() fyne.Driver { return keyedDriver{a.App.Driver(), a.heard} }

type keyedDriver struct {
	fyne.Driver
	heard map[fyne.Shortcut]int
}

func (d keyedDriver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	return keyedCanvas{d.Driver.CanvasForObject(o), d.heard}
}

type keyedCanvas struct {
	fyne.Canvas
	heard map[fyne.Shortcut]int
}

func (c keyedCanvas) TypedShortcut(s fyne.Shortcut) { c.heard[s]++ }

// Who is blocked by the keyboard leaves it on the card that comes next, or on what
// there is besides.
func TestBlockingLeavesTheKeyboard(t *testing.T) {
	e := quiet()
	s := stage(t, e, english(), usual)
	s.window.Canvas().Focus(s.grid())
	s.grid().SetCursor(99)
	all := e.snapshot.Neighbours
	e.snapshot.Neighbours = all[:len(all)-1]
	s.draw()
	if s.keyboard(t) != fyne.Focusable(s.grid()) {
		t.Errorf("the keyboard is on %T", s.keyboard(t))
	}
	e.snapshot.Neighbours = nil
	s.draw()
	s.pass(60e9)
	if stop := s.keyboard(t); stop == fyne.Focusable(s.grid()) {
		t.Error("the keyboard is on the cards, and there are none")
	}
}

// Larger words do not take the panel away in a window of the usual size, as long as
// there is room beside it for what the page is about.
func TestPanelStays(t *testing.T) {
	for _, language := range []string{"en", "vi", "de"} {
		for text, want := range map[string]bool{"100": true, "110": true, "120": true, "150": false} {
			s := stage(t, quiet(), settingsOf("light", language, text), usual)
			panel := s.screen.now.root.Visible()
			if panel != want {
				t.Errorf("%s, %s %%: the panel is seen: %v", language, text, panel)
			}
			columns := map[float32]bool{}
			for x := float32(0); x < usual.Width; x += 10 {
				if key, ok := s.grid().CardAt(fyne.NewPos(x, 200)); ok {
					columns[cardPlace(t, s, idOf(key)).X] = true
				}
			}
			if len(columns) < 2 {
				t.Errorf("%s, %s %%: %d cards side by side", language, text, len(columns))
			}
		}
	}
}

// The key of the page that is shown leads into it.
func TestKeyOfThePage(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.window.Canvas().Focus(s.screen.rail[1])
	s.turn(view.Nearby)
	if s.keyboard(t) != fyne.Focusable(s.grid()) {
		t.Errorf("the keyboard is on %T", s.keyboard(t))
	}
}

// A question is read whole where a request stands in place of the page, and nothing is
// cut at the side of the page about a device.
func TestNothingIsHidden(t *testing.T) {
	for _, l := range looks {
		s := stage(t, busy(), settingsOf(l.theme, l.language, l.text), l.size)
		screens()["question"](s)
		for range 3 {
			s.draw()
		}
		if n, now := s.screen.notice.root, s.screen.now; now.inPage && now.root.Position().Y+now.root.Size().Height > n.Position().Y {
			t.Errorf("%s: the question is under the request", l.name)
		}
		s.openDevice(binh)
		for range 3 {
			s.draw()
		}
		if scroll := s.screen.pages[view.Device].(*devicePage).scroll; scroll.Content.Size().Width > scroll.Size().Width {
			t.Errorf("%s: the page about a device is %v wide, and %v are seen", l.name, scroll.Content.Size().Width, scroll.Size().Width)
		}
	}
}

// The ring on the rail goes with the page that is shown, also when a key turns it.
func TestRailFollowsThePage(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.window.Canvas().Focus(s.screen.rail[0])
	for _, page := range []view.Page{view.Transfers, view.Settings, view.Nearby} {
		s.turn(page)
		s.draw()
		if got := s.keyboard(t); got != fyne.Focusable(s.screen.rail[page]) {
			t.Errorf("page %d: the keyboard is on %T, which is not its item", page, got)
		}
	}
}

// What waits for an answer takes the place of the cards in a narrow window, but not the
// keyboard: what is pressed at that moment was meant for a card.
func TestARequestNeverTakesTheKeyboard(t *testing.T) {
	s := stage(t, quiet(), settingsOf("light", "vi", "150"), fyne.NewSize(640, 480))
	nearby := s.screen.pages[view.Nearby].(*nearbyPage)
	s.window.Canvas().Focus(nearby.grid)
	s.engine.snapshot.Offers = []sharing.Offer{photos()}
	s.draw()
	if !s.screen.now.inPage {
		t.Fatal("it does not take the place of the cards")
	}
	if has := s.window.Canvas().Focused(); has != fyne.Focusable(s.screen.rail[view.Nearby]) {
		t.Errorf("the keyboard is on %T", has)
	}
}
