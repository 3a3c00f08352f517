package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// A second start, with a file, brings the window to the front and has it choose for
// the file. It ends at once, and there is one window, and one device, as before.
func TestSecondStart(t *testing.T) {
	s := play(t, "Ben")
	s.Unfocus(t)
	path := file(t, "from the file manager.txt", 1000)
	second := open(t, s.Screen, s.me.Home, "en", s.lan.Host(1).Do, path)
	select {
	case <-second.ended:
	case <-time.After(time.Minute):
		t.Fatal("the second start does not end")
	}
	if code := second.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the second start: %v", second.ProcessState)
	}
	s.WaitForText(t, "Who is it for?")
	s.WaitForText(t, "from the file manager.txt")
	s.Wait(t, "the window to have the keyboard", func() bool { return s.window.Focused(t) })
	s.Save(t, "handed-over")
	if n := s.Windows(t, "Potluck"); n != 1 {
		t.Errorf("there are %d windows", n)
	}
	s.ClickText(t, "Ben")
	s.ClickText(t, "Send to Ben")
	if e := s.ben.Wait(t, "offered"); e.Text("title") != "from the file manager.txt" {
		t.Errorf("Ben is offered %v", e)
	}
}

// The window is killed in the middle of a transfer, is started again, and the
// transfer goes on by itself to its end.
func TestRestartInMidTransfer(t *testing.T) {
	s := playWith(t, map[string]any{"downLimit": "5 MB/s"}, "Ben")
	film := file(t, "film.mkv", 40*mega)
	sending := s.offer(t, s.ben, film)
	s.press(t, "Accept", is(t, s.me, "film.mkv", "running"))
	s.Wait(t, "some of it", func() bool { return last(t, s.me).done() > 8*mega })
	before := last(t, s.me).done()
	s.program.kill()
	s.start(t)
	s.WaitForText(t, "Receiving from")
	if now := last(t, s.me).done(); now < before-5*mega {
		t.Errorf("%d bytes are there after the restart, and %d were before", now, before)
	}
	s.Save(t, "goes-on")
	s.me.OK(t, "settings", "set", "downLimit", "0")
	s.WaitForText(t, "Received from")
	s.Save(t, "finished")
	code(t, sending, 0)
	has(t, s.me, film)
}

// Whatever goes on, the window closes in time, and leaves nothing behind: no
// process, no port, no temporary file.
func TestQuit(t *testing.T) {
	for name, moment := range map[string]func(*testing.T, *scene){
		"idle": func(*testing.T, *scene) {},
		"in a transfer": func(t *testing.T, s *scene) {
			s.offer(t, s.ben, file(t, "film.mkv", 40*mega))
			s.press(t, "Accept", is(t, s.me, "film.mkv", "running"))
			s.Wait(t, "some of it", func() bool { return last(t, s.me).done() > mega })
		},
		"with a page open": func(t *testing.T, s *scene) {
			tree := filepath.Join(lab.Folder(t, "source"), "Summer")
			lab.Many(t, tree, 30, 1000)
			s.offer(t, s.ben, tree)
			s.press(t, "Look inside", func() bool { return len(s.Text(t, "Find a name")) > 0 })
		},
		"with a question": func(t *testing.T, s *scene) {
			s.drop(t, file(t, "notes.txt", 1000), "Ben")
			s.WaitForText(t, "Offering to")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := playWith(t, map[string]any{"downLimit": "1 MB/s"}, "Ben")
			moment(t, s)
			ports := ports(t, s)
			if len(ports) == 0 {
				t.Error("the window has no port open")
			}
			s.Save(t, "before")
			s.window.Focus(t)
			s.program.ends(t, 0, func() { s.Key(t, "ctrl+q") })
			s.left(t, ports)
		})
	}
}

// ports returns the ports that the window's device listens on.
func ports(t *testing.T, s *scene) (list []string) {
	t.Helper()
	err := s.lan.Host(1).Do(func() error {
		table, err := os.ReadFile("/proc/thread-self/net/tcp6")
		for line := range strings.Lines(string(table)) {
			const listening = "0A"
			f := strings.Fields(line)
			if len(f) < 4 || f[3] != listening {
				continue
			}
			port, err := strconv.ParseUint(f[1][strings.LastIndex(f[1], ":")+1:], 16, 16)
			if err != nil {
				return err
			}
			list = append(list, fmt.Sprint(port))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// left fails t if the program, which has ended, has left anything behind.
func (s *scene) left(t *testing.T, ports []string) {
	t.Helper()
	for _, port := range ports {
		if err := s.lan.Host(1).Do(func() error {
			l, err := net.Listen("tcp", ":"+port)
			if err == nil {
				l.Close()
			}
			return err
		}); err != nil {
			t.Errorf("port %s is still taken: %v", port, err)
		}
	}
	processes, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processes {
		if text, err := os.ReadFile(p); err == nil && strings.Contains(string(text), "HOME="+s.me.Home+"\x00") {
			t.Errorf("%s still runs", filepath.Dir(p))
		}
	}
	err = filepath.WalkDir(s.me.Home, func(path string, e fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(path, ".tmp") || e.Type()&fs.ModeSocket != 0) {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
