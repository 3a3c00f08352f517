package ui

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/press"
	"potluck/ui/rail"
)

func (s *scene) looks(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.Image(s.window.Canvas().Capture())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever lights up under the pointer looks as before when the pointer is not heard of
// any more: it may have left the window, which nothing tells. A movement lights it again.
func TestNothingStaysLit(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	seen := map[string]bool{}
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		h, hovers := o.(desktop.Hoverable)
		var kind string
		switch o := o.(type) {
		case *press.Button:
			kind = "button " + o.Value().Text
		case *rail.Item:
			kind = "rail"
		}
		if !hovers || kind == "" || seen[kind] || !o.Visible() {
			continue
		}
		seen[kind] = true
		dark := s.looks(t)
		h.MouseIn(&desktop.MouseEvent{})
		lit := s.looks(t)
		if bytes.Equal(dark, lit) {
			continue // it is out of sight, or never lights up
		}
		if s.screen.tips.DimAt(true).IsZero() {
			t.Fatalf("%s: nobody looks after it", kind)
		}
		s.screen.tips.Dim(s.clock.Add(time.Minute), true)
		if !bytes.Equal(s.looks(t), dark) {
			t.Errorf("%s: it stays lit", kind)
		}
		h.MouseMoved(&desktop.MouseEvent{})
		if !bytes.Equal(s.looks(t), lit) {
			t.Errorf("%s: a movement does not light it again", kind)
		}
		h.MouseOut()
	}
	if len(seen) < 5 {
		t.Errorf("only %v were looked at", seen)
	}
}

// The next request does not begin with what was lit of the one before.
func TestNextRequestIsNotLit(t *testing.T) {
	e := quiet()
	one, two := photos(), photos()
	two.Share = sharing.ShareID{0x77}
	e.snapshot.Offers = []sharing.Offer{two}
	want := stage(t, e, english(), usual).looks(t)
	e.snapshot.Offers = []sharing.Offer{one}
	s := stage(t, e, english(), usual)
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == "Decline" {
			b.MouseIn(&desktop.MouseEvent{})
		}
	}
	s.engine.snapshot.Offers = []sharing.Offer{two}
	s.draw()
	if !bytes.Equal(s.looks(t), want) {
		t.Error("a button of it is lit, under no pointer")
	}
}
