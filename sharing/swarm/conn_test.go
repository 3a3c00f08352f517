package swarm

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// A flaky connection breaks after so many bytes read.
type flaky struct {
	net.Conn
	mu   sync.Mutex
	left int

	broke func() // called once
}

func (f *flaky) Read(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left <= 0 {
		f.Conn.Close()
		if f.broke != nil {
			f.broke()
			f.broke = nil
		}
		return 0, errors.New("broken")
	}
	n, err := f.Conn.Read(b[:min(len(b), f.left)])
	f.left -= n
	return n, err
}

func TestTransferSurvivesBreakingConnections(t *testing.T) {
	c := newContent(48, 128<<10)
	l := newLAN(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	broken := 0
	l.wrap = func(conn net.Conn) net.Conn {
		mu.Lock()
		defer mu.Unlock()
		return &flaky{Conn: conn, left: 100 + rng.IntN(2<<20), broke: func() {
			mu.Lock()
			defer mu.Unlock()
			broken++
		}}
	}
	a, b := l.join(2), l.join(1)
	a.add(c, full(c), b)
	m := newMemory(c)
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	m.waitWhole(t)
	mu.Lock()
	defer mu.Unlock()
	if broken == 0 {
		t.Error("no connection broke")
	}
	if s := tb.Stats(); s.BadPieces > 0 {
		t.Errorf("%d bad pieces", s.BadPieces)
	}
}

// wire returns how many connections the library has for t.
func wire(t *Torrent) int { return len(t.inner.PeerConns()) }

func TestBothDialAtOnce(t *testing.T) {
	c := newContent(8, 64<<10)
	for range 5 {
		l := newLAN(t)
		a, b := l.join(1), l.join(2)
		ta, tb := a.add(c, full(c)), b.add(c, newMemory(c))
		m := tb.storage.(*memory)
		for _, x := range []struct {
			t    *Torrent
			peer identity.ID
		}{{ta, b.id}, {tb, a.id}} {
			x.t.SetHolders([]identity.ID{x.peer})
			x.t.Pause()
			x.t.Resume() // dials now, whose turn it may be
		}
		tb.Want(c.every()...)
		m.waitWhole(t)
		one := func() bool {
			return wire(ta) == 1 && wire(tb) == 1 && len(a.open()) == 1 && len(b.open()) == 1
		}
		waitFor(t, "down to one connection", one)
		a.stop()
		b.stop()
	}
}

// Of two connections that two devices have just made, the one that the device with the
// larger ID has dialled does not stay there. The other one leaves both alone.
func TestWhichOfTwoConnectionsStays(t *testing.T) {
	c := newContent(2, 64<<10)
	l := newLAN(t)
	smaller, larger := l.join(1), l.join(2)
	for _, d := range []*device{smaller, larger} {
		peer := map[*device]*device{smaller: larger, larger: smaller}[d].id
		x := d.add(c, full(c))
		made := func(dialed bool) *conn {
			end, _ := net.Pipe()
			c := newConn(d.Swarm, peer, end, dialed)
			if err := d.register(c); err != nil {
				t.Fatal(err)
			}
			c.attach(x, x.counters(peer))
			return c
		}
		for _, firstDialed := range []bool{true, false} {
			for _, age := range []time.Duration{0, settled} {
				first, second := made(firstDialed), made(!firstDialed)
				first.since = first.since.Add(-age)
				stays := d.prefer(second, x)
				_, _, stayed := first.state()
				both := d == smaller || age > 0
				if want := both || firstDialed; stays != want {
					t.Errorf("at %s, first dialled here %v, %v old: the second one stays: %v", d.id.Short(), firstDialed, age, stays)
				}
				if want := both || !firstDialed; stayed != want {
					t.Errorf("at %s, first dialled here %v, %v old: the first one stays: %v", d.id.Short(), firstDialed, age, stayed)
				}
				_ = first.Close()
				_ = second.Close()
			}
		}
	}
}

// open returns d's connections.
func (d *device) open() []*conn {
	d.Swarm.mu.Lock()
	defer d.Swarm.mu.Unlock()
	var list []*conn
	for c := range d.conns {
		list = append(list, c)
	}
	return list
}

func TestPauseMovesNoPayload(t *testing.T) {
	for _, who := range []string{"receiver", "sharer"} {
		t.Run("the "+who, func(t *testing.T) {
			c := newContent(64, 128<<10)
			l := newLAN(t)
			a, b := l.join(1), l.join(2)
			if who == "sharer" { // the other one is to dial
				a, b = l.join(4), l.join(3)
			}
			from := full(c)
			gate := make(chan struct{}) // lets the sharer read a piece
			slow := &gated{memory: from, gate: gate}
			ta := a.add(c, slow, b)
			m := newMemory(c)
			tb := b.add(c, m, a)
			tb.Want(c.every()...)
			for range 10 {
				gate <- struct{}{}
			}
			paused, other := ta, b
			if who == "receiver" {
				paused, other = tb, a
			}
			waitFor(t, "begun", func() bool { return tb.Stats().Read > 0 })
			paused.Pause()
			close(gate)
			read, written := tb.Stats().Read, paused.Stats().Written
			waitFor(t, "cut", func() bool { return wire(ta) == 0 && wire(tb) == 0 })

			// The other one tries in vain.
			other.mu.Lock()
			tried := other.dials
			other.mu.Unlock()
			waitFor(t, "tried again", func() bool {
				other.mu.Lock()
				defer other.mu.Unlock()
				return other.dials > tried+1
			})
			if s := paused.Stats(); who == "receiver" && s.Read != read || who == "sharer" && s.Written != written {
				t.Errorf("payload moved: %d, %d; now %+v", read, written, s)
			}
			paused.Resume()
			m.waitWhole(t)
		})
	}
}

// A gated storage waits before each read.
type gated struct {
	*memory
	gate chan struct{}
}

func (g *gated) ReadAt(piece int, b []byte, off int64) (int, error) {
	<-g.gate
	return g.memory.ReadAt(piece, b, off)
}

func TestStopInMidTransfer(t *testing.T) {
	c := newContent(64, 256<<10)
	for _, who := range []string{"sharer", "receiver", "drop"} {
		t.Run(who, func(t *testing.T) {
			l := newLAN(t)
			a, b := l.join(1), l.join(2)
			ta := a.add(c, full(c), b)
			m := newMemory(c)
			tb := b.add(c, m, a)
			tb.Want(c.every()...)
			waitFor(t, "under way", func() bool { return m.count() > 3 })
			begun := time.Now()
			switch who {
			case "sharer":
				a.stop()
			case "receiver":
				b.stop()
			case "drop":
				tb.Drop()
				m.mu.Lock()
				writes := len(m.verifies)
				m.mu.Unlock()
				waitFor(t, "cut", func() bool { return wire(ta) == 0 })
				m.mu.Lock()
				if len(m.verifies) != writes {
					t.Error("storage called after Drop")
				}
				m.mu.Unlock()
				tb.Drop() // again is harmless, and so is what follows
				tb.Want(1)
				tb.Unwant(1)
				tb.Changed(1)
				tb.Resume()
				tb.SetHolders([]identity.ID{a.id})
				again := b.add(c, m, a) // comes back, with what it has
				again.Want(c.every()...)
				m.waitWhole(t)
			}
			t.Logf("took %v", time.Since(begun))
		})
	}
}

func TestDisconnect(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a, b, z := l.join(1), l.join(2), l.join(3)
	ta := a.add(c, full(c), b, z)
	for _, d := range []*device{b, z} {
		m := newMemory(c)
		d.add(c, m, a).Want(c.every()...)
		m.waitWhole(t)
	}
	waitFor(t, "connected", func() bool { return len(a.connected(ta)) == 2 })
	a.allow(z) // b is blocked
	a.Disconnect(b.id)
	waitFor(t, "disconnected", func() bool { return wire(ta) == 1 })
	if got := a.connected(ta); !got[z.id] || got[b.id] {
		t.Errorf("connected with %v", got)
	}
	for _, c := range a.open() {
		if c.peer == z.id {
			ta.Disconnect(z.id)
			waitFor(t, "gone", func() bool { return !slices.Contains(a.open(), c) })
		}
	}
	waitFor(t, "back", func() bool { return a.connected(ta)[z.id] })
}

// A holder that cannot be reached is tried until it can.
func TestUnreachableHolderIsTriedAgain(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a, b := l.join(2), l.join(1)
	a.deaf = true
	m := newMemory(c)
	b.add(c, m, a).Want(c.every()...)
	waitFor(t, "tried", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.dials >= 3
	})
	a.mu.Lock()
	a.deaf = false
	a.mu.Unlock()
	a.add(c, full(c))
	m.waitWhole(t)
}

