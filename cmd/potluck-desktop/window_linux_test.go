package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/look"
	"potluck/ui/screentest"
)

// TestMain lets the test binary be the program: the tests start it again so. They
// run in a lab, where there are other hosts to meet.
func TestMain(m *testing.M) {
	switch kind := os.Getenv("POTLUCK_DESKTOP"); kind {
	case "":
	case "1", "window":
		if dir := os.Getenv(profileVar); dir != "" {
			go profile(dir)
		}
		main()
	default:
		playOther(kind)
	}
	os.Exit(inLab(m))
}

func inLab(m *testing.M) int {
	dir, err := os.MkdirTemp("", "potluck-build-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if lab.Binary() == "" {
		if err := lab.Build(filepath.Join(dir, "potluck")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	if os.Getenv(windowsVar) != "" {
		lab.BuildWindows(dir)
	}
	return lab.Enter(m.Run)
}

// A real window opens on a virtual screen, is drawn, and closes in time when it
// is told to.
func TestWindow(t *testing.T) {
	for _, language := range []string{"en", "vi"} {
		t.Run(language, func(t *testing.T) {
			s := screentest.New(t, 1000, 700)
			home := t.TempDir()
			if err := os.MkdirAll(filepath.Join(home, "state"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(home, "state", "settings.json"), []byte(`{"theme":"light"}`), 0o600); err != nil {
				t.Fatal(err)
			}
			p := open(t, s, home, language, func(begin func() error) error { return begin() })
			s.WaitForWindow(t, "Potluck")
			s.WaitForText(t, map[string]string{"en": "No network", "vi": "Mất mạng"}[language]) // tests have none
			s.Save(t, "first-start")
			for _, name := range []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameHeaderBackground} { // as it is seen
				want := look.New(look.Options{Variant: look.Light}).Color(name, theme.VariantLight)
				if len(s.Find(t, want, image.Pt(60, 200))) == 0 {
					t.Errorf("no part of the window has the color %s, %v", name, want)
				}
			}
			p.close(t)
		})
	}
}

// A running is the program, while it runs.
type running struct {
	*exec.Cmd
	ended chan struct{}
	said  bytes.Buffer // on standard error; to be read when it has ended
}

// open starts the program on the screen, for the person whose home that is; on is
// where, [lab.Host.Do] or here.
func open(t *testing.T, s *screentest.Screen, home, language string, on func(func() error) error, args ...string) *running {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, append([]string{"--state", filepath.Join(home, "state")}, args...)...)
	cmd.Env = slices.Concat([]string{
		"POTLUCK_DESKTOP=1", "LANG=" + language + ".UTF-8", "LANGUAGE=" + language, "HOME=" + home, "XDG_RUNTIME_DIR=" + filepath.Join(home, "run"),
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_STATE_HOME=" + filepath.Join(home, "xdgstate"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
		"TMPDIR=" + home, "PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"),
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(home, "no-bus"), // or one would be started
	}, s.Env())
	return start(t, cmd, on)
}

// start starts the program, which is killed when the test ends.
func start(t *testing.T, cmd *exec.Cmd, on func(func() error) error) *running {
	t.Helper()
	p := &running{Cmd: cmd, ended: make(chan struct{})}
	p.Stderr = &p.said
	if err := on(p.Start); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait() // what it says is in the state
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.ended
		said := p.said.String()
		for _, bad := range []string{"Error in Fyne call thread", "DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(said, bad) {
				t.Errorf("the window has said %q", bad)
			}
		}
		if t.Failed() {
			t.Log(said)
		}
	})
	return p
}

// close tells the program to end, and fails t unless it does so in order and in
// time.
func (p *running) close(t *testing.T) {
	t.Helper()
	p.ends(t, 0, func() {
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	})
}

// eitherWay stands for the exit codes of a program that may have been kept from ending
// in order, or not: 1 and 0.
const eitherWay = 256

// ends fails t unless the program ends with that exit code, and in the time that
// people are promised, when that is done.
func (p *running) ends(t *testing.T, code int, do func()) {
	t.Helper()
	begun := time.Now()
	do()
	select {
	case <-p.ended:
	case <-time.After(4 * closeTime):
		_ = p.Process.Signal(syscall.SIGQUIT) // for its goroutines
		<-p.ended
		t.Fatalf("the window has not closed after %v", 4*closeTime)
	}
	t.Logf("the window took %v to close; on a machine at rest it may take %v", time.Since(begun).Round(time.Millisecond), closeTime)
	if got := p.ProcessState.ExitCode(); got != code && (code != eitherWay || got < 0 || got > 1) {
		t.Errorf("the window: %v, want %d", p.ProcessState, code)
	}
}

// kill ends the program with kill -9.
func (p *running) kill() {
	_ = p.Process.Kill()
	<-p.ended
}

// differentColors counts, so that a window that is drawn is told from one that is not.
func differentColors(img image.Image) int {
	seen := map[color.Color]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 3 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 3 {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}
