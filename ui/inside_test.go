package ui

import (
	"testing"

	"potluck/ui/view"
)

// The list of what is in an offer is kept while it is looked into, also while a folder
// is chosen for it, and let go of after that: that of a million files is large.
func TestListsAreLetGoOf(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.contents = album()
	s.desk.none, s.desk.tree = true, map[string][]Listed{"/home/lan/Downloads/Potluck": {{"a", true}}}
	page := s.screen.pages[view.Inside].(*insidePage)
	s.lookInto(s.engine.snapshot.Offers[0].Share)
	s.draw()
	seen := s.local.Tree
	if seen == nil || page.of != seen {
		t.Fatal("nothing is seen")
	}
	seen.Toggle(0)
	s.saveInto(photo)
	s.draw()
	if s.shown.Page != view.Pick || s.local.Tree != seen {
		t.Fatalf("page %d, and the list is %p", s.shown.Page, s.local.Tree)
	}
	s.local.Leave(s.clock, s.words)
	s.draw()
	if s.shown.Page != view.Inside || s.local.Tree != seen || page.of != seen {
		t.Fatalf("page %d, and the list is %p", s.shown.Page, s.local.Tree)
	}
	s.local.Go(view.Nearby)
	s.draw()
	if s.local.Tree != nil || page.of != nil {
		t.Error("the list is kept though nobody looks at it")
	}
	s.lookInto(s.engine.snapshot.Offers[0].Share)
	s.draw()
	s.engine.snapshot.Offers = nil // accepted, say
	s.draw()
	if s.shown.Page != view.Nearby || s.local.Tree != nil || page.of != nil {
		t.Error("the list is kept though the offer is gone")
	}
}
