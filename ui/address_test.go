package ui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// An address is typed and tried by keyboard alone; who answers has the keyboard
// then.
func TestEnterAnAddress(t *testing.T) {
	e := quiet()
	here := e.snapshot.Neighbours
	e.snapshot.Neighbours = nil
	s := stage(t, e, english(), usual)
	tap(t, s, "Enter an address…")
	entry := s.screen.pages[view.Address].(*addressPage).entry
	if s.window.Canvas().Focused() != fyne.Focusable(entry) {
		t.Fatalf("the keyboard is on %T", s.window.Canvas().Focused())
	}
	test.Type(entry, "10.0.0.7:27420")
	e.snapshot.Neighbours, e.reached = here, khai
	uitest.Key(entry, fyne.KeyReturn)
	if !s.shown.Address.Busy {
		t.Error("nothing says that it is tried")
	}
	if told := e.took(s.Window); told != "reach 10.0.0.7:27420" {
		t.Errorf("the engine is told %q", told)
	}
	s.draw()
	if s.shown.Page != view.Nearby || !strings.Contains(s.shown.Notice.Text, "is here now") || s.window.Canvas().Focused() != fyne.Focusable(s.grid()) {
		t.Errorf("page %d, %q, the keyboard on %T", s.shown.Page, s.shown.Notice.Text, s.window.Canvas().Focused())
	}
	uitest.Key(s.grid(), fyne.KeySpace)
	if len(s.local.Ticked) != 1 || s.local.Ticked[0] != khai {
		t.Errorf("the keyboard is on the card of %v", s.local.Ticked)
	}
}

// What goes wrong is said on the page, and the address stays to be mended. Esc
// leaves.
func TestAddressThatIsNone(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.shortcut(t, command(fyne.KeyL, 0))
	p := s.screen.pages[view.Address].(*addressPage)
	test.Type(p.entry, "http://x")
	uitest.Key(p.entry, fyne.KeyReturn)
	s.draw()
	if told := s.engine.took(s.Window); told != "" || !strings.HasPrefix(s.shown.Address.Help, "That is no address.") {
		t.Errorf("the engine is told %q, the page says %q", told, s.shown.Address.Help)
	}
	p.entry.SetText("10.0.0.7")
	if s.shown.Address.Bad {
		t.Error("what is being mended is still said to be wrong")
	}
	s.engine.err = errors.New("no Potluck device answers at 10.0.0.7; check the address, and that Potluck runs there and lets itself be found")
	uitest.Key(p.entry, fyne.KeyReturn)
	s.draw()
	if s.shown.Page != view.Address || !strings.HasPrefix(s.shown.Address.Help, "No Potluck device answers at") || p.entry.Text != "10.0.0.7" {
		t.Errorf("page %d says %q, with %q", s.shown.Page, s.shown.Address.Help, p.entry.Text)
	}
	uitest.Key(p.entry, fyne.KeyEscape)
	if s.draw(); s.shown.Page != view.Nearby {
		t.Errorf("Esc leads to page %d", s.shown.Page)
	}
}

// Who leaves the page gives the address up: nothing comes of it later.
func TestAddressIsGivenUp(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.enterAddress()
	s.reach("10.0.0.7")
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	s.engine.snapshot.Neighbours = append(s.engine.snapshot.Neighbours, sharing.Neighbour{})
	s.draw()
	if s.shown.Page != view.Settings || s.shown.Notice.Text != "" || s.local.Reaching != "" {
		t.Errorf("page %d, %q, %q", s.shown.Page, s.shown.Notice.Text, s.local.Reaching)
	}
}
