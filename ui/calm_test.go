package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/calm"
	"potluck/ui/press"
	"potluck/ui/view"
)

// placeOf returns the middle of the first visible button of that text.
func placeOf(t *testing.T, s *scene, text string) fyne.Position {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == text {
			return fyne.CurrentApp().Driver().AbsolutePositionForObject(b).AddXY(b.Size().Width/2, b.Size().Height/2)
		}
	}
	t.Fatalf("no button %q", text)
	return fyne.Position{}
}

// offers is a device that waits for an answer, and has withdrawn one offer before.
func offers() *engine {
	e := quiet()
	offer := func(n byte, state sharing.State, ago time.Duration) sharing.Transfer {
		return sharing.Transfer{
			Share: sharing.ShareID{n}, Direction: sharing.Sending, State: state, Title: "slides.pdf", Files: 1, Bytes: 3_000_000, Started: now.Add(-ago),
			Paths: []string{"/home/lan/slides.pdf"}, Peers: []sharing.Peer{{ID: binh, Name: "Bình", State: state}},
		}
	}
	old, waiting := offer(1, sharing.Withdrawn, 2*time.Minute), offer(2, sharing.Waiting, time.Minute)
	old.Ended = now.Add(-time.Minute)
	e.snapshot.Transfers = []sharing.Transfer{old, waiting}
	return e
}

// withdraw has the engine do what it was told: the offer that waited is gone, or is told
// of as withdrawn.
func (s *scene) withdraw(gone bool) {
	if gone {
		s.engine.snapshot.Transfers = s.engine.snapshot.Transfers[:1]
		return
	}
	t := append([]sharing.Transfer(nil), s.engine.snapshot.Transfers...)
	t[1].State, t[1].Ended = sharing.Withdrawn, s.clock
	t[1].Peers = []sharing.Peer{{ID: binh, Name: "Bình", State: sharing.Withdrawn}}
	s.engine.snapshot.Transfers = t
}

// The second click of a double click is not heard by what the first one brought under
// it: neither by another row that slid up, nor by another button of the same one.
func TestSecondClickIsNotHeard(t *testing.T) {
	for _, page := range []view.Page{view.Nearby, view.Transfers} {
		for _, gone := range []bool{true, false} {
			for _, pause := range []time.Duration{150 * time.Millisecond, 300 * time.Millisecond, 590 * time.Millisecond} {
				s := stage(t, offers(), english(), usual)
				s.do(func(l *view.Local) { l.Go(page) })
				s.pass(time.Second)
				at := placeOf(t, s, "Withdraw")
				test.TapCanvas(s.window.Canvas(), at)
				what := fmt.Sprintf("page %d, gone: %v, after %v", page, gone, pause)
				if told := s.engine.took(s.Window); told != "cancel 0200" {
					t.Fatalf("%s: the engine is told %q", what, told)
				}
				s.withdraw(gone)
				s.draw()
				for y := float32(-60); y <= 60; y += 6 { // wherever it has slid to
					test.TapCanvas(s.window.Canvas(), at.AddXY(0, y))
				}
				s.pass(pause)
				for y := float32(-60); y <= 60; y += 6 {
					test.TapCanvas(s.window.Canvas(), at.AddXY(0, y))
				}
				s.draw()
				if s.shown.Page != page || len(s.local.Holds) > 0 {
					t.Errorf("%s: page %d is opened, and %d offers are held back", what, s.shown.Page, len(s.local.Holds))
				}
				s.pass(time.Minute)
				if told := s.engine.took(s.Window); told != "" {
					t.Errorf("%s: the engine is told %q", what, told)
				}
			}
		}
	}
}

// What answers a request slides something under the pointer too.
func TestRowBelowARequestIsNotHeard(t *testing.T) {
	e := offers()
	e.snapshot.Transfers = e.snapshot.Transfers[:1]
	e.snapshot.Offers = []sharing.Offer{photos()}
	s := stage(t, e, english(), usual)
	s.pass(time.Second)
	s.engine.snapshot.Offers = nil
	s.draw()
	test.TapCanvas(s.window.Canvas(), placeOf(t, s, "Offer again"))
	s.draw()
	if len(s.local.Holds) > 0 {
		t.Error("the row that slid up is listened to at once")
	}
	s.pass(calm.Time)
	test.TapCanvas(s.window.Canvas(), placeOf(t, s, "Offer again"))
	s.draw()
	if len(s.local.Holds) != 1 {
		t.Error("a moment later it is not")
	}
}

// Offering again is held back like a drop, and can be taken back.
func TestOfferAgainIsHeldBack(t *testing.T) {
	s := stage(t, offers(), english(), usual)
	s.pass(time.Second)
	again := func() {
		test.TapCanvas(s.window.Canvas(), placeOf(t, s, "Offer again"))
		s.draw()
		if told := s.engine.took(s.Window); told != "" {
			t.Fatalf("the engine is told %q at once", told)
		}
	}
	again()
	s.pass(time.Second)
	tap(t, s, "Undo")
	s.pass(time.Minute)
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("the engine is told %q after Undo", told)
	}
	again()
	s.pass(2100 * time.Millisecond)
	if told := s.engine.took(s.Window); told != "retry 0100" {
		t.Errorf("the engine is told %q", told)
	}
}

// A click on somebody's card that was aimed at another one, which stood there until just
// now, ticks nobody.
func TestCardThatMovedIsNotHeard(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	at := cardPlace(t, s, binh).AddXY(20, 20)
	var rest []sharing.Neighbour
	for _, n := range s.engine.snapshot.Neighbours {
		if n.ID != binh {
			rest = append(rest, n)
		}
	}
	s.engine.snapshot.Neighbours = rest
	s.draw()
	s.pass(time.Hour) // the card of who has left goes
	key, ok := s.grid().CardAt(at)
	if !ok || idOf(key) == binh {
		t.Fatal("nobody has come to that place")
	}
	test.TapCanvas(s.window.Canvas(), at)
	if s.draw(); len(s.local.Ticked) > 0 {
		t.Error("who has slid there is ticked")
	}
	s.pass(calm.Time)
	test.TapCanvas(s.window.Canvas(), at)
	if s.draw(); len(s.local.Ticked) != 1 {
		t.Error("a moment later it cannot be ticked")
	}
}
