package hashlist

import (
	"hash"

	"lukechampine.com/blake3"
)

// Sum returns the hash of a whole piece: BLAKE3 with 256 bits.
func Sum(piece []byte) Hash { return blake3.Sum256(piece) }

// NewHash returns a hash that [Sum] is the short form of, for pieces that come
// bit by bit.
func NewHash() hash.Hash { return blake3.New(len(Hash{}), nil) }
