//go:build unix

package instance

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxSocketPath is what every Unix can bind (macOS: 103 bytes, Linux: 107).
const maxSocketPath = 100

// socketPath is where the socket of a state folder lies, or the link to it.
func socketPath(folder string) string { return filepath.Join(folder, "run", "potluck.sock") }

// listen opens the socket of a state folder whose lock is held.
func listen(folder string) (net.Listener, error) {
	path := socketPath(folder)
	if err := privateFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	link := ""
	if len(path) > maxSocketPath {
		short, err := shortPath(folder)
		if err != nil {
			return nil, err
		}
		path, link = short, path
	}
	for _, stale := range []string{path, link} {
		if err := os.Remove(stale); stale != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	ours := &listener{Listener: l, link: link}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ours.Close())
	}
	if link != "" {
		if err := os.Symlink(path, link); err != nil {
			return nil, errors.Join(err, ours.Close())
		}
	}
	return ours, nil
}

// A listener accepts connections of this user alone.
type listener struct {
	net.Listener
	link string // to be removed with the socket; may be empty
}

// Accept returns the next connection of a process of the same user.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if err := samePeer(c); err == nil {
			return c, nil
		}
		c.Close()
	}
}

// Close removes the socket, and the link to it.
func (l *listener) Close() error {
	if l.link != "" {
		if err := os.Remove(l.link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, l.Listener.Close())
		}
	}
	return l.Listener.Close()
}

// Dial connects to the device that runs on the state folder. The error is
// [ErrNotRunning] if there is none.
func Dial(ctx context.Context, folder string) (net.Conn, error) {
	folder, err := canonical(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	path := socketPath(folder)
	if len(path) > maxSocketPath {
		path, err = os.Readlink(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrNotRunning
		}
		if err != nil {
			return nil, err
		}
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	if err := samePeer(c); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// samePeer returns an error unless the other end of c belongs to this user.
func samePeer(c net.Conn) error {
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		return err
	}
	var uid uint32
	var credErr error
	if err := raw.Control(func(fd uintptr) { uid, credErr = peerUID(int(fd)) }); err != nil {
		return err
	}
	if credErr != nil {
		return credErr
	}
	if int(uid) != os.Geteuid() {
		return fmt.Errorf("the other end of the local socket belongs to another user (%d)", uid)
	}
	return nil
}

// shortPath is where the socket lies when the state folder's path is too long.
func shortPath(folder string) (string, error) {
	parent, name := os.Getenv("XDG_RUNTIME_DIR"), "potluck"
	if !filepath.IsAbs(parent) || len(parent) > maxSocketPath/2 {
		parent, name = os.TempDir(), "potluck-"+strconv.Itoa(os.Geteuid())
	}
	dir := filepath.Join(parent, name)
	if err := privateFolder(dir); err != nil {
		return "", err
	}
	hash := sha256.Sum256([]byte(folder))
	return filepath.Join(dir, fmt.Sprintf("%x.sock", hash[:8])), nil
}

// privateFolder makes dir if it is missing, and returns an error unless it is a
// folder that only this user can enter.
func privateFolder(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	case !ok || int(owner.Uid) != os.Geteuid():
		return fmt.Errorf("%s belongs to another user", dir)
	case info.Mode().Perm() != 0o700:
		return os.Chmod(dir, 0o700)
	}
	return nil
}
