package main

import (
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/screentest"
)

// A transfer that takes its time is seen to move; it is paused, goes on, and is
// cancelled, and nothing of it is left.
func TestProgress(t *testing.T) {
	s := playWith(t, map[string]any{"downLimit": "1 MB/s"}, "Ben")
	sending := s.offer(t, s.ben, file(t, "film.mkv", 60*mega))
	s.press(t, "Accept", is(t, s.me, "film.mkv", "running"))

	t.Run("progress", func(t *testing.T) {
		s.WaitForText(t, "Receiving from")
		early := 0
		s.Wait(t, "a bar", func() bool { early = s.bar(t); return early > 0 })
		s.Wait(t, "the bar to grow", func() bool { return s.bar(t) > early })
		s.WaitForText(t, "Slowest part just now: your limit")
		s.Save(t, "progress")
	})
	t.Run("pause", func(t *testing.T) {
		s.Click(t, screentest.Middle(s.icons(t, 2)[0]))
		s.WaitForText(t, "Paused")
		s.wait(t, s.me, "film.mkv", "paused")
		s.Save(t, "paused")
		before := last(t, s.me).done()
		time.Sleep(2 * time.Second)                             // in which two megabytes would come
		if came := last(t, s.me).done() - before; came > mega { // some were on their way
			t.Errorf("%d bytes came while paused", came)
		}
	})
	t.Run("resume", func(t *testing.T) {
		before := last(t, s.me).done()
		s.ClickText(t, "Resume")
		s.WaitForText(t, "Receiving from")
		s.Wait(t, "more to come", func() bool { return last(t, s.me).done() > before })
	})
	t.Run("cancel", func(t *testing.T) {
		s.Click(t, screentest.Middle(s.icons(t, 2)[1]))
		s.WaitForText(t, "Keep as it is")
		s.Save(t, "cancel-asked")
		s.ClickText(t, "Keep as it is")
		s.Wait(t, "the question to go", func() bool { return len(s.Text(t, "Keep as it is")) == 0 })
		if x := last(t, s.me); x.State != "running" {
			t.Fatalf("what was to go on is %s", x.State)
		}
		s.Click(t, screentest.Middle(s.icons(t, 2)[1]))
		s.ClickText(t, "Cancel transfer")
		s.wait(t, s.me, "film.mkv", "cancelled")
		s.WaitForText(t, "Cancelled")
		s.Save(t, "cancelled")
		code(t, sending, 1)
		lab.Names(t, s.me.Downloads)
	})
}

// bar returns how far the bar of the only transfer is filled, in points.
func (s *scene) bar(t *testing.T) int {
	t.Helper()
	panel := s.now(t)
	for _, r := range s.Find(t, night(theme.ColorNamePrimary), image.Pt(3, 4)) {
		if r.In(panel) && r.Dy() <= 8 && r.Dx() > r.Dy() {
			return r.Dx()
		}
	}
	return 0
}

// icons waits for so many square buttons on the cards of what is going on, and
// returns where they are, from the left to the right.
func (s *scene) icons(t *testing.T, n int) (found []image.Rectangle) {
	t.Helper()
	s.Wait(t, "buttons with a picture alone", func() bool {
		found = nil
		panel := s.now(t)
		for _, r := range s.Find(t, night(theme.ColorNameButton), image.Pt(20, 20)) {
			if r.In(panel) && r.Dx() <= 44 && r.Dy() <= 44 {
				found = append(found, r)
			}
		}
		return len(found) == n
	})
	return found
}
