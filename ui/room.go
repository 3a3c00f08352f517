package ui

import (
	"context"
	"time"

	"potluck/ui/view"
)

// A measure is one of the room in a folder: under way, or done at that time.
type measure struct {
	at   time.Time
	busy bool
}

// lookForRoom has it be found out how much is free in the folders that were chosen for
// offers; of the usual one the engine tells.
func (w *Window) lookForRoom() {
	source := w.source
	if source == nil {
		return
	}
	wanted := map[string]bool{}
	for _, o := range w.snapshot.Offers {
		if folder := w.local.Into[o.Share]; folder != "" {
			wanted[folder] = true
		}
	}
	for folder := range w.measures {
		if !wanted[folder] {
			delete(w.measures, folder)
			delete(w.local.Room, folder)
		}
	}
	for folder := range wanted {
		if m := w.measures[folder]; m.busy || w.o.Now().Sub(m.at) < view.RoomAge {
			continue
		}
		w.measures[folder] = measure{busy: true}
		w.begin(func(ctx context.Context) error {
			free := source.Free(ctx, folder)
			w.later(func() {
				if w.local.Room == nil {
					w.local.Room = view.Room{}
				}
				w.local.Room[folder] = free
				w.measures[folder] = measure{at: w.o.Now()}
			})
			return nil
		})
	}
}
