package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/sharing"
	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/history"
	"potluck/ui/list"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A transfersPage is what moves, and what has moved.
type transfersPage struct {
	w       *Window
	root    *fyne.Container
	title   *elide.Text
	hold    *press.Button
	moving  *rows[view.Row]
	scroll  *container.Scroll
	heading *elide.Text
	clear   *press.Button
	find    *field.Entry
	list    *list.List
	past    []sharing.Transfer
	empty   *elide.Paragraph
	top     *fyne.Container
	bottom  *fyne.Container
}

func newTransfersPage(w *Window) *transfersPage {
	p := &transfersPage{w: w}
	p.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.hold = press.New(press.Value{}, w.holdAll)
	p.moving = newRows(look.Gap8, func() slot[view.Row] { return newRow(w) })
	p.scroll = flow.NewScroll(p.moving.box)
	p.heading = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.clear = press.New(press.Value{Kind: press.Quiet}, w.clearHistory)
	p.find = field.NewEntry()
	p.find.Text = w.local.Search
	p.find.OnChanged = func(text string) { w.do(func(l *view.Local) { l.Search = text }) }
	p.list = history.New(history.Options{
		Count: func() int { return len(p.past) },
		Key:   func(i int) string { return string(p.past[i].Direction) + p.past[i].Share.String() },
		Value: func(i int) history.Value { return pastValue(view.PastOf(p.past[i], w.o.Now(), w.words)) },
		OnOpen: func(i int) {
			if i < len(p.past) {
				w.details(string(p.past[i].Direction) + p.past[i].Share.String())
			}
		},
		OnMenu: func(i int, at fyne.Position) {
			if i >= 0 && i < len(p.past) {
				w.pastMenu(p.past[i], at)
			}
		},
		Label: func() string { return p.heading.Full() },
	})
	p.empty = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	p.top = flow.NewRow(look.Gap8, 0, p.title, p.hold)
	p.bottom = flow.NewRow(look.Gap8, 0, p.heading, p.clear)
	p.root = newContainer(&transfersLayout{p: p}, p.top, p.scroll, p.bottom, p.find, p.empty, p.list)
	return p
}

func (p *transfersPage) object() fyne.CanvasObject { return p.root }

func (p *transfersPage) show(v view.View) {
	h := v.History
	p.title.SetText(h.Title)
	set(p.hold, h.PauseAll, press.Normal)
	visible(p.hold, h.PauseAll != "")
	changed := p.moving.show(h.Rows)
	visible(p.scroll, len(h.Rows) > 0)
	p.heading.SetText(h.Heading)
	set(p.clear, h.Clear, press.Quiet)
	any := h.Clear != ""
	for _, o := range []fyne.CanvasObject{p.bottom, p.find, p.list} {
		visible(o, any)
	}
	p.find.SetPlaceHolder(h.Find)
	p.find.Label = h.Find
	p.empty.SetText(h.Empty)
	visible(p.empty, h.Empty != "")
	if same := samePast(p.past, h.History); !same {
		p.past = h.History
		p.list.Update()
	}
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	if changed {
		flow.Relayout(p.scroll)
	}
}

func sameName(a, b sharing.Peer) bool { return a.Name == b.Name && a.State == b.State }

func sameLack(a, b *sharing.Checked) bool { return a == b || a != nil && b != nil && *a == *b }

// samePast reports whether two histories show the same lines.
func samePast(a, b []sharing.Transfer) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Share != b[i].Share || a[i].Direction != b[i].Direction || !a[i].Ended.Equal(b[i].Ended) || a[i].State != b[i].State ||
			!sameLack(a[i].Checked, b[i].Checked) || !slices.EqualFunc(a[i].Peers, b[i].Peers, sameName) {
			return false
		}
	}
	return true
}

func pastValue(p view.Past) history.Value {
	return history.Value{
		Icon: iconOf(p.Icon), IconColor: toneColor(p.Tone), Title: p.Title, Note: p.Note, Size: p.Size, When: p.When, Label: p.Label,
	}
}

// details opens the page about a transfer.
func (w *Window) details(key string) {
	w.do(func(l *view.Local) {
		l.Shown = key
		l.Go(view.Details)
	})
}

// A transfersLayout gives what moves its height, up to half of the page, and the
// history the rest.
type transfersLayout struct {
	p          *transfersPage
	under, end float32 // as of a pinnedLayout
}

func (t *transfersLayout) yield(height float32) bool {
	changed := t.under != height
	t.under = height
	return changed
}

func (t *transfersLayout) lowerEnd() float32 { return t.end }

// MinSize implements fyne.Layout.
func (*transfersLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 200) }

// Layout implements fyne.Layout.
func (t *transfersLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p := t.p
	width := size.Width - 2*look.PageInset
	y := look.Gap12
	put := func(o fyne.CanvasObject, height float32) {
		if o.Visible() {
			place(o, look.PageInset, y, width, height)
			y += height + look.Gap8
		}
	}
	put(p.top, flow.HeightFor(p.top, width))
	room := size.Height - y
	height := flow.HeightFor(p.moving.box, width-look.ScrollGap)
	if p.list.Visible() {
		height = min(height, room*0.55)
	}
	t.end = size.Height - look.Gap12
	if most := t.end - y; !p.list.Visible() {
		height = min(height, max(most-t.under, 0))
	}
	put(p.scroll, min(height, room))
	put(p.bottom, flow.HeightFor(p.bottom, width))
	put(p.find, p.find.MinSize().Height)
	put(p.empty, p.empty.HeightFor(width))
	put(p.list, max(0, t.end-t.under-y))
}
