package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"potluck/app/control"
	"potluck/sharing"
)

// together is how long those who are here have to be found before the first of
// them are offered something, so that it is read once for all of them.
const together = 200 * time.Millisecond

// A search looks for the receivers of a sending, for all at the same time.
type search struct {
	until   time.Time
	ctx     context.Context
	missing map[string]bool // who is still being looked for
	held    []string        // those of them to be looked for when a device runs again
	found   chan finding    // what has come of it; there is room for all
	work    sync.WaitGroup
}

// A finding is what has come of looking for somebody.
type finding struct {
	who    string
	client *control.Client // that was asked
	found  sharing.Neighbour
	err    error
}

// seek begins to look for everybody, and returns the function that ends it.
func (s *sending) seek(ctx context.Context, whos []string, wait time.Duration) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	s.until, s.search.ctx = time.Now().Add(wait), ctx
	s.missing, s.found = make(map[string]bool), make(chan finding, len(whos))
	for _, who := range whos {
		if !s.missing[who] {
			s.missing[who] = true
			s.lookFor(who)
		}
	}
	return func() {
		cancel()
		s.work.Wait()
	}
}

func (s *sending) lookFor(who string) {
	client := s.link.Client
	s.work.Go(func() {
		n, err := client.Find(s.search.ctx, who, max(0, time.Until(s.until)))
		s.found <- finding{who, client, n, err}
	})
}

// awaitFirst waits until somebody is found, and a moment for others who are here,
// or for everybody. If nobody is in time, that is no error; any other trouble is.
func (s *sending) awaitFirst(ctx context.Context, whos []string, everybody bool) error {
	patience := time.AfterFunc(time.Second, func() { s.say("Looking for %s…", clean(names(whos))) })
	defer patience.Stop()
	var enough <-chan time.Time
	for len(s.missing) > 0 {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-enough:
			return nil
		case f := <-s.found:
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if f.err != nil && control.CodeOf(f.err) != control.Absent {
				return f.err
			}
			s.note(f)
		}
		if enough == nil && len(s.order) > 0 && !everybody {
			enough = time.After(together)
		}
	}
	return nil
}

// note takes down what has come of looking for somebody, and reports whether that
// is a receiver more.
func (s *sending) note(f finding) bool {
	delete(s.missing, f.who)
	if f.err != nil {
		s.gone = append(s.gone, notFound(f.who, f.err))
		return false
	}
	if _, twice := s.to[f.found.ID]; twice {
		return false
	}
	s.to[f.found.ID] = f.who
	s.order = append(s.order, f.found.ID)
	return true
}

// join offers what the others are offered to somebody who was found later.
func (s *sending) join(ctx context.Context, t *tracker, f finding) error {
	if f.err != nil && control.Stopped(f.err) {
		if s.held = append(s.held, f.who); f.client != s.link.Client {
			s.seekAgain()
		}
		return nil
	}
	if errors.Is(f.err, context.Canceled) {
		return nil // which the feed tells, too
	}
	if !s.note(f) {
		return s.tellAbsent(ctx)
	}
	id := f.found.ID
	s.open[id] = true
	share, err := s.link.Send(ctx, s.paths, id)
	switch {
	case control.Stopped(err): // it is found and offered again, by the next one
		delete(s.open, id)
		delete(s.to, id)
		s.order = s.order[:len(s.order)-1]
		s.missing[f.who], s.held = true, append(s.held, f.who)
		return lost(err)
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		delete(s.open, id)
		return s.report(outcome{ID: &id, Name: f.found.Name, Result: resultFailed, Code: exitFailed, Error: err.Error()}, id)
	}
	if t.follows(share) {
		t.tell("%s was found, and is offered it, too.", clean(f.found.Name))
	}
	return nil
}

// seekAgain goes on looking, at the device that runs now, for those that were
// looked for when another one stopped.
func (s *sending) seekAgain() {
	held := s.held
	s.held = nil
	for _, who := range held {
		s.lookFor(who)
	}
}
