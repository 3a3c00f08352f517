package desk

import (
	"context"
	"net/url"
	"path/filepath"

	"github.com/godbus/dbus/v5"
	"github.com/rymdport/portal/filechooser"

	"potluck/ui"
)

// choose asks the desktop's portal, which shows the chooser that people know.
func choose(_ context.Context, title string, folder bool) ([]string, error) {
	addresses, err := filechooser.OpenFile("", title, &filechooser.OpenFileOptions{Multiple: !folder, Directory: folder})
	if err != nil {
		return nil, ui.ErrNoChooser
	}
	var paths []string
	for _, address := range addresses {
		if path, ok := PathOf(address); ok {
			paths = append(paths, path)
		}
	}
	return paths, nil
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
	_, err := run(ctx, "xdg-open", filepath.Dir(path))
	return err
}

// copied returns nothing: what a file manager copies arrives as text here.
func copied(context.Context) []string { return nil }

// Tray reports whether the desktop has a place for an icon.
func Tray() bool {
	bus, err := dbus.SessionBusPrivate()
	if err != nil {
		return false
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return false
	}
	var has bool
	err = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.kde.StatusNotifierWatcher").Store(&has)
	return err == nil && has
}
