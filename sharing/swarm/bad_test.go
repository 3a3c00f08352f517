package swarm

import (
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// spoilAll makes a holder serve other bytes than it should.
func spoilAll(_ int, b []byte) { b[0] ^= 1 }

// A holder that spoils everything is found out and cut off, and the transfer
// goes on with what the others have.
func TestS48_SpoilerIsCutOff(t *testing.T) {
	c := newContent(30, 256<<10)
	l := newLAN(t)
	good, evil, b := l.join(1), l.join(2), l.join(3)
	spoiled := full(c)
	spoiled.spoil = spoilAll
	good.add(c, full(c), b)
	te := evil.add(c, spoiled, b)
	m := newMemory(c)
	tb := b.add(c, m, good, evil)
	tb.Want(c.every()...)
	m.waitWhole(t)

	s := tb.Stats()
	for _, p := range s.Peers {
		if p.ID == good.id && p.Refused {
			t.Error("the good one is refused")
		}
	}
	if s.BadPieces == 0 && te.Stats().Written > 0 {
		t.Error("no bad pieces seen")
	}
	if n := b.reportsOf(good.id); n > 0 {
		t.Errorf("the good one is blamed %d times", n)
	}
}

// With nobody else to ask, two bad pieces are the end of it.
func TestS48_LoneSpoilerIsRefusedAfterTwo(t *testing.T) {
	c := newContent(10, 64<<10)
	l := newLAN(t)
	evil, b := l.join(1), l.join(2)
	spoiled := full(c)
	spoiled.spoil = spoilAll
	evil.add(c, spoiled, b)
	m := newMemory(c)
	tb := b.add(c, m, evil)
	tb.Want(c.every()...)
	refused := func() bool {
		return slices.ContainsFunc(tb.Stats().Peers, func(p PeerStats) bool { return p.Refused && !p.Connected })
	}
	waitFor(t, "refused", refused)
	waitFor(t, "told of", func() bool { return b.reportsOf(evil.id) >= TooManyBad })
	if m.count() > 0 {
		t.Error("a spoiled piece counts as right")
	}

	conn := knock(t, b, evil.id)
	if _, err := conn.Write(helloOf(evil.id, c.InfoHash())); err != nil {
		t.Fatal(err)
	}
	if got := wantClosed(t, conn); len(got) > 0 {
		t.Errorf("the refused device is told %q", got)
	}
}

// Who sends no messages but noise, again and again, is refused and told of; the sharer
// is only cut off each time.
func TestS48_NoiseIsRefusedInTheEnd(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	sharer, b := l.join(1), l.join(2)
	tb := b.add(c, newMemory(c), sharer)
	evil := idOf(9)
	tb.sharer = sharer.id
	for _, from := range []identity.ID{evil, sharer.id} {
		for n := 1; n <= tooManyWrong+1; n++ {
			conn := knock(t, b, from)
			_, _ = conn.Write(append(helloOf(from, c.InfoHash()), slices.Repeat([]byte{0xFF}, 1000)...)) // it may be closed by then
			got := wantClosed(t, conn)
			if refused := len(got) == 0; refused != (from == evil && n > tooManyWrong) {
				t.Errorf("%s, connection %d: it is told %d bytes", from.Short(), n, len(got))
			}
		}
	}
	waitFor(t, "told of", func() bool { return b.reportsOf(evil) == 1 })
	if b.reportsOf(sharer.id) > 0 {
		t.Error("the sharer is blamed")
	}
}

// A few spoiled chunks of an honest sharer, once: fetched again.
func TestBadPiecesAreFetchedAgain(t *testing.T) {
	c := newContent(20, 128<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	from := full(c)
	left := 1
	from.spoil = func(piece int, b []byte) {
		if left > 0 && piece > 5 {
			left--
			b[len(b)-1] ^= 0x80
		}
	}
	a.add(c, from, b)
	m := newMemory(c)
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	m.waitWhole(t)
	if n := tb.Stats().BadPieces; n != 1 {
		t.Errorf("%d bad pieces", n)
	}
	waitFor(t, "told of", func() bool { return b.reportsOf(a.id) == 1 })
}

// An error of the storage is nobody's fault, and the piece is left alone until
// it is asked for anew.
func TestStorageErrorParksThePiece(t *testing.T) {
	diskFull := errors.New("disk full")
	for _, test := range []struct {
		name string
		fail func(m *memory, f func(int) error)
	}{
		{"verify", func(m *memory, f func(int) error) { m.failVerify = f }},
		{"write", func(m *memory, f func(int) error) { m.failWrite = f }},
	} {
		for _, again := range []string{"Want", "Changed"} {
			t.Run(test.name+", "+again, func(t *testing.T) {
				c := newContent(12, 64<<10)
				l := newLAN(t)
				a, b := l.join(1), l.join(2)
				a.add(c, full(c), b)
				m := newMemory(c)
				calls := 0
				test.fail(m, func(piece int) error {
					if piece == 3 {
						calls++
						return diskFull
					}
					return nil
				})
				tb := b.add(c, m, a)
				tb.Want(c.every()...)
				waitFor(t, "fetched but for one", func() bool { return m.count() == c.Pieces()-1 })
				waitFor(t, "parked", func() bool { return parked(tb, 3) })
				m.mu.Lock()
				test.fail(m, nil)
				if calls != 1 {
					t.Errorf("the piece was tried %d times", calls)
				}
				m.mu.Unlock()
				if s := tb.Stats(); s.BadPieces != 0 || b.reportsOf(a.id) != 0 {
					t.Errorf("blamed: %+v", s)
				}
				if again == "Want" {
					tb.Want(3)
				} else {
					tb.Changed(3)
				}
				m.waitWhole(t)
			})
		}
	}
}

// A piece that is verified without a known hash is not fetched over and over.
func TestNoHashYet(t *testing.T) {
	c := newContent(4, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	a.add(c, full(c), b)
	m := newMemory(c)
	m.known[2] = false
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	waitFor(t, "fetched but for one", func() bool { return m.count() == 3 && parked(tb, 2) })
	m.mu.Lock()
	m.known[2] = true
	m.mu.Unlock()
	tb.Want(2)
	m.waitWhole(t)
	if n := m.verifies[2]; n != 2 {
		t.Errorf("verified %d times", n)
	}
}

// A piece that cannot be read is no longer had, the rest still is.
func TestUnreadablePieceIsServedNoMore(t *testing.T) {
	c := newContent(12, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	from := full(c)
	from.failRead = func(piece int) error {
		if piece == 5 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	ta := a.add(c, from, b)
	m := newMemory(c)
	b.add(c, m, a).Want(c.every()...)
	waitFor(t, "fetched but for one", func() bool { return m.count() == c.Pieces()-1 })
	waitFor(t, "known to be unreadable", func() bool { return !ta.has(&ta.pieces[5]) })
	from.mu.Lock()
	if n := from.reads[5]; n != 1 {
		t.Errorf("the piece was read %d times", n)
	}
	from.failRead = nil
	from.mu.Unlock()
	ta.Changed(5) // as after a check that found it in order
	m.waitWhole(t)
}

// Storage whose first reading of piece 5 fails, and takes until it is found in order
// again.
type mendedMeanwhile struct {
	*memory
	once sync.Once
	mend func()
}

func (m *mendedMeanwhile) ReadAt(piece int, b []byte, off int64) (n int, err error) {
	if piece == 5 {
		m.once.Do(func() {
			m.mend()
			err = io.ErrUnexpectedEOF
		})
	}
	if err != nil {
		return 0, err
	}
	return m.memory.ReadAt(piece, b, off)
}

// A reading that fails says nothing about a piece that was found in order since it
// began.
func TestAPieceMendedWhileItWasReadIsServed(t *testing.T) {
	c := newContent(12, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	from := &mendedMeanwhile{memory: full(c)}
	ready := make(chan *Torrent, 1)
	from.mend = func() {
		ta := <-ready
		ta.Changed(5)
		ta.Disconnect(idOf(2)) // as after every change: who was refused would wait
	}
	ready <- a.add(c, from, b)
	m := newMemory(c)
	b.add(c, m, a).Want(c.every()...)
	m.waitWhole(t)
}

// A piece that is complete is not verified again, whoever sends it.
func TestCompletePieceIsLeftAlone(t *testing.T) {
	c := newContent(8, 64<<10)
	l := newLAN(t)
	a, b := l.join(1), l.join(2)
	a.add(c, full(c), b)
	m := full(c)
	m.done[6] = false
	clear(m.span(6, 0, m.PieceLength))
	tb := b.add(c, m, a)
	tb.Want(c.every()...)
	m.waitWhole(t)
	if len(m.verifies) != 1 || m.verifies[6] != 1 {
		t.Errorf("verified %v", m.verifies)
	}
	if h, err := tb.pieces[1].SelfHash(); err != nil || h != placeholder || m.verifies[1] != 0 {
		t.Errorf("a complete piece: %v, %v", h, err)
	}

	// Damage that is found is repaired.
	m.mu.Lock()
	clear(m.span(2, 0, m.PieceLength))
	m.done[2] = false
	m.mu.Unlock()
	tb.Changed(2)
	m.waitWhole(t)
}

func TestBlame(t *testing.T) {
	x, y, z := idOf(1), idOf(2), idOf(3)
	right, wrong := []byte("right"), []byte("wrong")
	b := newBlame()

	b.chunk(0, 0, wrong, x)
	if v := b.failed(0); !slices.Equal(v, []verdict{{x, true, 1}}) {
		t.Errorf("alone: %v", v)
	}

	both := []verdict{{peer: x, faults: 1}, {peer: y}}
	for range 2 {
		b.chunk(1, 0, right, x)
		b.chunk(1, 8, wrong, y)
		if v := b.failed(1); !slices.Equal(v, both) {
			t.Errorf("together: %v", v)
		}
	}
	b.chunk(1, 0, right, x)
	b.chunk(1, 8, right, z)
	if v := b.passed(1); !slices.Equal(v, []verdict{{y, true, 1}}) {
		t.Errorf("found out: %v", v)
	}

	b.chunk(2, 0, wrong, z)
	b.forget(2)
	if v := b.failed(2); len(v) > 0 {
		t.Errorf("for nothing: %v", v)
	}
	if v := b.passed(3); len(v) > 0 || len(b.pieces) > 1 {
		t.Errorf("for a piece never seen: %v; %d left", v, len(b.pieces))
	}
}

// Who spoils each piece only once, and always one that others have a part in, is found
// out too, and nobody else.
func TestBlameForWhatIsSpoiledOnce(t *testing.T) {
	liar, honest := idOf(1), idOf(2)
	b := newBlame()
	for piece := range 10 {
		for attempt := range 2 {
			b.chunk(piece, 8, []byte("right too"), honest)
			if attempt == 0 {
				b.chunk(piece, 0, []byte("wrong"), liar)
				b.failed(piece)
				continue
			}
			b.chunk(piece, 0, []byte("right"), honest)
			b.passed(piece)
		}
	}
	if b.faults[liar] != 9 || b.faults[honest] != 0 {
		t.Errorf("proven: %d bad pieces of the liar's, %d of the other's", b.faults[liar], b.faults[honest])
	}
}

// Whom to dial when, without a swarm.
func TestHoldersAreDialledInTurn(t *testing.T) {
	s := &Swarm{self: idOf(5), awake: make(chan struct{}, 1)}
	tor := &Torrent{swarm: s, refused: map[identity.ID]bool{}}
	small, large := idOf(1), idOf(9)
	tor.SetHolders([]identity.ID{small, large, s.self})
	start := time.Now()
	dialled := func(after time.Duration, connected ...identity.ID) []identity.ID {
		set := map[identity.ID]bool{}
		for _, id := range connected {
			set[id] = true
		}
		ids, next := tor.due(start.Add(after), set)
		if !next.IsZero() && !next.After(start.Add(after)) {
			t.Errorf("after %v: next is at %v", after, next.Sub(start))
		}
		slices.SortFunc(ids, identity.ID.Compare)
		return ids
	}
	for _, step := range []struct {
		after time.Duration
		want  []identity.ID
	}{
		{10 * time.Millisecond, []identity.ID{large}}, // we have the smaller ID
		{100 * time.Millisecond, nil},
		{300 * time.Millisecond, []identity.ID{large}},
		{500 * time.Millisecond, nil},
		{2100 * time.Millisecond, []identity.ID{small, large}}, // it had its two seconds
	} {
		if got := dialled(step.after); !slices.Equal(got, step.want) {
			t.Errorf("after %v: dialled %v", step.after, got)
		}
	}
	for after := 3 * time.Second; after < time.Minute; after += time.Second {
		if tor.holders[large].wait > redialMax {
			t.Fatalf("waits %v", tor.holders[large].wait)
		}
		dialled(after)
	}
	if got := dialled(2*time.Minute, small, large); got != nil {
		t.Errorf("dialled %v while connected", got)
	}
	tor.refused[small] = true
	if got := dialled(2 * time.Minute); !slices.Equal(got, []identity.ID{large}) {
		t.Errorf("dialled %v, one of them refused", got)
	}
	tor.paused = true
	if got := dialled(3 * time.Minute); got != nil {
		t.Errorf("dialled %v while paused", got)
	}
}

func parked(t *Torrent, piece int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pieces[piece].parked
}
