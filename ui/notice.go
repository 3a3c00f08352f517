package ui

import (
	"fyne.io/fyne/v2"

	"potluck/ui/banner"
	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A notice tells something, or asks a question: below the cards of those nearby, and
// over the lower end of what scrolls on any other page.
type notice struct {
	w        *Window
	root     *fyne.Container
	banner   *banner.Banner
	question *fyne.Container
	text     *elide.Paragraph
	keep, do *press.Button
	shown    string
	guard    calm.Guard     // of the question
	before   fyne.Focusable // had the keyboard before the question
}

func newNotice(w *Window) *notice {
	n := &notice{w: w}
	n.banner = banner.New(banner.Value{}, func() { w.answer(w.shown.Notice.Do, w.shown.Notice.Ref) })
	n.text = elide.NewParagraph(elide.ParaValue{Bold: true})
	n.keep = press.New(press.Value{Kind: press.Primary}, func() {
		keep := w.shown.Question.Keep
		w.do(func(l *view.Local) { l.Question = view.Question{} })
		if keep != view.Nothing {
			w.answer(keep, "")
		}
	})
	n.do = press.New(press.Value{}, func() {
		n.guard.Do(func() {
			q := w.shown.Question
			w.local.Question = view.Question{}
			w.answer(q.Do, q.Ref)
		})
	})
	ground := look.NewGround(look.TrustWarn, look.CardBorder, 12)
	n.question = calm.NewPlace(&n.guard, flow.NewStack(ground.Rectangle, flow.NewInset(look.Gap12, look.Gap12, look.Gap12, look.Gap12,
		flow.NewColumn(look.Gap8, n.text, left(flow.NewRow(look.Gap8, 9, n.keep, n.do))))))
	n.root = flow.NewColumn(look.Gap8, n.banner, n.question)
	return n
}

// show reports whether the notice takes more or less room than before.
func (n *notice) show(v view.View) bool {
	before := n.shown
	n.shown = v.Notice.Text + "\n" + v.Notice.Button + "\n" + v.Question.Text
	t := v.Notice
	n.banner.Set(banner.Value{Tone: bannerTone(t.Tone), Text: t.Text, Button: t.Button})
	visible(n.banner, t.Text != "")
	q := v.Question
	n.guard.Stand(q.Text)
	asked := q.Text != "" && !n.question.Visible()
	visible(n.question, q.Text != "")
	if q.Text != "" {
		n.text.SetText(q.Text)
		n.keep.Set(press.Value{Text: q.Cancel, Kind: press.Primary})
		n.do.Set(press.Value{Text: q.Verb})
	}
	visible(n.root, t.Text != "" || q.Text != "")
	flow.Relayout(n.root)
	if asked {
		n.before = n.w.window.Canvas().Focused()
		n.w.window.Canvas().Focus(n.keep) // nothing happens without an answer
	}
	return n.shown != before
}
