// Package spread decides which pieces a sharer tells which taker of, so that
// giving a share to many takes little longer than giving it to one.
//
// Takers fetch what they have been told of, and pass it on. If all are told of
// everything, many fetch the same pieces from the sharer, whose link then carries
// the share several times. A [Plan] hands the pieces out instead: each to one
// taker first, in the order of the stream, a few at a time, the next when one of
// them has arrived. What everybody still lacks comes before what some have.
//
//	p := spread.New[*conn](pieces, pieceLength)
//	p.Here(0, 1, 2)          // as they are hashed
//	p.Join(a, spread.Whole)  // a connection is there
//	tell(a, p.Next(a, now))  // now, after every Have, and twice a second
//	p.Have(a, 2, now)        // a says that it has piece 2
//	p.Leave(a)
//
// # The rules
//
// Each taker has a window of pieces that it was told of and does not have yet: two
// pieces, or one when many take part and more when few do. Into it goes the piece that the fewest have
// or are about to have. So there is no end to the first round: when every piece is
// with somebody, the sharer goes on helping those whose fellows cannot be reached,
// at the speed of its link, and no faster.
//
// A taker that keeps a piece waiting for longer than two seconds and four times what
// is usual loses its claim: others are told of the piece. So does one that leaves. Who
// is late with many is told of no more for a while.
//
// A taker that wants only a part is told of everything, for the plan does not know
// which part; what it has counts all the same.
//
// # When the sharer may leave
//
// [Plan.Free] says whether the takers that are not done yet can finish among
// themselves: each must be connected, directly or through others, with takers that
// together have every piece.
//
// A Plan starts nothing, and is not safe for use by several goroutines at once.
package spread
