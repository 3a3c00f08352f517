package hashlist

import (
	"encoding/binary"
	"hash"
	"math/bits"

	"lukechampine.com/blake3/guts"
)

// A piece is hashed with BLAKE3, 256 bits. The tree of it is put together here
// and not by its library, which starts a goroutine for every 16 KiB: devices
// hash several pieces at a time anyway, and what one goroutine has just read or
// received is in the cache of its core.

const (
	// leaf is how much the library hashes at once, as much as vectors hold.
	leaf       = guts.MaxSIMD * guts.ChunkSize
	leafChunks = guts.MaxSIMD

	// Block is the length of the blocks that [Blocks] takes: a power of two and
	// thus a branch of the tree.
	Block = 128 << 10
)

// A branch is the chaining value of a part of the tree.
type branch = [8]uint32

// Sum returns the hash of a whole piece.
func Sum(piece []byte) Hash {
	var h hasher
	h.Write(piece)
	return h.sum()
}

// NewHash returns a hash that [Sum] is the short form of, for pieces that come
// bit by bit.
func NewHash() hash.Hash { return &hasher{} }

// hashLeaf hashes at most a leaf of a piece, that begins with a certain chunk.
func hashLeaf(p []byte, chunk uint64) guts.Node {
	if len(p) == leaf {
		return guts.CompressBuffer((*[leaf]byte)(p), leaf, &guts.IV, chunk, 0)
	}
	var padded [leaf]byte // it is read beyond its end
	copy(padded[:], p)
	return guts.CompressBuffer(&padded, len(p), &guts.IV, chunk, 0)
}

func parent(left, right branch) guts.Node { return guts.ParentNode(left, right, &guts.IV, 0) }

// join returns the node above at least two branches, all but the last of which
// are of one length. To the left is as much as fills a whole tree.
func join(branches []branch) guts.Node {
	left := 1 << (bits.Len(uint(len(branches)-1)) - 1)
	return parent(joined(branches[:left]), joined(branches[left:]))
}

func joined(branches []branch) branch {
	if len(branches) == 1 {
		return branches[0]
	}
	return guts.ChainingValue(join(branches))
}

// finish returns the hash of which n is the root.
func finish(n guts.Node) (h Hash) {
	n.Flags |= guts.FlagRoot
	words := guts.CompressNode(n)
	for i := range len(h) / 4 {
		binary.LittleEndian.PutUint32(h[4*i:], words[i])
	}
	return h
}

// A hasher is a hash.Hash. Its zero value is ready for use.
type hasher struct {
	leaves uint64     // before buf
	stack  [64]branch // whole trees: one of 1<<i leaves where bit i of leaves is set
	buf    [leaf]byte
	have   int // of buf
}

func (h *hasher) Size() int      { return len(Hash{}) }
func (h *hasher) BlockSize() int { return guts.BlockSize }
func (h *hasher) Reset()         { h.leaves, h.have = 0, 0 }

func (h *hasher) Sum(b []byte) []byte {
	sum := h.sum()
	return append(b, sum[:]...)
}

// Write adds p. The last leaf stays in buf: it may be the root.
func (h *hasher) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		if h.have == 0 && len(p) > leaf {
			h.push(p[:leaf])
			p = p[leaf:]
			continue
		}
		if h.have == leaf {
			h.push(h.buf[:])
			h.have = 0
		}
		n := copy(h.buf[h.have:], p)
		h.have += n
		p = p[n:]
	}
	return total, nil
}

// push adds a whole leaf that is not the last.
func (h *hasher) push(p []byte) {
	b := guts.ChainingValue(hashLeaf(p, h.leaves*leafChunks))
	i := 0
	for ; h.leaves>>i&1 == 1; i++ {
		b = guts.ChainingValue(parent(h.stack[i], b))
	}
	h.stack[i] = b
	h.leaves++
}

func (h *hasher) sum() Hash {
	n := hashLeaf(h.buf[:h.have], h.leaves*leafChunks)
	for i := bits.TrailingZeros64(h.leaves); i < bits.Len64(h.leaves); i++ {
		if h.leaves>>i&1 == 1 {
			n = parent(h.stack[i], guts.ChainingValue(n))
		}
	}
	return finish(n)
}
