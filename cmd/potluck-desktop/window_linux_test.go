package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the program: the tests start it again so.
func TestMain(m *testing.M) {
	if os.Getenv("POTLUCK_DESKTOP") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// A real window opens on a virtual screen, is drawn, and closes in time when it
// is told to. Its picture lies in the folder of artifacts.
func TestWindow(t *testing.T) {
	for _, language := range []string{"en", "vi"} {
		t.Run(language, func(t *testing.T) {
			s := newScreen(t)
			cmd := s.start(t, language)
			var picture image.Image
			deadline := time.Now().Add(60 * time.Second) // drawing in software, on a busy machine
			for colors := 0; colors < 20; {
				if time.Now().After(deadline) {
					t.Fatal("the window is not drawn")
				}
				time.Sleep(100 * time.Millisecond)
				picture = s.picture(t)
				colors = differentColors(picture)
			}
			time.Sleep(time.Second) // for what comes after the first frame
			save(t, s.picture(t), "window-"+language+".png")

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

// A screen is a virtual one.
type screen struct {
	display string
	memory  string // file that holds what is on the screen
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no virtual screen: ", err, " (Debian package xvfb)")
	}
	dir := t.TempDir()
	number, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1000x700x24", "-fbdir", dir, "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{writer}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // it was told to end
	})
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	return &screen{display: ":" + strings.TrimSpace(line), memory: filepath.Join(dir, "Xvfb_screen0")}
}

// start opens the window on the screen, for somebody who has never used it.
func (s *screen) start(t *testing.T, language string) *exec.Cmd {
	t.Helper()
	home := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "--state", filepath.Join(home, "state"))
	cmd.Env = []string{
		"POTLUCK_DESKTOP=1", "PATH=" + os.Getenv("PATH"), "DISPLAY=" + s.display, "FYNE_PLATFORM=x11", "LIBGL_ALWAYS_SOFTWARE=1",
		"LANG=" + language + ".UTF-8", "LANGUAGE=" + language, "HOME=" + home, "XDG_RUNTIME_DIR=" + home,
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/xdgstate", "XDG_CACHE_HOME=" + home + "/cache",
	}
	cmd.Stderr = &bytes.Buffer{}
	if err := cmd.Start(); err != nil {
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

// picture reads what is on the screen. Xvfb keeps it in the form of xwd, with
// four bytes for a pixel.
func (s *screen) picture(t *testing.T) image.Image {
	t.Helper()
	dump, err := os.ReadFile(s.memory)
	if err != nil {
		t.Fatal(err)
	}
	const words = 25 // of the header
	if len(dump) < 4*words {
		t.Fatal("no screen in memory")
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(dump[4*i:])) }
	header, width, height, line, palette := field(0), field(4), field(5), field(12), field(19)
	pixels := dump[min(len(dump), header+12*palette):]
	if field(11) != 32 || len(pixels) < line*height {
		t.Fatal("the screen has another form than expected")
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p := pixels[y*line+4*x:]
			img.SetNRGBA(x, y, color.NRGBA{R: p[2], G: p[1], B: p[0], A: 0xFF})
		}
	}
	return img
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

func save(t *testing.T, img image.Image, name string) {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(t.Output(), "picture:", path)
}
