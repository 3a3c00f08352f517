package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"potluck/sharing"
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

// What was ticked of an offer is still ticked when somebody comes back to it, and counts for
// the yes on its card too, which says how much it is.
func TestPicksStay(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.contents = album()
	share := s.engine.snapshot.Offers[0].Share
	s.lookInto(share)
	s.draw()
	all, _, _ := s.local.Tree.Wanted()
	s.local.Tree.Toggle(s.local.Tree.Len() - 1)
	files, _, _ := s.local.Tree.Wanted()
	want := s.local.Tree.Want()
	if files == all || want == nil {
		t.Fatalf("%d of %d are ticked", files, all)
	}
	s.local.Leave(s.clock, s.words)
	s.draw()
	if got := s.shown.Now.Requests[0].Accept; got != s.words.N("Accept {{.N}} files", files) {
		t.Errorf("the card says %q", got)
	}
	s.lookInto(share)
	s.draw()
	if again, _, _ := s.local.Tree.Wanted(); again != files || !slices.Equal(s.local.Tree.Want(), want) {
		t.Errorf("%d are ticked again, of %d", again, files)
	}
	s.local.Leave(s.clock, s.words)
	s.draw()
	s.engine.took(s.Window)
	s.acceptUsual(share)
	if told := s.engine.took(s.Window); !strings.Contains(told, fmt.Sprintf("of %d", len(want))) {
		t.Errorf("the engine is told %q", told)
	}
	s.engine.snapshot.Offers = nil
	s.draw()
	if len(s.local.Picks) != 0 {
		t.Error("what was ticked is remembered though the offer is gone")
	}
}

// Esc in a search empties that first.
func TestEscEmptiesTheSearch(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.contents = album()
	s.lookInto(s.engine.snapshot.Offers[0].Share)
	s.draw()
	find := s.screen.pages[view.Inside].(*insidePage).find
	s.window.Canvas().Focus(find)
	find.SetText("a")
	s.draw()
	for _, c := range []struct {
		text string
		page view.Page
	}{{"", view.Inside}, {"", view.Nearby}} {
		find.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		s.draw()
		if find.Text != c.text || s.shown.Page != c.page {
			t.Errorf("%q is searched for, on page %d, not %d", find.Text, s.shown.Page, c.page)
		}
	}
}

// The folder that somebody chose for an offer has its room told too, and no yes where there
// is none; it is looked again by and by.
func TestRoomInAChosenFolder(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.contents = album()
	o := s.engine.snapshot.Offers[0]
	s.engine.free = map[string]int64{"/media/stick": 1000}
	s.local.Into = map[sharing.ShareID]string{o.Share: "/media/stick"}
	look := func() view.Request {
		for range 3 {
			s.draw()
		}
		return s.shown.Now.Requests[0]
	}
	if r := look(); r.CanAccept || !r.FreeBad || !strings.Contains(r.Free, "1.0\u00a0kB") {
		t.Errorf("with little room: %q, and yes is %v", r.Free, r.CanAccept)
	}
	s.engine.free["/media/stick"] = o.Bytes + 5
	if r := look(); r.CanAccept {
		t.Error("it was looked again at once")
	}
	s.pass(view.RoomAge)
	if r := look(); !r.CanAccept || r.FreeBad || r.Free == "" {
		t.Errorf("with room: %q, and yes is %v", r.Free, r.CanAccept)
	}
	s.engine.snapshot.Offers = nil
	s.draw()
	if len(s.measures)+len(s.local.Room) > 0 {
		t.Error("it is measured for nobody")
	}
}
