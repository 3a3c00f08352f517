package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A plainPage shows fixed words.
type plainPage struct {
	w    *Window
	root *fyne.Container
	back *press.Button
}

func (p *plainPage) object() fyne.CanvasObject { return p.root }

func (p *plainPage) show(view.View) {}

func (p *plainPage) entered() { p.w.window.Canvas().Focus(p.back) }

func newPlainPage(w *Window, title string, body ...fyne.CanvasObject) *plainPage {
	p := &plainPage{w: w}
	p.back = press.New(press.Value{Text: w.words.L("Back"), Icon: icons().back, Kind: press.Quiet}, func() {
		w.do(func(l *view.Local) { l.Page = l.Back })
	})
	heading := elide.New(elide.Value{Text: title, Size: theme.SizeNameSubHeadingText, Bold: true})
	scroll := flow.NewScroll(flow.NewInset(look.Gap4, look.Gap16, 0, 0, flow.NewColumn(look.Gap8, body...)))
	p.root = pinned(2, left(p.back), heading, newContainer(column{560}, scroll))
	return p
}

// newKeysPage lists what every key does: menus draw theirs too faint to be read.
func newKeysPage(w *Window) *plainPage {
	var lines []fyne.CanvasObject
	for _, k := range view.KeyLines(w.words) {
		keys := elide.New(elide.Value{Text: k.Keys, Bold: true})
		lines = append(lines, flow.NewRow(look.Gap8, 1, newContainer(factWidth{}, keys), elide.NewParagraph(elide.ParaValue{Text: k.Text})))
	}
	return newPlainPage(w, w.words.L("Keys"), lines...)
}

func newAboutPage(w *Window) *plainPage {
	a := view.AboutOf(w.o.Version, w.words)
	icon := look.NewPicture(appIcon)
	return newPlainPage(w, a.Title,
		left(square(icon.Image, largeDish)),
		elide.NewParagraph(elide.ParaValue{Text: a.Text}),
		elide.NewParagraph(elide.ParaValue{Text: a.Version}),
		elide.NewParagraph(elide.ParaValue{Text: a.Licence, Color: theme.ColorNamePlaceHolder}))
}
