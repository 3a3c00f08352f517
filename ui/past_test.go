package ui

import (
	"testing"

	"potluck/ui/view"
)

// The history follows what people are called.
func TestHistoryFollowsNames(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.snapshot.Offers = nil
	s.engine.snapshot.Transfers = moving()[:1]
	s.local.Cleared = s.clock // it is not shown as news
	s.local.Go(view.Transfers)
	s.draw()
	if !inSight(s, "Bình's ThinkPad\u2069 has everything") {
		t.Fatal("the history does not say to whom")
	}
	s.engine.snapshot.Transfers = moving()[:1]
	s.engine.snapshot.Transfers[0].Peers[0].Name = "Bình"
	s.draw()
	if !inSight(s, "Bình\u2069 has everything") {
		t.Errorf("the history goes on to say %q", reading(s))
	}
}
