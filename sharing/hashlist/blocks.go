package hashlist

import "lukechampine.com/blake3/guts"

// A Blocks hashes a piece whose blocks come in any order: each when it comes,
// while it is in the cache, so that little is left to do when the piece is
// there. One goroutine may use it at a time.
type Blocks struct {
	length   int // of the piece
	branches []branch
	known    []bool
}

// NewBlocks returns a Blocks for a piece of so many bytes.
func NewBlocks(length int) *Blocks {
	n := max((length+Block-1)/Block, 1)
	return &Blocks{length: length, branches: make([]branch, n), known: make([]bool, n)}
}

// Add takes bytes of the piece that begin off bytes into it. Whole blocks are
// hashed; of others what was known is forgotten.
func (b *Blocks) Add(p []byte, off int) {
	for len(p) > 0 && off < b.length {
		i := off / Block
		begin, end := i*Block, min((i+1)*Block, b.length)
		n := min(len(p), end-off)
		if b.known[i] = off == begin && n == end-begin; b.known[i] {
			b.branches[i] = hashBlock(p[:n], i)
		}
		p, off = p[n:], off+n
	}
}

// Sum returns the hash of the piece, which it hashes as far as that is still to
// be done.
func (b *Blocks) Sum(piece []byte) Hash {
	if len(b.branches) == 1 {
		return Sum(piece)
	}
	for i, known := range b.known {
		if !known {
			b.branches[i] = hashBlock(piece[i*Block:min((i+1)*Block, len(piece))], i)
		}
	}
	return finish(join(b.branches))
}

// hashBlock hashes the block of this number, which is not a whole piece.
func hashBlock(p []byte, number int) branch {
	var branches [Block / leaf]branch
	n := 0
	for chunk := uint64(number) * (Block / leaf * leafChunks); len(p) > 0; chunk += leafChunks {
		part := p[:min(leaf, len(p))]
		node := hashLeaf(part, chunk)
		branches[n] = guts.ChainingValue(node)
		n, p = n+1, p[len(part):]
	}
	return joined(branches[:n])
}
