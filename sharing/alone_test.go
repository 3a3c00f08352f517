package sharing

import "testing"

// A sharer that restarts somewhere else does not strike off who has not found it yet: that one
// has the rest from the others, and hears from them where the sharer is.
func TestASharerThatMovedKeepsWhoIsAway(t *testing.T) {
	sharer, takers := crowd(t, 2)
	b, c := takers[0], takers[1]
	slow(sharer, 1<<20)
	folder := tree(t, t.TempDir(), 4<<20)
	_, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range takers {
		p.until("a beginning", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	}
	sharer.stop()
	b.stop()
	sharer = start(t, "anna", sharer.state, AcceptNobody)
	slow(sharer, 0)
	meet(c, sharer)
	got := next[DeliveredEvent](c, nil)
	same(t, folder, got.Path)
	b = start(t, "b", b.state, AcceptEveryone)
	meet(b, c)
	got = next[DeliveredEvent](b, nil)
	same(t, folder, got.Path)
	b.until("who sent it", func(s Snapshot) bool { // it was told where that is
		for _, n := range s.Neighbours {
			if n.ID == sharer.id() {
				return true
			}
		}
		return false
	})
}
