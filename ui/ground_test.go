package ui

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"potluck/ui/look"
	"potluck/ui/view"
)

// Everything in the window stands on a ground of ours, whose colour is that of the
// theme: what the toolkit clears a window with is another one.
func TestNothingStandsOnTheToolkitsGround(t *testing.T) {
	for _, l := range looks {
		s := stage(t, busy(), settingsOf(l.theme, l.language, l.text), l.size)
		for page := range view.About + 1 {
			s.local.Go(page)
			s.draw()
			var grounds []*canvas.Rectangle
			for _, o := range s.screen.root.Objects {
				r, is := o.(*canvas.Rectangle)
				if is && r.Visible() && color.NRGBAModel.Convert(r.FillColor).(color.NRGBA).A == 255 {
					grounds = append(grounds, r)
				}
			}
			size := s.window.Canvas().Size()
			for y := float32(1); y < size.Height; y += 7 {
				for x := float32(1); x < size.Width; x += 7 {
					if !onOne(grounds, fyne.NewPos(x, y)) {
						t.Fatalf("%s, page %d: nothing of ours is below %v, %v", l.name, page, x, y)
					}
				}
			}
			if got := s.screen.ground.FillColor; got != look.Color("background") {
				t.Errorf("%s: the page is %v", l.name, got)
			}
		}
	}
}

func onOne(grounds []*canvas.Rectangle, at fyne.Position) bool {
	for _, g := range grounds {
		low, size := g.Position(), g.Size()
		if at.X >= low.X && at.Y >= low.Y && at.X <= low.X+size.Width && at.Y <= low.Y+size.Height {
			return true
		}
	}
	return false
}
