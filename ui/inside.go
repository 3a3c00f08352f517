package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/banner"
	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/request"
	"potluck/ui/tree"
	"potluck/ui/view"
)

// insideRows is how much of the list is in sight at least, in lines of text.
const insideRows = 4

// An insidePage shows what is in an offer, and lets the person take a part of it.
type insidePage struct {
	w     *Window
	root  *fyne.Container
	head  *personHead
	line  *elide.Paragraph
	notes [request.Notes]*banner.Banner
	find  *field.Entry
	tree  *tree.Tree
	wait  *elide.Paragraph
	save  *elide.Text
	into  *elide.Text
	free  *elide.Text
	count *elide.Text

	change, later, decline, accept *press.Button

	place, buttons *fyne.Container
	remarks        *fyne.Container // what it is, and the notes
	noted          *container.Scroll
	of             *view.Tree // that the rows were made of
}

func newInsidePage(w *Window) *insidePage {
	p := &insidePage{w: w, head: newPersonHead()}
	p.line = elide.NewParagraph(elide.ParaValue{})
	p.find = field.NewEntry()
	p.find.OnChanged = p.search
	p.tree = tree.New(tree.Options{
		Count: func() int {
			if w.local.Tree == nil {
				return 0
			}
			return w.local.Tree.Len()
		},
		Row:    func(i int) tree.Row { return treeRow(w.local.Tree.Row(i, w.words)) },
		Parent: func(i int) int { return w.local.Tree.Parent(i) },
		OnTick: func(i int) {
			w.local.Tree.Toggle(i)
			p.tree.Update()
			w.render()
		},
		OnOpen: func(i int, open bool) {
			w.local.Tree.SetOpen(i, open)
			p.tree.Update()
		},
		Label: func() string { return p.count.Full() },
	})
	p.wait = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	caption := elide.Value{Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText}
	p.save, p.free = elide.New(caption), elide.New(caption)
	caption.Mode = elide.Parts // how many files are taken, the button says too
	p.count = elide.New(caption)
	p.into = elide.New(elide.Value{Mode: elide.Path})
	p.change = press.New(press.Value{Kind: press.Quiet}, func() { w.saveInto(w.shown.Inside.Request.Share) })
	p.later = press.New(press.Value{Kind: press.Quiet}, func() {
		w.do(func(l *view.Local) {
			l.PutOff(w.shown.Inside.Request.Share)
			l.Page = l.Back
		})
	})
	p.decline = press.New(press.Value{}, func() { w.decline(w.shown.Inside.Request.Share) })
	p.accept = press.New(press.Value{Kind: press.Primary}, p.acceptNow)
	p.place = flow.NewRow(look.Gap8, 1, own(p.save), p.into, own(p.free), p.change)
	p.buttons = flow.NewRow(look.Gap8, 0, p.count, p.later, p.decline, p.accept)
	ground := look.NewGround(look.Card, look.CardBorder, 12)
	middle := newContainer(fill{}, ground.Rectangle, p.tree, p.wait)
	p.remarks = flow.NewColumn(look.Gap8, p.line)
	for i := range p.notes {
		p.notes[i] = banner.New(banner.Value{}, func() { p.noteDo(i) })
		p.remarks.Add(p.notes[i])
	}
	p.noted = flow.NewScroll(p.remarks)
	notes := newContainer(noMore{p.room}, p.noted)
	p.root = pinned(3, p.head.root, notes, p.find, middle, p.place, p.buttons)
	return p
}

func (p *insidePage) object() fyne.CanvasObject { return p.root }

// room is how high what is said of the offer may be: some of what it says, and some
// of what is in it, is in sight in the smallest window.
func (p *insidePage) room() float32 {
	size := p.root.Size()
	left := size.Height - 2*look.Gap12 - insideRows*look.Line(theme.SizeNameText)
	for i, o := range p.root.Objects {
		left -= look.Gap8
		if i != 1 && i != 3 { // it, and the list
			left -= flow.HeightFor(o, size.Width-2*look.PageInset)
		}
	}
	return max(0, min(left, size.Height*0.35))
}

