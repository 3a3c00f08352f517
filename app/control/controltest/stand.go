package controltest

import (
	"context"
	"path/filepath"
	"testing"

	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
)

// A Stand is a fake device that can be commanded through the local socket of a
// state folder of its own.
type Stand struct {
	*Engine
	Settings *settings.Store
	Folder   string        // the state folder
	Stop     func()        // stops the server, gives the state folder back, and waits for that
	Stopped  chan struct{} // closed when it has stopped, by Stop or by a command
	Raised   chan []string // takes the paths of every wish to see the window
}

// Serve puts a device of that name onto its stand, until the test ends.
func Serve(t testing.TB, name string) *Stand {
	t.Helper()
	s := &Stand{Engine: New(name), Folder: t.TempDir(), Stopped: make(chan struct{}), Raised: make(chan []string, 10)}
	one, err := instance.Acquire(s.Folder)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := one.Listen()
	if err != nil {
		t.Fatal(err)
	}
	if s.Settings, err = settings.Open(filepath.Join(s.Folder, "settings.json")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server, err := control.NewServer(control.ServerOptions{
		Engine: s.Engine, Settings: s.Settings, Listener: listener, Version: "1.2.3", Raise: s.raise, Stop: cancel,
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.Stopped)
		if err := server.Run(ctx); err != nil {
			t.Error(err)
		}
		if err := one.Release(); err != nil {
			t.Error(err)
		}
	}()
	s.Stop = func() {
		cancel()
		<-s.Stopped
	}
	t.Cleanup(s.Stop)
	return s
}

func (s *Stand) raise(paths []string) { s.Raised <- paths }
