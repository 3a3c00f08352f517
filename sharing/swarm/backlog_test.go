package swarm

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBacklogHoldsChunksBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b backlog
		stop := make(chan struct{})
		held := func() time.Duration {
			begun := time.Now()
			b.hold(stop)
			return time.Since(begun)
		}
		b.add(maxBacklog)
		if d := held(); d != 0 {
			t.Errorf("held for %v with room left", d)
		}
		b.add(2)
		go func() {
			time.Sleep(10 * time.Millisecond)
			b.add(-1) // not enough
			time.Sleep(10 * time.Millisecond)
			b.add(-1)
		}()
		if d := held(); d != 20*time.Millisecond {
			t.Errorf("held for %v", d)
		}
		b.add(1)
		if d := held(); d != maxHeld {
			t.Errorf("held for %v with nothing verified", d)
		}
		close(stop)
		if d := held(); d != 0 {
			t.Errorf("held for %v when stopped", d)
		}
	})
}

// A counting storage knows how many pieces are begun and not verified.
type counting struct {
	*memory
	begun map[int]bool
	most  int
}

func (c *counting) WriteAt(piece int, b []byte, off int64) (int, error) {
	c.mu.Lock()
	c.begun[piece] = true
	c.most = max(c.most, len(c.begun))
	c.mu.Unlock()
	return c.memory.WriteAt(piece, b, off)
}

func (c *counting) Verify(piece int) error {
	err := c.memory.Verify(piece)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.begun, piece)
	return err
}

// Storage can keep the pieces that are begun in memory.
func TestFewPiecesAreBegunAtOnce(t *testing.T) {
	const bound = 10 // of 24; in a random order nearly all are
	c := newContent(24, 4<<20)
	l := newLAN(t)
	a, b := l.join(2), l.join(1)
	a.add(c, full(c), b)
	m := &counting{memory: newMemory(c), begun: make(map[int]bool)}
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	m.waitWhole(t)
	waitFor(t, "without backlog", func() bool { return b.backlog.waiting() == 0 })
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.most > bound {
		t.Errorf("%d pieces begun at once", m.most)
	}
	t.Logf("%d pieces begun at once", m.most)
}

func (b *backlog) waiting() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes
}
