package hashlist

import (
	"math/rand/v2"
	"testing"

	"lukechampine.com/blake3"
)

// lengths are those at which a tree of chunks, leaves and blocks changes shape.
func lengths() []int {
	list := []int{0, 1, 63, 64, 65}
	for _, n := range []int{1 << 10, 2 << 10, 3 << 10, leaf, 2 * leaf, 3 * leaf, 5 * leaf, Block, 2 * Block, 3 * Block, 5 * Block, 1 << 20, 1<<20 + 3*leaf} {
		list = append(list, n-1, n, n+1, n+1023, n+1025)
	}
	return list
}

func content(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

func TestSumIsBLAKE3(t *testing.T) {
	for _, n := range lengths() {
		if b := content(n); Sum(b) != blake3.Sum256(b) {
			t.Errorf("%d bytes: another hash than the library's", n)
		}
	}
}

func TestHashInPortions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range lengths() {
		b, h := content(n), NewHash()
		h.Write([]byte("what came before a reset"))
		h.Reset()
		for rest := b; len(rest) > 0; {
			k := min(len(rest), []int{1 + r.IntN(100), leaf - r.IntN(2), leaf, 1 + r.IntN(5*leaf)}[r.IntN(4)])
			if n > Block {
				k = min(len(rest), k*8)
			}
			h.Write(rest[:k])
			h.Sum(nil) // changes nothing
			rest = rest[k:]
		}
		if got := Hash(h.Sum(nil)); got != blake3.Sum256(b) {
			t.Errorf("%d bytes: another hash than the library's", n)
		}
	}
}

func TestBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths() {
		b, blocks := content(n), NewBlocks(n)
		// Some in order, some twice, some at odd places, some not at all.
		for range 2 * (n/Block + 1) {
			switch off := r.IntN(n/Block+1) * Block; r.IntN(4) {
			case 0, 1:
				blocks.Add(b[off:min(off+Block, n)], off)
			case 2:
				blocks.Add(b[off:min(off+3*Block, n)], off)
			case 3:
				at := min(off+r.IntN(Block), n)
				blocks.Add(b[at:min(at+r.IntN(2*Block), n)], at)
			}
		}
		if got := blocks.Sum(b); got != blake3.Sum256(b) {
			t.Errorf("%d bytes: another hash than the library's", n)
		}
	}
}

// What was hashed of a block must not outlive the block.
func TestBlocksForget(t *testing.T) {
	const n = 4 * Block
	b, blocks := content(n), NewBlocks(n)
	blocks.Add(b, 0)
	b[Block+5] ^= 1
	blocks.Add(b[Block+5:Block+6], Block+5)
	if got := blocks.Sum(b); got != blake3.Sum256(b) {
		t.Error("a byte that was changed has not changed the hash")
	}
	b[3*Block] ^= 1
	blocks.Add(b[3*Block:], 3*Block)
	if got := blocks.Sum(b); got != blake3.Sum256(b) {
		t.Error("a block that came again has not changed the hash")
	}
}

func BenchmarkSum(b *testing.B) {
	piece := content(2 << 20)
	for _, hasher := range []struct {
		name string
		sum  func()
	}{
		{"ours", func() { Sum(piece) }},
		{"library", func() { blake3.Sum256(piece) }},
		{"blocks", func() {
			blocks := NewBlocks(len(piece))
			for off := 0; off < len(piece); off += Block {
				blocks.Add(piece[off:off+Block], off)
			}
			blocks.Sum(piece)
		}},
	} {
		b.Run(hasher.name, func(b *testing.B) {
			b.SetBytes(int64(len(piece)))
			for range b.N {
				hasher.sum()
			}
		})
	}
}
