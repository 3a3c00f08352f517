// Package pace says why a transfer is not faster, and keeps it from being faster
// than a person wants.
//
// A [Meter] measures for how much of the time something was going on, such as
// reading from a disk or waiting for a socket, in however many goroutines at
// once. Compared with the clock, two readings of it say how much of the time
// between them it took:
//
//	m.Begin()
//	n, err := file.ReadAt(b, off)
//	m.End()
//
// A [Limit] lets bytes pass no faster than a number a second, in the order in
// which they ask. Many connections share one, and ask for small portions in turn,
// so that each gets about the same. It may be changed at any time, and counts at
// once, for those too that are waiting.
//
// Both are safe to use from any goroutine, and their zero values are ready: a
// meter that has measured nothing, and no limit.
package pace
