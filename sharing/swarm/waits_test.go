package swarm

import (
	"context"
	"net"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pace"
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
				at.SetLimits(Limits{Down: 1})
			} else {
				at.SetLimits(Limits{Up: 1})
			}
			tb.Want(c.every()...)
			waitFor(t, "being held", func() bool { return torrent.Waits(who.id, time.Now()).Held > 0 })
			if n := m.count(); n != 0 {
				t.Errorf("%d pieces came at a byte a second", n)
			}
			at.SetLimits(Limits{})
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
	a.SetLimits(Limits{Up: 1})
	tb.Want(c.every()...)
	waitFor(t, "being held", func() bool { return ta.Waits(b.id, time.Now()).Held > 0 })
	ta.Pause()
	waitFor(t, "the cut", func() bool { return !ta.Stats().Peers[0].Connected })
	a.stop()
}

// far is a connection that leaves the local network.
type far struct{ net.Conn }

func (far) Far() bool { return true }

func TestLimitsForOutsideHoldOnlyWhatLeaves(t *testing.T) {
	s, err := New(Options{
		Self: identity.ID{1}, Dial: func(context.Context, identity.ID) (net.Conn, error) { return nil, net.ErrClosed },
		May: func(identity.ID, [20]byte) bool { return false },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.SetLimits(Limits{Up: 10 << 20, FarUp: 1 << 10, FarDown: 1 << 10})
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	near, away := newConn(s, identity.ID{2}, a, true), newConn(s, identity.ID{3}, far{b}, true)
	if near.up.portion() <= away.up.portion() || near.down.portion() != 0 || away.down.portion() == 0 {
		t.Errorf("portions: near %d and %d, away %d and %d", near.up.portion(), near.down.portion(), away.up.portion(), away.down.portion())
	}
	s.SetLimits(Limits{FarUp: 1})
	stop := make(chan struct{})
	close(stop)
	var held pace.Meter
	if !near.up.wait(1<<20, stop, &held) {
		t.Error("what stays in the local network is held")
	}
	if away.up.wait(1<<20, stop, &held) {
		t.Error("what leaves it is not")
	}
}
