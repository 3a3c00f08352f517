package main

import (
	"context"
	"errors"
	"time"

	"potluck/app/control"
	"potluck/sharing"
)

// maxTakeovers is how often a command asks another device anew after one has
// stopped.
const maxTakeovers = 3

// toTheEnd is follow, and does not end with the device if another one takes its
// place: that has the transfer from the disk. The error is errDeviceStopped if
// none does. No device is started here for that: it would not be what the other
// one was, which may have been told how to be called and where to listen.
func (t *tracker) toTheEnd(ctx context.Context, feed *feed) error {
	err := t.follow(ctx, feed)
	for errors.Is(err, errDeviceStopped) {
		next, lost := t.successor(ctx)
		if lost != nil {
			return lost
		}
		if next == nil {
			return err
		}
		err = t.takeOver(ctx, next)
	}
	return err
}

// successor returns a link to the device that comes in place of the one that has
// stopped, or nil if none comes soon.
func (t *tracker) successor(ctx context.Context) (*link, error) {
	patience := comeBack
	if t.link.own { // it was asked to give way
		patience = comeUp
	}
	t.link.Close()
	t.link.gone = true
	if err := t.link.end(); err != nil {
		t.warn("potluck: %s", printableLines(err.Error()))
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		client, err := control.Connect(ctx, t.places.State)
		if err == nil {
			return &link{Client: client, young: true, end: func() error { return nil }}, nil
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// takeOver goes on with the next device.
func (t *tracker) takeOver(ctx context.Context, next *link) error {
	t.say("The Potluck that did this has stopped, and another one was started; this command goes on.")
	*t.link = *next
	if t.resume != nil {
		t.resume()
	}
	feed, stop, err := t.link.follow(ctx)
	if err != nil {
		return lost(err)
	}
	defer stop()
	return t.follow(ctx, feed)
}

// stoppedWith is what a command says that ends because the device has stopped.
func stoppedWith(share sharing.ShareID) error {
	return failure("the running Potluck has stopped; the transfer goes on when Potluck runs again on this state folder, and \"potluck cancel %s\" ends it", share.Short())
}
