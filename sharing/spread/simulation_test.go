package spread_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"potluck/sharing/spread"
)

const step = 10 * time.Millisecond

// A world is a sharer and takers on a switch: each one's link carries so many
// pieces a step in each direction. It is crude, and the same on every run.
type world struct {
	t      *testing.T
	random *rand.Rand
	plan   *spread.Plan[int]
	pieces int
	link   float64 // pieces a step
	now    time.Time
	hosts  []*host // [0] is the sharer
	apart  bool    // takers do not reach each other
	sent   int     // by the sharer
}

type host struct {
	has     []bool
	amount  int
	told    []bool // by the sharer
	asked   map[int]*request
	gone    bool
	slow    bool
	done    time.Duration
	joined  time.Time
	credit  float64 // to receive
	serving []*request
}

type request struct {
	piece, from, to int
	left            float64
}

func newWorld(t *testing.T, pieces, takers int, link float64) *world {
	w := &world{
		t: t, random: rand.New(rand.NewPCG(1, 2)), plan: spread.New[int](pieces, 256<<10), pieces: pieces, link: link,
		now: time.Unix(1_000_000, 0),
	}
	w.add()
	for i := range pieces {
		w.hosts[0].has[i] = true
		w.plan.Here(i)
	}
	for range takers {
		w.join()
	}
	return w
}

func (w *world) add() int {
	w.hosts = append(w.hosts, &host{
		has: make([]bool, w.pieces), told: make([]bool, w.pieces), asked: make(map[int]*request), joined: w.now,
	})
	return len(w.hosts) - 1
}

func (w *world) join() int {
	k := w.add()
	w.plan.Join(k, spread.Whole)
	return k
}

func (w *world) leave(k int) {
	w.plan.Leave(k)
	h := w.hosts[k]
	h.gone = true
	for _, other := range w.hosts {
		for piece, r := range other.asked {
			if r.from == k || r.to == k {
				delete(other.asked, piece)
			}
		}
		kept := other.serving[:0]
		for _, r := range other.serving {
			if r.from != k && r.to != k {
				kept = append(kept, r)
			}
		}
		other.serving = kept
	}
}

// tick moves the world on.
func (w *world) tick() {
	w.now = w.now.Add(step)
	for k, h := range w.hosts {
		if k == 0 || h.gone || w.hosts[0].gone {
			continue
		}
		for _, i := range w.plan.Next(k, w.now) {
			h.told[i] = true
		}
	}
	for k, h := range w.hosts {
		if k > 0 && !h.gone && !h.slow {
			w.ask(k, h)
		}
	}
	for _, h := range w.hosts {
		h.credit = w.link
	}
	for _, h := range w.hosts {
		w.serve(h)
	}
}

// ask requests pieces: up to two at a time from each host that has some.
func (w *world) ask(k int, h *host) {
	for from, other := range w.hosts {
		if from == k || other.gone || from != 0 && w.apart {
			continue
		}
		open := 0
		for _, r := range h.asked {
			if r.from == from {
				open++
			}
		}
		for _, i := range w.random.Perm(w.pieces) {
			if open == 2 {
				break
			}
			if !other.has[i] || h.has[i] || h.asked[i] != nil || from == 0 && !h.told[i] {
				continue
			}
			r := &request{piece: i, from: from, to: k, left: 1}
			h.asked[i] = r
			other.serving = append(other.serving, r)
			open++
		}
	}
}

// serve sends what the link carries, evenly.
func (w *world) serve(h *host) {
	budget := w.link
	for budget > 1e-9 {
		var able []*request
		for _, r := range h.serving {
			if w.hosts[r.to].credit > 1e-9 {
				able = append(able, r)
			}
		}
		if len(able) == 0 {
			return
		}
		part := budget / float64(len(able))
		for _, r := range able {
			to := w.hosts[r.to]
			n := min(part, r.left, to.credit)
			r.left -= n
			to.credit -= n
			budget -= n
			if r.left < 1e-9 {
				w.arrived(r, h)
			}
		}
	}
}

func (w *world) arrived(r *request, from *host) {
	to := w.hosts[r.to]
	for i, s := range from.serving {
		if s == r {
			from.serving = append(from.serving[:i:i], from.serving[i+1:]...)
			break
		}
	}
	delete(to.asked, r.piece)
	to.has[r.piece] = true
	if to.amount++; to.amount == w.pieces {
		to.done = w.now.Sub(to.joined)
	}
	if r.from == 0 {
		w.sent++
	}
	w.plan.Have(r.to, r.piece, w.now)
}

// finish runs until all takers have everything, and returns how long the slowest
// took from when it joined.
func (w *world) finish() time.Duration {
	w.t.Helper()
	for range 1_000_000 {
		w.tick()
		all, slowest := true, time.Duration(0)
		for k, h := range w.hosts {
			if k == 0 || h.gone || h.slow {
				continue
			}
			all = all && h.amount == w.pieces
			slowest = max(slowest, h.done)
		}
		if all {
			return slowest
		}
	}
	w.t.Fatal("not all takers finish")
	return 0
}

// alone is how long one taker takes.
func alone(t *testing.T, pieces int, link float64) time.Duration {
	return newWorld(t, pieces, 1, link).finish()
}

func TestManyTakeLittleLongerThanOne(t *testing.T) {
	const pieces = 240
	for _, takers := range []int{2, 3, 8} {
		one := alone(t, pieces, 0.5)
		w := newWorld(t, pieces, takers, 0.5)
		many := w.finish()
		t.Logf("%d takers: %.2f times as long, %.2f times as much", takers, float64(many)/float64(one), float64(w.sent)/pieces)
		if many > one*120/100 || w.sent > pieces*120/100 {
			t.Errorf("%d takers: %v instead of %v, and the sharer sent %d pieces of %d", takers, many, one, w.sent, pieces)
		}
	}
}

func TestTakersThatDoNotReachEachOtherFinish(t *testing.T) {
	w := newWorld(t, 100, 3, 0.5)
	w.apart = true
	if took := w.finish(); w.sent != 300 {
		t.Errorf("the sharer sent %d pieces in %v instead of each to each", w.sent, took)
	}
}

func TestATakerThatDiesWithItsClaims(t *testing.T) {
	w := newWorld(t, 200, 4, 0.5)
	for range 100 {
		w.tick()
	}
	w.leave(2)
	w.finish()
	if w.sent > 200*13/10 {
		t.Errorf("the sharer sent %d pieces of 200", w.sent)
	}
}

func TestATakerThatHangsLosesItsClaims(t *testing.T) {
	w := newWorld(t, 100, 3, 0.5)
	w.hosts[1].slow = true
	w.finish()
}

func TestALateComerIsServedByAll(t *testing.T) {
	one := alone(t, 200, 0.5)
	w := newWorld(t, 200, 1, 0.5)
	for w.hosts[1].amount < 100 {
		w.tick()
	}
	k := w.join()
	w.finish()
	if took := w.hosts[k].done; took > one*115/100 {
		t.Errorf("it took %v instead of %v", took, one)
	}
}

func TestTheSharerMayLeaveWhenAllIsSpread(t *testing.T) {
	w := newWorld(t, 150, 5, 0.5)
	fellows := make([]spread.Fellow[int], 5)
	for i := range fellows {
		fellows[i] = spread.Fellow[int]{Key: i + 1, With: []int{0}} // a star
	}
	for !w.plan.Free(fellows) {
		w.tick()
		for _, h := range w.hosts[1:] {
			if h.amount == 150 {
				t.Fatal("it may leave only when it is of no use any more")
			}
		}
	}
	w.leave(0)
	w.finish()
}
