//go:build unix

package source

import (
	"io"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// maxPath is the length from which on a path is walked step by step: the system
// takes no longer one than PATH_MAX, in which the terminating zero counts.
const maxPath = 1000

const (
	folderFlags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC
	// O_NONBLOCK: a pipe put in place of a file must not make us wait for a writer.
	fileFlags = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOFOLLOW | unix.O_NOCTTY | unix.O_CLOEXEC
)

type folder struct {
	fd int
	f  *os.File // owns fd
}

func newFolder(fd int, err error) (*folder, error) {
	if err != nil {
		return nil, err
	}
	return &folder{fd, os.NewFile(uintptr(fd), "")}, nil
}

func openFolder(path string) (*folder, error) {
	return newFolder(retry(func() (int, error) { return unix.Open(path, folderFlags, 0) }))
}

func (d *folder) folder(name string) (*folder, error) {
	return newFolder(openat(d.fd, name, folderFlags|unix.O_NOFOLLOW))
}

func (d *folder) list() (listing, error) {
	names, err := d.f.Readdirnames(-1)
	return listing{names, d.stat}, err
}

func (d *folder) stat(rel string) (fileInfo, error) {
	if len(rel) > maxPath {
		parent, base, err := d.descend(rel)
		if err != nil {
			return fileInfo{}, err
		}
		defer unix.Close(parent)
		return statat(parent, base)
	}
	return statat(d.fd, rel)
}

func (d *folder) open(rel string) (file, error) {
	fd, err := d.openFile(rel)
	if err == unix.ELOOP || err == unix.EMLINK {
		err = reasonError(Link)
	} else if err == unix.ENXIO || err == unix.EOPNOTSUPP { // a socket
		err = reasonError(Special)
	}
	return file(fd), err
}

// openStepwise opens a file through each of its folders in turn, none of which
// may be a link.
func (d *folder) openStepwise(rel string) (int, error) {
	parent, base, err := d.descend(rel)
	if err != nil {
		return -1, err
	}
	defer unix.Close(parent)
	return openat(parent, base, fileFlags)
}

// descend opens the folder that holds rel, through each folder on the way. The
// caller closes it.
func (d *folder) descend(rel string) (parent int, base string, err error) {
	dir, base := path.Split(rel)
	at, err := openat(d.fd, ".", folderFlags)
	if err != nil {
		return -1, "", err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(dir, "/"), "/") {
		if name == "" {
			continue
		}
		next, err := openat(at, name, folderFlags|unix.O_NOFOLLOW)
		unix.Close(at)
		if err != nil {
			return -1, "", err
		}
		at = next
	}
	return at, base, nil
}

func (d *folder) close() { d.f.Close() }

// A file is a descriptor. It is not an os.File, which would cost two more system
// calls for each of 100,000 small files.
type file int

// ReadAt is like that of io.ReaderAt.
func (f file) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		m, err := retry(func() (int, error) { return unix.Pread(int(f), p[n:], off+int64(n)) })
		if err != nil {
			return n, err
		}
		if m == 0 {
			return n, io.EOF
		}
		n += m
	}
	return n, nil
}

func (f file) stat() (fileInfo, error) {
	var st unix.Stat_t
	_, err := retry(func() (int, error) { return 0, unix.Fstat(int(f), &st) })
	return infoOf(&st), err
}

func (f file) close() { unix.Close(int(f)) }

func openat(dir int, name string, flags int) (int, error) {
	return retry(func() (int, error) { return unix.Openat(dir, name, flags, 0) })
}

func statat(dir int, rel string) (fileInfo, error) {
	var st unix.Stat_t
	_, err := retry(func() (int, error) {
		return 0, unix.Fstatat(dir, rel, &st, unix.AT_SYMLINK_NOFOLLOW)
	})
	return infoOf(&st), err
}

func infoOf(st *unix.Stat_t) fileInfo {
	i := fileInfo{
		kind:  isSpecial,
		size:  st.Size,
		mtime: st.Mtim.Nano(),
		dev:   uint64(st.Dev),
		ino:   st.Ino,
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		i.kind = isFile
	case unix.S_IFDIR:
		i.kind = isFolder
	case unix.S_IFLNK:
		i.kind = isLink
	}
	return i
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}
