package store

import (
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func realSystem() system {
	return system{
		renameExcl: func(from *os.File, name string, to *os.File, newName string) error {
			return ignoreEINTR(func() error {
				return unix.Renameat2(int(from.Fd()), name, int(to.Fd()), newName, unix.RENAME_NOREPLACE)
			})
		},
		exchange: func(from *os.File, name string, to *os.File, newName string) error {
			return ignoreEINTR(func() error {
				return unix.Renameat2(int(from.Fd()), name, int(to.Fd()), newName, unix.RENAME_EXCHANGE)
			})
		},
		link:     linkat,
		keepsIDs: keepsIDs,
		free:     freeSpace,
		syncfs: func(f *os.File) error {
			return ignoreEINTR(func() error { return unix.Syncfs(int(f.Fd())) })
		},
	}
}

// stampOf returns when an open file was changed, as the system knows it without
// asking another computer.
func stampOf(f *os.File) (stamp, bool) {
	var st unix.Statx_t
	err := ignoreEINTR(func() error {
		return unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH|unix.AT_STATX_DONT_SYNC, unix.STATX_MTIME|unix.STATX_CTIME, &st)
	})
	if err != nil || st.Mask&unix.STATX_MTIME == 0 || st.Mask&unix.STATX_CTIME == 0 {
		return stamp{}, false
	}
	nanos := func(t unix.StatxTimestamp) int64 { return t.Sec*1e9 + int64(t.Nsec) }
	return stamp{written: nanos(st.Mtime), changed: nanos(st.Ctime)}, true
}

// setTime sets the time of an open file, which has this name in its folder.
func setTime(_ *os.Root, _ string, f *os.File, t time.Time) error {
	ts := [2]unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(t.UnixNano())}
	// Without a name this is futimens, which x/sys does not have for Linux.
	_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, f.Fd(), 0, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("futimens", errno)
	}
	return nil
}

// markForeign puts the platform's mark of what came from elsewhere on a file.
// Linux has none that is heeded.
func markForeign(*os.File) error { return nil }

// bootID returns what changes with each start of the system, "" if not known.
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}

func freeSpace(folder string) (int64, error) {
	var st unix.Statfs_t
	if err := ignoreEINTR(func() error { return unix.Statfs(folder, &st) }); err != nil {
		return 0, os.NewSyscallError("statfs", err)
	}
	if st.Blocks == 0 {
		return 0, errRoomUnknown
	}
	block := st.Frsize
	if block == 0 {
		block = st.Bsize
	}
	return int64(st.Bavail) * block, nil
}

func keepsIDs(folder *os.File) bool {
	var st unix.Statfs_t
	if err := ignoreEINTR(func() error { return unix.Fstatfs(int(folder.Fd()), &st) }); err != nil {
		return false
	}
	switch uint32(st.Type) {
	case unix.MSDOS_SUPER_MAGIC, unix.EXFAT_SUPER_MAGIC, unix.FUSE_SUPER_MAGIC, unix.V9FS_MAGIC,
		unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return false
	}
	return true
}

// syncFile has the disk confirm what was written to a file or folder.
func syncFile(f *os.File) error { return f.Sync() }

// flushDisk empties the disk's own cache, where syncFile does not.
func flushDisk(*os.File) error { return nil }

func statOf(st *syscall.Stat_t) (fileID, uint64) { return fileID(st.Ino), uint64(st.Nlink) }
