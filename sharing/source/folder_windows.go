package source

import (
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// A folder is an os.Root. Whatever is opened through it may be renamed and
// deleted meanwhile, which is not so for what os.Open opens.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	r, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &folder{r}, nil
}

func (d *folder) folder(name string) (*folder, error) {
	r, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &folder{r}, nil
}

func (d *folder) list() (listing, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return listing{}, err
	}
	defer f.Close()
	names, infos, err := readEntries(f)
	byName := make(map[string]fileInfo, len(names))
	for i, name := range names {
		byName[name] = infos[i]
	}
	return listing{names, func(name string) (fileInfo, error) { return byName[name], nil }}, err
}

// stat does not know which file it is. That takes nothing away from the check
// after a read: the open file is known to be the right one.
func (d *folder) stat(rel string) (fileInfo, error) {
	info, err := d.root.Lstat(rel)
	if err != nil {
		return fileInfo{}, err
	}
	return infoOf(info), nil
}

func infoOf(info fs.FileInfo) fileInfo {
	i := fileInfo{kind: isSpecial, size: info.Size(), mtime: info.ModTime().UnixNano()}
	switch mode := info.Mode(); {
	case mode.IsRegular():
		i.kind = isFile
	case mode.IsDir():
		i.kind = isFolder
	case mode&(fs.ModeSymlink|fs.ModeIrregular) != 0: // a junction is irregular
		i.kind = isLink
	}
	return i
}

func (d *folder) open(rel string) (file, error) {
	f, err := d.root.Open(rel)
	if err != nil {
		return file{}, err
	}
	return file{f}, nil
}

func (d *folder) close() { d.root.Close() }

type file struct{ *os.File }

func (f file) stat() (fileInfo, error) {
	h := windows.Handle(f.Fd())
	if t, err := windows.GetFileType(h); err != nil || t != windows.FILE_TYPE_DISK {
		return fileInfo{kind: isSpecial}, err
	}
	var b windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(h, &b); err != nil {
		return fileInfo{}, err
	}
	i := fileInfo{
		kind:  isFile,
		size:  int64(b.FileSizeHigh)<<32 | int64(b.FileSizeLow),
		mtime: b.LastWriteTime.Nanoseconds(),
		dev:   uint64(b.VolumeSerialNumber),
		ino:   uint64(b.FileIndexHigh)<<32 | uint64(b.FileIndexLow),
	}
	if b.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0 {
		i.kind = isFolder
	}
	return i, nil
}

func (f file) close() { f.File.Close() }
