package list

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/calm"
	"potluck/ui/focus"
)

// A Spared object of a cell forgets the cursor and the pointer when it is out of
// sight: what it shows next is another value, to which neither has come yet.
type Spared interface{ Spare() }

// content is what is scrolled: as high as all cells together, with those that are
// in sight on it.
type content struct {
	widget.BaseWidget
	list  *List
	shown map[int]*cell
	spare []*cell
	order []fyne.CanvasObject // of shown, by index
	last  Cells
}

// fill puts the cells that are in sight in their places. The value of a cell that
// was there before is asked for only if all are.
func (c *content) fill(all bool) {
	l := c.list
	cells, count := l.cells(), l.o.Count()
	view := l.scroll.Size()
	if view.Height <= 0 || view.Width <= 0 {
		return
	}
	if l.scroll.Offset != l.offset { // there is less to be scrolled, or more room
		l.offset = l.scroll.Offset
		l.guard.Moved()
	}
	step := cells.Height + cells.Gap
	first := max(int((l.scroll.Offset.Y-cells.Top)/step), 0) * cells.Columns
	end := min((int((l.scroll.Offset.Y+view.Height-cells.Top)/step)+1)*cells.Columns, count)

	changed := false
	for _, i := range slices.Sorted(maps.Keys(c.shown)) {
		if i < first || i >= end {
			old := c.shown[i]
			if spared, ok := old.object.(Spared); ok {
				spared.Spare()
			}
			delete(c.shown, i)
			c.spare = append(c.spare, old)
			changed = true
		}
	}
	for i := first; i < end; i++ {
		at, there := c.shown[i]
		if !there {
			at = c.take()
			c.shown[i] = at
			at.index = i
			changed = true
		}
		x, y := cells.at(i)
		if to := fyne.NewPos(x, y); to != at.Position() {
			if there {
				at.guard.Moved()
			}
			at.Move(to)
		}
		at.Resize(fyne.NewSize(cells.Width, cells.Height))
		if all || !there || c.last != cells {
			c.show(i)
		}
		if l.o.Key != nil {
			at.guard.Stand(l.o.Key(i))
		}
		if !there && !all {
			at.guard.Settled()
		}
	}
	if changed || c.last != cells {
		c.last = cells
		c.order = c.order[:0:0]
		for _, i := range slices.Sorted(maps.Keys(c.shown)) {
			c.order = append(c.order, c.shown[i])
		}
		c.Refresh()
	}
}

func (c *content) take() *cell {
	if n := len(c.spare); n > 0 {
		at := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return at
	}
	at := &cell{list: c.list, object: c.list.o.Make()}
	at.guard.Within(&c.list.guard)
	at.ExtendBaseWidget(at)
	return at
}

// show assigns its value to a cell, if it is in sight.
func (c *content) show(i int) {
	if at, ok := c.shown[i]; ok && i < c.list.o.Count() {
		c.list.o.Show(i, at.object, c.list.focused && i == c.list.cursor)
	}
}

func (c *content) CreateRenderer() fyne.WidgetRenderer { return &contentRenderer{c} }

type contentRenderer struct{ content *content }

func (r *contentRenderer) Destroy() {}

func (r *contentRenderer) Objects() []fyne.CanvasObject { return r.content.order }

func (r *contentRenderer) MinSize() fyne.Size {
	l := r.content.list
	return fyne.NewSize(1, l.cells().height(l.o.Count()))
}

func (r *contentRenderer) Layout(fyne.Size) { r.content.fill(false) }

func (r *contentRenderer) Refresh() {}

// A cell takes the clicks for what it shows.
type cell struct {
	widget.BaseWidget
	list   *List
	object fyne.CanvasObject
	index  int
	guard  calm.Guard
}

var (
	_ fyne.Tappable          = (*cell)(nil)
	_ fyne.SecondaryTappable = (*cell)(nil)
)

// Tapped implements fyne.Tappable.
func (c *cell) Tapped(*fyne.PointEvent) {
	if !c.guard.Calm() {
		return
	}
	c.list.SetCursor(c.index)
	focus.Request(c.list.self)
	if c.list.o.OnTap != nil {
		c.list.o.OnTap(c.index)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (c *cell) TappedSecondary(e *fyne.PointEvent) {
	if !c.guard.Calm() {
		return
	}
	c.list.SetCursor(c.index)
	focus.Request(c.list.self)
	if c.list.o.OnMenu != nil {
		c.list.o.OnMenu(c.index, e.AbsolutePosition)
	}
}

func (c *cell) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.object) }
