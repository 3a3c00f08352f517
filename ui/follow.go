package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/ui/view"
)

const (
	// frame is the least time between two views of what the engine does: progress
	// that changes more often cannot be read.
	frame = 250 * time.Millisecond

	// slowFrame is the same where drawing takes the processor's time.
	slowFrame = 500 * time.Millisecond

	// sinking is how often speeds are looked at of which nothing is told.
	sinking = time.Second

	// slowDrawing is how long drawing takes where the processor does it, or longer.
	slowDrawing = 5 * time.Millisecond

	// The first views are not judged, which have most to prepare; a few of the next
	// ones that are slow tell that all will be.
	unjudged, judged, mostSlow = 3, 20, 5

	// drawnWithin is how soon after it was shown a view is drawn.
	drawnWithin = 50 * time.Millisecond
)

// Run keeps the window in step with the engine until ctx is done, and then
// returns nil when all that the window began has ended. It is the only goroutine
// that reaches the window: it waits for each view to be shown, so that changes
// which come faster are skipped and not queued.
func (w *Window) Run(ctx context.Context) error {
	w.mu.Lock()
	w.ctx = ctx
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.ended = true
		w.mu.Unlock()
		w.acts.Wait()
	}()

	w.offerLanguages()
	w.take(w.o.Take)
	var (
		source  Source
		prefs   Preferences
		changed <-chan struct{}
		events  <-chan sharing.Event
		set     <-chan struct{}
		pace    = frame
		last    time.Time // when what there is was shown
		behind  bool      // there is something else by now
		moves   bool      // what was shown last has speeds, which sink without a word when nothing comes
	)
	for views, slow := 0, 0; ; {
		again := w.timer()
		var news []sharing.Event
		fresh, chosen := false, false
		doing, next := changed, (<-chan time.Time)(nil)
		if behind {
			doing, next = nil, time.After(pace-time.Since(last))
		} else if moves {
			next = time.After(sinking - time.Since(last))
		}
		select {
		case <-ctx.Done():
			again.Stop()
			return nil
		case g := <-w.given:
			source, prefs = g.source, g.prefs
			var stop [3]func()
			changed, stop[0] = source.Watch()
			events, stop[1] = source.Subscribe()
			set, stop[2] = prefs.Watch()
			for _, f := range stop {
				defer f()
			}
			fresh, chosen = true, true
		case _, open := <-doing:
			if !open {
				changed = nil
			}
			again.Stop()
			behind = true
			continue
		case <-next:
			fresh = true
		case e, open := <-events:
			if !open {
				events = nil
				continue
			}
			news, fresh = append(news, e), true
		case <-set:
			chosen = true
		case <-w.poked: // what the person did is shown at once
			fresh = behind && w.hasTasks()
		case <-again.C:
			fresh = behind
		}
		again.Stop()
		var snapshot sharing.Snapshot
		var values map[string]string
		if fresh && source != nil {
			behind = false // a change from here on is told again
			snapshot = source.Snapshot()
			moves = slices.ContainsFunc(snapshot.Transfers, hasSpeed)
		}
		if chosen {
			values = prefs.Values()
		}
		w.onMain(ctx, func() {
			if w.source == nil && source != nil {
				w.source, w.prefs, w.local.Starting = source, prefs, false
				w.local.Began = w.o.Now()
			}
			if fresh && source != nil {
				w.snapshot = snapshot
			}
			if chosen {
				w.choose(values)
			}
			for _, e := range news {
				w.notify(e)
				w.hear(e)
			}
			dimmed := w.grid().Dim(w.o.Now(), w.focused)
			w.screen.tips.Dim(w.o.Now(), w.focused)
			if w.runTasks() || fresh || chosen || dimmed || w.due() {
				w.render()
			}
			w.screen.tips.Tick(w.o.Now())
			w.screen.reveal()
			w.watch()
		})
		if !fresh {
			continue
		}
		last = time.Now()
		if views < judged {
			if views++; w.drawing(ctx) > slowDrawing && views > unjudged {
				slow++
			}
			if slow == mostSlow {
				pace = slowFrame
			}
		}
	}
}

// hasSpeed reports whether a transfer has a speed, or something that makes it slow.
func hasSpeed(t sharing.Transfer) bool {
	return t.State == sharing.Running && (t.Slowest != "" || slices.ContainsFunc(t.Peers, func(p sharing.Peer) bool { return p.Rate > 0 }))
}

