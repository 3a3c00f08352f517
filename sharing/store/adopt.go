package store

import (
	"context"
	"errors"
)

// Pieces are where bytes of a share can be read.
type Pieces interface {
	// Complete reports whether a piece is there.
	Complete(piece int) bool

	// ReadAt fills b from a complete piece, off bytes into it, or fails.
	ReadAt(piece int, b []byte, off int64) (int, error)
}

// Adopt copies what is elsewhere of the wanted pieces, each checked on the way: in
// another item of the same share, which may be discarded then, when a transfer goes
// on in another folder. Pieces that cannot be read, or turn out not to be right, are
// left to be fetched again. When it returns nil, the disk has confirmed what was
// copied. Before each piece it asks goOn, and ends with ErrIncomplete at a no.
//
// The error is that of ctx, or that of the disk of i, which [Item.Err] returns as
// well.
func (i *Item) Adopt(ctx context.Context, from Pieces, goOn func() bool) error {
	buf := make([]byte, i.o.pieceLen)
	for piece := range i.layout.pieces {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !goOn():
			return ErrIncomplete
		case !i.Wanted(piece) || i.Complete(piece) || !from.Complete(piece):
			continue
		}
		b := buf[:i.layout.length(piece)]
		if _, err := from.ReadAt(piece, b, 0); err != nil {
			i.log.Info("piece could not be taken along", "piece", piece, "err", err)
			continue
		}
		_, err := i.WriteAt(piece, b, 0)
		if err == nil {
			err = i.Verify(piece)
		}
		if err := i.Err(); err != nil {
			return err
		}
		if err != nil && !errors.Is(err, ErrBadPiece) && !errors.Is(err, ErrNoHash) && !errors.Is(err, ErrNotWanted) {
			return err
		}
	}
	return i.sync(false)
}

// Placed reports whether some of the share has its final names already.
func (i *Item) Placed() bool {
	i.place.RLock()
	defer i.place.RUnlock()
	return i.disk.places.done.count() > 0
}
