// Package press is the button.
//
// Fyne's own gives the focus away when it is pressed with the keyboard, does not
// know Enter, and hardly shows that it has the focus. This one keeps it, and draws
// a ring around itself. It comes in three weights: the one thing a region is for
// is Primary, others are Normal, and what is said beside something is Quiet. With
// an icon and no text it is square and needs a name: a tip for those who wonder, and
// words for those who cannot see it.
package press

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/elide"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/tip"
)

// A Kind is the weight of a button.
type Kind int

// The weights.
const (
	Normal Kind = iota
	Primary
	Quiet
)

// A Value is what a [Button] shows.
type Value struct {
	Text     string
	Name     string // what it is called where Text does not say it; required without Text
	Icon     fyne.Resource
	Kind     Kind
	Numbers  bool // Text is parts between dots; where there is no room, they fall away from the left
	Disabled bool
	Busy     bool // it is at it: three dots, and presses are ignored
}

// A Button is pressed by a click, Space or Enter. Its methods are for the main
// goroutine.
type Button struct {
	widget.BaseWidget

	// OnTapped is called for every press. It may be changed at any time.
	OnTapped func()

	value                   Value
	hovered, pressed, focus bool
	cut                     bool // not all of the text is seen
}

var (
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Disableable  = (*Button)(nil)
	_ fyne.Accessible   = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
)

// New returns a button that calls tapped.
func New(v Value, tapped func()) *Button {
	b := &Button{value: v, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes what is shown.
func (b *Button) Set(v Value) {
	if v != b.value {
		b.value = v
		b.Refresh()
	}
}

// Value returns what is shown.
func (b *Button) Value() Value { return b.value }

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	tip.Leave(b)
	if b.OnTapped != nil && !b.value.Disabled && !b.value.Busy {
		b.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	tip.Leave(b)
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		focus.HandOn(b, key)
	}
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.focus = true
	b.Refresh()
	focus.Gained(b)
	tip.Point(b, b.tip())
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focus = false; b.Refresh(); tip.Leave(b) }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	tip.Point(b, b.tip())
	tip.Light(b)
}

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {
	if !b.hovered {
		b.MouseIn(nil)
	}
	tip.Light(b)
}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.hovered, b.pressed = false, false
	b.Refresh()
	tip.Leave(b)
	tip.Dark(b)
}

// tip returns what is said beside the button: its name where it has no text, or the
// text where there is no room for it.
func (b *Button) tip() string {
	switch {
	case b.value.Text == "":
		return b.value.Name
	case b.cut:
		return b.value.Text
	}
	return ""
}

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.pressed = true; b.Refresh() }

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.Refresh() }

// Enable implements fyne.Disableable.
func (b *Button) Enable() { v := b.value; v.Disabled = false; b.Set(v) }

// Disable implements fyne.Disableable.
func (b *Button) Disable() { v := b.value; v.Disabled = true; b.Set(v) }

// Disabled implements fyne.Disableable.
func (b *Button) Disabled() bool { return b.value.Disabled }

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string {
	if b.value.Name != "" {
		return b.value.Name
	}
	return b.value.Text
}

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{
		button: b,
		ground: look.NewGround("", "", focus.Radius()), over: look.NewGround("", "", focus.Radius()), ring: focus.NewRing(focus.Radius()),
		text: look.NewText("", theme.ColorNameForeground, theme.SizeNameText, false), icon: look.NewIcon(nil, ""),
	}
	r.style()
	return r
}

const (
	pad       = 14 // at the sides of a text
	quietPad  = 8
	iconGap   = 8
	iconOfOne = 1.35 // an icon's size, of the text's
	restDown  = 15   // what a button is higher than its text
	busy      = "•  •  •"
)

type renderer struct {
	button             *Button
	ground, over, ring *look.Ground
	text               *look.Text
	icon               *look.Picture
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.over.Rectangle, r.ring.Rectangle, r.icon.Image, r.text.Text}
}

func (r *renderer) height() float32 { return look.Line(theme.SizeNameText) + restDown }

func (r *renderer) pad() float32 {
	if r.button.value.Kind == Quiet {
		return quietPad
	}
	return pad
}

func (r *renderer) iconRoom() float32 {
	switch v := r.button.value; {
	case v.Icon == nil:
		return 0
	case v.Text == "":
		return r.iconSide()
	}
	return r.iconSide() + iconGap
}

func (r *renderer) iconSide() float32 { return theme.Size(theme.SizeNameText) * iconOfOne }

func (r *renderer) MinSize() fyne.Size {
	h := r.height()
	if r.button.value.Text == "" {
		return fyne.NewSquareSize(h)
	}
	return fyne.NewSize(max(2*r.pad()+r.iconRoom()+r.text.Measure(r.button.value.Text).Width, h), h)
}

func (r *renderer) Layout(size fyne.Size) {
	v := r.button.value
	r.ground.Resize(size)
	r.over.Resize(size)
	r.layoutRing(size)
	room := size.Width - 2*min(r.pad(), size.Width/8) - r.iconRoom()
	mode := elide.Middle
	if v.Numbers {
		mode = elide.Parts
	}
	shown := elide.Fit(v.Text, mode, func(s string) bool { return s == "" || r.text.Measure(s).Width <= room+0.5 }) // half a unit is rounding
	r.button.cut = shown != v.Text
	if v.Busy && v.Text != "" {
		shown = busy
	}
	r.text.Text.Text = shown
	text := r.text.Measure(shown)
	if shown == "" {
		text = fyne.Size{}
	}
	x := (size.Width - text.Width - r.iconRoom()) / 2
	if v.Icon != nil {
		side := r.iconSide()
		r.icon.Put(x, (size.Height-side)/2, side)
	}
	r.text.Move(fyne.NewPos(x+r.iconRoom(), (size.Height-text.Height)/2))
	r.text.Resize(text)
}

// layoutRing places the ring of the focus. That of a quiet button, which has no ground
// to stand around, is its edge: such a button stands close to other words.
func (r *renderer) layoutRing(size fyne.Size) {
	if r.button.value.Kind == Quiet {
		r.ring.CornerRadius = focus.Radius()
		r.ring.Move(fyne.Position{})
		r.ring.Resize(size)
		return
	}
	focus.Around(r.ring, size)
}

// style takes the colours for the state the button is in.
func (r *renderer) style() {
	b, v := r.button, r.button.value
	ground, text := theme.ColorNameButton, theme.ColorNameForeground
	switch {
	case v.Disabled && v.Kind != Quiet:
		ground, text = theme.ColorNameDisabledButton, theme.ColorNameDisabled
	case v.Disabled:
		ground, text = "", theme.ColorNameDisabled
	case v.Kind == Primary:
		ground, text = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
	case v.Kind == Quiet:
		ground, text = "", theme.ColorNamePrimary
		if v.Text == "" {
			text = theme.ColorNameForeground
		}
	}
	r.ground.Fill, r.over.Fill, r.text.Name = ground, "", text
	switch {
	case v.Disabled || v.Busy:
	case b.pressed:
		r.over.Fill = theme.ColorNamePressed
	case b.hovered:
		r.over.Fill = theme.ColorNameHover
	}
	r.text.TextStyle.Bold = v.Kind == Primary
	r.ground.Restyle()
	r.over.Restyle()
	r.text.Restyle()
	r.icon.Show(v.Icon, text)
	focus.Show(r.ring, b.focus)
}

func (r *renderer) Refresh() {
	r.style()
	r.Layout(r.button.Size())
	r.icon.Refresh()
	r.text.Refresh() // repaints them all
}
