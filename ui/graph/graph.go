// Package graph shows how fast something went in the last two minutes: a small
// area, one column for a second, the newest at the right.
package graph

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
)

// Columns is how many samples are shown.
const Columns = 120

const (
	rows    = 40
	ink     = 0xFF // of the line at the top of the area
	inkArea = 0x5A // of the area
)

// A Graph is one area.
type Graph struct {
	widget.BaseWidget
	samples []float32
	label   string
}

// New returns an empty graph.
func New() *Graph {
	g := &Graph{}
	g.ExtendBaseWidget(g)
	return g
}

// Set shows the last [Columns] samples, the oldest first. The greatest of them
// reaches the top. The slice is not kept.
func (g *Graph) Set(samples []float32, label string) {
	samples = samples[max(len(samples)-Columns, 0):]
	if label == g.label && slices.Equal(samples, g.samples) {
		return
	}
	g.samples, g.label = slices.Clone(samples), label
	g.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (g *Graph) AccessibilityLabel() string { return g.label }

// AccessibilityRole implements fyne.Accessible.
func (g *Graph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (g *Graph) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{
		graph: g, ground: look.NewGround(theme.ColorNameBackground, look.CardBorder, 4),
		area: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
	}
	r.draw()
	return r
}

type renderer struct {
	graph  *Graph
	ground *look.Ground
	area   *canvas.Image
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.area}
}

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(Columns, rows+8) }

func (r *renderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.area.Move(fyne.NewPos(1, 4))
	r.area.Resize(size.SubtractWidthHeight(2, 5))
}

func (r *renderer) draw() {
	r.ground.Restyle()
	img := image.NewNRGBA(image.Rect(0, 0, Columns, rows))
	red, green, blue, _ := look.Color(theme.ColorNamePrimary).RGBA()
	for i, h := range heights(r.graph.samples) {
		x := Columns - len(r.graph.samples) + i
		for y := rows - h; y < rows; y++ {
			opaque := uint8(inkArea)
			if y < rows-h+2 {
				opaque = ink
			}
			copy(img.Pix[img.PixOffset(x, y):], []uint8{uint8(red >> 8), uint8(green >> 8), uint8(blue >> 8), opaque})
		}
	}
	r.area.Image = img
}

// heights returns how many pixels high each sample is.
func heights(samples []float32) []int {
	most := float32(0)
	for _, s := range samples {
		most = max(most, s)
	}
	list := make([]int, len(samples))
	for i, s := range samples {
		if most > 0 && s > 0 {
			list[i] = max(int(s/most*rows), 1)
		}
	}
	return list
}

func (r *renderer) Refresh() {
	r.draw()
	r.area.Refresh()
	r.ground.Refresh()
}
