package pace

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	minPortion = 4 << 10
	maxPortion = 64 << 10
)

// A Limit lets bytes pass no faster than a number a second. It must not be
// copied.
type Limit struct {
	mu      sync.Mutex // guards the rest
	rate    int64
	bucket  *rate.Limiter // nil for no limit
	spare   spare
	portion int
	changed chan struct{} // closed and replaced by Set; nil until there was a limit
}

// Set makes it so many bytes a second; 0, or less, for no limit.
func (l *Limit) Set(perSecond int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	perSecond = max(perSecond, 0)
	if perSecond == l.rate {
		return
	}
	l.rate, l.bucket, l.portion, l.spare = perSecond, nil, 0, spare{}
	if perSecond > 0 {
		// A portion is small enough that others get their turn, and what may pass
		// at once is enough to make up for timers that are late.
		l.portion = int(min(max(perSecond/8, minPortion), maxPortion))
		burst := int(min(max(perSecond/32, 2*int64(l.portion)), 1<<30))
		l.bucket = rate.NewLimiter(rate.Limit(perSecond), burst)
	}
	if l.changed != nil {
		close(l.changed)
	}
	l.changed = make(chan struct{})
}

// Portion returns how many bytes to let pass at a time, so that others get their
// turn; 0 if there is no limit.
func (l *Limit) Portion() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.portion
}

// Wait waits until n bytes may pass, and reports whether they may: not once stop
// is closed. More than a portion counts as it is, a portion at a time. While it
// has to wait, held is at work, if it is the limit that keeps all from being faster
// and not only a burst from passing at once: if hardly any of what may pass was left
// over in the last seconds.
func (l *Limit) Wait(n int, stop <-chan struct{}, held *Meter) bool {
	for n > 0 {
		bucket, portion, changed := l.now()
		if bucket == nil {
			return true
		}
		part := min(n, portion)
		now := time.Now()
		r, tight := l.reserve(bucket, now, part)
		if d := r.DelayFrom(now); d > 0 {
			meter := held
			if !tight && d < window {
				meter = nil
			}
			passed, stopped := l.sleep(d, changed, stop, meter)
			if !passed {
				r.Cancel() // somebody else may have it, or there is another limit now
			}
			if stopped {
				return false
			}
			if !passed {
				continue
			}
		}
		n -= part
	}
	return true
}

func (l *Limit) now() (*rate.Limiter, int, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bucket, l.portion, l.changed
}

// reserve asks for the right to let n bytes pass, and reports whether it is tight.
func (l *Limit) reserve(bucket *rate.Limiter, now time.Time, n int) (r *rate.Reservation, tight bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r = bucket.ReserveN(now, n)
	if bucket != l.bucket { // there is another limit now
		return r, false
	}
	missing := float64(bucket.Burst()) - bucket.TokensAt(now)
	return r, l.spare.note(now, time.Duration(missing/float64(bucket.Limit())*float64(time.Second)))
}

func (l *Limit) sleep(d time.Duration, changed, stop <-chan struct{}, held *Meter) (passed, stopped bool) {
	if held != nil {
		held.Begin()
		defer held.End()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true, false
	case <-changed:
		return false, false
	case <-stop:
		return false, true
	}
}
