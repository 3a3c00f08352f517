package calm_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"potluck/ui/calm"
	"potluck/ui/flow"
	"potluck/ui/uitest"
)

// A stage has three things in a scroll, one below the other, and a clock.
type stage struct {
	guards [3]calm.Guard
	places [3]*fyne.Container
	scroll fyne.CanvasObject
	window fyne.Window
	watch  *calm.Watch
	at     time.Time
}

func newStage(t *testing.T) *stage {
	t.Helper()
	uitest.App(t)
	s := &stage{at: time.Unix(1000, 0)}
	column := flow.NewColumn(0)
	for i := range s.places {
		box := canvas.NewRectangle(nil)
		box.SetMinSize(fyne.NewSize(50, 50))
		s.places[i] = calm.NewPlace(&s.guards[i], box)
		column.Add(s.places[i])
	}
	scroll := flow.NewScroll(column)
	s.scroll, s.window = scroll, uitest.Window(t, scroll, 100, 100)
	s.watch = calm.NewWatch(func() time.Time { return s.at })
	s.watch.Look(s.window.Content())
	return s
}

// want lets no time pass, says which are to be listened to after a look, and then lets
// all come to rest.
func (s *stage) want(t *testing.T, what string, calm ...bool) {
	t.Helper()
	s.watch.Look(s.window.Content())
	for i, want := range calm {
		if got := s.guards[i].Calm(); got != want {
			t.Errorf("%s: %d is listened to: %v, want %v", what, i, got, want)
		}
	}
	s.at = s.at.Add(600 * time.Millisecond)
}

func TestWatch(t *testing.T) {
	s := newStage(t)
	s.want(t, "all have come up", false, false, false)
	s.at = s.at.Add(-time.Millisecond)
	s.want(t, "just before the time is over", false, false, false)
	s.want(t, "nothing has happened", true, true, true)
	s.places[0].Hide()
	flow.Relayout(s.scroll)
	s.want(t, "the first has gone, and the others moved up", true, false, false)
	s.places[0].Show()
	flow.Relayout(s.scroll)
	s.want(t, "it has come again", false, false, false)
	s.guards[1].Stand("another")
	s.want(t, "one is something else", true, false, true)
	s.guards[1].Stand("another")
	s.want(t, "it is the same again", true, true, true)
	test.Scroll(s.window.Canvas(), fyne.NewPos(10, 10), 0, -30)
	s.want(t, "somebody has turned the wheel", true, true, true)
	test.Scroll(s.window.Canvas(), fyne.NewPos(10, 10), 0, -300) // to the end
	s.want(t, "to the end", true, true, true)
	s.places[2].Hide()
	flow.Relayout(s.scroll)
	s.want(t, "there is less to be scrolled, which pushes all down", false, false)
}

// What nobody watches is listened to, and a part only where the whole is.
func TestGuard(t *testing.T) {
	var whole, part calm.Guard
	part.Within(&whole)
	part.Moved()
	if whole.Moved(); !whole.Calm() || !part.Calm() {
		t.Error("without a watch nothing is listened to")
	}
	now := time.Unix(1000, 0)
	watch := calm.NewWatch(func() time.Time { return now })
	place := calm.NewPlace(&whole, canvas.NewRectangle(nil))
	watch.Look(place)
	if part.Calm() || !part.Own() {
		t.Error("a part is listened to though the whole has moved")
	}
	now = now.Add(calm.Time)
	if !part.Calm() {
		t.Error("the whole is at rest, and its part not listened to")
	}
	part.Moved()
	if did := false; part.Calm() || !whole.Calm() {
		t.Error("a part that has moved is listened to")
	} else if part.Do(func() { did = true }); did {
		t.Error("it did what it was not listened to for")
	}
	if part.Settled(); !part.Calm() {
		t.Error("it was the person who moved it")
	}
}
