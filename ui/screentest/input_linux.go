package screentest

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// Move moves the mouse there.
func (s *Screen) Move(t testing.TB, to image.Point) {
	t.Helper()
	s.fake(t, xproto.MotionNotify, 0, to)
}

// The buttons of a mouse; a wheel is one, too.
const (
	left      = 1
	right     = 3
	wheelUp   = 4
	wheelDown = 5
)

// Click presses the left button there.
func (s *Screen) Click(t testing.TB, at image.Point) {
	t.Helper()
	time.Sleep(aim)
	s.press(t, left, at)
}

// aim is how long a person takes from seeing something to clicking on it, at least. A
// window may not listen to what has just come up.
const aim = 700 * time.Millisecond

// ClickRight presses the right button there.
func (s *Screen) ClickRight(t testing.TB, at image.Point) {
	t.Helper()
	s.press(t, right, at)
}

// Scroll turns the wheel by so many notches, down or, below 0, up.
func (s *Screen) Scroll(t testing.TB, at image.Point, notches int) {
	t.Helper()
	wheel := byte(wheelDown)
	if notches < 0 {
		wheel, notches = wheelUp, -notches
	}
	for range notches {
		s.press(t, wheel, at)
	}
}

func (s *Screen) press(t testing.TB, button byte, at image.Point) {
	t.Helper()
	s.Move(t, at)
	s.button(t, button, true)
	s.button(t, button, false)
}

func (s *Screen) button(t testing.TB, number byte, down bool) {
	t.Helper()
	kind := byte(xproto.ButtonRelease)
	if down {
		kind = xproto.ButtonPress
	}
	s.fake(t, kind, number, image.Point{})
	time.Sleep(pause) // a hand is no quicker, and a program tells clicks apart by it
}

// fake has the server tell programs of an event as if from a device.
func (s *Screen) fake(t testing.TB, kind, detail byte, at image.Point) {
	t.Helper()
	if err := xtest.FakeInputChecked(s.conn, kind, detail, 0, s.root, int16(at.X), int16(at.Y), 0).Check(); err != nil {
		t.Fatal(err)
	}
}

// Type types letters, digits and spaces.
func (s *Screen) Type(t testing.TB, text string) {
	t.Helper()
	for _, r := range text {
		switch name := strings.ToLower(string(r)); {
		case r == ' ':
			s.Key(t, "space")
		case name != string(r):
			s.Key(t, "shift+"+name)
		default:
			s.Key(t, name)
		}
	}
}

// keysyms are the keys with names. Others are named by their letter.
var keysyms = map[string]xproto.Keysym{
	"space": ' ', "Tab": 0xff09, "Return": 0xff0d, "Escape": 0xff1b, "Home": 0xff50, "Left": 0xff51, "Up": 0xff52, "Right": 0xff53, "Down": 0xff54,
	"End": 0xff57, "Menu": 0xff67, "F10": 0xffc7, "shift": 0xffe1, "ctrl": 0xffe3, "alt": 0xffe9, "comma": ',', "slash": '/',
}

// Key presses keys together: "a", "Return", "ctrl+shift+o".
func (s *Screen) Key(t testing.TB, keys string) {
	t.Helper()
	var codes []byte
	for name := range strings.SplitSeq(keys, "+") {
		codes = append(codes, s.keycode(t, name))
	}
	for _, c := range codes {
		s.fake(t, xproto.KeyPress, c, image.Point{})
	}
	for i := len(codes) - 1; i >= 0; i-- {
		s.fake(t, xproto.KeyRelease, codes[i], image.Point{})
	}
	time.Sleep(pause)
}

func (s *Screen) keycode(t testing.TB, name string) byte {
	t.Helper()
	want, named := keysyms[name]
	if !named {
		want = xproto.Keysym(name[0])
	}
	setup := xproto.Setup(s.conn)
	all, err := xproto.GetKeyboardMapping(s.conn, setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all.Keysyms); i += int(all.KeysymsPerKeycode) {
		if all.Keysyms[i] == want {
			return byte(setup.MinKeycode) + byte(i/int(all.KeysymsPerKeycode))
		}
	}
	t.Fatalf("the keyboard has no %q", name)
	return 0
}

// Wheel turns the wheel of the mouse by one notch, down or up.
func (s *Screen) Wheel(t testing.TB, down bool) {
	t.Helper()
	button := byte(4)
	if down {
		button = 5
	}
	s.fake(t, xproto.ButtonPress, button, image.Point{})
	s.fake(t, xproto.ButtonRelease, button, image.Point{})
}
