package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/qrcode"
	"potluck/ui/view"
)

// codeSide is that of the code that others scan.
const codeSide = 232

// A minePage shows others how to come to this device.
type minePage struct {
	w      *Window
	root   *fyne.Container
	back   *press.Button
	title  *elide.Text
	name   *elide.Text
	text   *elide.Paragraph
	wait   *elide.Paragraph
	code   *canvas.Image
	frame  *fyne.Container // of the code
	link   *elide.Paragraph
	copy   *press.Button
	scroll *container.Scroll
	shown  string // in the code
}

func newMinePage(w *Window) *minePage {
	p := &minePage{w: w}
	p.back = press.New(press.Value{Icon: icons().back, Kind: press.Quiet}, func() { w.do(func(l *view.Local) { l.Page = l.Back }) })
	p.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.name = elide.New(elide.Value{Bold: true})
	p.text, p.wait = elide.NewParagraph(elide.ParaValue{}), elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	p.code = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels}
	p.frame = left(newContainer(codeSize{}, p.code))
	p.link = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder})
	p.copy = press.New(press.Value{}, func() { w.o.App.Clipboard().SetContent(w.shown.Mine.Link) })
	p.scroll = flow.NewScroll(flow.NewInset(0, look.Gap16, 0, 0, flow.NewColumn(look.Gap12,
		p.name, p.wait, p.frame, p.link, left(p.copy), p.text)))
	p.root = pinned(2, left(p.back), p.title, newContainer(column{560}, p.scroll))
	return p
}

func (p *minePage) object() fyne.CanvasObject { return p.root }

func (p *minePage) entered() {
	p.scroll.ScrollToTop()
	p.w.window.Canvas().Focus(p.back)
}

func (p *minePage) show(v view.View) {
	m := v.Mine
	p.back.Set(press.Value{Text: m.Back, Icon: icons().back, Kind: press.Quiet})
	p.title.SetText(m.Title)
	p.name.SetText(m.Name)
	p.text.SetText(m.Text)
	p.wait.SetText(m.Wait)
	p.link.SetText(m.Link)
	set(p.copy, m.Copy, press.Normal)
	visible(p.wait, m.Wait != "")
	for _, o := range []fyne.CanvasObject{p.frame, p.link, p.copy} {
		visible(o, m.Link != "")
	}
	if m.Link != p.shown {
		p.shown, p.code.Image = m.Link, nil
		if image, err := qrcode.Image(m.Link); err == nil { // without a code, the text is there
			p.code.Image = image
		}
		p.code.Refresh()
	}
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.scroll)
}

// codeSize is that of the code: it does not follow the text, for a camera sees it
// well.
type codeSize struct{}

// MinSize implements fyne.Layout.
func (codeSize) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(codeSide) }

// Layout implements fyne.Layout.
func (codeSize) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(size.Width, size.Height)
	place(objects[0], 0, 0, side, side)
}

// showMine opens the page that leads others to this device. Where it is can change,
// so that is found out anew each time.
func (w *Window) showMine() {
	w.do(func(l *view.Local) {
		l.Link = ""
		l.Go(view.Mine)
	})
	w.act(func(_ context.Context, s Source) error {
		link, err := s.Link()
		if err == nil {
			w.later(func() { w.local.Link = link.String() })
		}
		return err
	})
}
