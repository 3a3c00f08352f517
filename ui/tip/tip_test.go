package tip

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
)

// byWords divides a text after so many words that fit.
func byWords(s string, most int, fits func(string) bool) []string {
	var lines []string
	for _, w := range strings.Fields(s) {
		if n := len(lines); n > 0 && fits(lines[n-1]+" "+w) {
			lines[n-1] += " " + w
		} else if n < most {
			lines = append(lines, w)
		}
	}
	return lines
}

// A stage is a window with a thing in it and a layer over it.
type stage struct {
	layer  *Layer
	thing  *canvas.Rectangle
	now    time.Time
	asked  int
	window fyne.Window
}

func newStage(t *testing.T) *stage {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Options{}))
	s := &stage{now: time.Unix(0, 0), thing: canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))}
	s.layer = NewLayer(Options{Wrap: byWords, Now: func() time.Time { return s.now }, Changed: func() { s.asked++ }})
	s.window = test.NewTempWindow(t, container.NewWithoutLayout(s.thing, s.layer))
	s.window.SetPadded(false)
	s.window.Resize(fyne.NewSize(400, 300))
	s.layer.Resize(fyne.NewSize(400, 300))
	s.thing.Resize(fyne.NewSize(40, 40))
	s.thing.Move(fyne.NewPos(20, 20))
	return s
}

func (s *stage) pass(d time.Duration) {
	s.now = s.now.Add(d)
	s.layer.Tick(s.now)
}

// box returns where the tip is drawn, and whether it is.
func (s *stage) box() (box, bool) {
	ground := test.WidgetRenderer(s.layer).Objects()[0]
	return box{ground.Position(), ground.Size()}, ground.Visible()
}

func TestTipComesAndGoes(t *testing.T) {
	s := newStage(t)
	Point(s.thing, "Pause")
	if s.layer.Due().IsZero() || s.asked != 1 {
		t.Fatalf("nobody knows when to look: %v, %d", s.layer.Due(), s.asked)
	}
	if s.pass(wait - time.Millisecond); s.layer.Text() != "" {
		t.Error("it is shown at once")
	}
	if s.pass(time.Millisecond); s.layer.Text() != "Pause" || !s.layer.Due().IsZero() {
		t.Errorf("it shows %q, due %v", s.layer.Text(), s.layer.Due())
	}
	if _, drawn := s.box(); !drawn {
		t.Error("it is not drawn")
	}
	Leave(canvas.NewRectangle(nil)) // something else is left
	if s.layer.Text() == "" {
		t.Error("it went with something else")
	}
	Leave(s.thing)
	if _, drawn := s.box(); drawn || s.layer.Text() != "" {
		t.Error("it stays")
	}
	Point(s.thing, "Pause")
	Leave(s.thing)
	if s.pass(time.Hour); s.layer.Text() != "" {
		t.Error("it comes after the pointer has gone")
	}
	Point(s.thing, "Pause")
	s.thing.Hide()
	if s.pass(time.Hour); s.layer.Text() != "" {
		t.Error("it explains what is not to be seen")
	}
	Point(s.thing, "")
	if !s.layer.Due().IsZero() {
		t.Error("there is nothing to say, and it waits")
	}
}

// Wherever the thing is, the tip is in the window and not over it.
func TestTipCoversNothing(t *testing.T) {
	s := newStage(t)
	window := fyne.NewSize(400, 300)
	for _, text := range []string{"Pause", strings.Repeat("Nguyễn Thị Minh Khai ", 12)} {
		for _, at := range []fyne.Position{{X: 0, Y: 0}, {X: 360, Y: 0}, {X: 0, Y: 260}, {X: 360, Y: 260}, {X: 180, Y: 120}} {
			s.thing.Move(at)
			Point(s.thing, text)
			s.pass(wait)
			b, drawn := s.box()
			if !drawn {
				t.Errorf("%.10s at %v: it is not drawn", text, at)
			}
			if b.at.X < 0 || b.at.Y < 0 || b.at.X+b.size.Width > window.Width || b.at.Y+b.size.Height > window.Height {
				t.Errorf("%.10s at %v: %v is outside", text, at, b)
			}
			if b.at.X < at.X+40 && at.X < b.at.X+b.size.Width && b.at.Y < at.Y+40 && at.Y < b.at.Y+b.size.Height {
				t.Errorf("%.10s at %v: %v lies over it", text, at, b)
			}
			Leave(s.thing)
		}
	}
	s.thing.Move(fyne.Position{})
	s.thing.Resize(window)
	Point(s.thing, "Pause")
	s.pass(wait)
	if _, drawn := s.box(); drawn {
		t.Error("it lies over what fills the window")
	}
}

// A widget on a window without a layer, or on none, says nothing.
func TestNoLayer(t *testing.T) {
	test.NewTempApp(t)
	o := canvas.NewRectangle(nil)
	Point(o, "x")
	test.NewTempWindow(t, container.NewStack(o))
	Point(o, "x")
	Leave(o)
}

// A lamp is lit under the pointer.
type lamp struct {
	*canvas.Rectangle
	lit bool
}

func (l *lamp) MouseOut() { l.lit = false; Dark(l) }

// What is lit goes out when the pointer is not heard of: sooner while another window is
// in use, later where it only rests.
func TestLightGoesOut(t *testing.T) {
	for focused, stays := range map[bool]time.Duration{true: restFor, false: lightFor} {
		s := newStage(t)
		l := &lamp{canvas.NewRectangle(theme.Color(theme.ColorNamePrimary)), true}
		s.window.Content().(*fyne.Container).Objects[0] = l
		s.window.SetContent(s.window.Content())
		Light(l)
		if s.asked != 1 || s.layer.DimAt(focused) != s.now.Add(stays) {
			t.Fatalf("nobody knows when to look: %v, %d", s.layer.DimAt(focused), s.asked)
		}
		s.now = s.now.Add(time.Second)
		Light(l) // the pointer moves on it
		if s.layer.Dim(s.now.Add(stays-1), focused); !l.lit {
			t.Error("it goes out though the pointer was there just now")
		}
		if s.layer.Dim(s.now.Add(stays), focused); l.lit || !s.layer.DimAt(focused).IsZero() {
			t.Errorf("it stays lit: %v", s.layer.DimAt(focused))
		}
		Light(l)
		if Dark(l); !s.layer.DimAt(focused).IsZero() {
			t.Error("the pointer has left it, and it is still looked after")
		}
	}
}
