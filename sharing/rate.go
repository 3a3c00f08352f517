package sharing

import "time"

const (
	// rateWindow is how far back a speed looks.
	rateWindow = 2500 * time.Millisecond

	// rateGrace is how long nothing may be heard before that counts as standing still:
	// the other side tells of its progress once in a second.
	rateGrace = 1200 * time.Millisecond

	// rateStep is how far apart the notes are that are kept.
	rateStep = 200 * time.Millisecond
)

// A rate measures a speed: of what comes in portions, from one portion to another,
// for what is seen between two of them says nothing. It is not safe for concurrent use.
type rate struct {
	notes []note // when something had come; the first is where the window begins
	last  note   // when something had come last
}

type note struct {
	at    time.Time
	total int64
}

// note takes down that total bytes were done at the time now.
func (r *rate) note(now time.Time, total int64) {
	n := len(r.notes)
	if n > 0 && total == r.last.total {
		return
	}
	if n > 1 && now.Sub(r.last.at) > max(rateWindow, 3*r.every()) { // it stood still
		r.notes, n = r.notes[:0], 0
	}
	r.last = note{now, total}
	if n > 0 && now.Sub(r.notes[n-1].at) < rateStep {
		return
	}
	r.notes = append(r.notes, r.last)
	for len(r.notes) > 2 && now.Sub(r.notes[1].at) > rateWindow {
		r.notes = r.notes[1:]
	}
}

// every is how much time passes from one portion to the next, or a little less.
func (r *rate) every() time.Duration {
	return r.last.at.Sub(r.notes[0].at) / time.Duration(len(r.notes))
}

// perSecond returns the speed at the time now, in bytes a second. When nothing has
// come for longer than it took before, it sinks, and after rateWindow more it is 0.
func (r *rate) perSecond(now time.Time) int64 {
	if len(r.notes) == 0 {
		return 0
	}
	first := r.notes[0]
	span := r.last.at.Sub(first.at)
	late := now.Sub(r.last.at) - max(rateGrace, 2*r.every())
	if span += max(0, late); span < rateStep || r.last.total <= first.total || late > rateWindow {
		return 0
	}
	return int64(float64(r.last.total-first.total) / span.Seconds())
}

// left estimates how long the rest will take; -1 if that is unknown.
func left(rest, perSecond int64) time.Duration {
	switch {
	case rest <= 0:
		return 0
	case perSecond <= 0:
		return -1
	}
	return time.Duration(float64(rest) / float64(perSecond) * float64(time.Second))
}
