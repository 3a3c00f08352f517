package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/ui/view"
)

// frame is the least time between two views: progress that changes more often
// cannot be read.
const frame = 250 * time.Millisecond

// Run keeps the window in step with the engine until ctx is done, and then
// returns nil when all that the window began has ended. It is the only goroutine
// that reaches the window: it waits for each view to be shown, so that changes
// which come faster are skipped and not queued.
func (w *Window) Run(ctx context.Context) error {
	w.mu.Lock()
	w.ctx = ctx
	w.mu.Unlock()
	defer w.acts.Wait()

	var source Source
	var changed <-chan struct{}
	pace := time.NewTicker(frame)
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case source = <-w.sources:
			var stop func()
			changed, stop = source.Watch()
			defer stop()
			w.mu.Lock()
			w.source, w.local.Starting = source, false
			w.mu.Unlock()
		case _, open := <-changed:
			if !open {
				changed = nil
			}
			if !wait(ctx, pace.C, w.poked) {
				return nil
			}
		case <-w.poked: // what the person did is shown at once
		}
		var snapshot sharing.Snapshot
		if source != nil {
			snapshot = source.Snapshot()
		}
		w.mu.Lock()
		local := w.local
		w.mu.Unlock()
		v := view.Of(snapshot, local, w.words)
		fyne.DoAndWait(func() { w.show(v) })
	}
}

// wait returns true when it is time for the next view, and false when ctx is
// done.
func wait(ctx context.Context, pace <-chan time.Time, poked <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-pace:
	case <-poked:
	}
	return true
}

// change changes what the window knows and has it shown. It may be called from
// any goroutine.
func (w *Window) change(f func(*view.Local)) {
	w.mu.Lock()
	f(&w.local)
	w.mu.Unlock()
	select {
	case w.poked <- struct{}{}:
	default: // one is waiting already
	}
}

// act has the engine do something, on a goroutine of its own, and shows what
// went wrong.
func (w *Window) act(do func(context.Context, Source) error) {
	w.mu.Lock()
	ctx, source := w.ctx, w.source
	w.mu.Unlock()
	if source == nil {
		return
	}
	w.acts.Go(func() {
		err := do(ctx, source)
		w.change(func(l *view.Local) {
			l.Problem = ""
			if err != nil && ctx.Err() == nil {
				l.Problem = err.Error()
			}
		})
	})
}
