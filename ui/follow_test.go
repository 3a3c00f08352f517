package ui

import (
	"context"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2/test"

	"potluck/sharing"
)

// A restless engine has news all the time.
type restless struct {
	*engine
	news  chan struct{}
	looks atomic.Int64 // how often it was looked at
}

func (r *restless) Watch() (<-chan struct{}, func()) { return r.news, func() {} }

func (r *restless) Snapshot() sharing.Snapshot {
	r.looks.Add(1)
	return r.engine.Snapshot()
}

// Watched preferences tell of changes, and note that they were read.
type watched struct {
	*prefs
	set  chan struct{}
	read chan struct{}
}

func (p *watched) Watch() (<-chan struct{}, func()) { return p.set, func() {} }

func (p *watched) Values() map[string]string {
	p.read <- struct{}{}
	return p.prefs.Values()
}

// What the person sets counts at once, however much goes on meanwhile: it does not
// wait for the next view of that.
func TestSettingsDoNotWaitForProgress(t *testing.T) {
	const changes = 20
	w, err := New(Options{App: test.NewTempApp(t), Desktop: &desk{told: make(chan string, 10)}})
	if err != nil {
		t.Fatal(err)
	}
	e := &restless{engine: busy(), news: make(chan struct{})}
	p := &watched{prefs: english(), set: make(chan struct{}), read: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
	go func() {
		for {
			select {
			case e.news <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	w.Follow(e, p)
	<-p.read
	before := e.looks.Load()
	for range changes {
		p.set <- struct{}{}
		<-p.read
	}
	if looks := e.looks.Load() - before; looks >= changes/2 {
		t.Errorf("for %d changes the engine was looked at %d times", changes, looks)
	}
}
