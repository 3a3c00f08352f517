package request

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/banner"
	"potluck/ui/elide"
	"potluck/ui/look"
)

// A rest is what is out of sight below the buttons, in one line.
type rest struct {
	text  string
	tone  banner.Tone
	warns bool
}

// below is the line above the buttons that says what is still to be read, and
// scrolls there. The keyboard has no need of it: it brings into sight what it comes
// to.
type below struct {
	widget.BaseWidget
	value  rest
	tapped func()
}

func newBelow(tapped func()) *below {
	b := &below{tapped: tapped}
	b.ExtendBaseWidget(b)
	b.Hidden = true
	return b
}

func (b *below) set(v rest) {
	if v != b.value {
		b.value = v
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *below) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor implements desktop.Cursorable.
func (b *below) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (b *below) AccessibilityLabel() string { return b.value.text }

// AccessibilityRole implements fyne.Accessible.
func (b *below) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *below) CreateRenderer() fyne.WidgetRenderer {
	r := &belowRenderer{
		below: b, ground: look.NewGround("", "", theme.Size(theme.SizeNameButtonRadius)), icon: look.NewIcon(nil, ""),
		arrow: look.NewIcon(theme.MoveDownIcon(), theme.ColorNamePrimary), text: elide.New(elide.Value{}),
	}
	r.style()
	return r
}

type belowRenderer struct {
	below       *below
	ground      *look.Ground
	icon, arrow *look.Picture
	text        *elide.Text
}

const belowPad = 5

func (r *belowRenderer) Destroy() {}

func (r *belowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.icon.Image, r.text, r.arrow.Image}
}

func (r *belowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80, look.Line(theme.SizeNameCaptionText)+2*belowPad)
}

func (r *belowRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	side := theme.Size(theme.SizeNameCaptionText) * 1.35
	left, y := float32(belowPad), (size.Height-side)/2
	if !r.icon.Hidden {
		r.icon.Put(left+2, y, side)
		left += side + look.Gap8
	}
	r.arrow.Put(size.Width-belowPad-side, y, side)
	r.text.Move(fyne.NewPos(left, belowPad))
	r.text.Resize(fyne.NewSize(max(size.Width-left-side-look.Gap12, 0), size.Height-2*belowPad))
}

func (r *belowRenderer) style() {
	v := r.below.value
	r.ground.Fill = theme.ColorNameButton
	var icon fyne.Resource
	color := theme.ColorNameForeground
	if v.warns {
		switch v.tone {
		case banner.Bad:
			r.ground.Fill, icon, color = look.TrustBad, theme.ErrorIcon(), theme.ColorNameError
		case banner.Warn:
			r.ground.Fill, icon, color = look.TrustWarn, theme.WarningIcon(), theme.ColorNameWarning
		}
	}
	r.ground.Restyle()
	r.icon.Show(icon, color)
	r.text.Set(elide.Value{Text: v.text, Size: theme.SizeNameCaptionText, Color: theme.ColorNameForeground, Mode: elide.End})
}

func (r *belowRenderer) Refresh() {
	r.style()
	r.Layout(r.below.Size())
	r.ground.Refresh()
	r.icon.Refresh()
	r.arrow.Refresh()
	r.text.Refresh()
}

// A screen stands between the buttons and what scrolls away below them: nothing of
// that is seen there, and nothing can be clicked.
type screen struct {
	widget.BaseWidget
}

var _ desktop.Hoverable = (*screen)(nil)

func newScreen() *screen {
	s := &screen{}
	s.ExtendBaseWidget(s)
	s.Hidden = true
	return s
}

// Tapped implements fyne.Tappable.
func (s *screen) Tapped(*fyne.PointEvent) {}

// MouseIn implements desktop.Hoverable.
func (s *screen) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (s *screen) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *screen) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (s *screen) CreateRenderer() fyne.WidgetRenderer {
	return &screenRenderer{look.NewGround(look.Card, "", 0), look.NewGround(look.CardBorder, "", 0)}
}

type screenRenderer struct{ ground, edge *look.Ground }

func (r *screenRenderer) Destroy() {}

func (r *screenRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.edge.Rectangle}
}

func (r *screenRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *screenRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.edge.Resize(fyne.NewSize(size.Width, 1))
}

func (r *screenRenderer) Refresh() {
	r.ground.Restyle()
	r.edge.Restyle()
	r.ground.Refresh()
}
