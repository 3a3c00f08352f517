package ui

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/source"
	"potluck/ui/view"
)

// What is looked into is the request that was clicked, also when another one waits
// and takes its place at once.
func TestTheRequestThatWasClickedIsLookedInto(t *testing.T) {
	e := quiet()
	e.contents = album()
	s := stage(t, e, english(), usual)
	e.snapshot.Offers = []sharing.Offer{photos(), program()}
	s.draw()
	s.pass(time.Minute)
	first := s.shown.Now.Requests[0].Share
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		if fmt.Sprintf("%T", o) == "*request.what" && o.Visible() {
			test.Tap(o.(fyne.Tappable))
			break
		}
	}
	s.draw()
	if s.local.Look != first.String() {
		t.Errorf("clicked was %s, looked into is %q", first.Short(), s.local.Look)
	}
}

// What the history was searched for is seen, also when the pages were made anew.
func TestTheSearchIsSeenAfterPagesAreMadeAnew(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.local.Search = "slides"
	if p := newTransfersPage(s.Window); p.find.Text != "slides" {
		t.Errorf("the entry says %q", p.find.Text)
	}
}

// One path that is not there does not lose the others, nor whom they were for.
func TestOneMissingPathIsLeftOut(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.engine.err = &source.PathError{Path: "/home/lan/gone.txt", Err: fs.ErrNotExist}
	s.deliver(view.Hold{Basket: view.Basket{Paths: []string{"/home/lan/a.txt", "/home/lan/gone.txt"}}, To: []identity.ID{binh}})
	s.engine.took(s.Window)
	s.draw()
	if !s.local.Choosing || !slices.Equal(s.local.Basket.Paths, []string{"/home/lan/a.txt"}) || !slices.Equal(s.local.Ticked, []identity.ID{binh}) {
		t.Errorf("left in the basket is %q for %v", s.local.Basket.Paths, s.local.Ticked)
	}
}

// Ctrl+Z does what the notice of a block offers.
func TestABlockIsUndoneByKey(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.blockNow(binh, "Bình")
	s.engine.took(s.Window)
	s.draw()
	s.undo()
	if told := s.engine.took(s.Window); !strings.Contains(told, "unblock") {
		t.Errorf("the engine is told %q", told)
	}
}
