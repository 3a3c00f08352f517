package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// settleTime is how long to wait for discovery to find the network interfaces
// before saying that all is ready; without a network there are none.
const settleTime = 500 * time.Millisecond

// Options are what [New] needs.
type Options struct {
	Places  settings.Places      // required
	Use     map[string]string    // settings for this run alone, by their keys
	Version string               // of the program
	Raise   func(paths []string) // shows the window, with paths that wait to be sent; nil if there is none
	AnyPort bool                 // where the port of the settings cannot be had, another one will do, and a note says so
	Passing bool                 // it runs for one command alone, and gives way to a device that is to stay
	Log     *slog.Logger         // nil to log nothing
}

// An App is one device with all that belongs to it.
type App struct {
	o     Options
	ready chan struct{}

	// Written before ready is closed.
	device *sharing.Device
	store  *settings.Store
	notes  []string
}

var (
	_ control.Engine   = (*sharing.Device)(nil)
	_ control.Settings = (*settings.Store)(nil)
)

// New returns an App that does nothing yet.
func New(o Options) (*App, error) {
	if o.Places.State == "" || o.Places.Config == "" {
		return nil, errors.New("app: no places for settings and state")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &App{o: o, ready: make(chan struct{})}, nil
}

// Ready is closed when the device can be reached by others and by commands. It
// never is if [App.Run] fails before.
func (a *App) Ready() <-chan struct{} { return a.ready }

// Device is the device that runs. It is there once [App.Ready] is closed.
func (a *App) Device() *sharing.Device { return a.device }

// Settings are the settings in use. They are there once [App.Ready] is closed.
func (a *App) Settings() *settings.Store { return a.store }

// Notes are sentences for the person about what is not as it should be: the port that
// could not be had, settings or what the device keeps that were damaged and have been
// set aside. They are there once [App.Ready] is closed.
func (a *App) Notes() []string {
	return slices.Concat(a.notes, a.store.Notes(), a.device.Notes())
}

// Run starts everything and works until ctx is done, or until somebody asks for
// the end through the local socket. Then it stops everything and returns nil.
// The error is [instance.ErrRunning] if a device runs on the state folder
// already, and says in a sentence what else keeps this one from running. It is to
// be called once.
func (a *App) Run(ctx context.Context) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	one, err := instance.Acquire(a.o.Places.State)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.Release()) }()

	device, store, err := a.build(one.Folder())
	if err != nil {
		return err
	}
	if err := a.open(device); err != nil {
		return err
	}
	moves, connects := moves(device, listenAddress(store.Current())), connects(store.Current().Interfaces)
	store.Apply(func(s settings.Settings) error {
		if err := connects(s); err != nil {
			return err
		}
		return moves(s)
	})
	finder := &finder{device: device, store: store, log: a.o.Log}
	parts := []part{
		{"device", device.Run},
		{"settings", func(ctx context.Context) error { return follow(ctx, store, device) }},
		{"discovery", finder.run},
	}
	listener, err := one.Listen()
	if err != nil {
		// The device is worth having without its commands.
		a.o.Log.Error("other commands cannot reach this device", "err", err)
	} else {
		server, err := control.NewServer(control.ServerOptions{
			Engine: device, Settings: store, Listener: listener, Version: a.o.Version, Passing: a.o.Passing, Raise: a.o.Raise, Stop: stop, Log: a.o.Log,
		})
		if err != nil {
			return err
		}
		parts = append(parts, part{"control", onceRunning(device, server.Run)})
	}
	return runInOrder(ctx, parts, func() {
		select {
		case <-device.Running():
		case <-ctx.Done():
			return
		}
		finder.await(ctx, settleTime)
		a.device, a.store = device, store
		close(a.ready)
	})
}

// open binds the port.
func (a *App) open(device *sharing.Device) error {
	err := device.Open()
	if err == nil || !a.o.AnyPort {
		return err
	}
	a.notes = append(a.notes, fmt.Sprintf("the port of the settings is not in use (%v); another one is, until Potluck is started again", err))
	if err := device.Listen(""); err != nil {
		return err
	}
	return device.Open()
}

// moves returns what has the device listen elsewhere when the settings say so, and
// leaves it where it is, which need not be what they said at first, when they do not.
func moves(device *sharing.Device, said string) func(settings.Settings) error {
	return func(s settings.Settings) error {
		says := listenAddress(s)
		if says == said {
			return nil
		}
		if err := device.Listen(says); err != nil {
			return err
		}
		said = says
		return nil
	}
}

// onceRunning is run, begun when the device has restored what there was before:
// a command that comes earlier waits, and neither asks about a share that is not
// back yet nor makes one that the restoring takes for a leftover.
func onceRunning(device *sharing.Device, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-device.Running():
		case <-ctx.Done():
		}
		return run(ctx) // which ends at once if there is nothing more to do
	}
}

// build makes the device from what is on the disk.
func (a *App) build(state string) (*sharing.Device, *settings.Store, error) {
	store, err := settings.Open(a.o.Places.SettingsFile())
	if err != nil {
		return nil, nil, err
	}
	for _, note := range store.Notes() {
		a.o.Log.Warn("settings", "note", note)
	}
	for _, key := range slices.Sorted(maps.Keys(a.o.Use)) {
		if err := store.Override(key, a.o.Use[key]); err != nil {
			return nil, nil, err
		}
	}
	id, err := identity.Load(a.o.Places.KeyFile())
	if err != nil {
		return nil, nil, err
	}
	device, err := sharing.New(sharing.Options{
		Identity: id,
		State:    state,
		Settings: engineSettings(store.Current(), time.Now()),
		Listen:   listenAddress(store.Current()),
		Version:  a.o.Version,
		Kind:     machineKind(),
		Log:      a.o.Log,
	})
	if err != nil {
		return nil, nil, err
	}
	return device, store, nil
}

// engineSettings are the settings that the device knows of, as they count now.
func engineSettings(s settings.Settings, now time.Time) sharing.Settings {
	return sharing.Settings{
		Name: s.Name, Downloads: s.Downloads, Home: s.DownloadsHome(), Accept: s.Accept, Offers: s.Offers, Visible: s.SeenBy(now),
		UpLimit: int64(s.UpLimit), DownLimit: int64(s.DownLimit),
		FarUpLimit: int64(s.FarUpLimit), FarDownLimit: int64(s.FarDownLimit),
	}
}

// listenAddress is where to listen: nothing, which is the usual port or any free
// one, unless somebody has chosen an address.
func listenAddress(s settings.Settings) string {
	if s.Listen == settings.Defaults().Listen {
		return ""
	}
	return s.Listen
}
