package main

import (
	"context"
	"errors"
	"time"

	"potluck/app"
	"potluck/app/control"
	"potluck/app/instance"
)

const (
	// comeUp is how long another process may take between locking the state
	// folder and answering, and connectAgain how often it is asked.
	comeUp       = 10 * time.Second
	connectAgain = 50 * time.Millisecond

	// comeBack is how long a command waits for a device that has stopped to be
	// started again, before it ends.
	comeBack = 3 * time.Second

	// offerTime is how long neighbours may need to find a device that has just been
	// started, and to offer again what they offered before.
	offerTime = 10 * time.Second
)

// A link is the device that a command talks to, and the way to talk to it.
type link struct {
	*control.Client
	own   bool          // the device runs in this process, for this command alone
	young bool          // it has just been started: neighbours may not have found it yet
	gone  bool          // it has stopped, and there is no other one yet
	end   func() error  // stops the device if it is our own
	ended chan struct{} // closed when our own device has ended; nil if it is another's
}

// connect returns a link to the device that runs on the state folder. If none
// does, one is started in this process; it does not stop when ctx is done, but
// when the link is closed.
func (r *run) connect(ctx context.Context) (*link, error) {
	deadline := time.Now().Add(comeUp)
	for {
		client, err := control.Connect(ctx, r.places.State)
		if err == nil {
			return &link{Client: client, end: func() error { return nil }}, nil
		}
		if !errors.Is(err, instance.ErrNotRunning) {
			return nil, err
		}
		l, err := r.startOwn(ctx)
		if !errors.Is(err, instance.ErrRunning) {
			return l, err
		}
		// Another process holds the lock and does not answer yet, or is about to
		// end.
		if time.Now().After(deadline) {
			return nil, failure("Potluck is running on this state folder, but does not answer; stop it and try again")
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// pause waits before something is tried again.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(connectAgain):
		return nil
	}
}

// startOwn starts a device in this process.
func (r *run) startOwn(ctx context.Context) (*link, error) {
	a, err := app.New(app.Options{Places: r.places, Version: version, Passing: true, Log: r.log})
	if err != nil {
		return nil, err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	l := &link{own: true, young: true, ended: make(chan struct{})}
	var failed error
	go func() {
		defer close(l.ended)
		failed = a.Run(work)
	}()
	l.end = func() error {
		stop()
		<-l.ended
		return failed
	}
	select {
	case <-a.Ready():
	case <-l.ended:
		return nil, l.end()
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), l.end())
	}
	for _, note := range a.Notes() {
		r.warn("potluck: %s", clean(note))
	}
	if l.Client, err = control.Connect(ctx, r.places.State); err != nil {
		return nil, errors.Join(err, l.end())
	}
	return l, nil
}

// with lets do talk to the device, and then stops it if it is our own. If a
// device of somebody else stops meanwhile, do is done again with the next one; it
// must not have printed anything when it returns such an error.
func (r *run) with(ctx context.Context, do func(*link) error) error {
	for times := 0; ; times++ {
		l, err := r.connect(ctx)
		if err != nil {
			return err
		}
		err = do(l)
		own := l.own
		l.Client.Close()
		if failed := l.end(); err == nil {
			err = failed
		}
		if own || times == maxTakeovers || !control.Stopped(err) {
			return err
		}
	}
}

// untilOffered calls do until it finds the offer that it names. When a device has
// just been started, neighbours have to offer again what they offered before.
func (l *link) untilOffered(ctx context.Context, do func() error) error {
	err := do()
	if !l.young {
		return err
	}
	deadline := time.Now().Add(offerTime)
	for control.CodeOf(err) == control.NotFound && time.Now().Before(deadline) {
		if err := pause(ctx); err != nil {
			return err
		}
		err = do()
	}
	return err
}
