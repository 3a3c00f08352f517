package ui

import (
	"context"
	"slices"

	"potluck/sharing/identity"
	"potluck/ui/view"
)

// say sends a short text, and says when it has arrived, or why not. done is called
// then if it has; it may be nil.
func (w *Window) say(text string, to []identity.ID, done func()) {
	w.local.Notice = view.SayingText(to, w.snapshot, w.words)
	waiting := w.local.Notice
	w.act(func(ctx context.Context, s Source) error {
		err := s.SendText(ctx, text, to)
		if ctx.Err() != nil {
			return nil // the window is closing
		}
		w.later(func() {
			if err != nil {
				w.local.Tell(view.TextLost(to, err, w.o.Now(), w.words), w.o.Now())
				return
			}
			if shown := w.local.Notice; shown.Text == waiting.Text || shown.Text == "" || !shown.Until.IsZero() {
				w.local.Notice = view.TextArrived(to, w.snapshot, w.o.Now(), w.words)
			}
			if done != nil {
				done()
			}
		})
		return nil
	})
}

// weigh finds out how much what is to be sent comes to, in the background, whenever
// that is something else than before.
func (w *Window) weigh() {
	paths := w.local.Heavy()
	if slices.Equal(paths, w.local.Weight.Paths) || w.source == nil {
		return
	}
	if w.weighing != nil {
		w.weighing()
		w.weighing = nil
	}
	w.local.Weight = view.Weight{Paths: slices.Clone(paths)}
	if len(paths) == 0 {
		return
	}
	paths = w.local.Weight.Paths
	ctx, cancel := context.WithCancel(context.Background())
	w.weighing = cancel
	w.act(func(working context.Context, s Source) error {
		defer cancel()
		defer context.AfterFunc(working, cancel)()
		sum, err := s.Measure(ctx, paths)
		if err != nil {
			return nil // whoever sends it is told
		}
		w.later(func() {
			if slices.Equal(w.local.Weight.Paths, paths) {
				w.local.Weight.Amount, w.local.Weight.Known = sum, true
			}
		})
		return nil
	})
}
