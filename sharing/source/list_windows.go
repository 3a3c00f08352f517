package source

import (
	"encoding/binary"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// readEntries returns what is in an open folder. On NTFS it asks for the file
// indexes as well, which os.File.Readdir knows and does not tell; elsewhere they
// are not reliable.
func readEntries(f *os.File) (names []string, infos []fileInfo, err error) {
	h := windows.Handle(f.Fd())
	var serial uint32
	var system [16]uint16
	err = windows.GetVolumeInformationByHandle(h, nil, 0, &serial, nil, nil, &system[0], uint32(len(system)))
	if err == nil && windows.UTF16ToString(system[:]) == "NTFS" {
		return readNTFS(h, uint64(serial))
	}
	list, err := f.Readdir(-1)
	for _, info := range list {
		names, infos = append(names, info.Name()), append(infos, infoOf(info))
	}
	return names, infos, err
}

func readNTFS(h windows.Handle, serial uint64) (names []string, infos []fileInfo, err error) {
	aligned := make([]uint64, 64<<10/8)
	buf := unsafe.Slice((*byte)(unsafe.Pointer(&aligned[0])), 8*len(aligned))
	class := uint32(windows.FileIdBothDirectoryRestartInfo)
	for {
		err := windows.GetFileInformationByHandleEx(h, class, &buf[0], uint32(len(buf)))
		switch {
		case err == windows.ERROR_NO_MORE_FILES,
			err == windows.ERROR_FILE_NOT_FOUND && len(names) == 0: // an empty disk
			return names, infos, nil
		case err != nil:
			return names, infos, err
		}
		class = windows.FileIdBothDirectoryInfo
		for rest := buf; ; {
			name, info, next := parseDirInfo(rest)
			if name != "." && name != ".." {
				info.dev = serial
				names, infos = append(names, name), append(infos, info)
			}
			if next == 0 {
				break
			}
			rest = rest[next:]
		}
	}
}

// parseDirInfo reads a FILE_ID_BOTH_DIR_INFO, and returns where the next one is.
func parseDirInfo(b []byte) (name string, i fileInfo, next int) {
	const (
		nextEntryOffset = 0
		lastWriteTime   = 24
		endOfFile       = 40
		fileAttributes  = 56
		fileNameLength  = 60
		eaSize          = 64 // of a reparse point, its tag
		fileID          = 96
		fileName        = 104

		nameSurrogate = 1 << 29 // in a tag: stands for something elsewhere
	)
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	written := windows.Filetime{LowDateTime: u32(lastWriteTime), HighDateTime: u32(lastWriteTime + 4)}
	i = fileInfo{
		kind:  isFile,
		size:  int64(binary.LittleEndian.Uint64(b[endOfFile:])),
		mtime: written.Nanoseconds(),
		ino:   binary.LittleEndian.Uint64(b[fileID:]),
	}
	attributes, tag := u32(fileAttributes), u32(eaSize)
	switch reparse := attributes&windows.FILE_ATTRIBUTE_REPARSE_POINT != 0; {
	case reparse && tag&nameSurrogate != 0:
		i.kind = isLink
	case reparse && tag == ioReparseTagAFUnix:
		i.kind = isSpecial
	case attributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0:
		i.kind = isFolder
	}
	utf16 := make([]uint16, u32(fileNameLength)/2)
	for k := range utf16 {
		utf16[k] = binary.LittleEndian.Uint16(b[fileName+2*k:])
	}
	return syscall.UTF16ToString(utf16), i, int(u32(nextEntryOffset))
}

const ioReparseTagAFUnix = 0x80000023
