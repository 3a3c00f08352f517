package screentest

import (
	"cmp"
	"image"
	"image/color"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// sizes are those of the texts of the window at its normal text size.
var sizes = []float32{14, 12, 17, 22}

const (
	leastContrast = 40 // between a text and what it stands on, of 255
	inked         = 200
)

// Text returns where a text is seen, from the top to the bottom, of any colour and
// upon any. A part of a text is found only from its beginning on.
func (s *Screen) Text(t testing.TB, text string) []image.Rectangle {
	t.Helper()
	return read(s.Picture(t), text)
}

// WaitForText waits until a text is seen, and returns where it is seen first.
func (s *Screen) WaitForText(t testing.TB, text string) image.Rectangle {
	t.Helper()
	var at image.Rectangle
	s.Wait(t, "the words "+text, func() bool {
		found := s.Text(t, text)
		if len(found) > 0 {
			at = found[0]
		}
		return len(found) > 0
	})
	return at
}

// ClickText waits until a text is seen, and clicks on it.
func (s *Screen) ClickText(t testing.TB, text string) {
	t.Helper()
	s.WaitForText(t, text)
	time.Sleep(aim)
	s.press(t, left, Behind(s.WaitForText(t, text))) // where it is by now
}

// Behind returns a place right behind a text, where the pointer hides none of it:
// on its button, too.
func Behind(r image.Rectangle) image.Point { return image.Pt(r.Max.X+2, Middle(r).Y) }

func read(img *image.NRGBA, text string) []image.Rectangle {
	gray := image.NewGray(img.Bounds())
	for y := range gray.Rect.Dy() {
		for x := range gray.Rect.Dx() {
			p := img.Pix[y*img.Stride+4*x:]
			gray.Pix[y*gray.Stride+x] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		}
	}
	var found []image.Rectangle
	for _, size := range sizes {
		for _, bold := range []bool{false, true} {
			for _, r := range drawn(text, size, bold).in(gray) {
				if !slices.ContainsFunc(found, r.Overlaps) {
					found = append(found, r)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b image.Rectangle) int { return cmp.Or(a.Min.Y-b.Min.Y, a.Min.X-b.Min.X) })
	return found
}

// Ink is what a text looks like: how much of each place it covers.
type ink struct {
	*image.Gray
	full, none []image.Point // some places that it covers wholly, and not at all
}

var (
	inksMu sync.Mutex // guards inks, and drawing them
	inks   = map[ink1]*ink{}
)

type ink1 struct {
	text string
	size float32
	bold bool
}

// drawn draws a text as the window does.
func drawn(text string, size float32, bold bool) *ink {
	inksMu.Lock()
	defer inksMu.Unlock()
	key := ink1{text, size, bold}
	if k := inks[key]; k != nil {
		return k
	}
	test.NewApp().Settings().SetTheme(theme.DefaultTheme()) // for the fonts
	object := canvas.NewText(text, color.White)
	object.TextSize, object.TextStyle = size, fyne.TextStyle{Bold: bold}
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(canvas.NewRectangle(color.Black))
	c.Resize(object.MinSize().AddWidthHeight(4, 4))
	c.Overlays().Add(object)
	picture := c.Capture()

	k := &ink{}
	var bounds image.Rectangle
	at := func(x, y int) uint8 { r, _, _, _ := picture.At(x, y).RGBA(); return uint8(r >> 8) }
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			if at(x, y) > inked {
				bounds = bounds.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	k.Gray = image.NewGray(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			v := at(bounds.Min.X+x, bounds.Min.Y+y)
			k.SetGray(x, y, color.Gray{Y: v})
			switch {
			case v > inked:
				k.full = append(k.full, image.Pt(x, y))
			case v == 0:
				k.none = append(k.none, image.Pt(x, y))
			}
		}
	}
	if len(k.full) == 0 {
		inks[key] = k // nothing to look for
		return k
	}
	slices.SortFunc(k.none, func(a, b image.Point) int { // the first is one beside what is covered first
		return distance(a, k.full[0]) - distance(b, k.full[0])
	})
	k.full, k.none = spread(k.full), spread(k.none)
	inks[key] = k
	return k
}

func distance(a, b image.Point) int { return apart(a.X, b.X) + apart(a.Y, b.Y) }

// spread keeps some of many.
func spread(all []image.Point) []image.Point {
	const most = 60
	var some []image.Point
	for i := range min(most, len(all)) {
		some = append(some, all[i*len(all)/min(most, len(all))])
	}
	return some
}

// in returns where the text stands in a picture. Nearly all places are told apart
// by two points side by side, of which the text covers one.
func (k *ink) in(img *image.Gray) []image.Rectangle {
	if len(k.full) == 0 || len(k.none) == 0 {
		return nil
	}
	var found []image.Rectangle
	for y := range img.Rect.Dy() - k.Rect.Dy() + 1 {
		full, none := img.Pix[(y+k.full[0].Y)*img.Stride+k.full[0].X:], img.Pix[(y+k.none[0].Y)*img.Stride+k.none[0].X:]
		for x := range img.Rect.Dx() - k.Rect.Dx() + 1 {
			if d := int(full[x]) - int(none[x]); (d >= leastContrast || d <= -leastContrast) && k.at(img, x, y) {
				found = append(found, k.Rect.Add(image.Pt(x, y)))
			}
		}
	}
	return found
}

// at reports whether the text stands there.
func (k *ink) at(img *image.Gray, x, y int) bool {
	value := func(p image.Point) int { return int(img.Pix[(y+p.Y)*img.Stride+x+p.X]) }
	ink, ground := value(k.full[0]), value(k.none[0])
	contrast := apart(ink, ground)
	for i := range max(len(k.full), len(k.none)) {
		if i < len(k.full) && apart(value(k.full[i]), ink) > contrast*2/5 || i < len(k.none) && apart(value(k.none[i]), ground) > contrast/4 {
			return false
		}
	}
	off := 0
	for py := range k.Rect.Dy() {
		for px := range k.Rect.Dx() {
			want := ground + (ink-ground)*int(k.Pix[py*k.Stride+px])/255
			off += apart(value(image.Pt(px, py)), want)
		}
	}
	return off < contrast*k.Rect.Dx()*k.Rect.Dy()/10
}

func apart(a, b int) int { return max(a-b, b-a) }
