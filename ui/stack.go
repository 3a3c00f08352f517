package ui

import (
	"fyne.io/fyne/v2"

	"potluck/ui/flow"
	"potluck/ui/focus"
	"potluck/ui/look"
)

// pinned puts objects one below the other with the page's margins. The one that
// grows gets the height that the others leave; those below it stay in sight.
func pinned(grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &pinnedLayout{grow: grow}, Objects: objects}
}

type pinnedLayout struct {
	grow  int
	under float32 // at the lower end of what grows, for a notice
	end   float32 // where that lower end is
}

// A yielding layout makes room for a notice at the lower end of what scrolls in it.
// Nothing else moves: a click that was aimed already hits what it was aimed at.
type yielding interface {
	yield(height float32) (changed bool)
	lowerEnd() float32
}

func (p *pinnedLayout) yield(height float32) bool {
	changed := p.under != height
	p.under = height
	return changed
}

func (p *pinnedLayout) lowerEnd() float32 { return p.end }

// MinSize implements fyne.Layout.
func (p *pinnedLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 160) }

// Layout implements fyne.Layout.
func (p *pinnedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := size.Width - 2*look.PageInset
	heights := make([]float32, len(objects))
	left, shown := size.Height-look.Gap12-look.Gap12, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		if i != p.grow {
			heights[i] = flow.HeightFor(o, width)
			left -= heights[i]
		}
	}
	left -= look.Gap8 * float32(max(0, shown-1))
	heights[p.grow] = max(left, 0)
	y := look.Gap12
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		height := heights[i]
		if i == p.grow {
			p.end = y + height
			height = max(height-p.under, 0)
		}
		place(o, look.PageInset, y, width, height)
		y += heights[i] + look.Gap8
	}
}

// A rows container shows a list of values, one object for each. Values that are
// the same are left alone.
type rows[V comparable] struct {
	box  *fyne.Container
	make func() slot[V]
	all  []slot[V]
	last []V
}

// A slot shows one value. Set reports whether the object may have another height
// for it.
type slot[V comparable] struct {
	object fyne.CanvasObject
	set    func(V) bool
}

func newRows[V comparable](gap float32, make func() slot[V]) *rows[V] {
	return &rows[V]{box: flow.NewColumn(gap), make: make}
}

// show assigns the values, and reports whether the rows may have another height for
// it.
func (r *rows[V]) show(values []V) bool {
	changed := len(values) != len(r.last)
	for len(r.all) < len(values) {
		s := r.make()
		r.all = append(r.all, s)
		r.box.Add(s.object)
	}
	for i, s := range r.all {
		if i >= len(values) {
			focus.Forget(s.object)
			visible(s.object, false)
			continue
		}
		visible(s.object, true)
		if i >= len(r.last) || r.last[i] != values[i] {
			changed = s.set(values[i]) || changed
		}
	}
	r.last = append(r.last[:0], values...)
	return changed
}

// front returns the value that the keyboard is in, or was before it went to the menus, and
// what shows it.
func (r *rows[V]) front() (v V, shown fyne.CanvasObject, ok bool) {
	for i, v := range r.last {
		if o := r.all[i].object; focus.Last(o) {
			return v, o, true
		}
	}
	return v, nil, false
}
