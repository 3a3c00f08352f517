package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/calm"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// menu returns what the open menu offers, and closes it; nothing when there is none.
func (s *scene) menu() []string {
	top := s.window.Canvas().Overlays().Top()
	if top == nil {
		return nil
	}
	var labels []string
	for _, o := range test.LaidOutObjects(top) {
		if text, ok := o.(*canvas.Text); ok {
			labels = append(labels, text.Text)
		}
	}
	top.Hide()
	return labels
}

// What can be done with a request or a transfer is in a menu, which opens by its key where
// the keyboard is on any of it, and from the menus.
func TestMenuOfWhatIsInFront(t *testing.T) {
	open := map[string]func(s *scene){
		"the key":   func(s *scene) { s.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu}) },
		"the menus": func(s *scene) { entry(t, s, "Edit", "More for what is in front…") },
	}
	for name, do := range open {
		s := stage(t, busy(), english(), usual)
		s.local.Go(view.Transfers)
		s.draw()
		s.firstRequest()
		do(s)
		got := s.menu()
		for _, want := range []string{"Look inside", "Later", "Block", "Details"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s: the request's menu offers %q", name, got)
			}
		}
		page := s.screen.pages[view.Transfers].(*transfersPage)
		for _, o := range uitest.Below(page.moving.all[0].object) {
			if stop, ok := o.(fyne.Focusable); ok && o.Visible() {
				s.window.Canvas().Focus(stop)
				break
			}
		}
		do(s)
		row := page.moving.last[0]
		if got, want := s.menu(), []string{"Details", row.Buttons[0].Text, row.Buttons[1].Text}; !slices.Equal(got, want) {
			t.Errorf("%s: the transfer's menu offers %q, want %q", name, got, want)
		}
	}
}

// From the menus, the person in front has a menu too; with nobody in front it is said how
// to choose somebody.
func TestMenuOfNobody(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.draw()
	s.window.Canvas().Unfocus()
	entry(t, s, "Edit", "More for what is in front…")
	if s.menu() != nil || s.shown.Notice.Text == "" {
		t.Errorf("with nobody in front it says %q", s.shown.Notice.Text)
	}
	s.grid().Point(binh.String())
	entry(t, s, "Edit", "More for what is in front…")
	if got := s.menu(); !slices.Contains(got, "Send a message…") {
		t.Errorf("it offers %q", got)
	}
}

// A click on the menus takes the keyboard away from what it was on, and the toolkit forgets
// what that was: the menus are about it all the same. What has gone, or stands for something
// else by now, is not.
func TestMenusRememberTheKeyboard(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	click := func() { s.window.Canvas().Unfocus() } // what pressing the mouse there does
	s.window.Canvas().Focus(s.grid())
	s.grid().Point(binh.String())
	click()
	entry(t, s, "Person", "Details")
	if s.shown.Page != view.Device || s.shown.Device.ID != binh {
		t.Errorf("page %d", s.shown.Page)
	}
	s.local.Go(view.Nearby)
	s.draw()

	entry(t, s, "Files", "Accept the request in front") // none is: the first comes to the front
	if told := s.engine.took(s.Window); told != "" || s.focusedRequest() == nil {
		t.Fatalf("the engine is told %q", told)
	}
	click()
	entry(t, s, "Files", "Accept the request in front")
	if told := s.engine.took(s.Window); !strings.HasPrefix(told, "accept") {
		t.Errorf("the engine is told %q", told)
	}

	s.firstRequest()
	click()
	other := photos()
	other.Share = sharing.ShareID{77}
	s.engine.snapshot.Offers = []sharing.Offer{other}
	s.draw()
	s.pass(calm.Time)
	entry(t, s, "Files", "Accept the request in front")
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("of another request that came to that place, the engine is told %q", told)
	}
}
