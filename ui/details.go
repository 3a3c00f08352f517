package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/graph"
	"potluck/ui/look"
	"potluck/ui/parts"
	"potluck/ui/press"
	"potluck/ui/transfer"
	"potluck/ui/view"
)

// A detailsPage is all about one transfer.
type detailsPage struct {
	w      *Window
	root   *fyne.Container
	back   *press.Button
	row    *transfer.Row
	now    view.Row
	facts  *rows[view.Fact]
	people *rows[view.Person]
	notes  *rows[view.Fact]
	have   *elide.Text
	parts  *parts.Bar
	speed  *elide.Text
	from   *elide.Text
	givers *rows[view.Person]
	check  *fyne.Container
	result *elide.Paragraph
	checks *rows[view.Fact]
	begin  [2]*press.Button
	guard  calm.Guard // of these
	graph  *graph.Graph
	scroll *container.Scroll
}

func newDetailsPage(w *Window) *detailsPage {
	p := &detailsPage{w: w}
	p.back = press.New(press.Value{Icon: icons().back, Kind: press.Quiet}, func() { w.do(func(l *view.Local) { l.Page = l.Back }) })
	p.row = transfer.New(func(i int) { w.press(p.now.Buttons[i].Do, p.now.Ref) }, nil, nil)
	p.facts, p.notes = newRows(look.Gap4, newFact), newRows(look.Gap4, newFact)
	p.people, p.givers = newRows(look.Gap8, p.newPerson), newRows(look.Gap8, p.newPerson)
	p.from = elide.New(elide.Value{Bold: true})
	p.result, p.checks = elide.NewParagraph(elide.ParaValue{}), newRows(look.Gap4, newFact)
	for i := range p.begin {
		p.begin[i] = press.New(press.Value{}, func() {
			c := w.shown.Details.Check
			p.guard.Do(func() { w.press([2]view.Button{c.Button, c.Restore}[i].Do, p.now.Ref) })
		})
	}
	p.check = calm.NewPlace(&p.guard, flow.NewColumn(look.Gap8, p.result, flow.NewWrap(look.Gap8, p.begin[0], p.begin[1]), p.checks.box))
	title := elide.Value{Bold: true}
	p.have, p.speed = elide.New(title), elide.New(title)
	p.parts, p.graph = parts.New(), graph.New()
	p.scroll = flow.NewScroll(flow.NewInset(0, look.Gap16, 0, 0, flow.NewColumn(look.Gap12,
		p.row, p.check, p.people.box, p.from, p.givers.box, p.have, p.parts, p.speed, newContainer(graphSize{}, p.graph), p.facts.box, p.notes.box)))
	p.root = pinned(1, left(p.back), p.scroll)
	return p
}

func (p *detailsPage) object() fyne.CanvasObject { return p.root }

func (p *detailsPage) entered() { p.scroll.ScrollToTop() }

func (p *detailsPage) show(v view.View) {
	d := v.Details
	p.back.Set(press.Value{Text: d.Close, Icon: icons().back, Kind: press.Quiet})
	p.now = d.Row
	p.now.Buttons = d.Buttons
	p.row.Set(rowValue(p.now))
	p.facts.show(d.Facts)
	p.people.show(d.People)
	p.notes.show(d.Notes)
	visible(p.people.box, len(d.People) > 0)
	visible(p.notes.box, len(d.Notes) > 0)
	p.have.SetText(d.Parts)
	visible(p.have, d.Parts != "")
	visible(p.parts, d.Parts != "")
	if d.Parts != "" {
		p.parts.Set(p.w.partsOf(d.Row.Ref), d.Parts)
	}
	p.from.SetText(d.From)
	p.givers.show(d.Sources)
	visible(p.from, d.From != "")
	visible(p.givers.box, d.From != "")
	p.showCheck(d.Check)
	p.speed.SetText(d.Speed)
	visible(p.speed, d.Speed != "")
	visible(p.graph, d.Speed != "")
	if d.Speed != "" {
		p.graph.Set(d.Samples, d.Speed)
	}
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.scroll)
}

// showCheck shows whether what was received is as it was sent.
func (p *detailsPage) showCheck(c view.Checkup) {
	color := fyne.ThemeColorName("")
	if c.Tone != view.Plain {
		color = toneColor(c.Tone)
	}
	p.result.Set(elide.ParaValue{Text: c.Text, Color: color, Bold: color != ""})
	visible(p.result, c.Text != "")
	p.guard.Stand(p.now.Key + c.Button.Text + c.Restore.Text)
	p.checks.show(c.Files)
	visible(p.checks.box, len(c.Files) > 0)
	for i, b := range [2]view.Button{c.Button, c.Restore} {
		set(p.begin[i], b.Text, press.Normal)
		visible(p.begin[i], b.Text != "")
	}
	visible(p.check, c.Text != "" || c.Button.Text != "" || c.Restore.Text != "")
}

// graphSize is the place of the graph of speed.
type graphSize struct{}

// MinSize implements fyne.Layout.
func (graphSize) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.Size{}
	}
	return fyne.NewSize(120, 48*look.Scale())
}

// Layout implements fyne.Layout.
func (graphSize) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, min(size.Width, 360*look.Scale()), size.Height)
}

// newFact shows one line of details.
func newFact() slot[view.Fact] {
	what := elide.New(elide.Value{Color: theme.ColorNamePlaceHolder})
	value := elide.NewParagraph(elide.ParaValue{})
	return slot[view.Fact]{flow.NewTopRow(look.Gap8, 1, newContainer(factWidth{}, what), value), func(f view.Fact) bool {
		what.SetText(f.What)
		return value.SetText(f.Value)
	}}
}

// factWidth is that of the left column of facts.
type factWidth struct{}

// MinSize implements fyne.Layout.
func (factWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(110*look.Scale(), objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (factWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, objects[0].MinSize().Height)
}

// newPerson shows who is at the other end, or one of several.
func (p *detailsPage) newPerson() slot[view.Person] {
	head := newPersonHead()
	text, from := elide.NewParagraph(elide.ParaValue{}), elide.NewParagraph(elide.ParaValue{})
	small := func(text string) elide.ParaValue {
		return elide.ParaValue{Text: text, Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText}
	}
	head.column.Add(text)
	head.column.Add(from)
	guard := new(calm.Guard)
	var now view.Person
	button := press.New(press.Value{}, func() { guard.Do(func() { p.w.press(now.Button.Do, now.Ref) }) })
	button.Hide()
	return slot[view.Person]{calm.NewPlace(guard, flow.NewRow(look.Gap12, 0, head.root, button)), func(v view.Person) bool {
		now = v
		guard.Stand(v.Ref + v.Button.Text)
		set(button, v.Button.Text, press.Normal)
		visible(button, v.Button.Text != "")
		head.show(v.ID, v.Name, v.Trust, v.TrustText)
		was := text.Visible()
		visible(text, v.Text != "")
		visible(from, v.From != "")
		changed := text.Set(small(v.Text))
		changed = from.Set(small(v.From)) || changed
		return changed || was != text.Visible()
	}}
}
