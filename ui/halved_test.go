package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"potluck/ui/calm"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// In a wide window the details of a transfer stand beside the list, and the keyboard
// stays there.
func TestDetailsBesideTheList(t *testing.T) {
	s := stage(t, busy(), english(), fyne.NewSize(1280, 800))
	s.draw()
	s.do(func(l *view.Local) { l.Go(view.Transfers) })
	s.draw()
	list := s.screen.pages[view.Transfers].(*transfersPage)
	details := s.screen.pages[view.Details].object()
	s.window.Canvas().Focus(list.list)
	uitest.Key(list.list, fyne.KeyReturn)
	s.draw()
	if s.shown.Page != view.Details || !list.root.Visible() || !details.Visible() || len(list.past) != 1 {
		t.Fatalf("page %d, the list is there: %v with %d lines, the details: %v", s.shown.Page, list.root.Visible(), len(list.past), details.Visible())
	}
	if end := list.root.Position().X + list.root.Size().Width; end > details.Position().X {
		t.Errorf("the list ends at %.0f, the details begin at %.0f", end, details.Position().X)
	}
	if s.window.Canvas().Focused() != fyne.Focusable(list.list) {
		t.Errorf("the keyboard is on %T", s.window.Canvas().Focused())
	}
	s.window.Resize(fyne.NewSize(900, 600))
	s.draw()
	if list.root.Visible() || !details.Visible() {
		t.Error("in a smaller window the list still stands there")
	}
	s.window.Resize(fyne.NewSize(1280, 800))
	s.draw()
	if !list.root.Visible() {
		t.Error("in a wide window the list does not come back")
	}
	for _, other := range []view.Page{view.Nearby, view.Settings, view.Keys} {
		s.do(func(l *view.Local) { l.Go(other) })
		s.draw()
		if list.root.Visible() || details.Visible() || !s.screen.pages[other].object().Visible() {
			t.Errorf("on page %d the list is there: %v, the details: %v", other, list.root.Visible(), details.Visible())
		}
		s.do(func(l *view.Local) { l.Go(view.Transfers) })
		s.draw()
		s.pass(calm.Time)
		s.window.Canvas().Focus(list.list)
		uitest.Key(list.list, fyne.KeyReturn)
		s.draw()
	}
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.draw()
	if s.shown.Page != view.Transfers || details.Visible() || list.root.Size().Width < 700 {
		t.Errorf("after Esc: page %d, details %v, the list is %.0f wide", s.shown.Page, details.Visible(), list.root.Size().Width)
	}
}
