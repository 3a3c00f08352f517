package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/ui/field"
	"potluck/ui/press"
	"potluck/ui/tree"
	"potluck/ui/view"
)

// places are where all that can be clicked on a page is.
func places(root fyne.CanvasObject) map[string]fyne.Position {
	all := map[string]fyne.Position{}
	n := 0
	for _, o := range test.LaidOutObjects(root) {
		switch o.(type) {
		case *press.Button, *field.Entry, *field.Check, *field.Select, *tree.Tree:
			if o.Visible() {
				n++
				all[fmt.Sprintf("%T %d", o, n)] = fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			}
		}
	}
	return all
}

// A notice that comes up moves nothing that somebody may be about to click, and
// all of it is in sight.
func TestNoticesMoveNothing(t *testing.T) {
	pages := map[string]func(*scene){"device": func(s *scene) { s.openDevice(binh) }}
	for _, name := range []string{"transfers", "inside", "details", "verify", "write", "settings", "keys"} {
		pages[name] = screens()[name]
	}
	for name, scene := range pages {
		for _, l := range looks {
			s := stage(t, busy(), settingsOf(l.theme, l.language, l.text), l.size)
			scene(s)
			for range 3 {
				s.draw()
			}
			root := s.screen.pages[s.shown.Page].object()
			before := places(root)
			s.local.Notice = view.Blocked("Anna", anna.String(), s.clock, s.words)
			s.draw()
			s.draw()
			after := places(root)
			if len(before) == 0 {
				t.Fatalf("%s: nothing to click", name)
			}
			for what, at := range before {
				if to, there := after[what]; there && to != at {
					t.Errorf("%s, %s: %s moves from %v to %v", name, l.name, what, at, to)
				}
			}
			if !inSight(s, s.words.L("Undo")) {
				t.Errorf("%s, %s: the button of the notice is not in sight", name, l.name)
			}
		}
	}
}
