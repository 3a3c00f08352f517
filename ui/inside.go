package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/tree"
	"potluck/ui/view"
)

// An insidePage shows what is in an offer, and lets the person take a part of it.
type insidePage struct {
	w     *Window
	root  *fyne.Container
	head  *personHead
	line  *elide.Paragraph
	find  *field.Entry
	tree  *tree.Tree
	wait  *elide.Paragraph
	save  *elide.Text
	into  *elide.Text
	free  *elide.Text
	count *elide.Text

	change, later, decline, accept *press.Button

	place, buttons *fyne.Container
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
	p.root = pinned(3, p.head.root, p.line, p.find, middle, p.place, p.buttons)
	return p
}

func (p *insidePage) object() fyne.CanvasObject { return p.root }

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
		return
	}
	w.begin(func(context.Context) error {
		found := t.Matches(text)
		w.later(func() {
			if w.search == this && w.local.Tree == t {
				t.ShowMatches(append([]int32{}, found...))
				p.tree.Update()
			}
		})
		return nil
	})
}

func treeRow(r view.TreeRow) tree.Row {
	v := tree.Row{
		Depth: r.Depth, Name: r.Name, Ext: r.Ext, Program: r.Program, Note: r.Note, Size: r.Size, Icon: icons().file,
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
