package instance

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

var (
	// ErrRunning says that a device runs on the state folder already.
	ErrRunning = errors.New("a Potluck is running on this state folder already")

	// ErrNotRunning says that no device can be reached on the state folder.
	ErrNotRunning = errors.New("no Potluck is running on this state folder")
)

// An Instance is the right to run the device of one state folder. Its methods
// are to be called from one goroutine at a time.
type Instance struct {
	folder   string // absolute, without symbolic links
	lock     *flock.Flock
	listener net.Listener // nil until Listen
}

// Acquire takes the lock of the state folder, which is made if it is missing,
// with access for the owner alone. It does not wait: the error is [ErrRunning]
// when another process holds the lock.
func Acquire(folder string) (*Instance, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the state folder cannot be made: %w", err)
	}
	folder, err := canonical(folder)
	if err != nil {
		return nil, fmt.Errorf("the state folder: %w", err)
	}
	lock := flock.New(filepath.Join(folder, "lock"))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("the state folder cannot be locked: %w", err)
	case !locked:
		return nil, ErrRunning
	}
	return &Instance{folder: folder, lock: lock}, nil
}

// Folder is the state folder, absolute and without symbolic links.
func (i *Instance) Folder() string { return i.folder }

// Listen opens the local socket. It is to be called once. Closing the listener
// removes the socket; [Instance.Release] does so too.
func (i *Instance) Listen() (net.Listener, error) {
	l, err := listen(i.folder)
	if err != nil {
		return nil, fmt.Errorf("the local socket cannot be opened: %w", err)
	}
	i.listener = l
	return l, nil
}

// Release closes the socket and gives the lock back.
func (i *Instance) Release() error {
	var err error
	if i.listener != nil {
		err = i.listener.Close()
		if errors.Is(err, net.ErrClosed) {
			err = nil
		}
	}
	return errors.Join(err, i.lock.Unlock())
}

// canonical names a folder in the one way on which all processes agree.
func canonical(folder string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(folder)
}
