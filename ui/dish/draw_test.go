package dish_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"potluck/sharing/identity"
	"potluck/ui/dish"
)

// artist draws pictures as Fyne does.
type artist struct {
	t      *testing.T
	canvas software.WindowlessCanvas
}

func newArtist(t *testing.T) artist {
	t.Helper()
	test.NewTempApp(t)
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	return artist{t, c}
}

// draw returns the dish in that size in pixels, without a ground.
func (a artist) draw(d identity.Dish, size int) *image.NRGBA {
	a.t.Helper()
	return a.drawResource(dish.Resource(d, float32(size)), size)
}

func (a artist) drawResource(r fyne.Resource, size int) *image.NRGBA {
	a.t.Helper()
	picture := canvas.NewImageFromResource(r)
	picture.FillMode = canvas.ImageFillContain
	a.canvas.SetContent(picture)
	a.canvas.Resize(fyne.NewSquareSize(float32(size)))
	drawn := a.canvas.Capture()
	out := image.NewNRGBA(image.Rect(0, 0, size, size))
	draw.Draw(out, out.Bounds(), drawn, drawn.Bounds().Min, draw.Src)
	return out
}

// on returns the picture on a ground of that color.
func on(ground color.Color, picture image.Image) *image.NRGBA {
	out := image.NewNRGBA(picture.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), picture, picture.Bounds().Min, draw.Over)
	return out
}

// An eye says how colors are seen: a matrix over linear red, green and blue.
type eye [9]float64

// Full dichromacy after Machado, Oliveira and Fernandes (2009), and the
// luminance alone.
var eyes = map[string]eye{
	"normal": {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protan": {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deutan": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritan": {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	"grey":   {0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722},
}

// A lab is a color in CIE L*a*b*, in which distances are those that are seen.
type lab [3]float64

func (a lab) distance(b lab) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

func (e eye) see(c color.NRGBA) lab {
	rgb := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var seen [3]float64
	for i := range seen {
		seen[i] = min(1, max(0, e[3*i]*rgb[0]+e[3*i+1]*rgb[1]+e[3*i+2]*rgb[2]))
	}
	x := bend((0.4124*seen[0] + 0.3576*seen[1] + 0.1805*seen[2]) / 0.95047)
	y := bend(0.2126*seen[0] + 0.7152*seen[1] + 0.0722*seen[2])
	z := bend((0.0193*seen[0] + 0.1192*seen[1] + 0.9505*seen[2]) / 1.08883)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func linear(v uint8) float64 {
	if s := float64(v) / 255; s > 0.04045 {
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return float64(v) / 255 / 12.92
}

func bend(v float64) float64 {
	if v > 0.008856 {
		return math.Cbrt(v)
	}
	return 7.787*v + 16.0/116
}

// look returns how each pixel is seen.
func (e eye) look(picture *image.NRGBA) []lab {
	known := map[color.NRGBA]lab{}
	b := picture.Bounds()
	seen := make([]lab, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := picture.NRGBAAt(x, y)
			l, ok := known[c]
			if !ok {
				l = e.see(c)
				known[c] = l
			}
			seen = append(seen, l)
		}
	}
	return seen
}

// apart returns how far two pictures of one size are from each other: the mean
// distance of their pixels.
func apart(a, b []lab) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i].distance(b[i])
	}
	return sum / float64(len(a))
}
