package swarm

import (
	"slices"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestOneSharerOneReceiver(t *testing.T) {
	for _, order := range []struct {
		name             string
		sharer, receiver int
	}{
		{"the receiver dials", 2, 1},
		{"the sharer dials", 1, 2},
	} {
		t.Run(order.name, func(t *testing.T) {
			c := newContent(20, 256<<10)
			l := newLAN(t)
			a, b := l.join(order.sharer), l.join(order.receiver)
			ta := a.add(c, full(c), b)
			m := newMemory(c)
			tb := b.add(c, m, a)
			tb.Want(c.every()...)
			m.waitWhole(t)

			// What arrived is counted there before it is counted as sent here.
			waitFor(t, "counting", func() bool { return ta.Stats().Written >= c.Length })
			got, gave := tb.Stats(), ta.Stats()
			if got.Read < c.Length || got.Written != 0 || gave.Written < got.Read || gave.Read != 0 {
				t.Errorf("stream of %d bytes: received %+v, sent %+v", c.Length, got, gave)
			}
			if len(got.Peers) != 1 || got.Peers[0].ID != a.id || !got.Peers[0].Connected {
				t.Errorf("received from %+v", got.Peers)
			}
			for i, n := range m.verifies {
				if n != 1 {
					t.Errorf("piece %d verified %d times", i, n)
				}
			}
		})
	}
}

func TestHashesArriveLate(t *testing.T) {
	c := newContent(64, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	from, to := full(c), newMemory(c)
	for i := range c.Pieces() {
		from.done[i], to.known[i] = false, false
	}
	ta, tb := a.add(c, from, b), b.add(c, to, a)
	for i := range c.Pieces() {
		from.setDone(i, true)
		ta.Changed(i)
		to.mu.Lock()
		to.known[i] = true
		to.mu.Unlock()
		tb.Want(i)
		if i%8 == 0 {
			waitFor(t, "fetched so far", func() bool { return to.count() == i+1 })
		}
	}
	to.waitWhole(t)
}

func TestReceiversPassOn(t *testing.T) {
	c := newContent(40, 128<<10)
	l := newLAN(t)
	sharer := l.join(1)
	receivers := []*device{l.join(2), l.join(3), l.join(4)}
	sharer.allow(receivers[0]) // only one gets it from the sharer
	ts := sharer.add(c, full(c), receivers[0])

	memories := make([]*memory, len(receivers))
	for i, r := range receivers {
		others := slices.DeleteFunc(append(slices.Clone(receivers), sharer), func(d *device) bool { return d == r })
		memories[i] = newMemory(c)
		r.add(c, memories[i], others...).Want(c.every()...)
	}
	for _, m := range memories {
		m.waitWhole(t)
	}
	if sent := ts.Stats().Written; sent > c.Length*3/2 {
		t.Errorf("the sharer sent %d bytes of a stream of %d", sent, c.Length)
	}
}

func TestManyPieces(t *testing.T) {
	c := newContent(2000, 16<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	a.add(c, full(c), b)
	m := newMemory(c)
	b.add(c, m, a).Want(c.every()...)
	m.waitWhole(t)
}
