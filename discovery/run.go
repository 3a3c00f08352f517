package discovery

import (
	"context"
	"sync"
	"time"
)

// A runner is what [Discovery.Run] does; its fields belong to that goroutine.
type runner struct {
	d *Discovery

	quiet  func() // ends what we announce; nil if we announce nothing
	deaf   func() // ends the round that listens; nil if none does
	flood  <-chan struct{}
	floods int       // in a row
	quick  int       // how many of the quick rounds are behind us
	began  time.Time // the last round
	looked time.Time // the last look at the wall clock, without its monotonic part
	told   time.Time // the last signal to those who watch

	next *time.Timer // the next round is due
	tell *time.Timer // the next signal is due

	complaints map[string]string // what did not work last time, and why
}

func newRunner(d *Discovery) *runner { return &runner{d: d, complaints: make(map[string]string)} }

func (r *runner) run(ctx context.Context) {
	r.next, r.tell = idleTimer(), idleTimer()
	poll := time.NewTicker(r.d.tempo.poll)
	defer func() {
		poll.Stop()
		r.next.Stop()
		r.tell.Stop()
		r.stopListening()
		r.stopAnnouncing()
		r.d.leave()
	}()

	r.looked = wallOnly(r.d.wall())
	r.follow()
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			r.follow()
			r.forget()
		case <-r.next.C:
			if r.deaf != nil {
				r.floods = 0 // that was a round without one
			}
			r.round()
		case <-r.flood:
			r.duck()
		case <-r.d.refresh:
			r.hurry()
		case <-r.d.news:
			r.tell.Reset(r.d.tempo.tell - min(time.Since(r.told), r.d.tempo.tell))
		case <-r.tell.C:
			r.told = time.Now()
			r.d.tell()
		}
	}
}

// idleTimer returns a timer that does not fire before it is reset.
func idleTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// wallOnly returns t without its monotonic part, which stands still while the
// computer sleeps.
func wallOnly(t time.Time) time.Time { return t.Round(0) }

// follow begins anew when the interfaces have changed or the computer slept.
func (r *runner) follow() {
	slept := r.slept()
	list, err := r.d.net.interfaces(wants(r.d.named))
	r.complain("interfaces cannot be listed", err)
	if err != nil {
		return
	}
	now := placeOf(list)
	if now.equal(r.d.here()) && !slept {
		return
	}
	r.d.log.Info("listening", "announcing", !r.d.silent, "interfaces", now.names(), "slept", slept)
	r.stopAnnouncing()
	r.d.move(now)
	r.d.table.excuse(time.Now())
	r.announce()
	r.quick = 0
	r.round()
	signal(r.d.news)
}

// slept reports whether the wall clock has moved by much more, or less, than the
// time between two polls.
func (r *runner) slept() bool {
	now := wallOnly(r.d.wall())
	passed := now.Sub(r.looked)
	r.looked = now
	return passed > r.d.tempo.poll+r.d.tempo.jump || passed < -r.d.tempo.jump
}

func (r *runner) announce() {
	here := r.d.here()
	if len(here) == 0 || r.d.silent {
		return
	}
	var err error
	r.quiet, err = r.d.net.announce(r.d.id, r.d.port, here)
	r.complain("cannot announce everywhere", err)
}

func (r *runner) stopAnnouncing() {
	if r.quiet != nil {
		r.quiet()
		r.quiet = nil
	}
}

// complain logs an error, once: what is tried every few seconds can fail for days.
// A nil error means that it works.
func (r *runner) complain(what string, err error) {
	if err == nil {
		delete(r.complaints, what)
		return
	}
	if r.complaints[what] != err.Error() {
		r.complaints[what] = err.Error()
		r.d.log.Warn(what, "err", err)
	}
}

// round asks who is there, and listens until the next round. The one before ends
// only when this one has begun, so that nothing is missed in between.
func (r *runner) round() {
	before := r.deaf
	r.deaf, r.flood = nil, nil
	r.began = time.Now()
	if here := r.d.here(); len(here) > 0 {
		if r.quiet == nil {
			r.announce() // it failed last time
		}
		b := newBudget(r.d.hear)
		var err error
		r.deaf, err = r.d.net.listen(here, b.hear)
		r.complain("cannot listen everywhere", err)
		r.flood = b.spent
	}
	if before != nil {
		before()
	}
	r.next.Reset(r.pause())
}

// pause is the time from one round to the next.
func (r *runner) pause() time.Duration {
	t := r.d.tempo
	if r.quick < len(t.quick) {
		r.quick++
		return t.quick[r.quick-1]
	}
	return early(t.period(r.d.table.len()))
}

func (r *runner) stopListening() {
	if r.deaf != nil {
		r.deaf()
	}
	r.deaf, r.flood = nil, nil
}

// duck stops listening for a moment: somebody floods the network.
func (r *runner) duck() {
	r.stopListening()
	r.floods++
	pause := r.d.tempo.duck(min(r.floods, 10))
	r.d.log.Warn("too many answers, not listening for a while", "pause", pause)
	r.next.Reset(pause)
}

// hurry brings the next round forward, as close to the last as is allowed. In a
// flood it does nothing.
func (r *runner) hurry() {
	if r.floods > 0 {
		return
	}
	r.quick = 0
	r.next.Reset(max(0, r.d.tempo.closest-time.Since(r.began)))
}

func (r *runner) forget() {
	t := r.d.table
	if t.forgetSilent(time.Now(), r.d.tempo.silence(t.len())) {
		signal(r.d.news)
	}
}

// maxAnswers is how many usual answers are taken in a round. The library remembers
// each answer of a round, so this bounds its memory too.
const maxAnswers = 4 * maxNeighbours

// A budget passes on what is heard in one round, up to a limit.
type budget struct {
	pass  func(claim)
	spent chan struct{} // holds one signal, when the limit was reached

	mu   sync.Mutex // guards left
	left int
}

func newBudget(pass func(claim)) *budget {
	return &budget{pass: pass, spent: make(chan struct{}, 1), left: maxAnswers}
}

func (b *budget) hear(c claim) {
	if b.take(c.weight) {
		b.pass(c)
	} else {
		signal(b.spent)
	}
}

func (b *budget) take(weight int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < weight {
		b.left = 0
		return false
	}
	b.left -= weight
	return true
}
