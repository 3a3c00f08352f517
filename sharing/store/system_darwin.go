package store

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func realSystem() system {
	return system{
		renameExcl: func(from *os.File, name string, to *os.File, newName string) error {
			return ignoreEINTR(func() error {
				return unix.RenameatxNp(int(from.Fd()), name, int(to.Fd()), newName, unix.RENAME_EXCL)
			})
		},
		exchange: func(from *os.File, name string, to *os.File, newName string) error {
			return ignoreEINTR(func() error {
				return unix.RenameatxNp(int(from.Fd()), name, int(to.Fd()), newName, unix.RENAME_SWAP)
			})
		},
		link:     linkat,
		keepsIDs: keepsIDs,
		free:     freeSpace,
	}
}

// stampOf returns when an open file was changed.
func stampOf(f *os.File) (stamp, bool) {
	var st unix.Stat_t
	if err := ignoreEINTR(func() error { return unix.Fstat(int(f.Fd()), &st) }); err != nil {
		return stamp{}, false
	}
	return stamp{written: st.Mtim.Nano(), changed: st.Ctim.Nano()}, true
}

// setTime sets the time of an open file, which has this name in its folder.
func setTime(folder *os.Root, name string, _ *os.File, t time.Time) error {
	return folder.Chtimes(name, time.Time{}, t)
}

// markForeign puts the platform's mark of what came from elsewhere on a file:
// the quarantine that makes macOS ask before it opens a program.
func markForeign(f *os.File) error {
	value := fmt.Sprintf("0081;%08x;Potluck;", time.Now().Unix())
	return os.NewSyscallError("fsetxattr", unix.Fsetxattr(int(f.Fd()), "com.apple.quarantine", []byte(value), 0))
}

// bootID returns what changes with each start of the system, "" if not known.
func bootID() string {
	id, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return id
}

func freeSpace(folder string) (int64, error) {
	var st unix.Statfs_t
	if err := ignoreEINTR(func() error { return unix.Statfs(folder, &st) }); err != nil {
		return 0, os.NewSyscallError("statfs", err)
	}
	if st.Blocks == 0 {
		return 0, errRoomUnknown
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

func keepsIDs(folder *os.File) bool {
	var st unix.Statfs_t
	if err := ignoreEINTR(func() error { return unix.Fstatfs(int(folder.Fd()), &st) }); err != nil {
		return false
	}
	name := unix.ByteSliceToString(st.Fstypename[:])
	return name == "apfs" || name == "hfs"
}

// syncFile has the disk confirm what was written to a file or folder. The disk
// may still hold it in its own cache; see flushDisk.
func syncFile(f *os.File) error {
	return ignoreEINTR(func() error { return unix.Fsync(int(f.Fd())) })
}

// flushDisk empties the disk's own cache, where syncFile does not. Once after
// many files is enough, and much faster than once for each.
func flushDisk(f *os.File) error { return f.Sync() }

func statOf(st *syscall.Stat_t) (fileID, uint64) { return fileID(st.Ino), uint64(st.Nlink) }
