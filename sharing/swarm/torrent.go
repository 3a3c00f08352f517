package swarm

import (
	"log/slog"
	"slices"
	"sync"

	"github.com/anacrolix/torrent"

	"potluck/sharing/identity"
)

// maxRequests is how many requests wait on one connection when there are one
// or two holders. With more of them the chunks of a piece should not be spread
// over everybody: whole pieces can be passed on, halves cannot.
const maxRequests = 64

// A Torrent is one share in the swarm. Its methods may be called from any
// goroutine, except from [Storage] methods; after [Torrent.Drop], or when
// [Swarm.Run] has returned, they do nothing.
type Torrent struct {
	swarm    *Swarm
	spec     Spec
	infoHash [20]byte
	storage  Storage
	log      *slog.Logger
	blame    *blame
	pieces   []piece
	spread   *spreader   // of a share of ours; else nil
	sharer   identity.ID // of the share, if it is not ours

	// library is held around calls into the library's torrent, with what made
	// them necessary, so that they come in the order of the changes, and none
	// after Drop, when some of them panic. It is never taken with any other
	// lock of this package held.
	library sync.Mutex
	inner   *torrent.Torrent // set before the Torrent is handed out

	calls   sync.WaitGroup // into storage; added to while not dropped
	leaving chan struct{}  // closed when Drop has begun
	dropped chan struct{}  // closed when Drop is through

	mu      sync.Mutex // guards what follows, and the flags of pieces
	gone    bool       // Drop has begun
	paused  bool
	holders map[identity.ID]*holder
	traffic map[identity.ID]*traffic
	refused map[identity.ID]bool // for the bad pieces they sent
}

// Stats are what a torrent has done since it was added. The counts are of
// payload, what came more than once or was bad included.
type Stats struct {
	Read, Written int64
	Peers         []PeerStats // everybody there was a connection with, in order of ID
	BadPieces     int         // pieces received that were not right
}

// PeerStats are the share of one device in [Stats].
type PeerStats struct {
	ID            identity.ID
	Read, Written int64
	Connected     bool
	Refused       bool // for the bad pieces it sent
}

// InfoHash returns the name of the torrent on the wire.
func (t *Torrent) InfoHash() [20]byte { return t.infoHash }

// Want asks for pieces, from whoever has them. Those to want are the ones whose
// hash is known: a piece is verified as soon as its bytes are there. Pieces
// that are complete are fetched when they stop being so.
func (t *Torrent) Want(pieces ...int) {
	t.call(func(inner *torrent.Torrent) {
		t.mark(pieces, true)
		t.eachRun(pieces, inner.DownloadPieces)
	})
}

// Unwant takes back a Want. Chunks already asked for still come.
func (t *Torrent) Unwant(pieces ...int) {
	t.call(func(inner *torrent.Torrent) {
		t.mark(pieces, false)
		t.eachRun(pieces, inner.CancelPieces)
	})
}

// Changed says that the storage's word on whether a piece is complete may have
// changed by other means than [Storage.Verify]: it was hashed, or found
// damaged. If it is complete all connected are told. If it is wanted, and the
// storage had failed, it is asked for again.
func (t *Torrent) Changed(piece int) {
	if piece < 0 || piece >= len(t.pieces) {
		return
	}
	t.call(func(inner *torrent.Torrent) {
		t.mu.Lock()
		p := &t.pieces[piece]
		again := p.wanted && p.parked
		p.parked, p.broken = false, false
		p.changes++
		t.mu.Unlock()

		t.emptied(p)
		inner.Piece(piece).UpdateCompletion()
		if t.spread != nil {
			t.spread.changed(piece, t.storage.Complete(piece))
		}
		if again {
			inner.DownloadPieces(piece, piece+1)
		}
	})
}

// Pause ends all exchange of payload: the connections are cut, none is made
// and none is accepted.
func (t *Torrent) Pause() {
	t.mu.Lock()
	t.paused = true
	t.mu.Unlock()
	t.swarm.sever(func(c *Torrent, _ identity.ID) bool { return c == t })
}

