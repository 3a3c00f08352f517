package spread

import (
	"math"
	"time"
)

const (
	// fewest is the least number of pieces in a window: one on its way, and one for
	// when it has arrived. From manyTakers on it is one: the sharer's link is in use all
	// the same, and each piece arrives, and is passed on, sooner.
	fewest     = 2
	manyTakers = 4

	// most is the window of a taker that is alone, in bytes: less, and it waits for
	// news between pieces on a fast network. mostParts bounds it to a part of the
	// stream, so that it does not claim more than its share before others come.
	most      = 32 << 20
	mostParts = 16

	// lateAfter and lateTimes say when a piece that has not arrived goes to others:
	// after so long, and so many times what is usual.
	lateAfter = 2 * time.Second
	lateTimes = 4

	// maxLate is how many pieces a taker may be late with before it is told of no
	// more, for forgiveAfter.
	maxLate      = 8
	forgiveAfter = 10 * time.Second
)

// A Wish is how much of a share a taker wants.
type Wish bool

// The wishes.
const (
	Whole Wish = false
	Part  Wish = true
)

// A Plan says which taker is to be told of which pieces. Takers go by keys; one
// key stands for one connection.
type Plan[K comparable] struct {
	length int // of a window, alone, in pieces
	here   []bool
	copies []int32 // of each piece: takers that have it
	coming []int32 // of each piece: takers told of it, that do not have it and are not late
	next   int     // pieces below have been looked at in the first round
	again  []int   // pieces below next that nobody has or is about to have; may be out of date
	turn   int     // where the search for a rare piece begins
	takers map[K]*taker
	usual  usual
}

// A taker is one connection.
type taker struct {
	wish   Wish
	has    []bool
	told   []bool
	amount int               // of pieces it has
	window map[int]time.Time // told and not arrived, since when
	late   map[int]time.Time // told and not arrived in time, since when that is so
}

// New returns a plan for a stream of so many pieces, none of which is here yet.
func New[K comparable](pieces int, pieceLength int64) *Plan[K] {
	return &Plan[K]{
		length: int(min(most, int64(pieces)*pieceLength/mostParts) / pieceLength),
		here:   make([]bool, pieces),
		copies: make([]int32, pieces),
		coming: make([]int32, pieces),
		takers: make(map[K]*taker),
	}
}

// Here says that the sharer has pieces: they were hashed.
func (p *Plan[K]) Here(pieces ...int) {
	for _, i := range pieces {
		if !p.here[i] {
			p.here[i] = true
			p.free(i)
		}
	}
}

// Gone says that the sharer does not have a piece any more. Who was told of it has
// to be told to forget that by other means.
func (p *Plan[K]) Gone(piece int) { p.here[piece] = false }

// Join adds a taker that has nothing and was told of nothing.
func (p *Plan[K]) Join(k K, w Wish) {
	p.Leave(k)
	p.takers[k] = &taker{
		wish: w, has: make([]bool, len(p.here)), told: make([]bool, len(p.here)),
		window: make(map[int]time.Time), late: make(map[int]time.Time),
	}
}

// Leave removes a taker, if it is there. What it was to pass on goes to others.
func (p *Plan[K]) Leave(k K) {
	t := p.takers[k]
	if t == nil {
		return
	}
	delete(p.takers, k)
	for i := range t.window {
		p.coming[i]--
		p.free(i)
	}
	for i, has := range t.has {
		if has {
			p.copies[i]--
			p.free(i)
		}
	}
}

// Have notes that a taker has a piece, from wherever.
func (p *Plan[K]) Have(k K, piece int, now time.Time) {
	t := p.takers[k]
	if t == nil || piece < 0 || piece >= len(p.here) || t.has[piece] {
		return
	}
	t.has[piece] = true
	t.amount++
	p.copies[piece]++
	delete(t.late, piece)
	if since, ok := t.window[piece]; ok {
		delete(t.window, piece)
		p.coming[piece]--
		p.usual.note(now.Sub(since))
	}
}

// HaveAll notes that a taker has everything.
func (p *Plan[K]) HaveAll(k K, now time.Time) {
	for i := range p.here {
		p.Have(k, i, now)
	}
}

// Next returns the pieces that a taker is to be told of now, and takes it that it
// will be.
func (p *Plan[K]) Next(k K, now time.Time) []int {
	t := p.takers[k]
	if t == nil {
		return nil
	}
	if t.wish == Part {
		return p.rest(t)
	}
	p.giveUp(t, now)
	var list []int
	for limit := p.limit(); len(t.window) < limit && len(t.late) < maxLate; {
		i := p.pick(t)
		if i < 0 {
			break
		}
		t.told[i] = true
		t.window[i] = now
		p.coming[i]++
		list = append(list, i)
	}
	return list
}

// limit returns how many pieces are in a window.
func (p *Plan[K]) limit() int {
	n := 0
	for _, t := range p.takers {
		if t.amount < len(p.here) {
			n++
		}
	}
	least := fewest
	if n >= manyTakers {
		least = 1
	}
	return max(least, p.length/max(1, n*n))
}

// rest returns everything here that t was not told of.
func (p *Plan[K]) rest(t *taker) []int {
	var list []int
	for i, here := range p.here {
		if here && !t.told[i] && !t.has[i] {
			t.told[i] = true
			list = append(list, i)
		}
	}
	return list
}

// giveUp takes its claims from a taker that is late with them.
func (p *Plan[K]) giveUp(t *taker, now time.Time) {
	patience := lateAfter + lateTimes*p.usual.median()
	for i, since := range t.window {
		if now.Sub(since) > patience {
			delete(t.window, i)
			t.late[i] = now
			p.coming[i]--
			p.free(i)
		}
	}
	for i, since := range t.late {
		if now.Sub(since) > forgiveAfter {
			delete(t.late, i)
		}
	}
}

// free notes that a piece has to be given out, perhaps again, if that is so.
func (p *Plan[K]) free(i int) {
	if i < p.next && p.bare(i) {
		p.again = append(p.again, i)
	}
}

// bare reports whether a piece is here and nobody has it or is about to.
func (p *Plan[K]) bare(i int) bool { return p.here[i] && p.copies[i] == 0 && p.coming[i] == 0 }

// pick returns the piece that t is to be told of next, or -1.
func (p *Plan[K]) pick(t *taker) int {
	for len(p.again) > 0 && !p.bare(p.again[0]) {
		p.again = p.again[1:]
	}
	for _, i := range p.again {
		if p.bare(i) && !t.told[i] {
			return i
		}
	}
	for ; p.next < len(p.here); p.next++ {
		if i := p.next; p.bare(i) {
			if t.told[i] {
				p.again = append(p.again, i)
				continue
			}
			p.next++
			return i
		}
	}
	return p.rarest(t)
}

// rarest returns the piece that the fewest have or are about to have, of those
// that t lacks and was not told of; -1 if there is none. The search begins
// elsewhere each time, so that not all are told of the same ones.
func (p *Plan[K]) rarest(t *taker) int {
	best, least := -1, int32(math.MaxInt32)
	p.turn = (p.turn + 7919) % max(1, len(p.here))
	for n := range p.here {
		i := (p.turn + n) % len(p.here)
		if !p.here[i] || t.told[i] || t.has[i] {
			continue
		}
		if c := p.copies[i] + p.coming[i]; c < least {
			best, least = i, c
		}
	}
	return best
}
