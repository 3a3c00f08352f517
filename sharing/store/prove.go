package store

import (
	"context"
	"time"
)

// Doubt makes all that is here be hashed once more before it gets its final name:
// it has been lying on the disk for a while, where much can happen to it. [Item.Run]
// does that beside everything else, and [Item.Finish] what is left of it. Of an item
// that was opened all is doubted already.
func (i *Item) Doubt() {
	done, err := i.use()
	if err != nil {
		return
	}
	defer done()
	i.doubt()
	i.mu.Lock()
	i.resting = false
	i.mu.Unlock()
	select {
	case i.doubted <- struct{}{}:
	default:
	}
}

// Rest lets [Item.Run] hash nothing until [Item.Doubt]: nothing is going on.
func (i *Item) Rest() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.resting = true
}

// doubt is Doubt with place held.
func (i *Item) doubt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.unproven = newBitset(i.layout.pieces)
	if i.notes.finished {
		return
	}
	i.notes.complete.members(func(p int) {
		if i.progress.wanted.has(p) && i.allStaged(p) {
			i.unproven.set(p)
		}
	})
}

// allStaged reports whether no bytes of a piece have their final place, where they
// belong to the person.
func (i *Item) allStaged(piece int) bool {
	for p := range i.layout.parts(piece, i.disk.failed) {
		if !p.zero && p.file != edgeFile && i.disk.places.done.has(i.layout.top(p.entry)) {
			return false
		}
	}
	return true
}

// Unproven returns how many hashes, from the first on, have to be known before
// [Item.Finish] can prove what is left in doubt; 0 if nothing is.
func (i *Item) Unproven() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.unproven.last() + 1
}

// nextToProve is nextUnproven for Run.
func (i *Item) nextToProve(from int) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.resting {
		return -1
	}
	return i.unproven.next(from)
}

// nextUnproven returns the first piece from `from` on that is in doubt, or -1.
func (i *Item) nextUnproven(from int) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.unproven.next(from)
}

// proveAlways hashes what is in doubt, whenever there is something, until ctx is
// done. As long as other pieces are on their way it works half of the time only.
func (i *Item) proveAlways(ctx context.Context) {
	again := time.NewTicker(syncEvery)
	defer again.Stop()
	for {
		for p := i.nextToProve(0); p >= 0 && ctx.Err() == nil; p = i.nextToProve(p + 1) {
			began := time.Now()
			if _, err := i.prove(p); err != nil {
				break // its hash is not known yet, or the disk has to be mended first
			}
			if _, have := i.Have(); have < i.totalPieces() {
				_ = pause(ctx, time.Since(began))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-i.doubted:
		case <-again.C:
		}
	}
}

func (i *Item) totalPieces() int {
	_, pieces := i.Total()
	return pieces
}

// prove hashes a piece that is in doubt, and reports whether it is right. If it is
// not, it has to be fetched again.
func (i *Item) prove(piece int) (right bool, err error) {
	done, err := i.use()
	if err != nil {
		return false, err
	}
	defer done()
	want, known := i.o.Hashes.Get(piece)
	if !known {
		return false, ErrNoHash
	}
	if err := i.Err(); err != nil {
		return false, err
	}
	got, err := i.hashWritten(piece, wholePiece)
	if now, _ := i.o.Hashes.Get(piece); now != want {
		return false, ErrNoHash // it has just got another one
	}
	i.mu.Lock()
	doubtful := i.unproven.has(piece)
	if err == nil && got == want {
		i.unproven.clear(piece)
		i.meddled.clear(piece)
	}
	i.mu.Unlock()
	if err == nil && got == want || !doubtful {
		return true, nil
	}
	i.log.Warn("a piece was damaged on the disk", "piece", piece, "err", err)
	i.disk.forget()
	if err := i.lose([]int{piece}); err != nil {
		return false, i.fail(err)
	}
	return false, nil
}

// proveRest hashes all that is still in doubt. The error is a *LostError if
// something is not right.
func (i *Item) proveRest(ctx context.Context) error {
	if i.whole() != nil {
		return nil // then nothing is delivered
	}
	var lost []int
	for p := i.nextUnproven(0); p >= 0; p = i.nextUnproven(p + 1) {
		if err := ctx.Err(); err != nil {
			return err
		}
		right, err := i.prove(p)
		if err != nil {
			return err
		}
		if !right {
			lost = append(lost, p)
		}
	}
	if len(lost) > 0 {
		return &LostError{Pieces: lost}
	}
	return nil
}
