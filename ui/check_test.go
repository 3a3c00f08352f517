package ui

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/calm"
	"potluck/ui/view"
)

// What was received is checked, mended, and restored when that is asked for.
func TestCheckAndMend(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	received := pauses()[3]
	s.engine.snapshot.Transfers = []sharing.Transfer{received}
	s.snapshot = s.engine.snapshot
	s.details(string(sharing.Receiving) + received.Share.String())
	s.draw()
	s.pass(calm.Time)
	tap(t, s, "Check and mend")
	if told := s.engine.took(s.Window); told != "verify 0400 false" {
		t.Errorf("the engine is told %q", told)
	}
	s.engine.snapshot.Transfers = []sharing.Transfer{received}
	s.engine.snapshot.Transfers[0].Verify = &sharing.Verifying{Done: 24_000_000, Total: 48_000_000}
	s.snapshot = s.engine.snapshot
	s.draw()
	if r := s.shown.Details.Row; r.Title != "Checking…" || r.Part != 0.5 || s.shown.Details.Check.Button.Text != "" {
		t.Errorf("shows %+v, and %+v", r, s.shown.Details.Check)
	}
	s.press(s.shown.Details.Buttons[0].Do, s.shown.Details.Row.Ref)
	if told := s.engine.took(s.Window); told != "cancel 0400" || s.local.Question.Text != "" {
		t.Errorf("the engine is told %q, and asks %q", told, s.local.Question.Text)
	}
	s.engine.snapshot.Transfers[0].Verify = nil
	s.snapshot = s.engine.snapshot
	s.hear(sharing.VerifiedEvent{Verified: found()})
	s.draw()
	if c := s.shown.Details.Check; !strings.HasPrefix(c.Text, "102 files were changed") || len(c.Files) != 5 || c.Files[4].Value != "100 more" {
		t.Errorf("says %+v", c)
	}
	if n := s.shown.Notice; n.Text != "" {
		t.Errorf("says once more: %+v", n)
	}
	s.pass(calm.Time)
	tap(t, s, "Put the originals beside them")
	if told := s.engine.took(s.Window); told != "verify 0400 true" {
		t.Errorf("the engine is told %q", told)
	}
}

// Who passes on damaged data is named.
func TestBadHolderIsTold(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.hear(sharing.BadHolderEvent{Peer: binh, PeerName: "B"})
	s.draw()
	if n := s.shown.Notice; n.Tone != view.Warn || !strings.Contains(n.Text, "Bình's ThinkPad") || !strings.Contains(n.Text, "thrown away") {
		t.Errorf("says %+v", n)
	}
}

// While the engine is at it, that is shown, and nothing is asked of it twice.
func TestAcceptingIsShown(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.pass(time.Second)
	s.accept(photo, nil)
	if r := s.shown.Now.Requests[0]; r.CanAccept || r.Accept != "Accepting…" {
		t.Errorf("shows %+v", r)
	}
	s.accept(photo, nil)
	if told := s.engine.took(s.Window); strings.Count(told, "accept") != 1 {
		t.Errorf("the engine is told %q", told)
	}
	s.draw()
	if r := s.shown.Now.Requests[0]; !r.CanAccept { // the engine has refused it, say
		t.Errorf("shows %+v", r)
	}
}

// What is gone through before it is offered is shown, and can be given up.
func TestPreparingIsShown(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.local.Pack(view.Parcel{Number: 7, Hold: view.Hold{Basket: view.Basket{Paths: []string{"/x/many"}}, To: []identity.ID{anna}}})
	given := false
	s.packing[7] = func() { given = true }
	s.draw()
	if r := s.shown.Now.Rows[0]; r.Title != "Preparing…" || !strings.Contains(r.What, "many") {
		t.Errorf("shows %+v", r)
	}
	for _, c := range s.shown.Nearby.Cards {
		if c.ID == anna && c.State != "Preparing…" {
			t.Errorf("the card says %q", c.State)
		}
	}
	s.press(s.shown.Now.Rows[0].Buttons[0].Do, s.shown.Now.Rows[0].Ref)
	if !given {
		t.Error("it is not given up")
	}
	s.local.Packed(7)
	s.draw()
	if n := len(s.shown.Now.Rows); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// Whoever changes what the window looks like stays where they were.
func TestSettingsStayWhereTheyWere(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.local.Go(view.Settings)
	s.draw()
	page := func() *settingsPage { return s.screen.pages[view.Settings].(*settingsPage) }
	page().scrollTo(0.5)
	before := page().scrolled()
	s.prefs.values["theme"] = "dark"
	s.choose(s.prefs.Values())
	s.draw()
	if after := page().scrolled(); before < 0.3 || after < before-0.01 || after > before+0.01 {
		t.Errorf("scrolled to %v, and to %v before", after, before)
	}
}
