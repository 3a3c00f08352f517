package instance

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// asNobody runs f in a thread that belongs to another user.
func asNobody(t *testing.T, f func() error) error {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user")
	}
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with the goroutine
		if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 65534, 65534, 65534); errno != 0 {
			result <- errno
			return
		}
		result <- f()
	}()
	return <-result
}

func connect(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// openToAll takes away what keeps others from the socket before it is asked who
// they are.
func openToAll(t *testing.T, folder, path string) {
	t.Helper()
	for dir := folder; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestOtherUsersAreTurnedAway(t *testing.T) {
	folder := t.TempDir()
	i := acquire(t, folder)
	echo(t, i)
	path := socketPath(i.Folder())

	if err := asNobody(t, func() error { _, err := connect(path); return err }); err == nil {
		t.Error("another user could open the socket")
	}

	openToAll(t, folder, path)
	var answer int
	err := asNobody(t, func() error {
		fd, err := connect(path)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 10})
		unix.Write(fd, []byte{7})
		var b [1]byte
		answer, err = unix.Read(fd, b[:])
		if err == unix.ECONNRESET || err == unix.EPIPE {
			answer, err = 0, nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if answer != 0 {
		t.Error("another user was answered")
	}
	talk(t, folder) // and the listener goes on for its own user
}

func TestSocketOfAnotherUserIsNotUsed(t *testing.T) {
	folder := t.TempDir()
	path := socketPath(folder)
	if err := os.Mkdir(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	for dir := folder; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var fd int
	if err := asNobody(t, func() (err error) {
		if fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			return err
		}
		if err = unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err != nil {
			return err
		}
		return unix.Listen(fd, 5)
	}); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if c, err := Dial(t.Context(), folder); err == nil {
		c.Close()
		t.Error("talked to the socket of another user")
	}
}
