package instance

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func acquire(t *testing.T, folder string) *Instance {
	t.Helper()
	i, err := Acquire(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Release(); err != nil {
			t.Error(err)
		}
	})
	return i
}

// echo serves i until the test ends: what it reads it sends back.
func echo(t *testing.T, i *Instance) {
	t.Helper()
	l, err := i.Listen()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var b [1]byte
			if _, err := c.Read(b[:]); err == nil {
				c.Write(b[:])
				c.Read(b[:]) // until the other side has what it wants, and closes
			}
			c.Close()
		}
	}()
}

func talk(t *testing.T, folder string) {
	t.Helper()
	c, err := Dial(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	var b [1]byte
	if _, err := c.Write([]byte{7}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(b[:]); err != nil || b[0] != 7 {
		t.Fatalf("read %d, %v", b[0], err)
	}
}

func TestOneAtATime(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	if _, err := Dial(t.Context(), folder); !errors.Is(err, ErrNotRunning) {
		t.Errorf("dial without a folder: %v", err)
	}
	first, err := Acquire(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), folder); !errors.Is(err, ErrNotRunning) {
		t.Errorf("dial before listen: %v", err)
	}
	if _, err := Acquire(folder); !errors.Is(err, ErrRunning) {
		t.Errorf("a second one: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second := acquire(t, folder)
	echo(t, second)
	talk(t, folder)
	if _, err := os.Stat(second.Folder()); err != nil {
		t.Error(err)
	}
}

// Many processes start at the same moment; here, many goroutines, each with a
// lock of its own. Whoever wins can be reached, and nobody takes it away.
func TestSimultaneousStarts(t *testing.T) {
	folder := t.TempDir()
	var wg sync.WaitGroup
	won := make(chan *Instance, 20)
	for range cap(won) {
		wg.Go(func() {
			i, err := Acquire(folder)
			switch {
			case err == nil:
				if _, err := i.Listen(); err != nil {
					t.Error(err)
				}
				won <- i
			case !errors.Is(err, ErrRunning):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Errorf("%d started", len(won))
	}
	close(won)
	for i := range won {
		c, err := Dial(t.Context(), folder)
		if err != nil {
			t.Error(err)
		} else {
			c.Close()
		}
		if err := i.Release(); err != nil {
			t.Error(err)
		}
	}
}

// TestMain is also the process that gets killed below.
func TestMain(m *testing.M) {
	if folder := os.Getenv("INSTANCE_TEST_HOLD"); folder != "" {
		i, err := Acquire(folder)
		if err == nil {
			_, err = i.Listen()
		}
		if err != nil {
			println(err.Error())
			os.Exit(1)
		}
		os.Stdout.WriteString("up\n")
		time.Sleep(time.Hour) // until it is killed
	}
	os.Exit(m.Run())
}

func TestAfterAKill(t *testing.T) {
	for name, folder := range map[string]string{"short": t.TempDir(), "long": longFolder(t)} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "INSTANCE_TEST_HOLD="+folder)
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var b [3]byte
			if _, err := out.Read(b[:]); err != nil {
				t.Fatal(err)
			}
			if _, err := Acquire(folder); !errors.Is(err, ErrRunning) {
				t.Errorf("while the other one runs: %v", err)
			}
			c, err := Dial(t.Context(), folder)
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
			cmd.Process.Kill()
			cmd.Wait()
			if _, err := Dial(t.Context(), folder); !errors.Is(err, ErrNotRunning) {
				t.Errorf("after the kill: %v", err)
			}
			echo(t, acquire(t, folder))
			talk(t, folder)
		})
	}
}

func longFolder(t *testing.T) string {
	return filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
}

func TestLongPath(t *testing.T) {
	for _, runtimeDir := range []string{t.TempDir(), "", "relative", filepath.Join(t.TempDir(), strings.Repeat("x", 100))} {
		t.Setenv("XDG_RUNTIME_DIR", runtimeDir)
		folder := longFolder(t)
		i := acquire(t, folder)
		echo(t, i)
		talk(t, folder)
		t.Setenv("XDG_RUNTIME_DIR", "/nowhere") // another login of the same user
		talk(t, folder)
	}
}

func TestTheSameFolderByAnotherName(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(folder, link); err != nil {
		t.Skip(err)
	}
	echo(t, acquire(t, folder))
	talk(t, link)
	if _, err := Acquire(link); !errors.Is(err, ErrRunning) {
		t.Errorf("through a link: %v", err)
	}
}

func TestDialStopsWhenToldTo(t *testing.T) {
	folder := t.TempDir()
	i := acquire(t, folder)
	if _, err := i.Listen(); err != nil { // nobody accepts
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c, err := Dial(ctx, folder); err == nil {
		c.Close()
		t.Error("no error")
	}
}
