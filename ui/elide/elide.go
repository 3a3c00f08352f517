// Package elide shows texts that are too long for their place.
//
// A [Text] is one line. Names lose their middle and keep their ending, folders
// keep their end, a line of numbers loses whole parts from the left: nothing ever
// makes a window wider, and nothing shows half a number. A [Paragraph] wraps.
//
// What is cut is drawn only: the widget keeps the whole text, and tells it to who
// points at it and to assistive technology.
package elide

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
	"potluck/ui/tip"
)

// A Mode says what a line that is too long loses.
type Mode int

// What is lost.
const (
	Middle   Mode = iota // the middle: names of people and files
	End                  // the end: sentences
	Path                 // the beginning, by folders
	Parts                // parts between dots, from the left: numbers
	Named                // a name that loses its middle, and parts after it that do not
	Sentence             // parts after a sentence, from the right, and then the middle of a name in it
)

// leastWidth is how narrow a line may get.
const leastWidth = 40

// A Value is what a [Text] shows.
type Value struct {
	Text  string
	Mode  Mode
	Color fyne.ThemeColorName // empty for that of texts
	Size  fyne.ThemeSizeName  // empty for that of texts
	Bold  bool
	Align fyne.TextAlign
}

// A Text is one line.
type Text struct {
	widget.BaseWidget
	value Value
	shown string
}

// New returns a line.
func New(v Value) *Text {
	t := &Text{value: v}
	t.ExtendBaseWidget(t)
	return t
}

// Set changes what is shown.
func (t *Text) Set(v Value) {
	if v != t.value {
		t.value = v
		t.Refresh()
	}
}

// SetText changes the text alone.
func (t *Text) SetText(s string) {
	v := t.value
	v.Text = s
	t.Set(v)
}

// Full returns the whole text.
func (t *Text) Full() string { return t.value.Text }

// Elided reports whether less than the whole text is drawn.
func (t *Text) Elided() bool { return t.shown != t.value.Text }

// MouseIn implements desktop.Hoverable.
func (t *Text) MouseIn(*desktop.MouseEvent) {
	if t.Elided() {
		tip.Point(t, t.value.Text)
	}
}

// MouseMoved implements desktop.Hoverable.
func (t *Text) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *Text) MouseOut() { tip.Leave(t) }

// Width returns the room the whole text needs.
func (t *Text) Width() float32 {
	return fyne.MeasureText(t.value.Text, theme.Size(t.size()), fyne.TextStyle{Bold: t.value.Bold}).Width
}

// AccessibilityLabel implements fyne.Accessible.
func (t *Text) AccessibilityLabel() string { return t.value.Text }

// AccessibilityRole implements fyne.Accessible.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *Text) size() fyne.ThemeSizeName {
	if t.value.Size == "" {
		return theme.SizeNameText
	}
	return t.value.Size
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{owner: t, text: look.NewText("", theme.ColorNameForeground, theme.SizeNameText, false)}
	r.restyle()
	return r
}

type textRenderer struct {
	owner *Text
	text  *look.Text
}

func (r *textRenderer) Destroy() {}

func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text.Text} }

func (r *textRenderer) MinSize() fyne.Size {
	return fyne.NewSize(leastWidth, look.Line(r.owner.size()))
}

func (r *textRenderer) Layout(size fyne.Size) {
	v := r.owner.value
	shown := Fit(v.Text, v.Mode, func(s string) bool { return r.text.Measure(s).Width <= size.Width })
	r.owner.shown = shown
	r.text.Text.Text, r.text.Alignment = shown, v.Align
	r.text.Resize(size)
}

func (r *textRenderer) restyle() {
	v := r.owner.value
	r.text.Name, r.text.Size, r.text.TextStyle.Bold = v.Color, r.owner.size(), v.Bold
	if v.Color == "" {
		r.text.Name = theme.ColorNameForeground
	}
	r.text.Restyle()
}

func (r *textRenderer) Refresh() {
	r.restyle()
	r.Layout(r.owner.Size())
	r.text.Refresh()
}

// Fit returns as much of s as fits, by the mode.
func Fit(s string, mode Mode, fits func(string) bool) string {
	switch mode {
	case End:
		return EndTo(s, fits)
	case Path:
		return PathTo(s, fits)
	case Parts:
		return PartsTo(s, fits)
	case Named:
		return NamedTo(s, fits)
	case Sentence:
		return SentenceTo(s, fits)
	}
	return MiddleTo(s, fits)
}
