package pace

import "time"

const (
	// window is for how long, at least, it is looked how much of a limit was left over.
	window = time.Second

	// maxSpare is what may be left over of a limit that is still tight.
	maxSpare = 0.15
)

// A spare is how much of what a limit lets pass was left over because nobody
// asked for it. A burst is held back by a limit that is far above what passes in the long
// run, but leaves time in between in which more might have passed.
type spare struct {
	full        time.Time     // from when on everything that may pass at once may
	lost        time.Duration // for which that was so
	since, last mark          // two and one windows ago, or a little less
}

// A mark is how much was lost until then.
type mark struct {
	at   time.Time
	lost time.Duration
}

// note takes down that something is passing, after which it takes so long until as much
// as ever may pass again, and reports whether hardly anything was left over lately.
func (s *spare) note(now time.Time, refill time.Duration) (tight bool) {
	if s.full.IsZero() {
		s.since = mark{at: now}
		s.last = s.since
	} else {
		s.lost += max(now.Sub(s.full), 0)
	}
	s.full = now.Add(refill)
	if now.Sub(s.last.at) >= window {
		s.since, s.last = s.last, mark{now, s.lost}
	}
	passed := now.Sub(s.since.at)
	return passed >= window && float64(s.lost-s.since.lost) <= maxSpare*float64(passed)
}
