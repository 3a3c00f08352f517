package store

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/dustin/go-humanize"
)

var (
	// ErrNothing is returned by [Open] when the state folder holds no journal.
	ErrNothing = errors.New("nothing is being received here")

	// ErrExists is returned by [Create] when the state folder holds a journal.
	ErrExists = errors.New("this share is being received already")

	// ErrBadPiece is returned by [Item.Verify] when a piece is not what its hash
	// says, or not all of it has been written. It is to be fetched again.
	ErrBadPiece = errors.New("a piece is damaged")

	// ErrNoHash is returned when the hash of a piece is not known yet.
	ErrNoHash = errors.New("the hash of a piece is not known yet")

	// ErrNotWanted is returned by [Item.Verify] for a piece of which nothing is
	// wanted.
	ErrNotWanted = errors.New("nothing of a piece is wanted")

	// ErrIncomplete is returned for what is not, or not yet, here.
	ErrIncomplete = errors.New("not everything is here yet")

	// ErrClosed is returned by an item that was closed or discarded.
	ErrClosed = errors.New("the share is not being received any more")
)

// errForeign is found where something that is ours should be.
var errForeign = errors.New("something else is in its place")

// A NoSpaceError says that a disk is too full.
type NoSpaceError struct {
	Folder string
	Need   int64 // bytes that are still to be written; 0 if not known
	Free   int64 // bytes that are free
}

func (e *NoSpaceError) Error() string {
	if e.Need <= 0 || e.Free <= 0 {
		return fmt.Sprintf("the disk of %s is full: make room and try again", e.Folder)
	}
	return fmt.Sprintf("not enough space in %s: %s needed, %s free; make room and try again",
		e.Folder, humanize.Bytes(uint64(e.Need)), humanize.Bytes(uint64(max(e.Free, 0))))
}

// A FolderError says that a folder cannot be received into.
type FolderError struct {
	Folder string
	Why    string // a clause, such as "it is read-only"
	Err    error  // what the system said; may be nil
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("cannot receive into %s: %s", e.Folder, e.Why)
}
func (e *FolderError) Unwrap() error { return e.Err }

// A JournalError says that the notes about a share cannot be read or written.
type JournalError struct {
	Path string
	Why  string // a clause, such as "they are damaged"
	Err  error  // what the system said; may be nil
}

func (e *JournalError) Error() string {
	return fmt.Sprintf("cannot use the notes about a transfer in %s: %s", e.Path, e.Why)
}
func (e *JournalError) Unwrap() error { return e.Err }

// A LostError is returned by [Item.Finish] when something that had been written
// was deleted or changed by somebody else. Its pieces are wanted again.
type LostError struct {
	Pieces []int
}

func (e *LostError) Error() string {
	return "received files were changed or deleted before they were complete; what is missing has to be fetched again"
}

// A ForeignError says that a staging folder was not removed, because somebody
// else put something into it.
type ForeignError struct {
	Folder string
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s was left where it is: there is something in it that Potluck did not put there", e.Folder)
}

// folderError says what is wrong with a folder in which the system refused
// something. It leaves errors that say so already as they are.
func folderError(folder string, err error) error {
	folderErr, spaceErr, journalErr := (*FolderError)(nil), (*NoSpaceError)(nil), (*JournalError)(nil)
	if errors.As(err, &folderErr) || errors.As(err, &spaceErr) || errors.As(err, &journalErr) {
		return err
	}
	why := "the disk refuses to be written to"
	switch {
	case err == nil:
		return nil
	case isNoSpace(err):
		free, freeErr := FreeSpace(folder)
		if freeErr != nil {
			free = 0
		}
		return &NoSpaceError{Folder: folder, Free: free}
	case isReadOnly(err):
		why = "the disk is read-only"
	case errors.Is(err, fs.ErrPermission):
		why = "you may not write there"
	case errors.Is(err, fs.ErrNotExist), isGone(err):
		why = "it was removed, or its disk is not connected"
	case isNameTooLong(err):
		why = "its disk does not take names as long as those that are sent"
	case isTooLarge(err):
		why = "its disk does not take files as large as those that are sent"
	}
	return &FolderError{Folder: folder, Why: why, Err: err}
}
