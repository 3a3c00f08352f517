package hashlist

import "math"

const (
	minPiece  = 256 << 10
	maxPiece  = 16 << 20
	maxPieces = 2048 // unless the pieces are as large as they get
)

// PieceLength returns the length in bytes of the pieces of a stream, the last of
// which may be shorter: a power of two from 256 KiB to 16 MiB, the smallest that
// gives at most 2,048 pieces. It depends on nothing but the length of the
// stream, so that everybody knows it beforehand.
func PieceLength(stream int64) int64 {
	piece := int64(minPiece)
	for piece < maxPiece && stream > piece*maxPieces {
		piece *= 2
	}
	return piece
}

// Count returns how many pieces a stream has: none if its length is 0, or
// negative and so no length at all.
func Count(stream int64) int {
	if stream <= 0 {
		return 0
	}
	return int(min((stream-1)/PieceLength(stream)+1, math.MaxInt))
}
