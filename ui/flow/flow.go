// Package flow lays things out one below the other where their height depends on
// the width they get, as that of every text that wraps does.
//
// Fyne asks an object for its least size before it tells it a width. Here a
// column is told the width first: a [Tall] object says how high it is then, and
// so do containers with the layouts of this package.
//
//	page := flow.NewScroll(flow.NewColumn(look.Gap8, title, flow.NewInset(…, text)))
//	…
//	flow.Relayout(page) // after a text in it has changed
package flow

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"potluck/ui/look"
)

// A Tall object knows its height for a width.
type Tall interface {
	fyne.CanvasObject
	HeightFor(width float32) float32
}

// A tallLayout does for a container what a Tall object does for itself.
type tallLayout interface {
	fyne.Layout
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// A TallLayout does the same, for layouts of other packages.
type TallLayout interface {
	fyne.Layout
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor returns how high o is when it is that wide.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case Tall:
		return o.HeightFor(width)
	case *fyne.Container:
		switch l := o.Layout.(type) {
		case tallLayout:
			return l.heightFor(o.Objects, width)
		case TallLayout:
			return l.HeightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

// NewColumn returns a container that puts objects one below the other, as wide as
// itself. What is hidden takes no room.
func NewColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&column{gap: gap}, objects...)
}

type column struct{ gap, width float32 }

func (c *column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height, n := float32(0), 0
	for _, o := range objects {
		if o.Visible() {
			height += HeightFor(o, width)
			n++
		}
	}
	return height + c.gap*float32(max(n-1, 0))
}

func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := leastWidth(objects)
	return fyne.NewSize(width, c.heightFor(objects, max(width, c.width)))
}

func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := HeightFor(o, size.Width)
		place(o, 0, y, size.Width, h)
		y += h + c.gap
	}
}

// NewInset returns a container that leaves room around o.
func NewInset(top, bottom, left, right float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&inset{top, bottom, left, right}, o)
}

type inset struct{ top, bottom, left, right float32 }

func (i *inset) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for _, o := range objects {
		height = max(height, HeightFor(o, width-i.left-i.right))
	}
	return height + i.top + i.bottom
}

func (i *inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(i.left+i.right, i.top+i.bottom)
}

func (i *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, i.left, i.top, size.Width-i.left-i.right, size.Height-i.top-i.bottom)
	}
}

// NewStack returns a container that puts objects on one another, as a ground and
// what lies on it.
func NewStack(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&inset{}, objects...)
}

// NewRow returns a container that puts objects side by side. The grow'th gets the
// width the others leave; all are centred in height.
func NewRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap, grow: grow}, objects...)
}

// NewTopRow is like [NewRow], with all at the top.
func NewTopRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap, grow: grow, top: true}, objects...)
}

type row struct {
	gap   float32
	grow  int
	top   bool
	width float32
}

// widths returns how wide each object is when all are that wide together.
func (r *row) widths(objects []fyne.CanvasObject, width float32) []float32 {
	all := make([]float32, len(objects))
	left, n := width, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		if i != r.grow {
			all[i] = o.MinSize().Width
			left -= all[i]
		}
	}
	if r.grow < len(all) {
		all[r.grow] = max(left-r.gap*float32(max(n-1, 0)), 0)
	}
	return all
}

func (r *row) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for i, w := range r.widths(objects, width) {
		if objects[i].Visible() {
			height = max(height, HeightFor(objects[i], w))
		}
	}
	return height
}

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width, n := float32(0), 0
	for _, o := range objects {
		if o.Visible() {
			width += o.MinSize().Width
			n++
		}
	}
	width += r.gap * float32(max(n-1, 0))
	return fyne.NewSize(width, r.heightFor(objects, max(width, r.width)))
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	x := float32(0)
	for i, w := range r.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		h, y := HeightFor(o, w), float32(0)
		if !r.top {
			y = (size.Height - h) / 2
		}
		place(o, x, y, w, h)
		x += w + r.gap
	}
}

// NewWrap returns a container that puts objects side by side, and on the next line
// those for which there is no more room.
func NewWrap(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&wrap{gap: gap}, objects...)
}

type wrap struct{ gap, width float32 }

// each says where each object goes, and returns how high all are together.
func (l *wrap) each(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, high := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		w := min(least.Width, max(width, 0))
		if x > 0 && x+w > width {
			x, y, high = 0, y+high+l.gap, 0
		}
		put(o, x, y, w, least.Height)
		x += w + l.gap
		high = max(high, least.Height)
	}
	return y + high
}

func (l *wrap) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.each(objects, width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

func (l *wrap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := l.width
	for _, o := range objects {
		width = max(width, o.MinSize().Width)
	}
	return fyne.NewSize(0, l.heightFor(objects, width))
}

func (l *wrap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.each(objects, size.Width, place)
}

// NewScroll returns a scroll that goes down. Its bar lies over the content: room
// is left for it at the right.
func NewScroll(content fyne.CanvasObject) *container.Scroll {
	l := &scrolled{}
	s := container.NewVScroll(container.New(l, content))
	l.scroll = s
	return s
}

// scrolled asks for no width: it gets that of the scroll, which is drawn a second
// time whenever what its content asks for has changed.
type scrolled struct{ scroll *container.Scroll }

func (l *scrolled) width(size fyne.Size) float32 { return max(size.Width-look.ScrollGap, 0) }

func (l *scrolled) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, HeightFor(objects[0], l.width(l.scroll.Size())))
}

func (l *scrolled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, l.width(size), size.Height)
}

// Relayout lays out again what lies in o, a container of this package or a
// scroll, after something in it has changed its height, without having it all
// drawn anew.
func Relayout(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *container.Scroll:
		o.Base.Refresh() // its own, which measures the content but does not have that drawn anew
		if lowest := max(0, o.Content.Size().Height-o.Size().Height); o.Offset.Y > lowest {
			o.ScrollToOffset(fyne.NewPos(o.Offset.X, lowest))
		}
		Relayout(o.Content)
	case *fyne.Container:
		if o.Layout == nil {
			return
		}
		o.Layout.Layout(o.Objects, o.Size())
		for _, child := range o.Objects {
			Relayout(child)
		}
	}
}

func leastWidth(objects []fyne.CanvasObject) float32 {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return width
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// NewSquare returns a container that gives o a square of that side, asked for each
// time, since it may follow the text size.
func NewSquare(side func() float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(square{side}, o)
}

type square struct{ side func() float32 }

func (s square) heightFor([]fyne.CanvasObject, float32) float32 { return s.side() }

func (s square) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(s.side()) }

func (s square) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := s.side()
	for _, o := range objects {
		place(o, (size.Width-side)/2, (size.Height-side)/2, side, side)
	}
}
