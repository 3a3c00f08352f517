package store

import (
	"iter"
	"slices"

	"potluck/sharing/manifest"
)

// edgeFile stands for the edge file where otherwise the index of an entry does.
const edgeFile = -1

// A layout says which bytes of a piece belong where. It does not change.
type layout struct {
	m        *manifest.Manifest
	want     bitset // entries that were chosen
	pieceLen int64
	pieces   int
	edges    []edge // of pieces that hold bytes of chosen and of other entries, in order
	edgeLen  int64  // how long the edge file gets
}

// An edge is where in the edge file the bytes of a piece that nobody wants
// begin; they lie there one after another.
type edge struct {
	piece int
	off   int64
}

// A part is the bytes that a piece and an entry have in common.
type part struct {
	entry int   // whose bytes these are
	pos   int   // where they begin in the piece
	len   int   // how many they are
	file  int   // where they are kept: entry, or edgeFile
	off   int64 // where they begin there
	zero  bool  // they are kept nowhere, and read as zeros: the entry has failed
}

// newLayout returns the layout for a manifest of which the entries in want were
// chosen.
func newLayout(m *manifest.Manifest, want bitset, pieceLen int64) *layout {
	l := &layout{
		m:        m,
		want:     want,
		pieceLen: pieceLen,
		pieces:   int((m.StreamLength() + pieceLen - 1) / pieceLen),
	}
	if want.count() == m.Len() {
		return l
	}
	var off int64
	for p := range l.pieces {
		var chosen, other int64
		l.each(p, func(e, _, n int, _ int64) bool {
			if want.has(e) {
				chosen += int64(n)
			} else {
				other += int64(n)
			}
			return true
		})
		if chosen > 0 && other > 0 {
			l.edges = append(l.edges, edge{p, off})
			off += other
		}
	}
	l.edgeLen = off
	return l
}

// each calls yield for every file that has bytes in a piece: its entry, where
// in the piece they begin, how many they are, and where in the file they begin.
func (l *layout) each(piece int, yield func(e, pos, n int, off int64) bool) {
	from, to := l.bounds(piece)
	for e, at := l.m.At(from), from; at < to; e++ {
		size := l.m.Size(e)
		if size == 0 {
			continue
		}
		begin := l.m.Offset(e)
		n := min(begin+size, to) - at
		if !yield(e, int(at-from), int(n), at-begin) {
			return
		}
		at += n
	}
}

// parts returns the parts of a piece in order, given which entries have failed.
func (l *layout) parts(piece int, failed bitset) iter.Seq[part] {
	return func(yield func(part) bool) {
		edge, _ := l.edge(piece)
		l.each(piece, func(e, pos, n int, off int64) bool {
			p := part{entry: e, pos: pos, len: n, file: e, off: off, zero: failed.has(e)}
			if !l.want.has(e) {
				p.file, p.off = edgeFile, edge
				edge += int64(n)
			}
			return yield(p)
		})
	}
}

// edge returns where the bytes of a piece begin in the edge file, if it has any
// there.
func (l *layout) edge(piece int) (off int64, ok bool) {
	at, ok := slices.BinarySearchFunc(l.edges, piece, func(e edge, piece int) int { return e.piece - piece })
	if !ok {
		return 0, false
	}
	return l.edges[at].off, true
}

// bounds returns where in the stream a piece begins and ends.
func (l *layout) bounds(piece int) (from, to int64) {
	from = int64(piece) * l.pieceLen
	return from, min(from+l.pieceLen, l.m.StreamLength())
}

// length returns how many bytes a piece has.
func (l *layout) length(piece int) int {
	from, to := l.bounds(piece)
	return int(to - from)
}

// span returns the first and the last piece that hold bytes of an entry; last is
// less than first if it has no bytes.
func (l *layout) span(e int) (first, last int) {
	size := l.m.Size(e)
	if size == 0 {
		return 0, -1
	}
	off := l.m.Offset(e)
	return int(off / l.pieceLen), int((off + size - 1) / l.pieceLen)
}

// top returns the top-level item that an entry is, or is in.
func (l *layout) top(e int) int {
	for {
		p := l.m.Parent(e)
		if p < 0 {
			return e
		}
		e = p
	}
}
