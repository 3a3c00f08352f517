package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/sharing/identity"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/view"
)

// A personHead says who a page is about.
type personHead struct {
	root   *fyne.Container
	column *fyne.Container // beside the dish
	dish   *look.Picture
	name   *elide.Text
	icon   *look.Picture
	trust  *elide.Text
}

func newPersonHead() *personHead {
	h := &personHead{dish: look.NewPicture(nil), icon: look.NewIcon(nil, "")}
	h.name = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	h.trust = elide.New(elide.Value{Size: theme.SizeNameCaptionText})
	h.column = flow.NewColumn(0, h.name, flow.NewRow(look.Gap4, 1, square(h.icon.Image, 16), h.trust))
	h.root = flow.NewRow(look.Gap12, 1, square(h.dish.Image, smallDish), h.column)
	return h
}

func (h *personHead) show(id identity.ID, name string, t view.Trust, text string) {
	h.dish.Show(picture(id, smallDish), "")
	h.name.SetText(name)
	icon, color := trustIcon(t)
	h.icon.Show(icon, color)
	h.trust.Set(elide.Value{Text: text, Size: theme.SizeNameCaptionText, Color: color})
}

// own gives a line the width it needs.
func own(t *elide.Text) *fyne.Container { return newContainer(ownWidth{t}, t) }

type ownWidth struct{ t *elide.Text }

// MinSize implements fyne.Layout.
func (o ownWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o.t.Width()+1, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (ownWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}
