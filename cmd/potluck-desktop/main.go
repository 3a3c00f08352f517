// Potluck-desktop is the window: it runs a device and shows it.
//
//	potluck-desktop [--state DIR] [FILE...]
//
// Files named on the command line wait to be sent, as if they had been dropped
// on the window. The window is a device of its own; where one runs already on
// the same state folder, it says so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	fyneapp "fyne.io/fyne/v2/app"

	"potluck/app"
	"potluck/app/instance"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/ui"
)

// stopTime is how long the device may take to stop when the window is closed.
const stopTime = 3 * time.Second

// version is set when the program is built.
var version = "unknown"

var _ ui.Source = (*sharing.Device)(nil)

func main() { os.Exit(run()) }

func run() int {
	state := flag.String("state", os.Getenv("POTLUCK_STATE"), "the `folder` that holds what the device knows")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))

	places, err := settings.PlacesFor(*state)
	if err != nil {
		fmt.Fprintln(os.Stderr, "potluck-desktop:", err)
		return 1
	}
	device, err := app.New(app.Options{Places: places, Version: version, Log: log})
	if err != nil {
		fmt.Fprintln(os.Stderr, "potluck-desktop:", err)
		return 1
	}
	preferX11()
	window, err := ui.New(ui.Options{App: fyneapp.NewWithID("net.potluck.Potluck"), Take: flag.Args()})
	if err != nil {
		fmt.Fprintln(os.Stderr, "potluck-desktop:", err)
		return 1
	}

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	following := make(chan error, 1)
	go func() { following <- window.Run(ctx) }()
	working := make(chan error, 1)
	go func() {
		err := device.Run(ctx)
		if errors.Is(err, instance.ErrRunning) {
			err = errors.New("Potluck runs already for this person. Close the other window, or end `potluck serve`, and start this one again.")
		}
		if err != nil {
			window.Fail(err)
		}
		working <- err
	}()
	go func() {
		select {
		case <-device.Ready():
			window.Follow(device.Device())
		case <-ctx.Done():
		}
	}()

	window.ShowAndRun()
	stop()
	late := time.After(stopTime)
	for _, ended := range []chan error{working, following} {
		select {
		case err := <-ended:
			if err != nil {
				fmt.Fprintln(os.Stderr, "potluck-desktop:", err)
				return 1
			}
		case <-late:
			log.Error("the device has not stopped in time")
			return 1
		}
	}
	return 0
}
