package screentest

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

const (
	// patience is how long something may take on a busy machine that draws in
	// software.
	patience = 60 * time.Second
	pause    = 50 * time.Millisecond

	// picturesVar names a folder for the pictures of all tests.
	picturesVar = "POTLUCK_PICTURES"
)

// A Screen is a virtual one.
type Screen struct {
	display string
	memory  string // file that holds what is on the screen
	conn    *xgb.Conn
	root    xproto.Window
}

// New starts a screen of that size, which ends with the test.
func New(t testing.TB, width, height int) *Screen {
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
	// Which numbers are free is not seen from inside a lab, where other processes are
	// not; and two screens of one number take the socket from each other.
	display := fmt.Sprintf(":%d", 1000+rand.IntN(50_000))
	cmd := exec.Command("Xvfb", display, "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", dir, "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{writer}
	err = cmd.Start()
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // it was told to end
	})
	if _, err := bufio.NewReader(number).ReadString('\n'); err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	s := &Screen{display: display, memory: filepath.Join(dir, "Xvfb_screen0")}
	s.conn = s.connect(t)
	s.root = xproto.Setup(s.conn).DefaultScreen(s.conn).Root
	if err := xtest.Init(s.conn); err != nil {
		t.Fatal(err)
	}
	return s
}

func init() {
	xgb.Logger.SetOutput(io.Discard) // what goes wrong is an error of its own; the rest is noise of closing
}

// connect is one more client of the screen, until the test ends.
func (s *Screen) connect(t testing.TB) *xgb.Conn {
	t.Helper()
	conn, err := xgb.NewConnDisplay(s.display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// Env is what makes a program draw on the screen, in software and at one size.
func (s *Screen) Env() []string {
	return []string{"DISPLAY=" + s.display, "WAYLAND_DISPLAY=", "FYNE_PLATFORM=x11", "FYNE_SCALE=1", "LIBGL_ALWAYS_SOFTWARE=1"}
}

// Wait asks again and again until ok, and fails when it has asked for too long.
func (s *Screen) Wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(pause) {
		if time.Now().After(deadline) {
			s.Save(t, "failed")
			t.Fatal("in vain waited for: ", what)
		}
	}
}

// Picture is what is on the screen. Xvfb keeps it in the form of xwd, with four
// bytes for a pixel.
func (s *Screen) Picture(t testing.TB) *image.NRGBA {
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
		from, to := pixels[y*line:y*line+4*width], img.Pix[y*img.Stride:]
		for i := 0; i < len(from); i += 4 {
			to[i], to[i+1], to[i+2], to[i+3] = from[i+2], from[i+1], from[i], 0xFF
		}
	}
	return img
}

// Color is that of one place on the screen.
func (s *Screen) Color(t testing.TB, at image.Point) color.NRGBA {
	t.Helper()
	return s.Picture(t).NRGBAAt(at.X, at.Y)
}

// Save keeps a picture of the screen: in the folder of artifacts, or in the one
// that POTLUCK_PICTURES names, with those of all tests.
func (s *Screen) Save(t testing.TB, name string) {
	t.Helper()
	dir := os.Getenv(picturesVar)
	if dir == "" {
		dir = t.ArtifactDir()
	} else {
		name = strings.ReplaceAll(t.Name(), "/", "-") + "-" + name
	}
	path := filepath.Join(dir, name+".png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, s.Picture(t)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(t.Output(), "picture:", path)
}

// A Window is one of a program.
type Window struct {
	screen *Screen
	id     xproto.Window
	corner image.Point
	Size   image.Point
}

// WaitForWindow waits until a window is seen whose title has that text in it.
func (s *Screen) WaitForWindow(t testing.TB, title string) *Window {
	t.Helper()
	w := &Window{screen: s}
	s.Wait(t, "the window "+title, func() bool {
		for _, id := range s.windows(t) {
			if s.titled(id, title) {
				w.id = id
				return true
			}
		}
		return false
	})
	at, err := xproto.GetGeometry(s.conn, xproto.Drawable(w.id)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	w.corner, w.Size = image.Pt(int(at.X), int(at.Y)), image.Pt(int(at.Width), int(at.Height))
	return w
}

// windows returns the windows on the screen, the lowest first.
func (s *Screen) windows(t testing.TB) []xproto.Window {
	t.Helper()
	tree, err := xproto.QueryTree(s.conn, s.root).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return tree.Children
}

func (s *Screen) seen(id xproto.Window) bool {
	a, err := xproto.GetWindowAttributes(s.conn, id).Reply()
	return err == nil && a.MapState == xproto.MapStateViewable
}

// At returns where on the screen a place of the window is.
func (w *Window) At(x, y int) image.Point { return w.corner.Add(image.Pt(x, y)) }

// Focus gives the keyboard to the window: nobody else does here.
func (w *Window) Focus(t testing.TB) {
	t.Helper()
	if err := xproto.SetInputFocusChecked(w.screen.conn, xproto.InputFocusParent, w.id, xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
}

// Unfocus takes the keyboard from whatever has it.
func (s *Screen) Unfocus(t testing.TB) {
	t.Helper()
	if err := xproto.SetInputFocusChecked(s.conn, xproto.InputFocusNone, xproto.WindowNone, xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
}

// Focused reports whether the window has the keyboard.
func (w *Window) Focused(t testing.TB) bool {
	t.Helper()
	f, err := xproto.GetInputFocus(w.screen.conn).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return f.Focus == w.id
}

// Windows returns how many windows are seen whose title has that text in it.
func (s *Screen) Windows(t testing.TB, title string) (n int) {
	t.Helper()
	for _, id := range s.windows(t) {
		if s.titled(id, title) {
			n++
		}
	}
	return n
}

func (s *Screen) titled(id xproto.Window, title string) bool {
	name, err := xproto.GetProperty(s.conn, false, id, xproto.AtomWmName, xproto.GetPropertyTypeAny, 0, 64).Reply()
	return err == nil && strings.Contains(string(name.Value), title) && s.seen(id)
}
