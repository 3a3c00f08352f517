package flow_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/uitest"
)

func box(width, height float32) *canvas.Rectangle {
	r := canvas.NewRectangle(nil)
	r.SetMinSize(fyne.NewSize(width, height))
	return r
}

func TestHeightFor(t *testing.T) {
	hidden := box(10, 99)
	hidden.Hide()
	for name, c := range map[string]struct {
		o     fyne.CanvasObject
		width float32
		want  float32
	}{
		"column":                   {flow.NewColumn(8, box(10, 20), hidden, box(10, 30)), 100, 58},
		"inset":                    {flow.NewInset(1, 2, 50, 50, flow.NewWrap(8, box(40, 10), box(40, 10))), 188, 13},
		"inset, narrow":            {flow.NewInset(1, 2, 50, 50, flow.NewWrap(8, box(40, 10), box(40, 10))), 187, 31},
		"row":                      {flow.NewRow(8, 0, flow.NewWrap(8, box(40, 10), box(40, 10)), hidden, box(40, 10)), 136, 10},
		"row, narrow":              {flow.NewRow(8, 0, flow.NewWrap(8, box(40, 10), box(40, 10)), hidden, box(40, 10)), 135, 28},
		"square":                   {flow.NewSquare(func() float32 { return 24 }, box(1, 1)), 100, 24},
		"what is not of this kind": {box(10, 20), 1, 20},
	} {
		if got := flow.HeightFor(c.o, c.width); got != c.want {
			t.Errorf("%s: %v high, want %v", name, got, c.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	left, middle, right := box(10, 10), box(10, 30), box(20, 10)
	row := flow.NewRow(8, 1, left, middle, right)
	row.Resize(fyne.NewSize(100, 30))
	for o, want := range map[*canvas.Rectangle]fyne.Position{left: fyne.NewPos(0, 10), middle: fyne.NewPos(18, 0), right: fyne.NewPos(80, 10)} {
		if o.Position() != want {
			t.Errorf("at %v, want %v", o.Position(), want)
		}
	}
	if got := middle.Size().Width; got != 54 {
		t.Errorf("the one that grows is %v wide, want 54", got)
	}
}

// A scroll gives its content a height for its width at once, and another when a
// text in it has changed.
func TestScroll(t *testing.T) {
	uitest.App(t)
	text := elide.NewParagraph(elide.ParaValue{Text: "one line"})
	last := box(10, 10)
	scroll := flow.NewScroll(flow.NewColumn(0, text, last))
	uitest.Window(t, scroll, 200, 100)
	line := look.Line("text")
	if got := last.Position().Y; got != line {
		t.Errorf("what follows one line is at %v, want %v", got, line)
	}
	text.SetText("a text that is so long that it takes more than one line, and more than two of them")
	flow.Relayout(scroll)
	if got, want := last.Position().Y, text.HeightFor(200-look.ScrollGap); got != want || want <= line {
		t.Errorf("what follows the long text is at %v, want %v", got, want)
	}
	if got := text.Size().Width; got != 200-look.ScrollGap {
		t.Errorf("the text is %v wide and lies under the bar", got)
	}
}
