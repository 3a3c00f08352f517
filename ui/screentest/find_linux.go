package screentest

import (
	"image"
	"image/color"
	"testing"
)

// Find returns where connected areas of a colour are that are that large at least,
// from the top to the bottom: cards by their ground, buttons by theirs. What is
// drawn on an area belongs to it.
func (s *Screen) Find(t testing.TB, of color.Color, least image.Point) []image.Rectangle {
	t.Helper()
	return find(s.Picture(t), color.NRGBAModel.Convert(of).(color.NRGBA), least)
}

func find(img *image.NRGBA, want color.NRGBA, least image.Point) []image.Rectangle {
	var found []image.Rectangle
	width, height := img.Rect.Dx(), img.Rect.Dy()
	fits := make([]bool, width*height) // and not seen yet
	for i := range fits {
		p := img.Pix[i/width*img.Stride+i%width*4:]
		fits[i] = p[0] == want.R && p[1] == want.G && p[2] == want.B
	}
	var edge []int
	for i := range fits {
		if !fits[i] {
			continue
		}
		area := image.Rectangle{Min: image.Pt(width, height)}
		edge = append(edge[:0], i)
		fits[i] = false
		for len(edge) > 0 {
			at := edge[len(edge)-1]
			edge = edge[:len(edge)-1]
			x, y := at%width, at/width
			area.Min.X, area.Min.Y = min(area.Min.X, x), min(area.Min.Y, y)
			area.Max.X, area.Max.Y = max(area.Max.X, x+1), max(area.Max.Y, y+1)
			for _, next := range [4]int{at + 1, at - 1, at + width, at - width} {
				if next >= 0 && next < len(fits) && fits[next] && (next/width == y || next%width == x) {
					fits[next] = false
					edge = append(edge, next)
				}
			}
		}
		if area.Dx() >= least.X && area.Dy() >= least.Y {
			found = append(found, area)
		}
	}
	return found
}

// Middle returns that of an area.
func Middle(r image.Rectangle) image.Point { return r.Min.Add(r.Size().Div(2)) }
