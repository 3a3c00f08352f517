package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"potluck/ui/flow"
	"potluck/ui/look"
)

// newContainer puts objects under a layout.
func newContainer(l fyne.Layout, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: objects}
}

// fill gives every object all the room, and asks for none.
type fill struct{}

// MinSize implements fyne.Layout.
func (fill) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 40) }

// Layout implements fyne.Layout.
func (fill) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, size.Width, size.Height)
	}
}

// centred puts one object in the middle of the height, not too wide to be read.
type centred struct{}

// MinSize implements fyne.Layout.
func (centred) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 40) }

// Layout implements fyne.Layout.
func (centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		width := min(size.Width, 420*look.Scale())
		height := flow.HeightFor(o, width)
		place(o, (size.Width-width)/2, max(0, (size.Height-height)*0.42), width, height)
	}
}

// column gives an object the whole height and a width that can be read.
type column struct{ most float32 }

// MinSize implements fyne.Layout.
func (column) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 40) }

// Layout implements fyne.Layout.
func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, c.most*max(1, look.Scale()))
	for _, o := range objects {
		place(o, 0, 0, width, size.Height)
	}
}

// line gives an object the height it needs and a width that can be read.
type line struct{ most float32 }

// MinSize implements fyne.Layout.
func (line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (l line) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	column(l).Layout(objects, size)
}

// square gives an object a fixed size, which follows the size of texts.
func square(o fyne.CanvasObject, side float32) *fyne.Container {
	return newContainer(fixed{side}, o)
}

type fixed struct{ side float32 }

// MinSize implements fyne.Layout.
func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSquareSize(f.side * look.Scale())
}

// Layout implements fyne.Layout.
func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(f.side*look.Scale(), min(size.Width, size.Height))
	for _, o := range objects {
		place(o, (size.Width-side)/2, (size.Height-side)/2, side, side)
	}
}

// left keeps an object at its own width.
func left(o fyne.CanvasObject) *fyne.Container { return newContainer(leftLayout{}, o) }

type leftLayout struct{}

// MinSize implements fyne.Layout.
func (leftLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (leftLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, min(size.Width, objects[0].MinSize().Width), size.Height)
}

// amid puts objects beside each other in the middle of the width, at their own; one
// below the other where they do not fit.
type amid struct{}

// MinSize implements fyne.Layout.
func (amid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height+look.Gap8)
}

// HeightFor implements flow.TallLayout.
func (a amid) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := objects[0].MinSize().Height
	if objects = seenOf(objects); a.width(objects) > width {
		height = float32(len(objects))*(height+look.Gap8) - look.Gap8
	}
	return height + look.Gap8
}

// width is that of all of them beside each other.
func (amid) width(objects []fyne.CanvasObject) float32 {
	sum := -look.Gap8
	for _, o := range objects {
		sum += o.MinSize().Width + look.Gap8
	}
	return sum
}

// Layout implements fyne.Layout.
func (a amid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects = seenOf(objects)
	sum := a.width(objects)
	x, y := (size.Width-sum)/2, look.Gap8
	for _, o := range objects {
		least := o.MinSize()
		width := min(size.Width, least.Width)
		if sum > size.Width {
			place(o, (size.Width-width)/2, y, width, least.Height)
			y += least.Height + look.Gap8
		} else {
			place(o, x, y, width, least.Height)
			x += width + look.Gap8
		}
	}
}

// seenOf are those that are not hidden.
func seenOf(objects []fyne.CanvasObject) []fyne.CanvasObject {
	hidden := func(o fyne.CanvasObject) bool { return !o.Visible() }
	return slices.DeleteFunc(slices.Clone(objects), hidden)
}

// top gives an object the height it needs, above what is left empty.
type top struct{}

// MinSize implements fyne.Layout.
func (top) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 40) }

// Layout implements fyne.Layout.
func (top) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, min(size.Height, objects[0].MinSize().Height))
}

// outdent gives a quiet button more width by the room around its text, which is not
// seen, at the left and at the right.
type outdent struct{}

// MinSize implements fyne.Layout.
func (outdent) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (outdent) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], -look.Gap8, 0, min(size.Width+2*look.Gap8, objects[0].MinSize().Width), size.Height)
}

// noMore gives an object that scrolls the height it needs, up to a bound.
type noMore struct{ most func() float32 }

// MinSize implements fyne.Layout.
func (noMore) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

// HeightFor implements flow.TallLayout.
func (n noMore) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	scroll := objects[0].(*container.Scroll)
	return min(flow.HeightFor(scroll.Content, width), n.most())
}

// Layout implements fyne.Layout.
func (noMore) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}
