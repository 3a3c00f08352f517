package source

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// A Reason says why something is not shared. Its value is one word that is safe
// to store and to send; String is for people.
type Reason string

// Why something was left out of the share, or failed later.
const (
	Link       Reason = "link"       // a symbolic link
	Special    Reason = "special"    // a socket, device or pipe
	Unreadable Reason = "unreadable" // the disk refused
	Forbidden  Reason = "forbidden"  // the permissions refused
	Deep       Reason = "deep"       // below more folders than a manifest allows
	Name       Reason = "name"       // a name no manifest can hold
	Changed    Reason = "changed"    // another size or time than when it was offered, or another file
	Gone       Reason = "gone"       // no longer there
	Damaged    Reason = "damaged"    // another content, with the size and time of then
	Suspect    Reason = "suspect"    // this one, or another of its piece, is damaged
)

// String completes the sentence "it was left out: …". A reason not listed above
// is returned as it is.
func (r Reason) String() string {
	switch r {
	case Link:
		return "it is a symbolic link"
	case Special:
		return "it is a socket, a device or a pipe"
	case Unreadable:
		return "it could not be read"
	case Forbidden:
		return "there is no permission to read it"
	case Deep:
		return "it lies too many folders deep"
	case Name:
		return "its name cannot be sent"
	case Changed:
		return "it changed after it was offered"
	case Gone:
		return "it is no longer there"
	case Damaged:
		return "on the sender's disk it is not what it was when it was offered, though nobody seems to have changed it"
	case Suspect:
		return "on the sender's disk it, or a file sent along with it, is not what it was when it was offered"
	}
	return string(r)
}

// An EntryError says that one entry of a share cannot be had any more. The other
// entries are not touched by it.
type EntryError struct {
	Entry int    // index in the manifest
	Path  string // as in the manifest, not cleaned for display
	Why   Reason
}

func (e *EntryError) Error() string {
	return fmt.Sprintf("%q cannot be shared any more: %v", e.Path, e.Why)
}

// reasonFor tells why a file that was there at the scan cannot be opened or
// read, or returns "" if that is not the file's fault and may pass.
func reasonFor(err error) Reason {
	var known reasonError
	switch {
	case errors.As(err, &known):
		return Reason(known)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return Gone
	case errors.Is(err, fs.ErrPermission):
		return Forbidden
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.ENOMEM):
		return ""
	}
	return Unreadable
}

// reasonError is the error of meeting something that is not shared, or not any
// more; its value is the reason.
type reasonError Reason

func (e reasonError) Error() string { return Reason(e).String() }
