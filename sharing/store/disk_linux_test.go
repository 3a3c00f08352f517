package store

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// ballast makes a disk full, and gives room again.
type ballast struct{ grow, shrink func() }

// fillDisk gives a site a download folder in which, once grown, room bytes can be
// written: on a file system of its own where the test may mount one, else by
// returning the same error.
func fillDisk(t *testing.T, s *site, room int64) ballast {
	folder := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if unix.Mount("tmpfs", folder, "tmpfs", 0, "size=8m") != nil {
		return pretendFull(s, room)
	}
	t.Cleanup(func() { unix.Unmount(folder, unix.MNT_DETACH) })
	s.options.Folder = filepath.Join(folder, "Downloads")
	path := filepath.Join(folder, "ballast")
	return ballast{
		grow: func() {
			if err := os.WriteFile(path, make([]byte, 8<<20-room), 0o666); err != nil {
				t.Fatal(err)
			}
		},
		shrink: func() { os.Remove(path) },
	}
}
