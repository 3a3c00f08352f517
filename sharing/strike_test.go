package sharing

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Who is blocked when all is over gets nothing more of it, from the others neither:
// also not from one who was away when it was blocked.
func TestBlockedAfterTheEnd(t *testing.T) {
	sharer, takers := crowd(t, 3)
	a, away, c := takers[0], takers[1], takers[2]
	slow(sharer, 1<<20) // until all have said yes
	folder := tree(t, t.TempDir(), 3<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	third := c.id()
	knows := func(p *party) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		in := p.incoming[share]
		return in == nil || !in.circle.hasLocked(third)
	}
	for _, p := range []*party{a, away} {
		p.until("all are in the roster", func(Snapshot) bool { return !knows(p) })
	}
	slow(sharer, 0)
	sharer.until("the end", func(s Snapshot) bool { return s.Transfers[0].State == Delivered && !s.Transfers[0].Ended.IsZero() })
	at := away.Snapshot().Self.Addr
	away.stop()
	sharer.Block(third)
	wait := func(what string, ok func() bool) {
		t.Helper()
		for began := time.Now(); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > waitLong {
				t.Fatal(what, "did not happen")
			}
		}
	}
	wait("hearing of it", func() bool { return knows(a) })

	sharer.stop()
	sharer = start(t, "anna", sharer.state, AcceptNobody) // which has not forgotten whom to tell
	away = startAt(t, "c", away.state, AcceptEveryone, at)
	if knows(away) {
		t.Fatal("it knows before it can have heard")
	}
	meet(away, sharer)
	meet(a, sharer) // which may have stopped before it was told that this one knows
	wait("hearing of it later", func() bool { return knows(away) })
	wait("remembering that all know it", func() bool {
		rec, err := sharer.records.read(share)
		return err == nil && len(rec.Untold) == 0 && rec.Roster.version() > 0
	})
	sharer.stop()
	for _, p := range []*party{a, away} {
		rec, err := p.records.read(share)
		if err != nil || rec.Roster.has(c.id()) {
			t.Errorf("after a restart it would still be served: %v", err)
		}
	}

	before := fromFellows(c, sharer.id())
	meet(a, c)
	meet(away, c)
	c.until("both are here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	if err := os.Remove(filepath.Join(c.downloads, filepath.Base(folder), "big")); err != nil {
		t.Fatal(err)
	}
	v, err := c.Verify(t.Context(), share.String(), VerifyOptions{Wait: 2 * time.Second})
	if err == nil && v.OK {
		t.Error("the one that was blocked has it from the others")
	}
	if after := fromFellows(c, sharer.id()); after != before {
		t.Errorf("the others have served %d bytes", after-before)
	}
}
