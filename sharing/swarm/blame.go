package swarm

import (
	"hash/maphash"
	"slices"
	"sync"

	"potluck/sharing/identity"
)

// TooManyBad is how many bad pieces a device may deliver all by itself before
// its connections for the torrent are closed and refused.
const TooManyBad = 2

// tooManyWrong is how many connections a device may have ended by sending what is no
// message, or none that may come then.
const tooManyWrong = 5

// A blame finds out who spoils pieces. The library's own ways of doing so ban
// addresses for good and are not in use.
//
// A piece that came from one device alone and is bad tells whose fault it is.
// When several took part, all that comes from then on is remembered chunk by chunk,
// for as long as its piece is not right; once it is, that tells whose chunks differed.
type blame struct {
	seed maphash.Seed

	mu     sync.Mutex // guards what follows
	pieces map[int]*attempts
	faults map[identity.ID]int // bad pieces proven to be one device's doing
	bad    int                 // bad pieces in all
	mixed  bool                // several took part in one of them
	wrong  map[identity.ID]int // connections that ended for what was sent
}

// attempts are what is known of a piece that is being fetched.
type attempts struct {
	from    []identity.ID // who took part in this attempt
	chunks  map[int64]chunk
	spoiled []chunk // of earlier attempts; offset, sum and sender
}

type chunk struct {
	from identity.ID
	off  int64
	sum  uint64
}

// maxSpoiled bounds what is remembered of bad attempts at one piece.
const maxSpoiled = 1024

func newBlame() *blame {
	return &blame{
		seed:   maphash.MakeSeed(),
		pieces: make(map[int]*attempts),
		faults: make(map[identity.ID]int),
		wrong:  make(map[identity.ID]int),
	}
}

// chunk notes that data, at off in piece, came from a device.
func (b *blame) chunk(piece int, off int64, data []byte, from identity.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.pieces[piece]
	if a == nil {
		a = &attempts{}
		b.pieces[piece] = a
	}
	if !slices.Contains(a.from, from) {
		a.from = append(a.from, from)
	}
	if b.mixed {
		if a.chunks == nil {
			a.chunks = make(map[int64]chunk)
		}
		a.chunks[off] = chunk{from: from, off: off, sum: maphash.Bytes(b.seed, data)}
	}
}

// A verdict says that a device took part in a bad piece, whether it is proven
// to be its doing, and how often that was so by now.
type verdict struct {
	peer   identity.ID
	alone  bool
	faults int
}

// failed notes that piece was bad, and returns who took part.
func (b *blame) failed(piece int) []verdict {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bad++
	a := b.pieces[piece]
	if a == nil {
		return nil
	}
	from, chunks := a.from, a.chunks
	a.from, a.chunks = nil, nil
	if len(from) == 1 {
		return []verdict{b.convictLocked(from[0])}
	}
	for _, c := range chunks {
		if len(a.spoiled) < maxSpoiled {
			a.spoiled = append(a.spoiled, c)
		}
	}
	b.mixed = true
	var verdicts []verdict
	for _, id := range from {
		verdicts = append(verdicts, verdict{peer: id, faults: b.faults[id]})
	}
	return verdicts
}

// passed notes that piece is right, and returns who is now proven to have
// spoiled it before.
func (b *blame) passed(piece int) []verdict {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.pieces[piece]
	delete(b.pieces, piece)
	if a == nil {
		return nil
	}
	var guilty []identity.ID
	for _, c := range a.spoiled {
		right, ok := a.chunks[c.off]
		if ok && right.sum != c.sum && !slices.Contains(guilty, c.from) {
			guilty = append(guilty, c.from)
		}
	}
	var verdicts []verdict
	for _, id := range guilty {
		verdicts = append(verdicts, b.convictLocked(id))
	}
	return verdicts
}

// forget drops what is known of piece, whose fate had nothing to do with who
// sent it.
func (b *blame) forget(piece int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.pieces, piece)
}

// misbehaved notes that a connection had to be ended for what a device sent, and
// returns how often that was so.
func (b *blame) misbehaved(id identity.ID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong[id]++
	return b.wrong[id]
}

// badPieces returns how many pieces were bad so far.
func (b *blame) badPieces() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bad
}

func (b *blame) convictLocked(id identity.ID) verdict {
	b.faults[id]++
	return verdict{peer: id, alone: true, faults: b.faults[id]}
}

// forgive forgets what a device has done.
func (b *blame) forgive(id identity.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.faults, id)
}
