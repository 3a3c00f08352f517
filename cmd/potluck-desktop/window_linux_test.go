package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"potluck/app/e2e/lab"
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
	if lab.Binary() == "" {
		dir, err := os.MkdirTemp("", "potluck-build-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := lab.Build(filepath.Join(dir, "potluck")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return lab.Enter(m.Run)
}

// A real window opens on a virtual screen, is drawn, and closes in time when it
// is told to. Its picture lies in the folder of artifacts.
func TestWindow(t *testing.T) {
	for _, language := range []string{"en", "vi"} {
		t.Run(language, func(t *testing.T) {
			s := screentest.New(t, 1000, 700)
			cmd := start(t, s, language, func(begin func() error) error { return begin() })
			s.WaitForWindow(t, "Potluck")
			s.Wait(t, "the window to be drawn", func() bool { return differentColors(s.Picture(t)) >= 20 })
			time.Sleep(time.Second) // for what comes after the first frame
			s.Save(t, "window-"+language)

			begun := time.Now()
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			if took := time.Since(begun); err != nil || took > stopTime {
				t.Errorf("the window closed after %v: %v", took, err)
			}
			if said := cmd.Stderr.(*bytes.Buffer).String(); strings.Contains(said, "Error in Fyne call thread") || strings.Contains(said, "DATA RACE") {
				t.Error(said)
			}
		})
	}
}

// start opens the window on the screen, for somebody who has never used it; on is
// where, [lab.Host.Do] or here.
func start(t *testing.T, s *screentest.Screen, language string, on func(func() error) error) *exec.Cmd {
	t.Helper()
	home := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "--state", filepath.Join(home, "state"))
	cmd.Env = append([]string{
		"POTLUCK_DESKTOP=1", "PATH=" + os.Getenv("PATH"), "LANG=" + language + ".UTF-8", "LANGUAGE=" + language, "HOME=" + home, "XDG_RUNTIME_DIR=" + home,
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/xdgstate", "XDG_CACHE_HOME=" + home + "/cache",
	}, s.Env()...)
	cmd.Stderr = &bytes.Buffer{}
	if err := on(cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
			_ = cmd.Wait() // it was killed
		}
		if t.Failed() {
			t.Log(cmd.Stderr)
		}
	})
	return cmd
}

func differentColors(img image.Image) int {
	seen := map[color.Color]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 3 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 3 {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}