// noteDo is the button of a remark.
func (p *insidePage) noteDo(i int) {
	r := p.w.shown.Inside.Request
	switch n := r.Notes[i]; {
	case n.Button == "":
	case n.Topic == view.Programs:
		t := p.w.local.Tree
		only := !t.OnlyPrograms()
		p.find.SetText("")
		p.w.search++ // what is being searched for comes too late
		t.ShowPrograms(only)
		p.tree.Update()
		p.w.render()
	default:
		p.w.verify(r.From)
	}
}

// forget lets go of the list of what is in an offer.
func (p *insidePage) forget() {
	p.of = nil
	p.tree.Update()
}

// entered begins with an empty search.
func (p *insidePage) entered() {
	p.find.SetText("")
	p.of = nil
}

// home is where the keyboard begins: what can be ticked.
func (p *insidePage) home() fyne.Focusable { return p.tree }

func (p *insidePage) show(v view.View) {
	i := v.Inside
	r := i.Request
	p.head.show(r.From, r.Name, r.Trust, r.TrustText)
	changed := p.line.SetText(i.Line)
	for k, n := range r.Notes {
		changed = p.notes[k].Set(banner.Value{Tone: bannerTone(n.Tone), Text: n.Text, Button: n.Button}) || changed
	}
	p.find.SetPlaceHolder(i.Find)
	p.find.Label = i.Find
	p.wait.SetText(i.Loading)
	visible(p.wait, i.Loading != "")
	visible(p.tree, i.Loading == "")
	if p.of != p.w.local.Tree {
		p.of = p.w.local.Tree
		p.tree.Update()
		if canvas := p.w.window.Canvas(); p.of != nil && canvas.Focused() == nil {
			canvas.Focus(p.tree)
		}
	}
	p.save.SetText(r.SaveTo)
	p.into.SetText(r.Into)
	p.free.SetText(r.Free)
	p.count.SetText(i.Count)
	set(p.change, r.Change, press.Quiet)
	set(p.later, r.Later, press.Quiet)
	set(p.decline, r.Decline, press.Normal)
	p.accept.Set(press.Value{Text: i.Accept, Kind: press.Primary, Disabled: !i.Can})
	flow.Relayout(p.place)
	flow.Relayout(p.buttons)
	if changed {
		p.root.Layout.Layout(p.root.Objects, p.root.Size())
		flow.Relayout(p.noted)
	}
}

// acceptNow takes what is ticked.
func (p *insidePage) acceptNow() {
	var want []bool
	if t := p.w.local.Tree; t != nil {
		want = t.Want()
	}
	if p.w.shown.Inside.Can {
		p.w.accept(p.w.shown.Inside.Request.Share, want)
	}
}

// search shows what has a text in its name. A million names are not gone through
// on the main goroutine.
func (p *insidePage) search(text string) {
	w := p.w
	t := w.local.Tree
	if t == nil {
		return
	}
	w.search++
	this := w.search
	if text == "" {
		t.ShowMatches(nil)
		p.tree.Update()
		w.later(func() { w.local.Sought = "" }) // and what is shown is drawn
		return
	}
	w.begin(func(context.Context) error {
		found := t.Matches(text)
		w.later(func() {
			if w.search == this && w.local.Tree == t {
				w.local.Sought = text
				t.ShowMatches(append([]int32{}, found...))
				p.tree.Update()
			}
		})
		return nil
	})
}

func treeRow(r view.TreeRow) tree.Row {
	v := tree.Row{
		Depth: r.Depth, Name: r.Name, Ext: r.Ext, Program: r.Program, Note: r.Note, Marked: r.Marked, Where: r.Where, Size: r.Size, Icon: icons().file,
		Folder: r.Folder, Open: r.Open, Label: r.Label,
	}
	if r.Folder {
		v.Icon = icons().folder
	}
	switch r.Mark {
	case view.On:
		v.Check = tree.On
	case view.Mixed:
		v.Check = tree.Mixed
	}
	return v
}
