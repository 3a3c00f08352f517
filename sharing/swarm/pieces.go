package swarm

import (
	"slices"

	"github.com/anacrolix/torrent"

	"potluck/sharing/identity"
)

// mark notes what the caller wants.
func (t *Torrent) mark(pieces []int, wanted bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, i := range pieces {
		if i >= 0 && i < len(t.pieces) {
			t.pieces[i].wanted, t.pieces[i].parked = wanted, false
		}
	}
}

// eachRun calls f for each run of consecutive pieces.
func (t *Torrent) eachRun(pieces []int, f func(begin, end int)) {
	valid := slices.DeleteFunc(slices.Clone(pieces), func(i int) bool { return i < 0 || i >= len(t.pieces) })
	slices.Sort(valid)
	for len(valid) > 0 {
		n := 1
		for n < len(valid) && valid[n] <= valid[n-1]+1 {
			n++
		}
		f(valid[0], valid[n-1]+1)
		valid = valid[n:]
	}
}

// leave makes the library stop asking for p, if p is still parked.
func (t *Torrent) leave(p *piece) {
	t.call(func(inner *torrent.Torrent) {
		t.mu.Lock()
		parked := p.parked
		t.mu.Unlock()
		if parked {
			inner.CancelPieces(p.index, p.index+1)
		}
	})
}

// has reports whether p is here, and can be read as far as is known.
func (t *Torrent) has(p *piece) bool {
	_, broken := t.condition(p)
	return !broken && t.storage.Complete(p.index)
}

// condition returns how often p has changed, and whether it could not be read since.
func (t *Torrent) condition(p *piece) (changes int, broken bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return p.changes, p.broken
}

// passed is called when a piece was verified.
func (t *Torrent) passed(p *piece) {
	t.mu.Lock()
	p.broken, p.parked = false, false
	t.mu.Unlock()
	t.judge(p.index, t.blame.passed(p.index))
}

// failed is called when a piece was not verified. It may not call into the
// library, see piece.
func (t *Torrent) failed(p *piece, err error) {
	if !t.swarm.options.IsBad(err) {
		t.blame.forget(p.index)
		t.park(p, "piece not verified", err)
		return
	}
	t.log.Info("bad piece", "piece", p.index)
	t.judge(p.index, t.blame.failed(p.index))
}

// filled notes that n bytes of p were written.
func (t *Torrent) filled(p *piece, n int64) {
	size := t.spec.pieceSize(p.index)
	t.mu.Lock()
	before := p.filled
	p.filled += n
	whole := before < size && p.filled >= size
	t.mu.Unlock()
	if before == 0 {
		t.hurry(p)
	}
	if whole {
		t.swarm.backlog.add(size)
	}
}

// hurry makes the library finish p before it begins others: it takes wanted
// pieces in a random order, so that some would stay begun until the end, and
// neither fit in memory nor be passed on.
func (t *Torrent) hurry(p *piece) {
	t.call(func(inner *torrent.Torrent) {
		t.mu.Lock()
		wanted := p.wanted && !p.parked
		t.mu.Unlock()
		if wanted {
			inner.Piece(p.index).SetPriority(torrent.PiecePriorityHigh)
		}
	})
}

// emptied notes that p was verified, or is not going to be.
func (t *Torrent) emptied(p *piece) {
	size := t.spec.pieceSize(p.index)
	t.mu.Lock()
	whole := p.filled >= size
	p.filled = 0
	t.mu.Unlock()
	if whole {
		t.swarm.backlog.add(-size)
	}
}

// park notes that p is not to be asked for until the caller says so; leave is
// to follow.
func (t *Torrent) park(p *piece, what string, err error) {
	t.mu.Lock()
	first := !p.parked
	p.parked = true
	t.mu.Unlock()
	if first {
		t.log.Warn(what, "piece", p.index, "err", err)
	}
}

// readFailed notes that piece p cannot be served, if it has not changed since the
// reading began, when there had been so many changes; the library asks for its
// completion next.
func (t *Torrent) readFailed(p *piece, changes int, err error) {
	t.mu.Lock()
	changed := p.changes != changes
	p.broken = p.broken || !changed
	t.mu.Unlock()
	if changed {
		return
	}
	t.park(p, "piece not read", err)
	t.leave(p)
}

// judge tells of those who took part in a bad piece, and cuts off who did so
// too often.
func (t *Torrent) judge(piece int, verdicts []verdict) {
	for _, v := range verdicts {
		if v.alone && v.faults >= TooManyBad {
			t.refuse(v.peer)
		}
		t.swarm.tell(report{t.infoHash, piece, v.peer, v.alone})
	}
}

// misbehaved notes that a connection had to be ended for what a device sent. One that
// does so again and again is cut off, but for the sharer, without whom there may be nobody.
func (t *Torrent) misbehaved(peer identity.ID) {
	if t.spread == nil && peer != t.sharer && t.blame.misbehaved(peer) == tooManyWrong {
		t.refuse(peer)
		t.swarm.tell(report{t.infoHash, NoPiece, peer, true})
	}
}

// refuse cuts a device off for as long as the torrent is here.
func (t *Torrent) refuse(peer identity.ID) {
	t.mu.Lock()
	t.refused[peer] = true
	t.mu.Unlock()
	t.log.Warn("device refused for bad pieces", "peer", peer.Short())
	t.Disconnect(peer)
}

// Forgive lets a device back in that was refused for bad pieces, and forgets
// them: somebody has found another reason for them.
func (t *Torrent) Forgive(peer identity.ID) {
	t.blame.forgive(peer)
	t.mu.Lock()
	delete(t.refused, peer)
	t.mu.Unlock()
	t.swarm.wake()
}
