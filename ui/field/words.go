package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// A Words lies over the words that stand beside a check box: a click on them is one
// on the box. The keyboard has the box alone.
type Words struct {
	widget.BaseWidget
	box *Check
}

// NewWords returns what lies over the words of that box.
func NewWords(box *Check) *Words {
	w := &Words{box: box}
	w.ExtendBaseWidget(w)
	return w
}

// Tapped implements fyne.Tappable.
func (w *Words) Tapped(*fyne.PointEvent) {
	if !w.box.Disabled() {
		w.box.SetChecked(!w.box.Checked)
	}
}

// CreateRenderer implements fyne.Widget.
func (w *Words) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
