// Package field is Fyne's own check box, entry, choice and slider, as good with
// the keyboard as the rest of the window: with a ring around what has the focus,
// brought into sight when it gets it, and with a label for who cannot see it. Keys
// they have no use for, Esc above all, go on to the canvas, and the wheel goes on to the
// page.
package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/focus"
	"potluck/ui/look"
)

// A Check is a check box.
type Check struct {
	widget.Check
	Label string // for assistive technology; empty for the text
	ring  *look.Ground
}

// NewCheck returns a check box that tells of every change.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{ring: newRing()}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// Set changes the state without telling of it.
func (c *Check) Set(on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() { c.Check.FocusGained(); gained(c, c.ring) }

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() { c.Check.FocusLost(); lost(c.ring) }

// TypedRune implements fyne.Focusable. Fyne's would change the state at a space,
// and TypedKey does.
func (c *Check) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if !c.Disabled() {
			c.SetChecked(!c.Checked)
		}
	default:
		focus.HandOn(c, key)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (c *Check) AccessibilityLabel() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Text
}

// AccessibilityRole implements fyne.Accessible.
func (c *Check) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	return &ringed{c.Check.CreateRenderer(), c.ring}
}

// An Entry is to type in: one line, unless it is made to take more.
type Entry struct {
	widget.Entry
	Label string // for assistive technology
	ring  *look.Ground
}

// NewEntry returns an empty one.
func NewEntry() *Entry {
	e := &Entry{ring: newRing()}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() { e.Entry.FocusGained(); gained(e, e.ring) }

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() { e.Entry.FocusLost(); lost(e.ring) }

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	switch page := key.Name == fyne.KeyPageUp || key.Name == fyne.KeyPageDown; {
	case key.Name == fyne.KeyEscape, page && !e.MultiLine:
		focus.HandOn(e, key)
		return
	}
	e.Entry.TypedKey(key)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	e.Entry.TypedShortcut(s)
	if _, own := s.(*desktop.CustomShortcut); own { // those of editing are of other types
		focus.HandOnShortcut(e, s)
	}
}

// AcceptsTab implements fyne.Tabbable: Tab leads on, also out of a long text.
func (e *Entry) AcceptsTab() bool { return false }

// AccessibilityLabel implements fyne.Accessible.
func (e *Entry) AccessibilityLabel() string { return e.Label }

// AccessibilityRole implements fyne.Accessible.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	drawn := e.Entry.CreateRenderer()
	return &wheeled{ringed{drawn, e.ring}, newWheel(e, drawn)}
}

// A Select is a choice of one.
type Select struct {
	widget.Select
	Label string // for assistive technology; what is chosen is said after it
	ring  *look.Ground
}

// NewSelect returns a choice of the options that tells of every change.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{ring: newRing()}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// Set chooses without telling of it.
func (s *Select) Set(option string) {
	if s.Selected != option {
		s.Selected = option
		s.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() { s.Select.FocusGained(); gained(s, s.ring) }

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() { s.Select.FocusLost(); lost(s.ring) }

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case fyne.KeySpace, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		s.Select.TypedKey(key)
	default:
		focus.HandOn(s, key)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Select) AccessibilityLabel() string { return s.Label + ": " + s.Selected }

// AccessibilityRole implements fyne.Accessible.
func (s *Select) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	return &edged{
		ringed{s.Select.CreateRenderer(), s.ring}, look.NewGround("", theme.ColorNameInputBorder, theme.Size(theme.SizeNameInputRadius)),
	}
}

// A Slider is a number between two others.
type Slider struct {
	widget.Slider
	Label string // for assistive technology
	ring  *look.Ground
}

// NewSlider returns a slider between the two.
func NewSlider(least, most float64) *Slider {
	s := &Slider{ring: newRing()}
	s.Min, s.Max, s.Step, s.Orientation = least, most, 1, widget.Horizontal
	s.ExtendBaseWidget(s)
	return s
}

// DragEnd implements fyne.Draggable. What was dragged has the keyboard from then on, as
// what was clicked has, and so is brought into sight when all around it changes its size.
func (s *Slider) DragEnd() {
	focus.Request(s)
	s.Slider.DragEnd()
}

// FocusGained implements fyne.Focusable.
func (s *Slider) FocusGained() { s.Slider.FocusGained(); gained(s, s.ring) }

// FocusLost implements fyne.Focusable.
func (s *Slider) FocusLost() { s.Slider.FocusLost(); lost(s.ring) }

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown:
		s.Slider.TypedKey(key)
	case fyne.KeyHome:
		s.SetValue(s.Min)
	case fyne.KeyEnd:
		s.SetValue(s.Max)
	default:
		focus.HandOn(s, key)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Slider) AccessibilityLabel() string { return s.Label }

// AccessibilityRole implements fyne.Accessible.
func (s *Slider) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &tracked{ringed{s.Slider.CreateRenderer(), s.ring}}
	r.paint()
	return r
}

func newRing() *look.Ground {
	r := focus.NewRing(theme.Size(theme.SizeNameInputRadius))
	r.Hidden = true
	return r
}

func gained(o fyne.CanvasObject, ring *look.Ground) {
	focus.Show(ring, true)
	ring.Refresh()
	focus.Gained(o)
}

func lost(ring *look.Ground) {
	focus.Show(ring, false)
	ring.Refresh()
}

// ringed is what Fyne draws, with a ring around it.
type ringed struct {
	fyne.WidgetRenderer
	ring *look.Ground
}

// edged is what Fyne draws, with the edge of an entry around it: a choice stands on
// a page of nearly its own colour.
type edged struct {
	ringed
	edge *look.Ground
}

func (r *edged) Layout(size fyne.Size) {
	r.ringed.Layout(size)
	r.edge.Resize(size)
}

func (r *edged) Objects() []fyne.CanvasObject { return append(r.ringed.Objects(), r.edge.Rectangle) }

func (r *edged) Refresh() {
	r.edge.Restyle()
	r.ringed.Refresh()
}

// tracked is what Fyne draws of a slider, with a track that can be seen.
type tracked struct{ ringed }

func (r *tracked) Refresh() {
	r.ringed.Refresh()
	r.paint()
}

// paint gives the track, the first rectangle, and what of it is passed, the second,
// their colours.
func (r *tracked) paint() {
	colors := []fyne.ThemeColorName{look.Track, theme.ColorNamePrimary}
	for _, o := range r.WidgetRenderer.Objects() {
		if rect, ok := o.(*canvas.Rectangle); ok && len(colors) > 0 {
			rect.FillColor = look.Color(colors[0])
			colors = colors[1:]
		}
	}
}

func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	focus.Around(r.ring, size)
}

func (r *ringed) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.ring.Rectangle)
}

func (r *ringed) Refresh() {
	r.ring.Restyle()
	r.WidgetRenderer.Refresh()
}
