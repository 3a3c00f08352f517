//go:build !windows

package identity

import (
	"io/fs"
	"os"
)

// makePrivate takes from others what the mode of f allows them.
func makePrivate(f *os.File, info fs.FileInfo) error {
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return f.Chmod(0o600)
}

// syncFolder makes the names in dir last.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
