package store

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	openFlags = 0
	onWindows = true
)

// diskOf tells one mounted disk from another.
func diskOf(folder *os.File) (uint64, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(folder.Fd()), &info); err != nil {
		return 0, os.NewSyscallError("GetFileInformationByHandle", err)
	}
	return uint64(info.VolumeSerialNumber), nil
}

func realSystem() system {
	return system{renameExcl: renameExcl, link: link, keepsIDs: keepsIDs, free: freeSpace}
}

// stampOf returns nothing: Windows writes down when a file was changed when it sees
// fit, so that our own writing would be taken for somebody else's.
func stampOf(*os.File) (stamp, bool) { return stamp{}, false }

// renameInformation is FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION.
type renameInformation struct {
	replaceIfExists uint32
	rootDirectory   windows.Handle
	fileNameLength  uint32
	fileName        [windows.MAX_PATH]uint16
}

const fileLinkInformation = 11

func renameExcl(from *os.File, name string, to *os.File, newName string) error {
	return setName(from, name, to, newName, windows.FileRenameInformation, false)
}

func link(from *os.File, name string, to *os.File, newName string) error {
	return setName(from, name, to, newName, fileLinkInformation, false)
}

// renameOver renames from/name to to/newName, replacing what has that name.
func renameOver(from *os.File, name string, to *os.File, newName string) error {
	return setName(from, name, to, newName, windows.FileRenameInformation, true)
}

// setName gives what has a name in the folder from a name in the folder to. If
// there is something of that name, it is replaced, or the error is fs.ErrExist.
func setName(from *os.File, name string, to *os.File, newName string, class uint32, replace bool) error {
	h, err := openAt(windows.Handle(from.Fd()), name,
		windows.DELETE|windows.SYNCHRONIZE|windows.FILE_WRITE_ATTRIBUTES, windows.FILE_OPEN,
		windows.FILE_OPEN_REPARSE_POINT|windows.FILE_OPEN_FOR_BACKUP_INTENT|windows.FILE_SYNCHRONOUS_IO_NONALERT)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)

	info := renameInformation{rootDirectory: windows.Handle(to.Fd())}
	if replace {
		info.replaceIfExists = 1
	}
	name16, err := windows.UTF16FromString(newName)
	if err != nil {
		return err
	}
	if len(name16) > len(info.fileName) {
		return windows.ERROR_FILENAME_EXCED_RANGE
	}
	copy(info.fileName[:], name16)
	info.fileNameLength = uint32(len(name16)-1) * 2
	return ntError(windows.NtSetInformationFile(h, &windows.IO_STATUS_BLOCK{},
		(*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), class))
}

// openAt opens or makes what has a name below an open folder or, for a stream,
// file.
func openAt(root windows.Handle, name string, access, disposition, options uint32) (windows.Handle, error) {
	name16, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, err
	}
	oa := windows.OBJECT_ATTRIBUTES{
		RootDirectory: root,
		ObjectName:    name16,
		Attributes:    windows.OBJ_DONT_REPARSE,
	}
	oa.Length = uint32(unsafe.Sizeof(oa))
	var h windows.Handle
	err = windows.NtCreateFile(&h, access, &oa, &windows.IO_STATUS_BLOCK{}, nil, windows.FILE_ATTRIBUTE_NORMAL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, disposition, options, 0, 0)
	return h, ntError(err)
}

func ntError(err error) error {
	if status, ok := err.(windows.NTStatus); ok {
		return status.Errno()
	}
	return err
}

// setTime sets the time of an open file, which has this name in its folder.
func setTime(folder *os.Root, name string, f *os.File, t time.Time) error {
	if f == nil {
		return folder.Chtimes(name, time.Time{}, t)
	}
	ft := windows.NsecToFiletime(t.UnixNano())
	return os.NewSyscallError("SetFileTime", windows.SetFileTime(windows.Handle(f.Fd()), nil, nil, &ft))
}

