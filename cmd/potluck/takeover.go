package main

import (
	"context"
	"errors"
)

// maxTakeovers is how often a command goes on after a device of its own has
// stopped, or asks another one anew.
const maxTakeovers = 3

// toTheEnd is follow, and does not end with the device: the transfer is on the
// disk, and the command goes on with whatever runs there next.
func (t *tracker) toTheEnd(ctx context.Context, feed *feed) error {
	err := t.follow(ctx, feed)
	for times := 0; errors.Is(err, errDeviceStopped) && times < maxTakeovers; {
		if t.link.own {
			times++ // others may be started and stopped as often as somebody likes
		}
		err = t.takeOver(ctx)
	}
	return err
}

// takeOver goes on when the device that the transfer was given to has stopped:
// with another one if that has been started, else with one of our own.
func (t *tracker) takeOver(ctx context.Context) error {
	t.say("The Potluck that did this has stopped; this command goes on.")
	t.link.Close()
	t.link.gone = true
	if err := t.link.end(); err != nil {
		t.warn("potluck: %s", printableLines(err.Error()))
	}
	next, err := t.rejoin(ctx)
	if err != nil {
		return err
	}
	*t.link = *next
	feed, stop, err := t.link.follow(ctx)
	if err != nil {
		return lost(err)
	}
	defer stop()
	return t.follow(ctx, feed)
}
