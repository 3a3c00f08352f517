package ui

import (
	"fyne.io/fyne/v2"

	"potluck/ui/flow"
	"potluck/ui/look"
)

// A headerLayout puts who this device is beside the button that sends. Who sees
// the device is read whole before the button has words.
type headerLayout struct{ h *header }

// MinSize implements fyne.Layout.
func (l *headerLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

// Layout implements fyne.Layout.
func (l *headerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	dish := objects[0].MinSize()
	place(objects[0], 0, (size.Height-dish.Height)/2, dish.Width, dish.Height)
	x := dish.Width + look.Gap12
	button := l.h.send.MinSize()
	wordless := x+l.h.visible.MinSize().Width-2*look.Gap8 > size.Width-button.Width-look.Gap12
	if wordless {
		button = l.h.sign.MinSize()
	}
	visible(l.h.send, !wordless)
	visible(l.h.sign, wordless)
	at := size.Width - button.Width
	for _, b := range objects[2:] {
		place(b, at, (size.Height-button.Height)/2, button.Width, button.Height)
	}
	height := objects[1].MinSize().Height
	place(objects[1], x, (size.Height-height)/2, at-look.Gap12-x, height)
	flow.Relayout(objects[1]) // the words may have become longer
}

// A barLayout puts what is to be sent beside the buttons, or above them where it
// would be cut there.
type barLayout struct{ p *nearbyPage }

// apart reports whether there is no room for one line.
func (l *barLayout) apart(width float32) bool {
	return l.p.what.Width() > width-l.p.cancel.MinSize().Width-l.p.send.MinSize().Width-2*look.Gap8
}

// HeightFor implements flow.TallLayout.
func (l *barLayout) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	height := l.p.send.MinSize().Height
	if l.apart(width) {
		height += l.p.what.MinSize().Height + look.Gap4
	}
	return height
}

// MinSize implements fyne.Layout.
func (l *barLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, l.p.send.MinSize().Height)
}

// Layout implements fyne.Layout.
func (l *barLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p, cancel, send := l.p, l.p.cancel.MinSize(), l.p.send.MinSize()
	send.Width = min(send.Width, size.Width-cancel.Width-look.Gap8)
	y := float32(0)
	if text := p.what.MinSize().Height; l.apart(size.Width) {
		place(p.what, 0, 0, size.Width, text)
		y = text + look.Gap4
	} else {
		place(p.what, 0, (send.Height-text)/2, size.Width-cancel.Width-send.Width-2*look.Gap8, text)
	}
	place(p.send, size.Width-send.Width, y, send.Width, send.Height)
	place(p.cancel, size.Width-send.Width-look.Gap8-cancel.Width, y, cancel.Width, send.Height)
}

var _ flow.TallLayout = (*barLayout)(nil)
