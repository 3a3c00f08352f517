package swarm

import (
	"testing"
	"time"
)

// Under a limit that lets next to nothing pass the transfer stands, is known to
// be held, and goes on at once when the limit is gone.
func TestLimitsHoldAndLetGoAtOnce(t *testing.T) {
	for _, side := range []string{"sharer", "receiver"} {
		t.Run(side, func(t *testing.T) {
			c := newContent(20, 256<<10)
			l := newLAN(t)
			a, b := l.join(1), l.join(2)
			ta := a.add(c, full(c), b)
			m := newMemory(c)
			tb := b.add(c, m, a)
			at, who, torrent := a, b, ta
			if side == "receiver" {
				at, who, torrent = b, a, tb
				at.SetLimits(0, 1)
			} else {
				at.SetLimits(1, 0)
			}
			tb.Want(c.every()...)
			waitFor(t, "being held", func() bool { return torrent.Waits(who.id, time.Now()).Held > 0 })
			if n := m.count(); n != 0 {
				t.Errorf("%d pieces came at a byte a second", n)
			}
			at.SetLimits(0, 0)
			m.waitWhole(t)
		})
	}
}

// A connection that is cut while it is held back ends, and so does the swarm.
func TestAHeldConnectionCanBeCut(t *testing.T) {
	c := newContent(20, 256<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	ta, tb := a.add(c, full(c), b), b.add(c, newMemory(c), a)
	a.SetLimits(1, 0)
	tb.Want(c.every()...)
	waitFor(t, "being held", func() bool { return ta.Waits(b.id, time.Now()).Held > 0 })
	ta.Pause()
	waitFor(t, "the cut", func() bool { return !ta.Stats().Peers[0].Connected })
	a.stop()
}
