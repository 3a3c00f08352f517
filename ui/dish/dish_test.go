package dish_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"potluck/sharing/identity"
	"potluck/ui/dish"
)

var (
	lightCard = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}
	darkCard  = color.NRGBA{R: 0x1B, G: 0x23, B: 0x21, A: 0xFF}
)

func TestResource(t *testing.T) {
	d := identity.Dish{Figure: 0, Colour: 3, Shape: 2}
	r := dish.Resource(d, 60)
	if r.Name() != "dish-pho-3-2@60.svg" {
		t.Errorf("its name is %q", r.Name())
	}
	if dish.Resource(d, 59.2) != r {
		t.Error("sizes that round to one have two resources")
	}
	if other := dish.Resource(d, 61); other == r || other.Name() == r.Name() {
		t.Error("two sizes have one resource, of which Fyne would keep one size only")
	}
}

// Any number of sizes and dishes may be asked for, from several goroutines.
func TestResourceOfMany(t *testing.T) {
	var wait sync.WaitGroup
	for size := range 4 {
		wait.Go(func() {
			for n := range identity.Dishes {
				d := identity.DishFromIndex(n)
				want := fmt.Sprintf("dish-%s-%d-%d@%d.svg", d.FigureKey(), d.Colour, d.Shape, 32+size)
				if got := dish.Resource(d, float32(32+size)).Name(); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
	wait.Wait()
	if n := dish.Kept(); n > identity.Dishes {
		t.Errorf("%d pictures are kept", n)
	}
}

// Each picture has a plate that fills it, and on the plate a figure that fills a
// good part of it, with plate around it.
func TestEveryDishIsDrawn(t *testing.T) {
	a := newArtist(t)
	for n := range identity.Dishes {
		d := identity.DishFromIndex(n)
		picture := a.draw(d, 32)
		plate, figure := 0, 0
		for y := range 32 {
			for x := range 32 {
				switch c := picture.NRGBAAt(x, y); {
				case near(c, plateColors[d.Colour]):
					plate++
				case near(c, figureColors[d.Colour]), near(c, garnishColors[d.Colour]):
					figure++
				}
			}
		}
		if plate < 180 || plate > 620 || figure < 80 || figure > 520 {
			t.Errorf("%s: %d pixels of the plate and %d of what lies on it", d, plate, figure)
		}
		for _, at := range []image.Point{{0, 0}, {31, 0}, {0, 31}, {31, 31}} {
			if c := picture.NRGBAAt(at.X, at.Y); c.A != 0 {
				t.Errorf("%s: the corner %v is not empty", d, at)
			}
		}
	}
}

var plateColors, figureColors, garnishColors = [identity.Colours]color.NRGBA{
	{0x2A, 0x55, 0xB8, 0xFF},
	{0xB3, 0x32, 0x1F, 0xFF},
	{0x33, 0x40, 0x3D, 0xFF},
	{0xF6, 0xC4, 0x45, 0xFF},
	{0x8F, 0xCF, 0xB4, 0xFF},
	{0xC6, 0xB3, 0xEC, 0xFF},
}, [identity.Colours]color.NRGBA{
	{0xFF, 0xF6, 0xE3, 0xFF},
	{0xFF, 0xF6, 0xE3, 0xFF},
	{0xFF, 0xF6, 0xE3, 0xFF},
	{0x1E, 0x2B, 0x28, 0xFF},
	{0x1E, 0x2B, 0x28, 0xFF},
	{0x1E, 0x2B, 0x28, 0xFF},
}, [identity.Colours]color.NRGBA{
	{0xFF, 0xC9, 0x4D, 0xFF},
	{0xFF, 0xC9, 0x4D, 0xFF},
	{0xFF, 0xC9, 0x4D, 0xFF},
	{0xA6, 0x2B, 0x17, 0xFF},
	{0xA6, 0x2B, 0x17, 0xFF},
	{0xA6, 0x2B, 0x17, 0xFF},
}

// near allows for what is lost where edges are smoothed.
func near(a, b color.NRGBA) bool {
	close := func(x, y uint8) bool { return max(x, y)-min(x, y) < 24 }
	return close(a.R, b.R) && close(a.G, b.G) && close(a.B, b.B) && a.A == 0xFF
}

// Figures are told apart at 32 pixels on one and the same plate, in color, in
// grey, and by those who see fewer colors. For measure: a change of every pixel
// that an eye can just see is a distance of 2.
func TestFiguresDiffer(t *testing.T) {
	const distance = 6.5
	a := newArtist(t)
	for colour := range uint8(identity.Colours) {
		var pictures [identity.Figures]*image.NRGBA
		for f := range pictures {
			pictures[f] = on(lightCard, a.draw(identity.Dish{Figure: uint8(f), Colour: colour}, 32))
		}
		for name, eye := range eyes {
			var seen [identity.Figures][]lab
			for f, p := range pictures {
				seen[f] = eye.look(p)
			}
			closest, one, other := 1000.0, 0, 0
			for i := range seen {
				for j := range i {
					if d := apart(seen[i], seen[j]); d < closest {
						closest, one, other = d, i, j
					}
				}
			}
			key := func(f int) string { return identity.Dish{Figure: uint8(f)}.FigureKey() }
			t.Logf("%s plate, %s sight: closest are %s and %s, %.1f apart",
				identity.Dish{Colour: colour}.ColourName(), name, key(one), key(other), closest)
			if closest < distance {
				t.Errorf("%s and %s are hard to tell apart on %s in %s sight: %.1f, not %.1f",
					key(one), key(other), identity.Dish{Colour: colour}.ColourName(), name, closest, distance)
			}
		}
	}
}

// Plates of two colors are told apart by everybody, and of two shapes also in
// grey, on both cards.
func TestPlatesDiffer(t *testing.T) {
	const color, shape = 9.0, 2.0
	a := newArtist(t)
	for _, card := range []colorOf{{"light", lightCard}, {"dark", darkCard}} {
		for name, eye := range eyes {
			var seen [identity.Colours * identity.Shapes][]lab
			for n := range seen {
				seen[n] = eye.look(on(card.color, a.draw(identity.DishFromIndex(n), 32)))
			}
			for i := range seen {
				for j := range i {
					one, other := identity.DishFromIndex(i), identity.DishFromIndex(j)
					wanted := shape
					if one.Colour != other.Colour {
						if name == "grey" {
							continue // six colors are too many for grey: figure and shape remain
						}
						wanted = color
					}
					if d := apart(seen[i], seen[j]); d < wanted {
						t.Errorf("%s and %s are %.1f apart on the %s card in %s sight, not %.1f", one, other, d, card.name, name, wanted)
					}
				}
			}
		}
	}
}

type colorOf struct {
	name  string
	color color.NRGBA
}

// A picture is the same in every size. Widths of strokes would not grow with
// it: what draws SVG for Fyne leaves them as they are.
func TestPicturesScale(t *testing.T) {
	const distance = 3.0
	a := newArtist(t)
	for f := range uint8(identity.Figures) {
		d := identity.Dish{Figure: f, Colour: f % identity.Colours, Shape: f % identity.Shapes}
		small := eyes["normal"].look(on(lightCard, a.draw(d, 64)))
		large := eyes["normal"].look(shrink(on(lightCard, a.draw(d, 256)), 4))
		if got := apart(small, large); got > distance {
			t.Errorf("%s: in 64 and in 256 pixels %.1f apart", d, got)
		}
	}
}

// shrink returns the picture n times smaller, in each pixel the mean.
func shrink(picture *image.NRGBA, n int) *image.NRGBA {
	b := picture.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx()/n, b.Dy()/n))
	for y := range b.Dy() / n {
		for x := range b.Dx() / n {
			var sum [4]int
			for i := range n * n {
				at := picture.PixOffset(x*n+i%n, y*n+i/n)
				for k := range sum {
					sum[k] += int(picture.Pix[at+k])
				}
			}
			for k := range sum {
				out.Pix[out.PixOffset(x, y)+k] = uint8(sum[k] / (n * n))
			}
		}
	}
	return out
}

// All figures on both cards, large and small, to be looked at.
func TestSheet(t *testing.T) {
	const columns, cell = 10, 72
	rows := (identity.Figures + columns - 1) / columns
	a := newArtist(t)
	sheet := image.NewNRGBA(image.Rect(0, 0, 2*columns*cell, 2*rows*cell))
	for i, card := range []color.NRGBA{lightCard, darkCard} {
		for j, size := range []int{60, 32} {
			corner := image.Pt(i*columns*cell, j*rows*cell)
			draw.Draw(sheet, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(columns*cell, rows*cell))},
				image.NewUniform(card), image.Point{}, draw.Src)
			for f := range identity.Figures {
				d := identity.Dish{Figure: uint8(f), Colour: uint8((f*5 + f/7) % identity.Colours), Shape: uint8((f + f/4) % identity.Shapes)}
				picture := a.draw(d, size)
				at := corner.Add(image.Pt(f%columns*cell+(cell-size)/2, f/columns*cell+(cell-size)/2))
				draw.Draw(sheet, image.Rectangle{Min: at, Max: at.Add(picture.Bounds().Size())}, picture, image.Point{}, draw.Over)
			}
		}
	}
	file, err := os.Create(filepath.Join(t.ArtifactDir(), "dishes.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, sheet); err != nil {
		t.Fatal(err)
	}
}
