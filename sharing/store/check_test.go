package store

import "context"

// checkAll hashes what was received again, from where it is now, and calls each
// for every wanted piece in order.
func (i *Item) checkAll(ctx context.Context, each func(piece int, ok bool)) error {
	for piece := range i.layout.pieces {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !i.Wanted(piece) {
			continue
		}
		ok, err := i.check(piece)
		if err != nil {
			return err
		}
		each(piece, ok)
	}
	return nil
}

func (i *Item) check(piece int) (ok bool, err error) {
	done, err := i.use()
	if err != nil {
		return false, err
	}
	defer done()
	i.mu.Lock()
	finished := i.notes.finished
	want, partly := i.notes.kept[piece]
	i.mu.Unlock()
	scope := keptBytes
	if !finished || !partly {
		scope = wholePiece
		var known bool
		if want, known = i.o.Hashes.Get(piece); !known {
			return false, ErrNoHash
		}
	}
	got, err := i.hashWritten(piece, scope)
	if ok = err == nil && got == want; !finished {
		if !ok {
			return false, i.lose([]int{piece})
		}
		return ok, nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if ok {
		i.notes.complete.set(piece)
	} else {
		i.notes.complete.clear(piece)
	}
	return ok, nil
}