// Resume undoes Pause. The holders are dialled at once.
func (t *Torrent) Resume() {
	t.mu.Lock()
	was := t.paused
	t.paused = false
	if was {
		t.dialAllLocked()
	}
	t.mu.Unlock()
	t.swarm.wake()
}

// Disconnect cuts the connections with a device. It may come back, unless
// [Options.May] says otherwise by then.
func (t *Torrent) Disconnect(peer identity.ID) {
	t.swarm.sever(func(c *Torrent, id identity.ID) bool { return c == t && id == peer })
}

// Stats returns what happened so far.
func (t *Torrent) Stats() Stats {
	connected := t.swarm.connected(t)
	s := Stats{BadPieces: t.blame.badPieces()}
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, tr := range t.traffic {
		p := PeerStats{
			ID:        id,
			Read:      tr.read.Load(),
			Written:   tr.written.Load(),
			Connected: connected[id],
			Refused:   t.refused[id],
		}
		s.Read += p.Read
		s.Written += p.Written
		s.Peers = append(s.Peers, p)
	}
	slices.SortFunc(s.Peers, func(a, b PeerStats) int { return a.ID.Compare(b.ID) })
	return s
}

// Has reports whether one of the connected devices peer is has told that it has a
// piece for which missing is true.
func (t *Torrent) Has(peer identity.ID, missing func(piece int) bool) (has bool) {
	t.call(func(inner *torrent.Torrent) {
		for _, pc := range inner.PeerConns() {
			if from, ok := pc.RemoteAddr.(addr); !ok || from.ID != peer {
				continue
			}
			for i := pc.PeerPieces().Iterator(); !has && i.HasNext(); {
				has = missing(int(i.Next()))
			}
		}
	})
	return has
}

// Drop takes the torrent out of the swarm. When it returns, the connections
// are cut, no call into the storage is under way and none will come, except to
// Complete from a call that had begun.
func (t *Torrent) Drop() {
	t.mu.Lock()
	first := !t.gone
	if first {
		t.gone = true
		close(t.leaving)
	}
	t.mu.Unlock()
	if !first {
		<-t.dropped
		return
	}
	t.swarm.sever(func(c *Torrent, _ identity.ID) bool { return c == t })
	t.library.Lock()
	t.inner.Drop()
	t.library.Unlock()
	t.calls.Wait()
	for i := range t.pieces {
		t.emptied(&t.pieces[i])
	}
	t.swarm.remove(t)
	close(t.dropped)
}

// admits reports whether a connection with peer may be for t, as far as t knows.
func (t *Torrent) admits(peer identity.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.gone && !t.paused && !t.refused[peer]
}

// counters returns where the payload exchanged with peer is counted.
func (t *Torrent) counters(peer identity.ID) *traffic {
	t.mu.Lock()
	defer t.mu.Unlock()
	tr := t.traffic[peer]
	if tr == nil {
		tr = &traffic{}
		t.traffic[peer] = tr
	}
	return tr
}

// queueLength returns how many requests are to wait on one connection.
func (t *Torrent) queueLength() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch n := len(t.holders); {
	case n <= 2:
		return maxRequests
	case n <= 4:
		return maxRequests / 8
	default:
		return maxRequests / 32
	}
}

// use announces a call into the storage, unless the torrent is being dropped.
// The call ends with done.
func (t *Torrent) use() (done func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return nil, errDropped
	}
	t.calls.Add(1)
	return t.calls.Done, nil
}

// call runs f on the library's torrent, unless it is being dropped.
func (t *Torrent) call(f func(*torrent.Torrent)) {
	t.library.Lock()
	defer t.library.Unlock()
	t.mu.Lock()
	gone := t.gone
	t.mu.Unlock()
	if !gone {
		f(t.inner)
	}
}
