package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/sharing/identity"
	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A writePage is where a short text is written.
type writePage struct {
	w            *Window
	root         *fyne.Container
	title        *elide.Paragraph
	entry        *field.Entry
	cancel, send *press.Button
}

func newWritePage(w *Window) *writePage {
	p := &writePage{w: w}
	p.title = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.entry = field.NewEntry()
	p.entry.MultiLine, p.entry.Wrapping = true, fyne.TextWrapWord
	p.entry.OnChanged = func(text string) {
		w.drafts[w.local.With] = text
		w.render()
	}
	p.send = press.New(press.Value{Kind: press.Primary}, p.sendNow)
	p.cancel = press.New(press.Value{}, func() {
		delete(w.drafts, w.local.With)
		w.do(func(l *view.Local) { l.Page = l.Back })
	})
	p.root = pinned(1, p.title, newContainer(column{640}, p.entry), left(flow.NewRow(look.Gap8, 9, p.cancel, p.send)))
	return p
}

func (p *writePage) object() fyne.CanvasObject { return p.root }

// entered begins with what was written to that one and not sent: another page may have
// come in between.
func (p *writePage) entered() {
	p.entry.SetText(p.w.drafts[p.w.local.With])
	p.w.window.Canvas().Focus(p.entry)
}

// sendNow sends the text. If that fails, the notice says so and the text stays.
func (p *writePage) sendNow() {
	w, text, to := p.w, p.entry.Text, p.w.shown.Write.To
	if text == "" {
		return
	}
	w.say(text, []identity.ID{to}, func() {
		delete(w.drafts, to)
		if w.local.Page == view.Write && w.local.With == to {
			w.local.Page = w.local.Back
		}
	})
}

func (p *writePage) show(v view.View) {
	t := v.Write
	p.title.SetText(t.Title)
	p.entry.SetPlaceHolder(t.Prompt)
	p.entry.Label = t.Prompt
	p.send.Set(press.Value{Text: t.Send, Kind: press.Primary, Disabled: p.entry.Text == ""})
	set(p.cancel, t.Cancel, press.Normal)
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.root.Objects[2])
}
