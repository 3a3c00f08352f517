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
	seen := map[image.Point]bool{}
	fits := func(p image.Point) bool { return p.In(img.Bounds()) && !seen[p] && img.NRGBAAt(p.X, p.Y) == want }
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if !fits(image.Pt(x, y)) {
				continue
			}
			area := image.Rect(x, y, x+1, y+1)
			edge := []image.Point{{X: x, Y: y}}
			seen[edge[0]] = true
			for len(edge) > 0 {
				p := edge[len(edge)-1]
				edge = edge[:len(edge)-1]
				area = area.Union(image.Rect(p.X, p.Y, p.X+1, p.Y+1))
				for _, step := range []image.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
					if next := p.Add(step); fits(next) {
						seen[next] = true
						edge = append(edge, next)
					}
				}
			}
			if area.Dx() >= least.X && area.Dy() >= least.Y {
				found = append(found, area)
			}
		}
	}
	return found
}

// Middle returns that of an area.
func Middle(r image.Rectangle) image.Point { return r.Min.Add(r.Size().Div(2)) }
