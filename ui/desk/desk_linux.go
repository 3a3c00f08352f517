package desk

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/rymdport/portal/filechooser"

	"potluck/ui"
)

// choose asks the desktop's portal, which shows the chooser that people know, and
// where there is none, a program that shows one.
func choose(ctx context.Context, q question) ([]string, error) {
	addresses, err := filechooser.OpenFile("", q.title, &filechooser.OpenFileOptions{
		NotModal: true, Multiple: !q.folder, Directory: q.folder, CurrentFolder: q.at,
	})
	if err != nil {
		return asked(ctx, q)
	}
	var paths []string
	for _, address := range addresses {
		if path, ok := PathOf(address); ok {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// asked has one of the programs that are made for it ask.
func asked(ctx context.Context, q question) ([]string, error) {
	at := q.at
	if at != "" {
		at += "/" // inside it
	}
	zenity := []string{"--file-selection", "--separator=\n", "--title=" + q.title, "--filename=" + at}
	kdialog := []string{"--title", q.title}
	if q.folder {
		zenity, kdialog = append(zenity, "--directory"), append(kdialog, "--getexistingdirectory", at)
	} else {
		zenity, kdialog = append(zenity, "--multiple"), append(kdialog, "--multiple", "--separate-output", "--getopenfilename", at)
	}
	for _, program := range [][]string{append([]string{"kdialog"}, kdialog...), append([]string{"zenity"}, zenity...)} {
		out, err := run(ctx, program[0], program[1:]...)
		if errors.Is(err, exec.ErrNotFound) {
			continue
		}
		var ended *exec.ExitError
		if errors.As(err, &ended) && ended.ExitCode() == 1 {
			return nil, nil // nothing was chosen
		}
		if err != nil {
			continue
		}
		var paths []string
		for line := range strings.Lines(out) {
			if line = strings.TrimRight(line, "\n"); filepath.IsAbs(line) {
				paths = append(paths, line)
			}
		}
		return paths, nil
	}
	return nil, ui.ErrNoChooser
}

// show asks the file manager, which marks the file.
func show(ctx context.Context, path string) error {
	if bus, err := dbus.SessionBusPrivate(dbus.WithContext(ctx)); err == nil {
		defer bus.Close()
		if bus.Auth(nil) == nil && bus.Hello() == nil {
			address := (&url.URL{Scheme: "file", Path: path}).String()
			manager := bus.Object("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1")
			if manager.CallWithContext(ctx, "org.freedesktop.FileManager1.ShowItems", 0, []string{address}, "").Err == nil {
				return nil
			}
		}
	}
	return open(ctx, filepath.Dir(path))
}

// open has the desktop open a file or a folder. The path is a full one, so it cannot
// be taken for an option.
func open(_ context.Context, path string) error { return launch("xdg-open", path) }

// copied returns nothing: what a file manager copies arrives as text here.
func copied(context.Context) []string { return nil }

// Tray reports whether the desktop has a place for an icon.
func Tray() bool {
	has := false
	onBus(func(bus dbus.BusObject) {
		_ = bus.Call("org.freedesktop.DBus.NameHasOwner", 0, "org.kde.StatusNotifierWatcher").Store(&has)
	})
	return has
}

// Notifies reports whether the desktop has something that shows notifications, or
// starts it when there is one to show.
func Notifies() bool {
	const name = "org.freedesktop.Notifications"
	has := false
	var startable []string
	onBus(func(bus dbus.BusObject) {
		_ = bus.Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has)
		_ = bus.Call("org.freedesktop.DBus.ListActivatableNames", 0).Store(&startable)
	})
	return has || slices.Contains(startable, name)
}

// onBus asks the message bus of the person's session, if there is one.
func onBus(ask func(bus dbus.BusObject)) {
	bus, err := dbus.SessionBusPrivate()
	if err != nil {
		return
	}
	defer bus.Close()
	if bus.Auth(nil) == nil && bus.Hello() == nil {
		ask(bus.BusObject())
	}
}
