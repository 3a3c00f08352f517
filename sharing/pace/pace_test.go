package pace

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestMeterCountsTheTimeOnce(t *testing.T) {
	var m Meter
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	m.begin(at(10))
	m.begin(at(12)) // beside the first
	m.end(at(15))
	if got := m.Total(at(16)); got != 6*time.Second {
		t.Errorf("%v while it goes on, want 6 s", got)
	}
	m.end(at(20))
	m.begin(at(30))
	m.end(at(31))
	if got := m.Total(at(50)); got != 11*time.Second {
		t.Errorf("%v in all, want 11 s", got)
	}
	m.begin(at(60))
	m.end(at(55)) // a clock that was set back takes nothing away
	if got := m.Total(at(60)); got != 11*time.Second {
		t.Errorf("%v after the clock was set back, want 11 s", got)
	}
}

// pass lets portions pass until the time is over, and returns how many bytes.
func pass(l *Limit, d time.Duration, held *Meter) int {
	end := time.Now().Add(d)
	n := 0
	for time.Now().Before(end) {
		portion := l.Portion()
		if !l.Wait(portion, nil, held) {
			break
		}
		n += portion
	}
	return n
}

func TestLimitHolds(t *testing.T) {
	for _, rate := range []int64{10_000, 1_000_000, 400_000_000} {
		synctest.Test(t, func(t *testing.T) {
			var l Limit
			var held Meter
			l.Set(rate)
			got := pass(&l, 20*time.Second, &held)
			want := 20 * rate
			if int64(got) < want*95/100 || int64(got) > want+want/20+maxPortion {
				t.Errorf("%d bytes in 20 s at %d a second", got, rate)
			}
			if held.Total(time.Now()) < 15*time.Second {
				t.Errorf("held for %v of 20 s", held.Total(time.Now()))
			}
		})
	}
}

func TestLimitIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limit
		l.Set(1_000_000)
		var got [5]int
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { got[i] = pass(&l, 20*time.Second, new(Meter)) })
		}
		wg.Wait()
		for i, n := range got {
			if n < 3_500_000 || n > 4_500_000 {
				t.Errorf("number %d got %d of about 4,000,000 bytes", i, n)
			}
		}
	})
}

// Who waits under a limit of long ago does not wait for it any more.
func TestLimitChangesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limit
		l.Set(1)
		began := time.Now()
		done := make(chan bool)
		go func() { done <- l.Wait(1<<20, nil, new(Meter)) }()
		synctest.Wait()
		time.Sleep(time.Second)
		l.Set(0)
		if !<-done || time.Since(began) > 2*time.Second {
			t.Errorf("waited for %v after the limit was taken away", time.Since(began))
		}
		if l.Portion() != 0 {
			t.Error("there is a portion without a limit")
		}
	})
}

func TestLimitStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limit
		l.Set(1)
		stop := make(chan struct{})
		done := make(chan bool)
		go func() { done <- l.Wait(1<<20, stop, new(Meter)) }()
		synctest.Wait()
		close(stop)
		if <-done {
			t.Error("bytes passed after the end")
		}
	})
}

func TestNoLimitDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limit
		began := time.Now()
		if !l.Wait(1<<40, nil, nil) || time.Since(began) > 0 {
			t.Error("it waited")
		}
		l.Set(-5)
		if !l.Wait(1<<40, nil, nil) || time.Since(began) > 0 {
			t.Error("it waited for less than nothing")
		}
	})
}

// A limit is what keeps something from being faster only if it hardly leaves anything
// over: not if what passes comes in bursts.
func TestHeldIsWhatTheLimitCosts(t *testing.T) {
	const limit = 2_000_000
	for name, c := range map[string]struct {
		burst int
		every time.Duration
		held  bool
	}{
		"half of it, in bursts":       {300_000, 300 * time.Millisecond, false},
		"three quarters":              {300_000, 200 * time.Millisecond, false},
		"all of it, in bursts":        {300_000, 140 * time.Millisecond, true},
		"more than it lets pass":      {300_000, 10 * time.Millisecond, true},
		"seldom more than a portion":  {70_000, 2 * time.Second, false},
		"much, and then long nothing": {2_000_000, 20 * time.Second, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var l Limit
			var held Meter
			l.Set(limit)
			began := time.Now()
			for next := began; time.Since(began) < 60*time.Second; next = next.Add(c.every) {
				time.Sleep(time.Until(next))
				l.Wait(c.burst, nil, &held)
			}
			part := float64(held.Total(time.Now())) / float64(time.Since(began))
			if c.held && part < 0.7 || !c.held && part > 0.1 {
				t.Errorf("%s: held for %.2f of the time", name, part)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // one that lets a portion pass every four seconds
		var l Limit
		var held Meter
		l.Set(1000)
		pass(&l, time.Minute, &held)
		if held.Total(time.Now()) < 50*time.Second {
			t.Errorf("a very low limit held for %v of a minute", held.Total(time.Now()))
		}
	})
}
