//go:build !linux && !darwin && !windows

package desk

import (
	"context"
	"path/filepath"

	"potluck/ui"
)

func choose(context.Context, string, bool) ([]string, error) { return nil, ui.ErrNoChooser }

func copied(context.Context) []string { return nil }

func show(ctx context.Context, path string) error {
	_, err := run(ctx, "xdg-open", filepath.Dir(path))
	return err
}

// Tray reports whether the desktop has a place for an icon.
func Tray() bool { return false }
