package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// A Text is one line of text that knows the names of its colour and size, so that
// it can follow the theme.
type Text struct {
	*canvas.Text
	Name fyne.ThemeColorName
	Size fyne.ThemeSizeName
}

// NewText returns a line of text.
func NewText(s string, name fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) *Text {
	t := &Text{Text: canvas.NewText(s, nil), Name: name, Size: size}
	t.TextStyle.Bold = bold
	t.Restyle()
	return t
}

// Restyle takes colour and size from the theme that is set now. It does not ask
// for a repaint: that is for the widget the text is part of.
func (t *Text) Restyle() {
	t.Color, t.TextSize = Color(t.Name), theme.Size(t.Size)
}

// Measure returns how much room s needs in this style.
func (t *Text) Measure(s string) fyne.Size {
	return fyne.MeasureText(s, t.TextSize, t.TextStyle)
}

// Put places the text with its upper left corner at x, y.
func (t *Text) Put(x, y, width, height float32) {
	t.Move(fyne.NewPos(x, y))
	t.Resize(fyne.NewSize(max(width, 0), height))
}

// A Picture is an icon in one colour, or a picture in its own.
type Picture struct {
	*canvas.Image
	Name fyne.ThemeColorName // empty for a picture in its own colours

	from    fyne.Resource
	colored fyne.ThemeColorName
	drawn   drawn
}

// What a picture was drawn from.
type drawn struct {
	from  fyne.Resource
	color color.Color
	size  fyne.Size
	faint float64
}

// NewIcon returns an icon in the colour of that name. A nil resource draws
// nothing.
func NewIcon(r fyne.Resource, name fyne.ThemeColorName) *Picture {
	p := &Picture{Image: &canvas.Image{FillMode: canvas.ImageFillContain}}
	p.Show(r, name)
	return p
}

// NewPicture returns a picture in its own colours.
func NewPicture(r fyne.Resource) *Picture { return NewIcon(r, "") }

// Show changes the picture and its colour, and hides it when there is none.
func (p *Picture) Show(r fyne.Resource, name fyne.ThemeColorName) {
	if p.from == r && p.colored == name {
		return
	}
	p.from, p.colored, p.Name = r, name, name
	switch {
	case r == nil:
		p.Resource = nil
	case name == "":
		p.Resource = r
	default:
		p.Resource = theme.NewColoredResource(r, name)
	}
	p.Hidden = r == nil
	if !p.Size().IsZero() {
		p.Refresh()
	}
}

// Refresh has the picture painted again. Only if it is another than before, in
// another colour or size, is it drawn anew from its resource, which is slow.
func (p *Picture) Refresh() {
	now := drawn{p.from, Color(p.Name), p.Size(), p.Translucency}
	if now == p.drawn {
		Repaint(p.Image)
		return
	}
	p.drawn = now
	p.Image.Refresh()
}

// Put places the picture as a square with its upper left corner at x, y.
func (p *Picture) Put(x, y, side float32) {
	p.Move(fyne.NewPos(x, y))
	p.Resize(fyne.NewSquareSize(side))
}

// A Ground is a rectangle with round corners that follows the theme.
type Ground struct {
	*canvas.Rectangle
	Fill, Edge fyne.ThemeColorName // empty for none
	Thick      float32             // of the edge
}

// NewGround returns a rectangle. Empty names draw nothing.
func NewGround(fill, edge fyne.ThemeColorName, radius float32) *Ground {
	g := &Ground{Rectangle: canvas.NewRectangle(nil), Fill: fill, Edge: edge, Thick: 1}
	g.CornerRadius = radius
	g.Restyle()
	return g
}

// Restyle takes the colours from the theme that is set now. It does not ask for a
// repaint.
func (g *Ground) Restyle() {
	g.FillColor, g.StrokeColor, g.StrokeWidth = Color(g.Fill), Color(g.Edge), 0
	if g.Edge != "" {
		g.StrokeWidth = g.Thick
	}
}

// Repaint has the canvas that o is on painted again, with all that it has of o
// already: for what was hidden, shown or moved.
func Repaint(o fyne.CanvasObject) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(interface{ SetDirty() }); ok {
		c.SetDirty()
	}
}
