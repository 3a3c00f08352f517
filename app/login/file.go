//go:build !windows

package login

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// set keeps a file, or removes it.
func set(p Program, on bool) error {
	path, text := entry(p)
	if !on {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
