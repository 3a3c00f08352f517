package elide

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
)

// A ParaValue is what a [Paragraph] shows.
type ParaValue struct {
	Text     string
	Color    fyne.ThemeColorName // empty for that of texts
	Size     fyne.ThemeSizeName  // empty for that of texts
	Bold     bool
	MaxLines int // 0 for as many as it takes
	Align    fyne.TextAlign
}

// A Paragraph is a text that wraps. Where it would have too many lines, a name in it
// loses its middle before the end of the text is lost.
type Paragraph struct {
	widget.BaseWidget
	value ParaValue

	lines []string // of value at width
	width float32
	size  float32 // of the text, when lines were made
}

// NewParagraph returns a text that wraps.
func NewParagraph(v ParaValue) *Paragraph {
	p := &Paragraph{value: v, width: -1}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes what is shown, and reports whether that is something else.
func (p *Paragraph) Set(v ParaValue) bool {
	if v == p.value {
		return false
	}
	p.value, p.width = v, -1
	p.Refresh()
	return true
}

// SetText changes the text alone, and reports whether it is another.
func (p *Paragraph) SetText(s string) bool {
	v := p.value
	v.Text = s
	return p.Set(v)
}

// Text returns the whole text.
func (p *Paragraph) Text() string { return p.value.Text }

// AccessibilityLabel implements fyne.Accessible.
func (p *Paragraph) AccessibilityLabel() string { return p.value.Text }

// AccessibilityRole implements fyne.Accessible.
func (p *Paragraph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// HeightFor returns how high the text is when it is that wide.
func (p *Paragraph) HeightFor(width float32) float32 {
	return float32(len(p.wrapped(width))) * look.Line(p.textSize())
}

// Width returns the room the text needs on one line.
func (p *Paragraph) Width() float32 { return p.measure(p.value.Text) }

func (p *Paragraph) textSize() fyne.ThemeSizeName {
	if p.value.Size == "" {
		return theme.SizeNameText
	}
	return p.value.Size
}

func (p *Paragraph) measure(s string) float32 {
	return fyne.MeasureText(s, theme.Size(p.textSize()), fyne.TextStyle{Bold: p.value.Bold}).Width
}

// wrapped returns the lines for that width, made once for it.
func (p *Paragraph) wrapped(width float32) []string {
	size := theme.Size(p.textSize())
	if width == p.width && size == p.size {
		return p.lines
	}
	p.width, p.size, p.lines = width, size, nil
	if p.value.Text != "" {
		p.lines = WrapNamed(p.value.Text, p.value.MaxLines, func(s string) bool { return p.measure(s) <= width })
	}
	return p.lines
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	return &paragraphRenderer{owner: p}
}

type paragraphRenderer struct {
	owner *Paragraph
	texts []*look.Text
}

func (r *paragraphRenderer) Destroy() {}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.texts))
	for i, t := range r.texts {
		objects[i] = t.Text
	}
	return objects
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	width := r.owner.Size().Width
	if width < leastWidth {
		return fyne.NewSize(leastWidth, look.Line(r.owner.textSize()))
	}
	return fyne.NewSize(leastWidth, r.owner.HeightFor(width))
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	v := r.owner.value
	lines := r.owner.wrapped(size.Width)
	height := look.Line(r.owner.textSize())
	for len(r.texts) < len(lines) {
		r.texts = append(r.texts, look.NewText("", theme.ColorNameForeground, theme.SizeNameText, false))
	}
	r.texts = r.texts[:len(lines)]
	for i, t := range r.texts {
		t.Name, t.Size, t.TextStyle.Bold, t.Alignment = v.Color, r.owner.textSize(), v.Bold, v.Align
		if v.Color == "" {
			t.Name = theme.ColorNameForeground
		}
		t.Restyle()
		t.Text.Text = lines[i]
		t.Move(fyne.NewPos(0, float32(i)*height))
		t.Resize(fyne.NewSize(size.Width, height))
	}
}

func (r *paragraphRenderer) Refresh() {
	r.Layout(r.owner.Size())
	for _, t := range r.texts {
		t.Refresh()
	}
}
