package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// shownLines is how much of a message is seen without scrolling.
const shownLines = 8

// newMessage shows a short text of somebody. It is a plain text: nothing in it is
// a link that a click opens by mistake.
func (n *nowPanel) newMessage() slot[view.Message] {
	var now view.Message
	w := n.w
	dish := look.NewPicture(nil)
	icon := look.NewIcon(nil, "")
	line := elide.NewParagraph(elide.ParaValue{Bold: true, MaxLines: 2})
	trust := elide.New(elide.Value{Size: theme.SizeNameCaptionText})
	when := elide.New(elide.Value{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder, Align: fyne.TextAlignTrailing})
	text := elide.NewParagraph(elide.ParaValue{})
	scroll := flow.NewScroll(text)
	limit := &textLimit{text: text}
	copyIt := press.New(press.Value{Kind: press.Primary}, func() { w.o.App.Clipboard().SetContent(now.Text) })
	open := press.New(press.Value{}, func() {
		w.do(func(l *view.Local) { l.Question = view.AskLink(now.Link, now.Host, w.words) })
	})
	closeIt := press.New(press.Value{}, func() {
		id := now.ID
		w.act(func(ctx context.Context, s Source) error { return s.CloseMessage(ctx, id) })
	})
	head := flow.NewRow(look.Gap8, 1, square(dish.Image, smallDish), flow.NewColumn(0, line,
		flow.NewRow(look.Gap4, 1, square(icon.Image, 16), trust)))
	buttons := flow.NewRow(look.Gap8, 9, copyIt, open, closeIt)
	ground := look.NewGround(look.Card, look.CardBorder, 12)
	card := flow.NewStack(ground.Rectangle, flow.NewInset(look.Gap12, look.Gap12, look.Gap12, look.Gap12,
		flow.NewColumn(look.Gap8, head, newContainer(limit, scroll), left(buttons), when)))
	return slot[view.Message]{card, func(v view.Message) bool {
		now = v
		dish.Show(picture(v.From, smallDish), "")
		line.SetText(v.Line)
		resource, color := trustIcon(v.Trust)
		icon.Show(resource, color)
		trust.Set(elide.Value{Text: v.TrustText, Size: theme.SizeNameCaptionText, Color: color})
		text.SetText(v.Text)
		when.SetText(v.When)
		set(copyIt, v.Copy, press.Primary)
		set(open, v.Open, press.Normal)
		visible(open, v.Open != "")
		set(closeIt, v.Close, press.Normal)
		return true
	}}
}

// A textLimit gives a text its height, but no more than a few lines.
type textLimit struct {
	text  *elide.Paragraph
	width float32
}

// MinSize implements fyne.Layout.
func (t *textLimit) MinSize([]fyne.CanvasObject) fyne.Size {
	width := t.width
	if width == 0 {
		width = panel - 4*look.Gap12
	}
	return fyne.NewSize(0, min(t.text.HeightFor(width-look.ScrollGap), shownLines*look.Line(theme.SizeNameText)))
}

// Layout implements fyne.Layout.
func (t *textLimit) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	t.width = size.Width
	place(objects[0], 0, 0, size.Width, size.Height)
}