func TestAdd(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a := l.join(1)
	tor := a.add(c, full(c))
	if tor.InfoHash() != c.InfoHash() {
		t.Error("another info-hash")
	}
	with := func(change func(*Spec)) Spec {
		s := c.Spec
		change(&s)
		return s
	}
	if _, err := a.Add(c.Spec, identity.ID{}, full(c)); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if _, err := a.Add(with(func(s *Spec) { s.Length = 0 }), identity.ID{}, full(c)); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
	for name, s := range map[string]Spec{
		"negative":      with(func(s *Spec) { s.Length = -1 }),
		"odd pieces":    with(func(s *Spec) { s.PieceLength = 100_000 }),
		"small pieces":  with(func(s *Spec) { s.PieceLength = 8 << 10 }),
		"large pieces":  with(func(s *Spec) { s.PieceLength = 32 << 20 }),
		"no pieces":     with(func(s *Spec) { s.PieceLength = 0 }),
		"minus pieces":  with(func(s *Spec) { s.PieceLength = -1 << 63 }),
		"far too large": with(func(s *Spec) { s.Length = 1<<63 - 1 }),
	} {
		if _, err := a.Add(s, identity.ID{}, full(c)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	salted := with(func(s *Spec) { s.Salt[31]++ })
	if salted.InfoHash() == c.InfoHash() {
		t.Error("salt makes no difference")
	}
	a.stop()
	if _, err := a.Add(salted, identity.ID{}, full(c)); !errors.Is(err, ErrStopped) {
		t.Errorf("after Run: %v", err)
	}
	if err := a.Run(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("Run again: %v", err)
	}
}

func TestAddBeforeRun(t *testing.T) {
	c := newContent(4, 64<<10)
	s, err := New(Options{
		Self: idOf(1),
		Dial: func(context.Context, identity.ID) (net.Conn, error) { return nil, errors.New("no") },
		May:  func(identity.ID, [20]byte) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(c.Spec, identity.ID{}, full(c)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
}
