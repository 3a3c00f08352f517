// Package focus is what every stop of the keyboard does: it draws a ring, comes
// into sight, and hands on the keys it does not want.
//
// Fyne gives a key to the widget that has the focus and to nobody else. Our
// widgets hand on what they do not use to the function that
// [fyne.Canvas.SetOnTypedKey] was given, so that a screen hears of Esc wherever
// the focus is.
package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
)

const (
	ringThick = 2
	ringOut   = 3 // from the edge of the widget
)

// A Holder is a widget that has other focusable or scrolled things in it, and
// says which: Fyne does not tell.
type Holder interface {
	Held() []fyne.CanvasObject
}

// A Cover is a holder of which a part stands over the lower end of the scroll that
// it lies in, whatever is scrolled: what else it holds is in sight only above that.
type Cover interface {
	Holder
	Covering() fyne.CanvasObject
}

// NewRing returns a ring for a widget whose corners have that radius.
func NewRing(radius float32) *look.Ground {
	r := look.NewGround("", "", radius+ringOut)
	r.Thick = ringThick
	return r
}

// Around places the ring around a widget of that size.
func Around(ring *look.Ground, size fyne.Size) {
	ring.Move(fyne.NewPos(-ringOut, -ringOut))
	ring.Resize(size.AddWidthHeight(2*ringOut, 2*ringOut))
}

// Show draws the ring, or draws nothing.
func Show(ring *look.Ground, on bool) {
	ring.Edge = ""
	if on {
		ring.Edge = look.FocusRing
	}
	ring.Restyle()
	ring.Hidden = !on
}

// Radius is that of the ring of a button or a field.
func Radius() float32 { return theme.Size(theme.SizeNameButtonRadius) }

// HandOn gives a key that o has no use for to the canvas o is on.
func HandOn(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil {
		if typed := c.OnTypedKey(); typed != nil {
			typed(key)
		}
	}
}

// HandOnShortcut gives a shortcut that o has no use for to the canvas o is on: Fyne
// gives it to the widget that has the focus alone, if that wants any.
func HandOnShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := canvasOf(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// Request gives o the focus, if it is on a canvas.
func Request(o interface {
	fyne.CanvasObject
	fyne.Focusable
},
) {
	if c := canvasOf(o); c != nil && c.Focused() != fyne.Focusable(o) {
		c.Focus(o)
	}
}

// Inside reports whether what has the focus on the canvas of o is o or in it.
func Inside(o fyne.CanvasObject) bool {
	c := canvasOf(o)
	if c == nil || c.Focused() == nil {
		return false
	}
	focused, ok := c.Focused().(fyne.CanvasObject)
	return ok && contains(o, focused)
}

// visited is the stop that the keyboard came to last. The toolkit forgets it as soon as the
// menus are clicked.
var visited fyne.CanvasObject

// Gained is what a stop calls when the keyboard comes to it: it is brought into sight, and
// remembered.
func Gained(o fyne.CanvasObject) {
	Remember(o)
	Reveal(o)
}

// Remember is for stops that bring themselves into sight.
func Remember(o fyne.CanvasObject) { visited = o }

// Last reports whether the keyboard is on o or something in it, or was before it went to
// the menus or to nothing.
func Last(o fyne.CanvasObject) bool { return visited != nil && contains(o, visited) }

// Forget has o, and what is in it, count as never visited: it stands for something else now.
func Forget(o fyne.CanvasObject) {
	if Last(o) && !Inside(o) {
		visited = nil
	}
}

// Reveal scrolls whatever o lies in so that o is seen: Fyne leaves a focused
// widget out of sight.
func Reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	var chain []*container.Scroll
	if top := c.Overlays().Top(); top != nil {
		chain, _ = scrollsTo(top, o, nil)
	}
	if chain == nil {
		chain, _ = scrollsTo(c.Content(), o, nil)
	}
	for i := len(chain) - 1; i >= 0; i-- { // the innermost first
		into(chain[i], o, coveredIn(chain[i], o))
	}
}

// coveredIn returns how much of the lower end of a scroll is covered where o is.
func coveredIn(s *container.Scroll, o fyne.CanvasObject) float32 {
	var find func(root fyne.CanvasObject) float32
	find = func(root fyne.CanvasObject) float32 {
		if c, ok := root.(Cover); ok && root.Visible() && contains(root, o) {
			if over := c.Covering(); !contains(over, o) {
				return over.Size().Height
			}
			return 0
		}
		for _, child := range Held(root) {
			if high := find(child); high > 0 {
				return high
			}
		}
		return 0
	}
	return find(s.Content)
}

// into scrolls s by as little as shows o with its ring, and with a line of what
// belongs to it where there is room, above what is covered.
func into(s *container.Scroll, o fyne.CanvasObject, covered float32) {
	d := fyne.CurrentApp().Driver()
	room := s.Size().Height
	if covered > 0 {
		room -= covered + 8*ringOut
	}
	around := max(2*ringOut, min(2*look.Line(theme.SizeNameCaptionText), (room-o.Size().Height)/4))
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s).Y - around
	bottom := top + o.Size().Height + 2*around
	by := float32(0)
	switch {
	case top < 0 || bottom-top > room:
		by = top
	case bottom > room:
		by = bottom - room
	}
	scrollTo(s, s.Offset.Y+by)
}

// scrollsTo returns the scrolls around o below root, outermost first, and
// whether o was found.
func scrollsTo(root, o fyne.CanvasObject, above []*container.Scroll) ([]*container.Scroll, bool) {
	if root == o {
		return above, true
	}
	if root == nil || !root.Visible() {
		return nil, false
	}
	if s, ok := root.(*container.Scroll); ok {
		above = append(above[:len(above):len(above)], s)
	}
	for _, child := range Held(root) {
		if chain, found := scrollsTo(child, o, above); found {
			return chain, true
		}
	}
	return nil, false
}

func contains(root, o fyne.CanvasObject) bool {
	_, found := scrollsTo(root, o, nil)
	return found
}

// Held returns what an object has in it that can have the focus, or be scrolled, or
// has such things in it.
func Held(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case Holder:
		return o.Held()
	case *container.ThemeOverride:
		return []fyne.CanvasObject{o.Content}
	}
	return nil
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}
