package main

import (
	"context"
	"errors"
	"time"

	"potluck/app"
	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
)

const (
	// answerTime is how long the window that runs may take to answer.
	answerTime = 5 * time.Second

	// tryTime is how long to try when a device stops or starts just now.
	tryTime = 5 * time.Second
)

// errRunning is what to do where a device runs without a window.
var errRunning = errors.New(`a Potluck without a window runs already for this person; end "potluck serve", and start this again`)

// raise brings the window that runs to the front, with paths that wait to be
// sent. It reports whether there is one.
func raise(places settings.Places, paths []string, hidden bool) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	client, err := control.Connect(ctx, places.State)
	if err != nil {
		return false, nil // nobody answers; if somebody runs all the same, starting will say so
	}
	defer client.Close()
	if v, err := client.Version(ctx); err == nil && v.Passing {
		_ = client.Stop(ctx) // it runs for one command, which goes on with us
		return false, nil
	}
	if hidden && len(paths) == 0 {
		return true, nil // it runs, and nobody asked to see it
	}
	err = client.Raise(ctx, paths)
	var refused *control.Error
	if errors.As(err, &refused) {
		return false, errRunning
	}
	return err == nil, err
}

// work runs the device. One that is just stopping is waited for.
func work(ctx context.Context, device *app.App) error {
	until := time.Now().Add(tryTime)
	for {
		err := device.Run(ctx)
		if !errors.Is(err, instance.ErrRunning) {
			return err
		}
		if time.Now().After(until) {
			return errRunning
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}
