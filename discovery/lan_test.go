package discovery

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestLAN tries real processes with real sockets, on hosts in network namespaces.
// Nothing here says how fast things must be, but those that ask "once" can learn
// only from announcements, however long they wait; the log has the times.
func TestLAN(t *testing.T) {
	if needLab(t) {
		return
	}
	var (
		once = role{ID: id("a"), Port: 1001, Tempo: "once"}
		fast = role{ID: id("a"), Port: 1001, Tempo: "fast"}
		bea  = role{ID: id("b"), Port: 1002}
		carl = role{ID: id("c"), Port: 1003}
	)

	t.Run("three hosts", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		b := l.host("b").plug("eth0", "w", "10.77.0.2/24").start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		t.Logf("%v after the process was started", time.Since(b.began))
		b.sees(once.ID, "10.77.0.1:1001")
		c := l.host("c").plug("eth0", "w", "10.77.0.3/24").start(carl)
		a.sees(carl.ID, "10.77.0.3:1003")
		b.sees(carl.ID, "10.77.0.3:1003")
		c.sees(once.ID, "10.77.0.1:1001")
		c.sees(bea.ID, "10.77.0.2:1002")
	})

	t.Run("gone after a clean stop and after a kill", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(fast)
		b := l.host("b").plug("eth0", "w", "10.77.0.2/24").start(bea)
		c := l.host("c").plug("eth0", "w", "10.77.0.3/24").start(carl)
		a.sees(bea.ID, "10.77.0.2:1002")
		a.sees(carl.ID, "10.77.0.3:1003")
		b.stop()
		c.cmd.Process.Kill()
		a.await("alone", func(r report) bool { return len(r.Neighbours) == 0 })
	})

	t.Run("goodbye", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		h := l.host("b").plug("eth0", "w", "10.77.0.2/24")
		b := h.start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		b.stop()
		// Without the goodbye, a device that comes back at once would not be
		// reported again before the next round.
		again := bea
		again.Port = 2002
		h.start(again)
		a.sees(bea.ID, "10.77.0.2:2002")
	})

	t.Run("address changed", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		h := l.host("b").plug("eth0", "w", "10.77.0.2/24")
		b := h.start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		h.ip("addr", "del", "10.77.0.2/24", "dev", "eth0")
		h.ip("addr", "add", "10.77.0.22/24", "dev", "eth0")
		a.sees(bea.ID, "10.77.0.22:1002")
		b.sees(once.ID, "10.77.0.1:1001")
	})

	t.Run("second interface later", func(t *testing.T) {
		l := newLab(t, "w1", "w2")
		h := l.host("a").plug("eth0", "w1", "10.77.1.1/24")
		a := h.start(once).running("eth0")
		b := l.host("b").plug("eth0", "w1", "10.77.1.2/24").start(bea)
		c := l.host("c").plug("eth0", "w2", "10.77.2.3/24").start(carl).running("eth0")
		a.sees(bea.ID, "10.77.1.2:1002")
		h.plug("eth1", "w2", "10.77.2.1/24")
		a.running("eth0", "eth1")
		a.sees(carl.ID, "10.77.2.3:1003")

		// Each hears of the addresses on its own wire, and of no others.
		c.sees(once.ID, "10.77.2.1:1001")
		c.await("no address of the other wire", func(r report) bool { return len(on("10.77.1.0/24", r.Neighbours[once.ID])) == 0 })
		b.await("no address of the other wire", func(r report) bool { return len(on("10.77.2.0/24", r.Neighbours[once.ID])) == 0 })

		// One goes, and the other carries on.
		h.ip("link", "del", "eth0")
		a.running("eth1")
		c.sees(once.ID, "10.77.2.1:1001")
	})

	t.Run("cable in after the start", func(t *testing.T) {
		l := newLab(t, "w")
		h := l.host("a")
		a := h.start(bea).running()
		c := l.host("c").plug("eth0", "w", "10.77.0.3/24").start(carl).running("eth0")
		h.plug("eth0", "w", "10.77.0.1/24")
		a.sees(carl.ID, "10.77.0.3:1003")
		c.sees(bea.ID, "10.77.0.1:1002")
	})

	t.Run("IPv6 only", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "fd77::1/64").start(once).running("eth0")
		b := l.host("b").plug("eth0", "w", "fd77::2/64").start(bea)
		a.sees(bea.ID, "[fd77::2]:1002")
		b.sees(once.ID, "[fd77::1]:1001")
	})

	t.Run("link-local only", func(t *testing.T) {
		l := newLab(t, "w")
		ha, hb := l.host("a").plug("eth0", "w"), l.host("b").plug("eth0", "w")
		for i, h := range []*host{ha, hb} {
			h.ip("addr", "flush", "dev", "eth0")
			h.ip("addr", "add", fmt.Sprintf("fe80::%d/64", i+1), "dev", "eth0", "nodad")
		}
		a := ha.start(once).running("eth0")
		b := hb.start(bea)
		a.sees(bea.ID, "[fe80::2%eth0]:1002")
		b.sees(once.ID, "[fe80::1%eth0]:1001")
	})

	t.Run("link-local address that is still being tried out", func(t *testing.T) {
		l := newLab(t, "w")
		h := l.host("b")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		b := h.start(bea).running()
		h.plug("eth0", "w") // the kernel gives it an address, and looks for a second or two whether it is free
		b.running("eth0")
		b.await("sees the other", func(r report) bool { return len(r.Neighbours[once.ID]) > 0 })
		a.await("sees the other", func(r report) bool { return len(r.Neighbours[bea.ID]) > 0 })
	})

	t.Run("no IPv6", func(t *testing.T) {
		l := newLab(t, "w")
		h := l.host("a")
		h.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")
		a := h.plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		b := l.host("b").plug("eth0", "w", "10.77.0.2/24").start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		b.sees(once.ID, "10.77.0.1:1001")
	})

	t.Run("cable pulled and put back", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/24").start(once).running("eth0")
		h := l.host("b").plug("eth0", "w", "10.77.0.2/24")
		b := h.start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		h.cable("down")
		b.stop() // its goodbye is lost
		again := bea
		again.Port = 2002
		h.start(again).await("without a network", func(r report) bool { return r.Heap > 0 && len(r.Interfaces) == 0 })
		h.cable("up")
		a.sees(bea.ID, "10.77.0.2:2002")
	})

	t.Run("one interface of each family", func(t *testing.T) {
		l := newLab(t, "w4", "w6")
		a := l.host("a").plug("eth0", "w4", "10.77.0.1/24").plug("eth1", "w6", "fd77::1/64").start(once).running("eth0", "eth1")
		b := l.host("b").plug("eth0", "w4", "10.77.0.2/24").start(bea)
		c := l.host("c").plug("eth0", "w6", "fd77::3/64").start(carl)
		a.sees(bea.ID, "10.77.0.2:1002")
		a.sees(carl.ID, "[fd77::3]:1003")
		b.sees(once.ID, "10.77.0.1:1001")
		c.sees(once.ID, "[fd77::1]:1001")
	})

	t.Run("S-38 flood", func(t *testing.T) {
		l := newLab(t, "w")
		a := l.host("a").plug("eth0", "w", "10.77.0.1/8").start(role{ID: id("a"), Port: 1001}).running("eth0")
		l.host("b").plug("eth0", "w", "10.77.0.2/8").start(bea)
		a.sees(bea.ID, "10.77.0.2:1002")
		a.await("known for a while", func(r report) bool { return r.Settled == 1 })
		before, _ := a.get()

		h := l.host("f").plug("eth0", "w", "10.77.0.66/8")
		h.ip("route", "add", "224.0.0.0/4", "dev", "eth0")
		f := h.start(role{Flood: 10_000})
		f.await("flooded", func(r report) bool { return r.Stopped })
		a.await("full", func(r report) bool { return len(r.Neighbours) == maxNeighbours })
		l.host("c").plug("eth0", "w", "10.77.0.3/8").start(carl)
		a.sees(carl.ID, "10.77.0.3:1003") // in place of one that was made up

		after, _ := a.get()
		if !slices.Equal(after.Neighbours[bea.ID], before.Neighbours[bea.ID]) {
			t.Error("the flood pushed out who was there before")
		}
		if len(after.Neighbours) > maxNeighbours {
			t.Errorf("%d neighbours", len(after.Neighbours))
		}
		if grown := after.Heap - before.Heap; grown > 16<<20 {
			t.Errorf("the heap grew by %d bytes", grown)
		}
	})
}
