// Package tip says what a thing is that has no words, or no room for them: a line
// beside it, a moment after the pointer or the keyboard has come to it.
//
// A window has one [Layer], the last of the objects in its content. A widget tells
// of the pointer and the keyboard by [Point] and [Leave], wherever it is; where its
// window has no layer, nothing happens:
//
//	func (b *Button) MouseIn(*desktop.MouseEvent) { tip.Point(b, b.name) }
//	func (b *Button) MouseOut()                   { tip.Leave(b) }
//
// A tip is only drawn: it takes no click, no key and no focus, and never lies over
// what it explains. It goes with the pointer, the keyboard, a click, a key.
//
// It knows besides what is lit under the pointer, see [Light], and puts that out when the
// pointer is not heard of any more.
//
// The layer starts no clock. Whoever draws frames asks [Layer.Due] when it wants
// one, and calls [Layer.Tick] then; so with [Layer.DimAt] and [Layer.Dim].
package tip

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
)

// wait is how long the pointer or the keyboard rests before a tip is shown.
const wait = 700 * time.Millisecond

const (
	pad      = 8
	away     = 6   // from what it explains
	inside   = 4   // of the edge of the window
	widest   = 380 // of a line
	maxLines = 6
)

// Options are what [NewLayer] needs.
type Options struct {
	Wrap    func(s string, most int, fits func(string) bool) []string // required; divides a text into lines
	Now     func() time.Time                                          // nil for time.Now
	Changed func()                                                    // Due has changed; may be nil
}

// A Layer is where the tips of a window are drawn. Its methods are for the main
// goroutine.
type Layer struct {
	widget.BaseWidget
	o     Options
	of    fyne.CanvasObject // what is, or will be, explained
	text  string
	due   time.Time // of a tip that is not shown yet
	shown bool
	lit   Lit       // is under the pointer
	heard time.Time // of the pointer there
}

// NewLayer returns a layer that shows nothing.
func NewLayer(o Options) *Layer {
	if o.Now == nil {
		o.Now = time.Now
	}
	l := &Layer{o: o}
	l.ExtendBaseWidget(l)
	return l
}

// Point tells that the pointer or the keyboard has come to o, which text explains.
// Without a text it is Leave.
func Point(o fyne.CanvasObject, text string) {
	if l := layerOf(o); l != nil {
		l.point(o, text)
	}
}

// Leave tells that the pointer or the keyboard has left o, or that o was used.
func Leave(o fyne.CanvasObject) {
	if l := layerOf(o); l != nil && l.of == o {
		l.Clear()
	}
}

// layerOf returns the layer of the window that o is in; nil if it has none.
func layerOf(o fyne.CanvasObject) *Layer {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return nil
	}
	root, ok := c.Content().(*fyne.Container)
	if !ok || len(root.Objects) == 0 {
		return nil
	}
	l, _ := root.Objects[len(root.Objects)-1].(*Layer)
	return l
}

func (l *Layer) point(o fyne.CanvasObject, text string) {
	switch {
	case text == "":
		if l.of == o {
			l.Clear()
		}
		return
	case l.of == o && l.text == text:
		return
	}
	l.Clear()
	l.of, l.text, l.due = o, text, l.o.Now().Add(wait)
	l.changed()
}

// Clear takes away what is shown, or would be.
func (l *Layer) Clear() {
	was := l.shown
	waiting := !l.due.IsZero()
	l.of, l.text, l.due, l.shown = nil, "", time.Time{}, false
	if was {
		l.Refresh()
	}
	if waiting {
		l.changed()
	}
}

func (l *Layer) changed() {
	if l.o.Changed != nil {
		l.o.Changed()
	}
}

// Due returns when Tick is to be called; zero if nothing waits.
func (l *Layer) Due() time.Time { return l.due }

// Tick shows what is due.
func (l *Layer) Tick(now time.Time) {
	if l.due.IsZero() || now.Before(l.due) {
		return
	}
	l.due = time.Time{}
	if layerOf(l.of) != l || !l.of.Visible() { // it is on the window no more
		l.of, l.text = nil, ""
		return
	}
	l.shown = true
	l.Refresh()
}

