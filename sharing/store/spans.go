package store

import "slices"

// A span is the bytes from (included) to (excluded) of a piece.
type span struct{ from, to int }

// spans are the bytes of a piece that have arrived: in order, apart from each
// other.
type spans []span

// add notes that the bytes from..to are there.
func (s *spans) add(from, to int) {
	if from >= to {
		return
	}
	// first is the first span that touches from..to, last the one after the last.
	first, _ := slices.BinarySearchFunc(*s, from, func(x span, from int) int { return x.to - from })
	last := first
	for last < len(*s) && (*s)[last].from <= to {
		from, to = min(from, (*s)[last].from), max(to, (*s)[last].to)
		last++
	}
	*s = slices.Replace(*s, first, last, span{from, to})
}

// sum returns how many bytes there are.
func (s spans) sum() (n int64) {
	for _, x := range s {
		n += int64(x.to - x.from)
	}
	return n
}

// whole reports whether the first n bytes are all there.
func (s spans) whole(n int) bool {
	return len(s) == 1 && s[0].from == 0 && s[0].to >= n
}
