// Package hold is the bar that shows, for the moment after a drop, to whom
// something is about to be offered, and takes it back.
package hold

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/bar"
	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/look"
	"potluck/ui/press"
)

// A Value is what a [Bar] shows.
type Value struct {
	Picture fyne.Resource
	Text    string  // "Offering to Bình"
	Note    string  // what
	Undo    string  // the button
	Part    float32 // of the time, what is left: 1 to 0
}

// A Bar is shown while there is time.
type Bar struct {
	widget.BaseWidget
	value Value
	text  *elide.Paragraph
	note  *elide.Text
	left  *bar.Bar
	undo  *press.Button
	guard calm.Guard
}

// New returns a bar whose button calls undo.
func New(undo func()) *Bar {
	b := &Bar{
		text: elide.NewParagraph(elide.ParaValue{Bold: true, MaxLines: 2}),
		note: elide.New(elide.Value{Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText, Mode: elide.Named}),
		left: bar.New(bar.Value{}),
	}
	b.undo = press.New(press.Value{}, func() { b.guard.Do(undo) })
	b.ExtendBaseWidget(b)
	return b
}

// Set changes what is shown.
func (b *Bar) Set(v Value) {
	if v == b.value {
		return
	}
	before := b.value
	b.value = v
	b.guard.Stand(v.Text)
	b.text.SetText(v.Text)
	b.note.SetText(v.Note)
	b.undo.Set(press.Value{Text: v.Undo})
	b.left.Set(bar.Value{Part: v.Part, Height: 4})
	if v.Part = before.Part; v != before {
		b.Refresh()
	}
}

// Undo returns the button, for whoever wants to give it the focus.
func (b *Bar) Undo() *press.Button { return b.undo }

// Guard implements calm.Guarded.
func (b *Bar) Guard() *calm.Guard { return &b.guard }

// Held implements focus.Holder.
func (b *Bar) Held() []fyne.CanvasObject { return []fyne.CanvasObject{b.undo} }

// AccessibilityLabel implements fyne.Accessible.
func (b *Bar) AccessibilityLabel() string { return b.value.Text + ", " + b.value.Note }

// AccessibilityRole implements fyne.Accessible.
func (b *Bar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{
		owner: b, ground: look.NewGround(look.Card, theme.ColorNamePrimary, theme.Size(theme.SizeNameCardRadius)), picture: look.NewPicture(b.value.Picture),
	}
	return r
}

type renderer struct {
	owner   *Bar
	ground  *look.Ground
	picture *look.Picture
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	b := r.owner
	return []fyne.CanvasObject{r.ground.Rectangle, r.picture.Image, b.text, b.note, b.undo, b.left}
}

const (
	pad     = look.Gap12
	leftLow = 4 // height of what shows the time
)

// HeightFor implements flow.Tall.
func (b *Bar) HeightFor(width float32) float32 { return 3*look.Gap8 + leftLow + b.high(width) }

// high is the height of the words, or of the picture.
func (b *Bar) high(width float32) float32 {
	return max(b.side(), b.text.HeightFor(b.room(width))+look.Line(theme.SizeNameCaptionText))
}

// room is the width of the words.
func (b *Bar) room(width float32) float32 {
	return width - 2*pad - b.side() - 2*look.Gap8 - b.undo.MinSize().Width
}

// side is that of the picture.
func (b *Bar) side() float32 {
	return max(look.Line(theme.SizeNameText)+look.Line(theme.SizeNameCaptionText), b.undo.MinSize().Height)
}

func (r *renderer) MinSize() fyne.Size {
	b := r.owner
	width := 2*pad + b.side() + 2*look.Gap8 + 100 + b.undo.MinSize().Width
	return fyne.NewSize(width, b.HeightFor(max(width, b.Size().Width)))
}

func (r *renderer) Layout(size fyne.Size) {
	b := r.owner
	side, high := b.side(), b.high(size.Width)
	r.ground.Resize(size)
	r.picture.Put(pad, look.Gap8+(high-side)/2, side)
	button := b.undo.MinSize()
	b.undo.Move(fyne.NewPos(size.Width-pad-button.Width, look.Gap8+(high-button.Height)/2))
	b.undo.Resize(button)
	x, width := pad+side+look.Gap8, b.room(size.Width)
	text, note := b.text.HeightFor(width), look.Line(theme.SizeNameCaptionText)
	y := look.Gap8 + (high-text-note)/2
	b.text.Move(fyne.NewPos(x, y))
	b.text.Resize(fyne.NewSize(width, text))
	b.note.Move(fyne.NewPos(x, y+text))
	b.note.Resize(fyne.NewSize(width, note))
	b.left.Move(fyne.NewPos(pad, size.Height-look.Gap8-leftLow))
	b.left.Resize(fyne.NewSize(size.Width-2*pad, leftLow))
}

func (r *renderer) Refresh() {
	r.ground.Restyle()
	r.picture.Show(r.owner.value.Picture, "")
	r.Layout(r.owner.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
