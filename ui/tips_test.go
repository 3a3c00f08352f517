package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/elide"
	"potluck/ui/press"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// told lets the moment pass after which a tip is shown, and returns it.
func told(s *scene) string {
	s.clock = s.clock.Add(time.Second)
	s.screen.tips.Tick(s.clock)
	return s.screen.tips.Text()
}

// A button without words says what it does, to the pointer and to the keyboard,
// until a key is pressed.
func TestTipOfAButton(t *testing.T) {
	e := busy()
	e.snapshot.Offers = nil
	s := stage(t, e, english(), usual)
	var pause *press.Button
	for _, o := range uitest.Below(s.screen.now.root) {
		if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == "" && b.Value().Name == "Pause" {
			pause = b
		}
	}
	if pause == nil {
		t.Fatal("no button")
	}
	pause.MouseIn(&desktop.MouseEvent{})
	if got := told(s); got != "Pause" {
		t.Errorf("under the pointer it says %q", got)
	}
	pause.MouseOut()
	if got := told(s); got != "" {
		t.Errorf("it still says %q", got)
	}
	s.window.Canvas().Focus(pause)
	if got := told(s); got != "Pause" {
		t.Errorf("with the keyboard on it, it says %q", got)
	}
	uitest.Key(pause, fyne.KeyEscape)
	if got := told(s); got != "" {
		t.Errorf("after a key it still says %q", got)
	}
	s.window.Canvas().Focus(s.screen.rail[0])
	s.window.Canvas().Focus(pause)
	told(s)
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	if got := told(s); got != "" {
		t.Errorf("on another page it says %q", got)
	}
}

// A name that is cut on a card is told whole, to pointer and keyboard, and one that
// is not cut is not repeated.
func TestTipOfACard(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	g := s.grid()
	s.window.Canvas().Focus(g)
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyHome, ""}, {fyne.KeyEnd, ""}, {fyne.KeyLeft, "Nguyễn Thị Minh Khai's very long MacBook Pro name"}, {fyne.KeyLeft, ""}} {
		uitest.Key(g, c.key)
		if got := told(s); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}

// What is cut in a line is told whole.
func TestTipOfALine(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.engine.amount = sharing.Amount{Files: 3, Bytes: 1}
	s.local.Choose(view.Basket{Paths: []string{"/a/" + strings.Repeat("long ", 30) + ".pdf"}})
	for range 3 {
		s.draw()
	}
	p := s.screen.pages[view.Nearby].(*nearbyPage)
	for _, line := range []*elide.Text{p.what, p.title} {
		line.MouseIn(&desktop.MouseEvent{})
		want := ""
		if line.Elided() {
			want = line.Full()
		}
		if got := told(s); got != want || line == p.what && got == "" {
			t.Errorf("%q says %q", line.Full(), got)
		}
		line.MouseOut()
	}
}

// A tip does not lie over a notice that comes up.
func TestTipYieldsToANotice(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.window.Canvas().Focus(s.grid())
	s.grid().Point(khai.String())
	s.clock = s.clock.Add(time.Second)
	if s.screen.tips.Tick(s.clock); s.screen.tips.Text() == "" {
		t.Fatal("there is no tip")
	}
	s.local.Notice = view.Blocked("Khải", khai.String(), s.clock, s.words)
	s.draw()
	if got := s.screen.tips.Text(); got != "" {
		t.Errorf("over the notice it tells %q", got)
	}
}

// Wherever the keyboard goes in a list, the tip is that of where it is: also where a
// cell is used again that it has left.
func TestTipsFollowTheKeyboard(t *testing.T) {
	e := quiet()
	e.snapshot.Neighbours = nil
	for i := range 12 {
		e.snapshot.Neighbours = append(e.snapshot.Neighbours, sharing.Neighbour{
			ID: identity.ID{byte(i + 1)}, Name: fmt.Sprintf("%c, somebody whose laptop has a name that is longer than its card", 'a'+i),
		})
	}
	s := stage(t, e, english(), fyne.NewSize(640, 480))
	grid := s.grid()
	s.window.Canvas().Focus(grid)
	for _, i := range []int{11, 0, 10, 1, 9, 2, 11, 0, 8, 3, 7, 0, 11, 4} {
		n := e.snapshot.Neighbours[i]
		grid.Point(n.ID.String())
		s.clock = s.clock.Add(time.Second)
		s.screen.tips.Tick(s.clock)
		if got := s.screen.tips.Text(); got != n.Name {
			t.Errorf("on %c it tells %q", 'a'+i, got)
		}
	}

	for i := range 60 {
		e.snapshot.Transfers = append(e.snapshot.Transfers, sharing.Transfer{
			Share: sharing.ShareID{byte(i + 1)}, Direction: sharing.Receiving, State: sharing.Delivered, Started: now, Ended: now,
			Title: fmt.Sprintf("%d, something whose name is so long that no line in a window of this size shows all of it", i), Peers: []sharing.Peer{{ID: anna, Name: "Anna"}},
		})
	}
	s.local.Go(view.Transfers)
	s.draw()
	lines := s.screen.pages[view.Transfers].(*transfersPage).list
	s.window.Canvas().Focus(lines)
	for _, i := range []int{59, 0, 58, 1, 30, 59, 0} {
		lines.SetCursor(i)
		s.clock = s.clock.Add(time.Second)
		s.screen.tips.Tick(s.clock)
		if got, want := s.screen.tips.Text(), s.shown.History.History[i].Title; !strings.Contains(got, want) {
			t.Errorf("on line %d it tells %q", i, got)
		}
	}
}
