package store

import "golang.org/x/sys/unix"

// Errors of the system, as tests make it return them.
const (
	noSpaceError  = unix.ENOSPC
	readOnlyError = unix.EROFS
	refusedError  = unix.ENOTSUP
)

// checkMark returns an error unless a file is quarantined.
func checkMark(path string) error {
	_, err := unix.Getxattr(path, "com.apple.quarantine", make([]byte, 256))
	return err
}
