package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/calm"
	"potluck/ui/dish"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A verifyPage lets two people compare their screens.
type verifyPage struct {
	w       *Window
	root    *fyne.Container
	title   *elide.Paragraph
	text    *elide.Paragraph
	dishes  *fyne.Container
	picture [4]*look.Picture
	name    [4]*elide.Paragraph
	numbers *elide.Paragraph
	time    *elide.Text

	match, differ, cancel, again *press.Button

	yes   *fyne.Container
	guard calm.Guard // of the buttons that say what was seen: they come up by themselves

	body   *fyne.Container
	scroll *container.Scroll
}

func newVerifyPage(w *Window) *verifyPage {
	p := &verifyPage{w: w}
	p.title = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.text = elide.NewParagraph(elide.ParaValue{})
	var cells []fyne.CanvasObject
	for i := range p.picture {
		p.picture[i] = look.NewPicture(nil)
		p.name[i] = elide.NewParagraph(elide.ParaValue{Align: fyne.TextAlignCenter})
		cells = append(cells, flow.NewColumn(look.Gap8, newContainer(plate{}, p.picture[i].Image), p.name[i]))
	}
	p.dishes = newContainer(&quarters{}, cells...)
	p.numbers = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder})
	p.time = elide.New(elide.Value{Color: theme.ColorNamePlaceHolder})
	say := func(same bool) func() {
		answer := func() {
			id := w.shown.Verify.Peer
			w.act(func(ctx context.Context, s Source) error { return s.AnswerPairing(ctx, id, same) })
		}
		return func() { p.guard.Do(answer) }
	}
	p.match, p.differ = press.New(press.Value{Kind: press.Primary}, say(true)), press.New(press.Value{}, say(false))
	p.cancel = press.New(press.Value{}, p.leave)
	p.again = press.New(press.Value{}, func() { w.verify(w.shown.Verify.Peer) })
	// The keyboard begins on Cancel: yes needs a step of its own.
	p.yes = calm.NewPlace(&p.guard, p.match)
	buttons := flow.NewRow(look.Gap8, 4, p.cancel, p.again, p.differ, p.yes, own(p.time))
	p.body = flow.NewColumn(look.Gap12, p.title, p.text, p.dishes, p.numbers)
	p.scroll = flow.NewScroll(p.body)
	p.root = pinned(0, newContainer(column{640}, p.scroll), left(buttons))
	return p
}

func (p *verifyPage) object() fyne.CanvasObject { return p.root }

func (p *verifyPage) entered() { p.w.window.Canvas().Focus(p.cancel) }

// leave gives up, or closes what has ended.
func (p *verifyPage) leave() {
	id := p.w.shown.Verify.Peer
	p.w.act(func(ctx context.Context, s Source) error { return s.CancelPairing(ctx, id) })
	p.w.do(func(l *view.Local) { l.Page = l.Back })
}

func (p *verifyPage) show(v view.View) {
	y := v.Verify
	p.title.SetText(y.Title)
	color := fyne.ThemeColorName("")
	if y.Tone != view.Plain {
		color = toneColor(y.Tone)
	}
	p.text.Set(elide.ParaValue{Text: y.Text, Color: color, Bold: color != ""})
	visible(p.dishes, len(y.Dishes) == len(p.picture))
	for i, d := range y.Dishes {
		p.picture[i].Show(dish.Resource(d, largeDish*look.Scale()), "")
		p.name[i].SetText(view.DishWords(p.w.words, d))
	}
	p.numbers.SetText(y.Numbers)
	visible(p.numbers, y.Numbers != "")
	p.time.SetText(y.Left)
	for b, text := range map[*press.Button]string{p.differ: y.Differ, p.cancel: y.Cancel, p.again: y.Again} {
		set(b, text, press.Normal)
		visible(b, text != "")
	}
	set(p.match, y.Match, press.Primary)
	p.guard.Stand(y.Peer.String() + y.Match)
	visible(p.yes, y.Match != "")
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.root.Objects[1])
	flow.Relayout(p.scroll)
}

// quarters places four cells side by side, or two and two where there is no room.
type quarters struct{ width float32 }

func (q *quarters) columns(width float32) int {
	if width < 4*(largeDish+look.Gap16) {
		return 2
	}
	return 4
}

// HeightFor returns how high the cells are.
func (q *quarters) height(objects []fyne.CanvasObject, width float32) (float32, float32, float32) {
	n := q.columns(width)
	w := (width - look.Gap16*float32(n-1)) / float32(n)
	h := float32(0)
	for _, o := range objects {
		h = max(h, flow.HeightFor(o, w))
	}
	return w, h, float32((len(objects)+n-1)/n)*(h+look.Gap16) - look.Gap16
}

// MinSize implements fyne.Layout.
func (q *quarters) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := q.width
	if width == 0 {
		width = 560
	}
	_, _, all := q.height(objects, width)
	return fyne.NewSize(0, all)
}

// Layout implements fyne.Layout.
func (q *quarters) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	q.width = size.Width
	n := q.columns(size.Width)
	w, h, _ := q.height(objects, size.Width)
	for i, o := range objects {
		place(o, float32(i%n)*(w+look.Gap16), float32(i/n)*(h+look.Gap16), w, h)
	}
}

// plate is the place of a dish that is to be compared.
type plate struct{}

// MinSize implements fyne.Layout.
func (plate) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(largeDish, largeDish*min(look.Scale(), 1.25))
}

// Layout implements fyne.Layout.
func (plate) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(size.Width, size.Height)
	place(objects[0], (size.Width-side)/2, 0, side, side)
}
