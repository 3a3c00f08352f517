package store

import (
	"encoding/binary"
	"math/bits"
)

// A bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }
func (b bitset) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) clear(i int)    { b[i/64] &^= 1 << (i % 64) }

func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// all reports whether first to last are all in the set.
func (b bitset) all(first, last int) bool {
	for i := first; i <= last; {
		if i%64 == 0 && i+63 <= last {
			if b[i/64] != ^uint64(0) {
				return false
			}
			i += 64
			continue
		}
		if !b.has(i) {
			return false
		}
		i++
	}
	return true
}

// members calls each for every member, in order.
func (b bitset) members(each func(int)) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			each(i*64 + bits.TrailingZeros64(w))
		}
	}
}

// next returns the first member from `from` on, or -1.
func (b bitset) next(from int) int {
	for i := from / 64; i < len(b); i++ {
		w := b[i]
		if i == from/64 {
			w &= ^uint64(0) << (from % 64)
		}
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// last returns the greatest member, or -1.
func (b bitset) last() int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0 {
			return i*64 + 63 - bits.LeadingZeros64(b[i])
		}
	}
	return -1
}

// add adds all members of c, which is as long as b.
func (b bitset) add(c bitset) {
	for i := range b {
		b[i] |= c[i]
	}
}

// bytes returns the set as it is written to the journal.
func (b bitset) bytes() []byte {
	out := make([]byte, 0, 8*len(b))
	for _, w := range b {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return out
}

// bitsetOf reads what bytes wrote. It reports false unless p holds a set of
// numbers below n.
func bitsetOf(p []byte, n int) (bitset, bool) {
	b := newBitset(n)
	if len(p) != 8*len(b) {
		return nil, false
	}
	for i := range b {
		b[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	if n%64 != 0 && b[len(b)-1]>>(n%64) != 0 {
		return nil, false
	}
	return b, true
}
