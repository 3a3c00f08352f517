package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/focus"
)

// A wheel lies over an entry and hears of the wheel alone. Fyne's entry would keep it,
// also where it has nothing to scroll: the page below would stand still.
type wheel struct {
	widget.BaseWidget
	entry *Entry
	text  *container.Scroll // of the entry
}

var _ fyne.Scrollable = (*wheel)(nil)

func newWheel(e *Entry, drawn fyne.WidgetRenderer) *wheel {
	w := &wheel{entry: e}
	for _, o := range drawn.Objects() {
		if s, ok := o.(*container.Scroll); ok {
			w.text = s
		}
	}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled implements fyne.Scrollable. Along the line the wheel moves the text; up and
// down that of a long one, as far as it goes, and else the page.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if w.text != nil && (dx != 0 && dy == 0 || w.entry.MultiLine && w.moves(dy)) {
		w.text.Scrolled(e)
		return
	}
	if page := focus.ScrollAround(w.entry); page != nil {
		page.Scrolled(e)
	}
}

// moves reports whether there is more of the text in that direction.
func (w *wheel) moves(dy float32) bool {
	if dy > 0 {
		return w.text.Offset.Y > 0
	}
	return dy < 0 && w.text.Offset.Y < w.text.Content.MinSize().Height-w.text.Size().Height
}

// CreateRenderer implements fyne.Widget.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}

// wheeled is what Fyne draws of an entry, with a wheel over it.
type wheeled struct {
	ringed
	wheel *wheel
}

func (r *wheeled) Layout(size fyne.Size) {
	r.ringed.Layout(size)
	r.wheel.Resize(size)
}

func (r *wheeled) Objects() []fyne.CanvasObject { return append(r.ringed.Objects(), r.wheel) }