// markForeign puts the platform's mark of what came from elsewhere on a file:
// the stream that makes Windows ask before it opens a program.
func markForeign(f *os.File) error {
	h, err := openAt(windows.Handle(f.Fd()), ":Zone.Identifier",
		windows.FILE_WRITE_DATA|windows.SYNCHRONIZE, windows.FILE_OVERWRITE_IF,
		windows.FILE_SYNCHRONOUS_IO_NONALERT|windows.FILE_NON_DIRECTORY_FILE)
	if err != nil {
		return err
	}
	stream := os.NewFile(uintptr(h), f.Name()+":Zone.Identifier")
	_, err = stream.WriteString("[ZoneTransfer]\r\nZoneId=3\r\n")
	return errors.Join(err, stream.Close())
}

// bootID returns what changes with each start of the system, "" if not known.
func bootID() string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE,
		`SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close()
	id, _, err := key.GetIntegerValue("BootId")
	if err != nil {
		return ""
	}
	return strconv.FormatUint(id, 10)
}

func freeSpace(folder string) (int64, error) {
	path, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return int64(free), nil
}

func keepsIDs(folder *os.File) bool {
	var name [windows.MAX_PATH + 1]uint16
	err := windows.GetVolumeInformationByHandle(windows.Handle(folder.Fd()), nil, 0, nil, nil, nil, &name[0], uint32(len(name)))
	return err == nil && windows.UTF16ToString(name[:]) == "NTFS"
}

// syncFile has the disk confirm what was written to a file.
func syncFile(f *os.File) error { return f.Sync() }

// syncFolder has the disk confirm the names in a folder. NTFS keeps its own
// journal of them, and has no such call.
func syncFolder(*os.File) error { return nil }

// flushDisk empties the disk's own cache, where syncFile does not.
func flushDisk(*os.File) error { return nil }

// lstat describes what has this name in a folder.
func lstat(folder *os.Root, name string) (meta, error) {
	info, err := folder.Lstat(name)
	if err != nil {
		return meta{}, err
	}
	m := meta{mode: info.Mode(), size: info.Size(), mtime: info.ModTime(), links: 1}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return m, nil
	}
	f, err := folder.Open(name)
	if err != nil {
		return m, nil
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil || !os.SameFile(info, opened) {
		return m, errForeign
	}
	m.id, m.links = identify(f)
	return m, nil
}

// statFile describes an open file.
func statFile(f *os.File) (meta, error) {
	info, err := f.Stat()
	if err != nil {
		return meta{}, err
	}
	m := metaOf(info)
	m.id, m.links = identify(f)
	return m, nil
}

func metaOf(info fs.FileInfo) meta {
	return meta{mode: info.Mode(), size: info.Size(), mtime: info.ModTime(), links: 1}
}

func identify(f *os.File) (fileID, uint64) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return 0, 1
	}
	return fileID(info.FileIndexHigh)<<32 | fileID(info.FileIndexLow), uint64(info.NumberOfLinks)
}

// makeSparse lets a file have holes.
func makeSparse(f *os.File) error {
	var n uint32
	return windows.DeviceIoControl(windows.Handle(f.Fd()), windows.FSCTL_SET_SPARSE, nil, 0, nil, 0, &n, nil)
}

// isRefused reports whether an error means that the file system has no such
// operation.
func isRefused(err error) bool {
	return isAny(err, windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_FUNCTION, windows.ERROR_INVALID_PARAMETER)
}

// isBusy reports whether an error passes when another program lets go of a file.
func isBusy(err error) bool {
	return isAny(err, windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_ACCESS_DENIED)
}

func isNoSpace(err error) bool {
	return isAny(err, windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED)
}
func isReadOnly(err error) bool { return isAny(err, windows.ERROR_WRITE_PROTECT) }
func isGone(err error) bool {
	return isAny(err, windows.ERROR_NOT_READY, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_BAD_NETPATH,
		windows.ERROR_DIRECTORY, windows.ERROR_DELETE_PENDING)
}
func isNotEmpty(err error) bool    { return isAny(err, windows.ERROR_DIR_NOT_EMPTY) }
func isNameTooLong(err error) bool { return isAny(err, windows.ERROR_FILENAME_EXCED_RANGE) }
func isTooLarge(err error) bool    { return isAny(err, windows.ERROR_FILE_TOO_LARGE) }

func isAny(err error, any ...syscall.Errno) bool {
	for _, e := range any {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
