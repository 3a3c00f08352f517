package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// shownLines is how much of a long message is seen until somebody asks for all.
const shownLines = 8

// A longText shows the beginning of a text, and all of it when asked: it lies in a
// scroll, and one in that would keep the wheel.
type longText struct {
	text *elide.Paragraph
	more *press.Button
	full string
	all  bool
}

// fit shows as much as there may be of a text that wide. It reports whether that is
// more or less than before.
func (t *longText) fit(width float32) bool {
	lines := 0
	if !t.all && elide.NewParagraph(elide.ParaValue{Text: t.full}).HeightFor(width) > (shownLines+0.5)*look.Line(theme.SizeNameText) {
		lines = shownLines
	}
	cut := t.more.Visible()
	visible(t.more, lines > 0)
	return t.text.Set(elide.ParaValue{Text: t.full, MaxLines: lines}) || cut != t.more.Visible()
}

// newMessage shows a short text of somebody. It is a plain text: nothing in it is
// a link that a click opens by mistake.
func (n *nowPanel) newMessage() slot[view.Message] {
	var now view.Message
	was, guard := "", &calm.Guard{}
	w := n.w
	dish := look.NewPicture(nil)
	icon := look.NewIcon(nil, "")
	line := elide.NewParagraph(elide.ParaValue{Bold: true, MaxLines: 2})
	trust := elide.New(elide.Value{Size: theme.SizeNameCaptionText})
	when := elide.New(elide.Value{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder, Align: fyne.TextAlignTrailing})
	text := &longText{text: elide.NewParagraph(elide.ParaValue{})}
	text.more = press.New(press.Value{Kind: press.Quiet}, func() {
		text.all = true
		n.root.Layout.Layout(n.root.Objects, n.root.Size())
	})
	n.texts = append(n.texts, text)
	copyIt := press.New(press.Value{Kind: press.Primary}, func() { guard.Do(func() { w.o.App.Clipboard().SetContent(now.Text) }) })
	open := press.New(press.Value{}, func() {
		guard.Do(func() {
			w.do(func(l *view.Local) { l.Question = view.AskLink(now.Link, now.Host, w.words) })
		})
	})
	closeIt := press.New(press.Value{}, func() {
		id := now.ID
		guard.Do(func() {
			w.act(func(ctx context.Context, s Source) error { return s.CloseMessage(ctx, id) })
		})
	})
	head := flow.NewRow(look.Gap8, 1, square(dish.Image, smallDish), flow.NewColumn(0, line,
		flow.NewRow(look.Gap4, 1, square(icon.Image, 16), trust)))
	buttons := flow.NewWrap(look.Gap8, copyIt, open, closeIt)
	ground := look.NewGround(look.Card, look.CardBorder, 12)
	card := flow.NewStack(ground.Rectangle, flow.NewInset(look.Gap12, look.Gap12, look.Gap12, look.Gap12,
		flow.NewColumn(look.Gap8, head, text.text, flow.NewRow(0, 9, text.more), buttons, when)))
	return slot[view.Message]{calm.NewPlace(guard, card), func(v view.Message) bool {
		now = v
		guard.Stand(v.ID)
		dish.Show(picture(v.From, smallDish), "")
		line.SetText(v.Line)
		resource, color := trustIcon(v.Trust)
		icon.Show(resource, color)
		trust.Set(elide.Value{Text: v.TrustText, Size: theme.SizeNameCaptionText, Color: color})
		if v.ID != was {
			was, text.all = v.ID, false
		}
		text.full = v.Text
		set(text.more, v.More, press.Quiet)
		when.SetText(v.When)
		set(copyIt, v.Copy, press.Primary)
		set(open, v.Open, press.Normal)
		visible(open, v.Open != "")
		set(closeIt, v.Close, press.Normal)
		return true
	}}
}
