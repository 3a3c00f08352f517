package main

import (
	"context"
	"errors"
	"io"

	"potluck/app/control"
)

// errDeviceStopped is what a command says that has lost the device it follows.
var errDeviceStopped = errors.New("the running Potluck has stopped; what was going on continues when it runs again")

// lost turns an error that means that the device is gone into errDeviceStopped.
func lost(err error) error {
	if control.Stopped(err) {
		return errDeviceStopped
	}
	return err
}

// A feed is what happens on the device, as long as somebody wants to know.
type feed struct {
	updates <-chan control.Update // closed at the end
	err     error                 // why it has ended; to be read after updates is closed
}

// follow begins a feed, and returns it with a function to end it. An update
// without an event is there for the asking: after it, and in the beginning, look
// at the device. Events that were missed because this process was too slow (it
// may have been suspended) become one such update.
func (l *link) follow(ctx context.Context) (*feed, func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	events, err := l.Events(ctx)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	updates := make(chan control.Update)
	f := &feed{updates: updates}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(updates)
		for f.err == nil {
			var u control.Update
			u, err := events.Next()
			if control.CodeOf(err) == control.Failed && errors.As(err, new(*control.Error)) {
				events.Close()
				if events, f.err = l.Events(ctx); f.err != nil {
					return
				}
				err = nil
			}
			if f.err = err; err != nil {
				break
			}
			select {
			case updates <- u:
			case <-ctx.Done():
				f.err = context.Cause(ctx)
			}
		}
		events.Close()
		if errors.Is(f.err, io.EOF) {
			f.err = errDeviceStopped
		}
		f.err = lost(f.err)
	}()
	return f, func() { cancel(); <-done }, nil
}
