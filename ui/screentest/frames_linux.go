package screentest

import (
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xproto"
)

// sameFrame is how soon after each other two parts of the screen change that
// belong to one frame: the server may be given a frame in pieces.
const sameFrame = 2 * time.Millisecond

// Frames are the times at which programs have drawn on a screen, as the server
// saw it: a program that draws the same again has drawn.
type Frames struct {
	mu    sync.Mutex
	times []time.Time
	last  time.Time // that something was drawn
}

// Frames counts from now on, until the test ends.
func (s *Screen) Frames(t testing.TB) *Frames {
	t.Helper()
	conn := s.connect(t)
	if err := damage.Init(conn); err != nil {
		t.Fatal(err)
	}
	if _, err := damage.QueryVersion(conn, 1, 1).Reply(); err != nil {
		t.Fatal(err)
	}
	id, err := damage.NewDamageId(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := damage.CreateChecked(conn, id, xproto.Drawable(s.root), damage.ReportLevelRawRectangles).Check(); err != nil {
		t.Fatal(err)
	}
	f := &Frames{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			event, err := conn.WaitForEvent()
			if event == nil && err == nil {
				return // closed
			}
			if _, drawn := event.(damage.NotifyEvent); drawn {
				f.note(time.Now())
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return f
}

func (f *Frames) note(at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at.Sub(f.last) > sameFrame {
		f.times = append(f.times, at)
	}
	f.last = at
}

// Count returns how many there were.
func (f *Frames) Count() int { return len(f.Since(time.Time{})) }

// Since returns when those were drawn that came after that time.
func (f *Frames) Since(from time.Time) []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	var after []time.Time
	for _, at := range f.times {
		if at.After(from) {
			after = append(after, at)
		}
	}
	return after
}
