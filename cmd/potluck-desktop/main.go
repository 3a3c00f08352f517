// Potluck-desktop is the window: it runs a device and shows it.
//
//	potluck-desktop [--state DIR] [--hidden] [FILE...]
//
// Files named on the command line wait to be sent, as if they had been dropped
// on the window. Where a window runs already on the same state folder, it is
// brought to the front and gets them. With --hidden, as at login, no window is
// shown until somebody asks for it: by the icon at the edge of the screen, or by
// starting Potluck again.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	fyneapp "fyne.io/fyne/v2/app"

	"potluck/app"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/ui"
	"potluck/ui/desk"
)

const (
	// appID names the program to the desktop.
	appID = "net.potluck.Potluck"

	// closeTime is how long it may take until nothing runs any more when the window
	// is closed, and is a promise to people; stopTime is what the device has of it.
	closeTime = 3 * time.Second
	stopTime  = closeTime - 500*time.Millisecond
)

// version is set when the program is built.
var version = "unknown"

var _ ui.Source = (*sharing.Device)(nil)

func main() { os.Exit(run()) }

func run() int {
	state := flag.String("state", os.Getenv("POTLUCK_STATE"), "the `folder` that holds what the device knows")
	hidden := flag.Bool("hidden", false, "show no window until somebody asks for it")
	flag.Parse()
	spareMemory()
	return exitCode(desktop(*state, *hidden, absolute(flag.Args())))
}

// desktop runs the window, or hands over to the one that runs.
func desktop(state string, hidden bool, paths []string) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	places, err := settings.PlacesFor(state)
	if err != nil {
		return err
	}
	if raised, err := raise(places, paths, hidden); raised || err != nil {
		return err
	}
	preferX11()
	calmToolkit(os.Stderr)
	a := fyneapp.NewWithID(appID)
	window, err := ui.New(ui.Options{
		App: a, Desktop: desk.New(a.OpenURL), Take: paths, Hidden: hidden, Version: version, Log: log,
		Mute: !desk.Notifies(), Told: told(places), OnTold: func() error { return tell(places) },
	})
	if err != nil {
		return err
	}
	if desk.Tray() {
		window.UseTray()
	}
	device, err := app.New(app.Options{Places: places, Version: version, Raise: window.Raise, AnyPort: true, Log: log})
	if err != nil {
		return err
	}

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 3)
	go func() { ended <- window.Run(ctx) }()
	go func() {
		err := work(ctx, device)
		if err != nil {
			window.Fail(err)
		}
		ended <- err
	}()
	go func() { ended <- follow(ctx, device, window, log) }()

	finish := sync.OnceValue(func() error {
		stop()
		late := time.After(stopTime)
		var err error
		for range cap(ended) {
			select {
			case e := <-ended:
				err = firstOf(err, e)
			case <-late:
				return fmt.Errorf("the device has not stopped in time")
			}
		}
		return err
	})
	go insist(window.Over(), finish)
	window.ShowAndRun()
	return finish()
}

// insist ends the program when the person has ended it, though the toolkit may
// never return: what it tells itself last goes through a queue that it stops to read
// at the same time, and it waits for that to be read.
func insist(over <-chan struct{}, finish func() error) {
	<-over
	late := time.After(time.Second) // it nearly always returns before
	code := exitCode(finish())
	<-late
	os.Exit(code)
}

// exitCode is what the program exits with.
func exitCode(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, "potluck-desktop:", err)
		return 1
	}
	return 0
}

// firstOf keeps the first thing that went wrong.
func firstOf(old, err error) error {
	if old != nil {
		return old
	}
	return err
}

// follow shows the device when it is ready, and keeps what the settings say of
// the system.
func follow(ctx context.Context, device *app.App, window *ui.Window, log *slog.Logger) error {
	select {
	case <-device.Ready():
	case <-ctx.Done():
		return nil
	}
	window.Follow(device.Device(), preferences{device.Settings()})
	window.Tell(device.Notes())
	var tidying sync.WaitGroup
	tidying.Go(func() { giveBack(ctx, device.Device()) })
	keepLogin(ctx, device.Settings(), log)
	tidying.Wait()
	return nil
}

// absolute makes paths and file: addresses full paths.
func absolute(args []string) []string {
	var paths []string
	for _, arg := range args {
		if path, ok := desk.PathOf(arg); ok {
			arg = path
		}
		if path, err := filepath.Abs(arg); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}
