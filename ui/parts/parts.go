// Package parts shows which parts of something are here: a band that is filled
// where they are.
package parts

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/look"
)

const (
	mostBuckets = 256
	height      = 14
	leastWidth  = 80
)

// A Bar is one band.
type Bar struct {
	widget.BaseWidget
	buckets []uint8
	label   string
}

// New returns a band of nothing.
func New() *Bar {
	b := &Bar{}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows up to 256 parts, each from 0, nothing of it is here, to 255. The slice
// is not kept.
func (b *Bar) Set(buckets []uint8, label string) {
	buckets = buckets[:min(len(buckets), mostBuckets)]
	if label == b.label && slices.Equal(buckets, b.buckets) {
		return
	}
	b.buckets, b.label = slices.Clone(buckets), label
	b.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (b *Bar) AccessibilityLabel() string { return b.label }

// AccessibilityRole implements fyne.Accessible.
func (b *Bar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{bar: b, track: look.NewGround(look.Track, "", 2), band: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}}
	r.draw()
	return r
}

type renderer struct {
	bar   *Bar
	track *look.Ground
	band  *canvas.Image
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track.Rectangle, r.band}
}

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(leastWidth, height) }

func (r *renderer) Layout(size fyne.Size) {
	r.track.Resize(size)
	r.band.Resize(size)
}

// draw makes a picture one pixel high: how opaque a pixel is, is how much of that
// part is here.
func (r *renderer) draw() {
	r.track.Restyle()
	r.band.Hidden = len(r.bar.buckets) == 0
	if r.band.Hidden {
		return
	}
	img := image.NewNRGBA(image.Rect(0, 0, len(r.bar.buckets), 1))
	red, green, blue, _ := look.Color(theme.ColorNamePrimary).RGBA()
	for x, full := range r.bar.buckets {
		copy(img.Pix[4*x:], []uint8{uint8(red >> 8), uint8(green >> 8), uint8(blue >> 8), full})
	}
	r.band.Image = img
}

func (r *renderer) Refresh() {
	r.draw()
	r.band.Refresh()
	r.track.Refresh()
}
