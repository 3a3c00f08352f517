//go:build unix

package instance

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestS58_SocketIsForTheOwnerAlone(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	i := acquire(t, folder)
	echo(t, i)
	path := socketPath(i.Folder())
	for name, want := range map[string]fs.FileMode{
		path:                              fs.ModeSocket | 0o600,
		filepath.Dir(path):                fs.ModeDir | 0o700,
		filepath.Join(i.Folder(), "lock"): 0o600,
	} {
		info, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestSocketIsRemoved(t *testing.T) {
	for _, folder := range []string{t.TempDir(), longFolder(t)} {
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		i, err := Acquire(folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Listen(); err != nil {
			t.Fatal(err)
		}
		path := socketPath(i.Folder())
		if err := i.Release(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", path, err)
		}
		left, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "potluck", "*"))
		if len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestPrivateFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{file, link, filepath.Join(dir, "no", "parent")} {
		if err := privateFolder(bad); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	loose := filepath.Join(dir, "loose")
	if err := os.Mkdir(loose, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := privateFolder(loose); err != nil {
		t.Error(err)
	}
	if info, _ := os.Stat(loose); info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v", info.Mode())
	}
	if os.Geteuid() == 0 {
		foreign := filepath.Join(dir, "foreign")
		if err := os.Mkdir(foreign, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(foreign, 65534, 65534); err != nil {
			t.Skip("this root may not give files away")
		}
		if err := privateFolder(foreign); err == nil || !strings.Contains(err.Error(), "another user") {
			t.Errorf("a folder of somebody else: %v", err)
		}
	}
}

// Another user has put a socket where ours is expected: Dial must not talk to
// it. Only root can become another user, so elsewhere the two ends are one.
func TestPeersAreThisUser(t *testing.T) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		f := os.NewFile(uintptr(fd), "socket")
		c, err := net.FileConn(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := samePeer(c); err != nil {
			t.Error(err)
		}
	}
}