// Text returns what is shown, "" if nothing is.
func (l *Layer) Text() string {
	if !l.shown {
		return ""
	}
	return l.text
}

// CreateRenderer implements fyne.Widget.
func (l *Layer) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{layer: l, ground: look.NewGround(theme.ColorNameMenuBackground, look.TargetBorder, 6)}
	r.ground.Thick = 1
	for i := range r.lines {
		r.lines[i] = look.NewText("", theme.ColorNameForeground, theme.SizeNameCaptionText, false)
	}
	r.arrange()
	return r
}

type renderer struct {
	layer  *Layer
	ground *look.Ground
	lines  [maxLines]*look.Text
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.ground.Rectangle}
	for _, t := range r.lines {
		objects = append(objects, t.Text)
	}
	return objects
}

func (r *renderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *renderer) Layout(fyne.Size) { r.arrange() }

func (r *renderer) Refresh() {
	r.arrange()
	r.ground.Refresh()
	for _, t := range r.lines {
		t.Refresh()
	}
}

// arrange places the tip, or hides it.
func (r *renderer) arrange() {
	l := r.layer
	var lines []string
	room := min(widest*look.Scale(), l.Size().Width-2*inside-2*pad)
	if l.shown && room > 0 {
		lines = l.o.Wrap(l.text, maxLines, func(s string) bool { return r.lines[0].Measure(s).Width <= room })
	}
	width, line := float32(0), look.Line(theme.SizeNameCaptionText)
	for i, t := range r.lines {
		t.Hidden = i >= len(lines)
		if !t.Hidden {
			t.Text.Text = lines[i]
			t.Restyle()
			width = max(width, t.Measure(lines[i]).Width)
		}
	}
	size := fyne.NewSize(width+2*pad, float32(len(lines))*line+2*pad-4)
	at, ok := fyne.Position{}, false
	if len(lines) > 0 {
		at, ok = beside(l.place(), l.Size(), size)
	}
	r.ground.Hidden = !ok
	r.ground.Restyle()
	r.ground.Move(at)
	r.ground.Resize(size)
	for i, t := range r.lines {
		t.Hidden = t.Hidden || !ok
		t.Put(at.X+pad, at.Y+pad-2+float32(i)*line, size.Width-2*pad, line)
	}
}

// A box is where something is on the layer.
type box struct {
	at   fyne.Position
	size fyne.Size
}

// place returns where that is which is explained.
func (l *Layer) place() box {
	d := fyne.CurrentApp().Driver()
	return box{d.AbsolutePositionForObject(l.of).Subtract(d.AbsolutePositionForObject(l)), l.of.Size()}
}

// beside returns where a tip of that size goes in a window: below what it explains,
// above it, or at one of its sides, and never over it. It reports whether there is
// such a place.
func beside(of box, window, size fyne.Size) (fyne.Position, bool) {
	x := min(max(of.at.X+(of.size.Width-size.Width)/2, inside), window.Width-inside-size.Width)
	y := min(max(of.at.Y+(of.size.Height-size.Height)/2, inside), window.Height-inside-size.Height)
	below, above := of.at.Y+of.size.Height+away, of.at.Y-away-size.Height
	right, left := of.at.X+of.size.Width+away, of.at.X-away-size.Width
	switch {
	case x >= inside && below >= inside && below+size.Height <= window.Height-inside:
		return fyne.NewPos(x, below), true
	case x >= inside && above >= inside && above+size.Height <= window.Height-inside:
		return fyne.NewPos(x, above), true
	case y >= inside && right >= inside && right+size.Width <= window.Width-inside:
		return fyne.NewPos(right, y), true
	case y >= inside && left >= inside && left+size.Width <= window.Width-inside:
		return fyne.NewPos(left, y), true
	}
	return fyne.Position{}, false
}