// onMain has f run on the main goroutine, and waits for it, but not when ctx is
// done: then the main goroutine may have ended, and f is never run. Nor is it once the
// program ends: the toolkit would run it then on whatever goroutine asks.
func (w *Window) onMain(ctx context.Context, f func()) {
	done := make(chan struct{})
	fyne.Do(func() {
		defer close(done)
		select {
		case <-w.over:
		default:
			f()
		}
	})
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// drawing returns how long it takes to draw what was just shown: for so long the
// main goroutine does nothing else. Where nothing is drawn that is no time at all.
func (w *Window) drawing(ctx context.Context) time.Duration {
	var longest time.Duration
	for begun := time.Now(); time.Since(begun) < drawnWithin; time.Sleep(time.Millisecond) {
		asked := time.Now()
		w.onMain(ctx, func() {})
		longest = max(longest, time.Since(asked))
	}
	return longest
}

// timer fires when the view changes by itself.
func (w *Window) timer() *time.Timer {
	w.mu.Lock()
	next, check := w.next, w.check
	w.mu.Unlock()
	wait := time.Hour
	for _, t := range []time.Time{next, check} {
		if !t.IsZero() {
			wait = min(wait, max(0, t.Sub(w.o.Now())))
		}
	}
	return time.NewTimer(wait)
}

// watch notes when something is to be looked after that no event tells of: a light
// under the pointer goes out when that is not heard of, a tip is shown when it rests, and
// what is drawn for the first time may have to be brought into sight.
func (w *Window) watch() {
	if w.screen == nil {
		return
	}
	next := w.grid().DimAt(w.focused)
	for _, t := range []time.Time{w.screen.tips.Due(), w.screen.tips.DimAt(w.focused)} {
		if next.IsZero() || !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	if w.screen.fresh != nil {
		next = w.o.Now().Add(drawnWithin)
	}
	w.mu.Lock()
	sooner := !next.IsZero() && (w.check.IsZero() || next.Before(w.check))
	w.check = next
	w.mu.Unlock()
	if sooner {
		w.poke()
	}
}

// due reports whether the time of the next view has come.
func (w *Window) due() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.next.IsZero() && !w.next.After(w.o.Now())
}

// hasTasks reports whether something waits for the main goroutine.
func (w *Window) hasTasks() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tasks) > 0
}

// later has f run on the main goroutine, and shows what comes of it. It may be
// called from any goroutine.
func (w *Window) later(f func()) {
	w.mu.Lock()
	w.tasks = append(w.tasks, f)
	w.mu.Unlock()
	w.poke()
}

// poke wakes the follower.
func (w *Window) poke() {
	select {
	case w.poked <- struct{}{}:
	default: // one is waiting already
	}
}

// runTasks does what is waiting for the main goroutine, and reports whether there
// was something.
func (w *Window) runTasks() bool {
	w.mu.Lock()
	tasks := w.tasks
	w.tasks = nil
	w.mu.Unlock()
	for _, f := range tasks {
		f()
	}
	return len(tasks) > 0
}

// act has the engine do something, on a goroutine of its own, and shows what went
// wrong.
func (w *Window) act(do func(context.Context, Source) error) {
	source := w.source
	if source == nil {
		return
	}
	w.begin(func(ctx context.Context) error { return do(ctx, source) })
}

// actOn is act for something that is done to an offer or a transfer: what goes
// wrong then may be mended there.
func (w *Window) actOn(ref string, do func(context.Context, Source) error) {
	w.act(func(ctx context.Context, s Source) error {
		if err := do(ctx, s); err != nil && ctx.Err() == nil {
			w.o.Log.Warn("the window was refused something", "err", err)
			w.later(func() { w.local.Tell(view.ProblemWith(ref, err, w.o.Now(), w.words), w.o.Now()) })
		}
		return nil
	})
}

// begin does something that may take long, on a goroutine of its own, and shows
// what went wrong.
func (w *Window) begin(do func(context.Context) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx := w.ctx
	if w.ended {
		return
	}
	w.acts.Go(func() {
		err := do(ctx)
		if err != nil && ctx.Err() == nil {
			w.o.Log.Warn("the window was refused something", "err", err)
			w.later(func() { w.local.Tell(view.Problem(view.Sentence(err, w.words), w.o.Now()), w.o.Now()) })
		}
	})
}
