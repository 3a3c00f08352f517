//go:build !linux && !darwin && !windows

package desk

import (
	"context"
	"path/filepath"

	"potluck/ui"
)

func choose(context.Context, question) ([]string, error) { return nil, ui.ErrNoChooser }

func copied(context.Context) []string { return nil }

func show(ctx context.Context, path string) error {
	return open(ctx, filepath.Dir(path))
}

func open(_ context.Context, path string) error { return launch("xdg-open", path) }

// Tray reports whether the desktop has a place for an icon.
func Tray() bool { return false }

// Notifies reports whether the desktop has something that shows notifications.
func Notifies() bool { return false }
