//go:build unix

package store

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// openFlags keep the opening of what should be a plain file, and is a pipe that
// somebody put there, from waiting for its other end. They also save package os
// from trying whether files can be waited for.
const openFlags = syscall.O_NONBLOCK

const onWindows = false

// diskOf tells one mounted disk from another.
func diskOf(folder *os.File) (uint64, error) {
	info, err := folder.Stat()
	if err != nil {
		return 0, err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Dev), nil
	}
	return 0, nil
}

func ignoreEINTR(f func() error) error {
	for {
		if err := f(); err != unix.EINTR {
			return err
		}
	}
}

func linkat(from *os.File, name string, to *os.File, newName string) error {
	return ignoreEINTR(func() error {
		return unix.Linkat(int(from.Fd()), name, int(to.Fd()), newName, 0)
	})
}

// renameOver renames from/name to to/newName, replacing what has that name.
func renameOver(from *os.File, name string, to *os.File, newName string) error {
	return ignoreEINTR(func() error {
		return unix.Renameat(int(from.Fd()), name, int(to.Fd()), newName)
	})
}

// lstat describes what has this name in a folder.
func lstat(folder *os.Root, name string) (meta, error) {
	info, err := folder.Lstat(name)
	if err != nil {
		return meta{}, err
	}
	return metaOf(info), nil
}

// statFile describes an open file.
func statFile(f *os.File) (meta, error) {
	info, err := f.Stat()
	if err != nil {
		return meta{}, err
	}
	return metaOf(info), nil
}

func metaOf(info fs.FileInfo) meta {
	m := meta{mode: info.Mode(), size: info.Size(), mtime: info.ModTime()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		m.id, m.links = statOf(st)
	}
	return m
}

// makeSparse lets a file have holes. Here they come by themselves.
func makeSparse(*os.File) error { return nil }

// syncFolder has the disk confirm the names in a folder.
func syncFolder(f *os.File) error { return syncFile(f) }

// isRefused reports whether an error means that the file system has no such
// operation.
func isRefused(err error) bool {
	return isAny(err, unix.EINVAL, unix.ENOSYS, unix.ENOTSUP, unix.EOPNOTSUPP, unix.EPERM, unix.EMLINK)
}

// isBusy reports whether an error passes when another program lets go of a file.
func isBusy(error) bool { return false }

func isNoSpace(err error) bool     { return isAny(err, unix.ENOSPC, unix.EDQUOT) }
func isReadOnly(err error) bool    { return isAny(err, unix.EROFS) }
func isGone(err error) bool        { return isAny(err, unix.ESTALE, unix.ENOTDIR, unix.ENODEV, unix.ENXIO) }
func isNotEmpty(err error) bool    { return isAny(err, unix.ENOTEMPTY, unix.EEXIST) }
func isNameTooLong(err error) bool { return isAny(err, unix.ENAMETOOLONG) }
func isTooLarge(err error) bool    { return isAny(err, unix.EFBIG) }

func isAny(err error, any ...syscall.Errno) bool {
	for _, e := range any {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
