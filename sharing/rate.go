package sharing

import "time"

// rateWindow is how far back a speed looks.
const rateWindow = 5 * time.Second

// A rate estimates a speed from totals noted over time. It is not safe for
// concurrent use.
type rate struct {
	notes []note
}

type note struct {
	at    time.Time
	total int64
}

// note takes down that total bytes were done at the time now.
func (r *rate) note(now time.Time, total int64) {
	if n := len(r.notes); n > 0 && now.Sub(r.notes[n-1].at) < 200*time.Millisecond {
		if n > 1 {
			r.notes[n-1].total = total // keep the first note of the window as it is
		}
		return
	}
	r.notes = append(r.notes, note{now, total})
	for len(r.notes) > 2 && now.Sub(r.notes[1].at) > rateWindow {
		r.notes = r.notes[1:]
	}
}

// perSecond returns the speed at the time now, in bytes a second.
func (r *rate) perSecond(now time.Time) int64 {
	if len(r.notes) < 2 {
		return 0
	}
	first, last := r.notes[0], r.notes[len(r.notes)-1]
	span := now.Sub(first.at)
	if span <= 0 || last.total <= first.total {
		return 0
	}
	return int64(float64(last.total-first.total) / span.Seconds())
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
