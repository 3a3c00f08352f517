package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/field"
	"potluck/ui/view"
)

// entry does what an entry of the menus does.
func entry(t *testing.T, s *scene, menu, label string) {
	t.Helper()
	for _, m := range s.mainMenu().Items {
		for _, i := range m.Items {
			if m.Label == menu && i.Label == label {
				i.Action()
				s.draw()
				return
			}
		}
	}
	t.Fatalf("there is no %q in %q", label, menu)
}

// What can be done with a person is in the menus too, and is done with the one that is
// ticked, or that the keyboard is on; with nobody else.
func TestPersonMenu(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.draw()
	s.window.Canvas().Unfocus()
	entry(t, s, "Person", "Block")
	if told := s.engine.took(s.Window); told != "" || s.shown.Notice.Text == "" {
		t.Fatalf("with nobody chosen the engine is told %q, and the notice says %q", told, s.shown.Notice.Text)
	}
	if s.window.Canvas().Focused() != fyne.Focusable(s.grid()) {
		t.Errorf("the keyboard is on %T", s.window.Canvas().Focused())
	}
	s.local.Notice = view.Notice{}
	s.grid().Point(room.String())
	entry(t, s, "Person", "Verify together…")
	if told := s.engine.took(s.Window); told != "pair cc" || s.shown.Page != view.Verify {
		t.Errorf("the engine is told %q, on page %d", told, s.shown.Page)
	}
	s.local.Go(view.Nearby)
	s.local.Tick(binh)
	s.draw()
	entry(t, s, "Person", "Send a message…")
	if s.shown.Page != view.Write || s.shown.Write.To != binh {
		t.Errorf("page %d, to %v", s.shown.Page, s.shown.Write.To)
	}
	s.local.Go(view.Nearby)
	s.draw()
	entry(t, s, "Person", "Verify together…") // they are verified
	if s.shown.Page != view.Device || s.shown.Device.ID != binh {
		t.Errorf("page %d", s.shown.Page)
	}
	entry(t, s, "Person", "Block")
	if told := s.engine.took(s.Window); told != "block bb" {
		t.Errorf("the engine is told %q", told)
	}
	s.local.Go(view.Settings)
	s.draw()
	entry(t, s, "Person", "Block") // nobody is in front there
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("the engine is told %q", told)
	}
}

// The menu of a card opens by the keyboard, by both keys.
func TestCardMenuByKey(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.draw()
	s.window.Canvas().Focus(s.grid())
	for _, keys := range [][]fyne.KeyName{{desktop.KeyMenu}, {desktop.KeyShiftLeft, fyne.KeyF10}} {
		if len(keys) == 2 {
			s.grid().KeyDown(&fyne.KeyEvent{Name: keys[0]})
		}
		s.grid().TypedKey(&fyne.KeyEvent{Name: keys[len(keys)-1]})
		if s.window.Canvas().Overlays().Top() == nil {
			t.Errorf("%v opens nothing", keys)
			continue
		}
		s.window.Canvas().Overlays().Top().Hide()
	}
}

// The history is cleared from the menus too; it is asked about.
func TestClearFromTheMenu(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	entry(t, s, "Files", "Clear the history…")
	if s.shown.Question.Do != view.ClearHistory || s.shown.Page != view.Transfers {
		t.Errorf("it asks %q on page %d", s.shown.Question.Text, s.shown.Page)
	}
	s = stage(t, quiet(), english(), usual)
	entry(t, s, "Files", "Clear the history…")
	if s.shown.Question.Text != "" {
		t.Errorf("with nothing in it, it asks %q", s.shown.Question.Text)
	}
}

// A text that was begun is there again when its page is, whatever came in between; once it
// is sent, or given up, it is not.
func TestDraftsStay(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	entry := func() *field.Entry { return s.screen.pages[view.Write].(*writePage).entry }
	s.write(anna)
	s.draw()
	entry().SetText("half a thought")
	s.local.Go(view.Transfers)
	s.draw()
	s.write(binh)
	s.draw()
	if got := entry().Text; got != "" {
		t.Errorf("to somebody else it is %q", got)
	}
	s.local.Go(view.Nearby)
	s.draw()
	s.write(anna)
	s.draw()
	if got := entry().Text; got != "half a thought" {
		t.Errorf("it is %q", got)
	}
	s.screen.pages[view.Write].(*writePage).sendNow()
	s.draw()
	s.write(anna)
	s.draw()
	if got := entry().Text; got != "" {
		t.Errorf("after it was sent it is %q", got)
	}
	entry().SetText("no")
	test.Tap(s.screen.pages[view.Write].(*writePage).cancel)
	s.draw()
	s.write(anna)
	s.draw()
	if got := entry().Text; got != "" {
		t.Errorf("after it was given up it is %q", got)
	}
}

// In a narrow window messages stand in place of the cards, until the cards are asked for; the
// line below leads back, and so does a new message.
func TestMessagesMakeRoomForCards(t *testing.T) {
	s := stage(t, quiet(), english(), fyne.NewSize(640, 480))
	s.engine.snapshot.Messages = []sharing.Message{{ID: "1", From: anna, FromName: "Anna", Text: "hello"}}
	s.draw()
	if !s.screen.now.inPage {
		t.Fatal("the message is not seen")
	}
	s.turn(view.Nearby)
	s.draw()
	if s.screen.now.inPage || !s.grid().Visible() {
		t.Fatal("the cards are not seen")
	}
	s.showWaiting()
	s.draw()
	if !s.screen.now.inPage {
		t.Error("the line below does not lead back")
	}
	s.turn(view.Nearby)
	s.draw()
	s.engine.snapshot.Messages = append(s.engine.snapshot.Messages, sharing.Message{ID: "2", From: binh, FromName: "Bình", Text: "you there?"})
	s.draw()
	if !s.screen.now.inPage {
		t.Error("a new message is not seen")
	}
}

// Clearing means all of the history, and says so when a search leaves some of it out.
func TestClearSaysThatItIsAll(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	for search, want := range map[string]string{"": "Clear the history? The files stay.", "x": "Clear all of the history, and not only what was found? The files stay."} {
		s.local.Search = search
		entry(t, s, "Files", "Clear the history…")
		if got := s.shown.Question.Text; got != want {
			t.Errorf("searching for %q it asks %q", search, got)
		}
	}
}
