package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
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
