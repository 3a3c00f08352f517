package lab

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Cut pulls the host's cable: its link goes down.
func (h *Host) Cut(t T) { h.must(t, "-n", h.lan.space(), "link", "set", h.port(), "down") }

// Mend puts the cable back.
func (h *Host) Mend(t T) { h.must(t, "-n", h.lan.space(), "link", "set", h.port(), "up") }

// Lose makes the network lose all that the host sends or should receive, while
// its own link stays up.
func (h *Host) Lose(t T) { h.must(t, "-n", h.lan.space(), "link", "set", h.port(), "nomaster") }

// Find undoes [Host.Lose].
func (h *Host) Find(t T) { h.must(t, "-n", h.lan.space(), "link", "set", h.port(), "master", "switch") }

// Move gives the host another address, in place of all it had.
func (h *Host) Move(t T, addr string) {
	h.must(t, "-n", h.space(), "-4", "addr", "flush", "dev", "eth0")
	h.must(t, "-n", h.space(), "addr", "add", addr+"/24", "brd", "+", "dev", "eth0")
	h.must(t, "-n", h.space(), "route", "replace", "default", "dev", "eth0")
}

// Deafen takes multicast from the host's network card: nobody is found from there,
// and it is found by nobody. It is for before a device is started.
func (h *Host) Deafen(t T) {
	h.must(t, "-n", h.space(), "link", "set", "eth0", "multicast", "off")
}

// Disk makes a disk of the given size and returns the folder where it is
// mounted. It is full when size bytes are used.
func Disk(t T, size int64) string {
	t.Helper()
	dir := Folder(t, "disk")
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Fatalf("lab: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Errorf("lab: %v", err)
		}
	})
	return dir
}

// ReadOnly makes the disk mounted at dir read-only, or writable again.
func ReadOnly(t T, dir string, on bool) {
	t.Helper()
	var flags uintptr = unix.MS_REMOUNT
	if on {
		flags |= unix.MS_RDONLY
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", flags, ""); err != nil {
		t.Fatalf("lab: %v", err)
	}
}

func (h *Host) must(t T, args ...string) {
	t.Helper()
	if err := ip(args...); err != nil {
		t.Fatalf("lab: %v", err)
	}
}
