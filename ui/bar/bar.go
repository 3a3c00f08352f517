// Package bar is a bar of progress: two rectangles, which cost less to draw than
// Fyne's own.
package bar

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
)

const (
	normalHeight = 6
	leastWidth   = 40
)

// A Value is what a [Bar] shows.
type Value struct {
	Part   float32             // 0 to 1
	Color  fyne.ThemeColorName // empty for that of progress
	Height float32             // 0 for the normal one
	Label  string              // "43 percent"
}

// A Bar fills from the left.
type Bar struct {
	widget.BaseWidget
	value Value
}

// New returns a bar.
func New(v Value) *Bar {
	b := &Bar{value: v}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes what is shown.
func (b *Bar) Set(v Value) {
	if v != b.value {
		b.value = v
		b.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *Bar) AccessibilityLabel() string { return b.value.Label }

// AccessibilityRole implements fyne.Accessible.
func (b *Bar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{bar: b, track: look.NewGround(look.Track, "", 0), done: look.NewGround("", "", 0)}
	r.style()
	return r
}

type renderer struct {
	bar         *Bar
	track, done *look.Ground
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track.Rectangle, r.done.Rectangle}
}

func (r *renderer) height() float32 {
	if r.bar.value.Height > 0 {
		return r.bar.value.Height
	}
	return normalHeight
}

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(leastWidth, r.height()) }

func (r *renderer) Layout(size fyne.Size) {
	h := r.height()
	y := (size.Height - h) / 2
	part := min(max(r.bar.value.Part, 0), 1)
	r.track.Move(fyne.NewPos(0, y))
	r.track.Resize(fyne.NewSize(size.Width, h))
	r.done.Move(fyne.NewPos(0, y))
	r.done.Resize(fyne.NewSize(max(size.Width*part, min(h, size.Width)), h)) // never narrower than round
	r.done.Hidden = part == 0
}

func (r *renderer) style() {
	r.done.Fill = r.bar.value.Color
	if r.done.Fill == "" {
		r.done.Fill = theme.ColorNamePrimary
	}
	r.track.CornerRadius, r.done.CornerRadius = r.height()/2, r.height()/2
	r.track.Restyle()
	r.done.Restyle()
}

func (r *renderer) Refresh() {
	r.style()
	r.Layout(r.bar.Size())
	r.done.Refresh()
}
