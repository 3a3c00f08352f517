// Package banner is a tinted field that says one thing: what is well, what needs a
// look, what has gone wrong. What it says is told by an icon and words, and by its
// colour besides. It has one button at most, which is not listened to when it has just come
// up or moved, see package calm.
package banner

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
)

// A Tone is how loud a banner is.
type Tone int

// The tones.
const (
	Info Tone = iota
	OK
	Warn
	Bad
)

// A Value is what a [Banner] shows. Without a text it is hidden.
type Value struct {
	Tone   Tone
	Icon   fyne.Resource // nil for that of the tone
	Text   string
	Button string // empty for none
}

// A Banner wraps its text: see package flow.
type Banner struct {
	widget.BaseWidget
	value  Value
	text   *elide.Paragraph
	button *press.Button
	guard  calm.Guard
}

var _ flow.Tall = (*Banner)(nil)

// New returns a banner whose button calls pressed.
func New(v Value, pressed func()) *Banner {
	b := &Banner{text: elide.NewParagraph(elide.ParaValue{})}
	b.button = press.New(press.Value{Kind: press.Quiet}, func() { b.guard.Do(pressed) })
	b.ExtendBaseWidget(b)
	b.assign(v)
	return b
}

// Set changes what is shown, and reports whether that is something else: its
// height may be another then.
func (b *Banner) Set(v Value) bool {
	if v == b.value {
		return false
	}
	b.assign(v)
	b.Refresh()
	return true
}

func (b *Banner) assign(v Value) {
	b.value = v
	b.guard.Stand(v.Text + "\n" + v.Button)
	b.text.SetText(v.Text)
	b.button.Set(press.Value{Text: v.Button, Kind: press.Quiet})
	b.Hidden = v.Text == ""
	b.button.Hidden = v.Button == ""
}

// Guard implements calm.Guarded.
func (b *Banner) Guard() *calm.Guard { return &b.guard }

// Held implements focus.Holder.
func (b *Banner) Held() []fyne.CanvasObject { return []fyne.CanvasObject{b.button} }

// AccessibilityLabel implements fyne.Accessible.
func (b *Banner) AccessibilityLabel() string { return b.value.Text }

// AccessibilityRole implements fyne.Accessible.
func (b *Banner) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

const (
	pad  = 10
	gap  = look.Gap8
	less = 4 // what the button comes nearer to the text than a line of its own
)

func iconSide() float32 { return theme.Size(theme.SizeNameText) * 1.3 }

func (b *Banner) textWidth(width float32) float32 { return width - 2*pad - iconSide() - gap }

// HeightFor implements flow.Tall.
func (b *Banner) HeightFor(width float32) float32 {
	h := max(b.text.HeightFor(b.textWidth(width)), iconSide()) + 2*pad
	if b.value.Button != "" {
		h += b.button.MinSize().Height - less
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{banner: b, ground: look.NewGround("", "", theme.Size(theme.SizeNameButtonRadius)), icon: look.NewIcon(nil, "")}
	r.style()
	return r
}

type renderer struct {
	banner *Banner
	ground *look.Ground
	icon   *look.Picture
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.icon.Image, r.banner.text, r.banner.button}
}

func (r *renderer) MinSize() fyne.Size {
	width := max(r.banner.Size().Width, 160)
	return fyne.NewSize(160, r.banner.HeightFor(width))
}

func (r *renderer) Layout(size fyne.Size) {
	b := r.banner
	r.ground.Resize(size)
	side := iconSide()
	r.icon.Put(pad, pad+(look.Line(theme.SizeNameText)-side)/2, side)
	width := b.textWidth(size.Width)
	h := b.text.HeightFor(width)
	b.text.Move(fyne.NewPos(pad+side+gap, pad))
	b.text.Resize(fyne.NewSize(width, h))
	least := b.button.MinSize()
	b.button.Move(fyne.NewPos(pad+side, pad+max(h, side)))
	b.button.Resize(fyne.NewSize(min(least.Width, width+gap), least.Height))
}

func (r *renderer) style() {
	ground, colour, icon := look.Info, theme.ColorNamePrimary, theme.InfoIcon()
	switch r.banner.value.Tone {
	case OK:
		ground, colour, icon = look.TrustOK, theme.ColorNameSuccess, theme.ConfirmIcon()
	case Warn:
		ground, colour, icon = look.TrustWarn, theme.ColorNameWarning, theme.WarningIcon()
	case Bad:
		ground, colour, icon = look.TrustBad, theme.ColorNameError, theme.ErrorIcon()
	}
	if r.banner.value.Icon != nil {
		icon = r.banner.value.Icon
	}
	r.ground.Fill = ground
	r.ground.Restyle()
	r.icon.Show(icon, colour)
}

func (r *renderer) Refresh() {
	r.style()
	r.Layout(r.banner.Size())
	r.icon.Refresh()
	r.banner.text.Refresh()
	r.banner.button.Refresh()
	r.ground.Refresh()
}
