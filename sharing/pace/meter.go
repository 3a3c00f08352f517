package pace

import (
	"sync"
	"time"
)

// A Meter measures how long something was going on. It must not be copied.
type Meter struct {
	mu     sync.Mutex // guards the rest
	active int
	since  time.Time // when active was last zero
	total  time.Duration
}

// Begin says that it is going on, until the End that belongs to it.
func (m *Meter) Begin() { m.begin(time.Now()) }

// End says that it is no longer going on here; elsewhere it may.
func (m *Meter) End() { m.end(time.Now()) }

// Total returns for how much of the time until now something was going on at
// least once.
func (m *Meter) Total(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.active == 0 {
		return m.total
	}
	return m.total + max(now.Sub(m.since), 0)
}

func (m *Meter) begin(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.active == 0 {
		m.since = now
	}
	m.active++
}

func (m *Meter) end(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.active--; m.active == 0 {
		m.total += max(now.Sub(m.since), 0)
	}
}
