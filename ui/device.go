package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A devicePage is all about one device, and what is settled for it.
type devicePage struct {
	w      *Window
	root   *fyne.Container
	back   *press.Button
	head   *personHead
	own    *elide.Paragraph
	why    *elide.Paragraph
	verify *press.Button
	step   *fyne.Container // holds it
	rename *elide.Text
	alias  *field.Entry
	save   *press.Button
	auto   *field.Check
	says   *elide.Paragraph // what it stands for; the toolkit's would not wrap
	ask    *fyne.Container  // holds these two
	facts  *rows[view.Fact]
	block  *press.Button
	unpair *press.Button
	scroll *container.Scroll
	from   string // the alias that the entry began with
}

func newDevicePage(w *Window) *devicePage {
	p := &devicePage{w: w, head: newPersonHead()}
	p.back = press.New(press.Value{Icon: icons().back, Kind: press.Quiet}, func() { w.do(func(l *view.Local) { l.Page = l.Back }) })
	p.own = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	p.why = elide.NewParagraph(elide.ParaValue{})
	p.verify = press.New(press.Value{Kind: press.Primary}, func() { w.verify(w.shown.Device.ID) })
	p.step = left(p.verify)
	p.rename = elide.New(elide.Value{Bold: true})
	p.alias = field.NewEntry()
	p.alias.OnSubmitted = func(string) { p.setAlias() }
	p.save = press.New(press.Value{}, p.setAlias)
	p.auto = field.NewCheck("", func(on bool) {
		id := w.shown.Device.ID
		w.act(func(ctx context.Context, s Source) error { return s.SetTrusted(ctx, id, on) })
	})
	p.says = elide.NewParagraph(elide.ParaValue{})
	p.ask = flow.NewRow(look.Gap4, 1, p.auto, flow.NewStack(p.says, field.NewWords(p.auto)))
	p.facts = newRows(look.Gap4, newFact)
	p.block = press.New(press.Value{}, func() {
		d := w.shown.Device
		if d.Blocked {
			w.act(func(_ context.Context, s Source) error {
				s.Unblock(d.ID)
				return nil
			})
			return
		}
		w.block(d.ID, d.Name)
	})
	p.unpair = press.New(press.Value{}, func() {
		d := w.shown.Device
		w.do(func(l *view.Local) { l.Question = view.AskUnpair(d.Name, d.ID.String(), w.words) })
	})
	p.scroll = flow.NewScroll(flow.NewInset(look.Gap4, look.Gap16, look.Gap4, 0, flow.NewColumn(look.Gap12,
		p.head.root, p.own, p.why, p.step, p.rename, flow.NewRow(look.Gap8, 0, p.alias, p.save), p.ask, p.facts.box,
		left(flow.NewRow(look.Gap8, 9, p.block, p.unpair)))))
	p.root = pinned(1, left(p.back), newContainer(column{560}, p.scroll))
	return p
}

func (p *devicePage) object() fyne.CanvasObject { return p.root }

// entered fills the entry.
func (p *devicePage) entered() {
	p.from = p.w.shown.Device.Alias
	p.alias.SetText(p.from)
	p.scroll.ScrollToTop()
}

// setAlias gives the device a name of this person's own.
func (p *devicePage) setAlias() {
	id, alias := p.w.shown.Device.ID, p.alias.Text
	p.w.act(func(ctx context.Context, s Source) error { return s.SetAlias(ctx, id, alias) })
}

func (p *devicePage) show(v view.View) {
	d := v.Device
	p.back.Set(press.Value{Text: d.Close, Icon: icons().back, Kind: press.Quiet})
	p.head.show(d.ID, d.Name, d.Trust, d.TrustText)
	p.own.SetText(d.Own)
	visible(p.own, d.Own != "")
	p.why.SetText(d.Why)
	set(p.verify, d.Verify, press.Primary)
	visible(p.step, d.Verify != "")
	p.rename.SetText(d.Rename)
	p.alias.Label = d.Rename
	if p.from != d.Alias { // it was saved, or changed elsewhere
		p.from = d.Alias
		p.alias.SetText(d.Alias)
	}
	set(p.save, d.Save, press.Normal)
	p.auto.Label = d.Auto
	p.says.SetText(d.Auto)
	visible(p.ask, d.Auto != "")
	p.auto.Set(d.AutoOn)
	p.facts.show(d.Facts)
	set(p.block, d.Block, press.Normal)
	set(p.unpair, d.Unpair, press.Normal)
	visible(p.unpair, d.Unpair != "")
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.scroll)
}
