package store

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"time"
)

// A system is what this package asks of the operating system beyond [os.Root].
// Tests put their own in its place.
type system struct {
	// step, unless nil, is called before each change on disk with a word for
	// it. If it returns an error, the change is not made.
	step func(what string) error

	// renameExcl renames from/name to to/newName, only if there is nothing of
	// that name: otherwise the error is fs.ErrExist. isRefused(err) means that
	// this file system cannot do that.
	renameExcl func(from *os.File, name string, to *os.File, newName string) error

	// exchange gives two files each other's names, so that at no moment one of
	// the names is free. It is nil where no such call exists.
	exchange func(from *os.File, name string, to *os.File, newName string) error

	// link makes a second name for a file, only if there is nothing of that name.
	link func(from *os.File, name string, to *os.File, newName string) error

	// syncfs has the disk confirm all that was written to the file system that
	// f is on. It is nil where no such call exists.
	syncfs func(f *os.File) error

	// keepsIDs reports whether files keep their identities on the disk of a
	// folder.
	keepsIDs func(folder *os.File) bool

	// free returns how many bytes can be written to the disk of a folder.
	free func(folder string) (int64, error)
}

func (s *system) do(what string) error {
	if s.step == nil {
		return nil
	}
	return s.step(what)
}

// room returns how many bytes can be written to the disk of a folder. Where the disk
// does not tell, that is as much as there may ever be: it shows when it is written to.
func (s *system) room(folder string) (int64, error) {
	free, err := s.free(folder)
	if errors.Is(err, errRoomUnknown) {
		return math.MaxInt64 / 2, nil
	}
	return free, err
}

// A meta is what the system knows of a file or folder, without following links.
type meta struct {
	mode  fs.FileMode
	size  int64
	mtime time.Time
	id    fileID
	links uint64 // how many names it has
}

// A fileID tells one file from another on the same disk. The zero ID is unknown.
type fileID uint64

// same reports whether two IDs are not known to be of different files.
func (a fileID) same(b fileID) bool { return a == 0 || b == 0 || a == b }

// timesDiffer reports whether a time is not the one that was set, allowing for
// the coarsest file system (FAT keeps even seconds).
func timesDiffer(a, b time.Time) bool { return a.Sub(b).Abs() > 2*time.Second }
