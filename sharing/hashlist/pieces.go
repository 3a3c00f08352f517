package hashlist

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

// Count returns how many pieces a stream has: none if it is empty. It panics if
// the length is negative.
func Count(stream int64) int {
	if stream < 0 {
		panic("hashlist: stream of negative length")
	}
	piece := PieceLength(stream)
	count := stream / piece
	if stream%piece != 0 {
		count++
	}
	return int(count)
}
