package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
)

// linesByKey is how many lines an arrow scrolls by.
const linesByKey = 2

// ScrollAround returns the innermost scroll that o lies in, nil if it is in none.
func ScrollAround(o fyne.CanvasObject) *container.Scroll {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	roots := []fyne.CanvasObject{c.Content()}
	if top := c.Overlays().Top(); top != nil {
		roots = append(roots, top)
	}
	for _, root := range roots {
		if chain, _ := scrollsTo(root, o, nil); len(chain) > 0 {
			return chain[len(chain)-1]
		}
	}
	return nil
}

// ScrollIn returns the first scroll in root that is seen and has something out of
// sight, nil if there is none.
func ScrollIn(root fyne.CanvasObject) *container.Scroll {
	if root == nil || !root.Visible() {
		return nil
	}
	if s, ok := root.(*container.Scroll); ok && lowest(s) > 0 {
		return s
	}
	for _, child := range Held(root) {
		if s := ScrollIn(child); s != nil {
			return s
		}
	}
	return nil
}

// InSight reports whether no scroll that o lies in hides a part of it.
func InSight(o fyne.CanvasObject) bool {
	s := ScrollAround(o)
	if s == nil {
		return true
	}
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s).Y
	return top >= 0 && top+o.Size().Height <= s.Size().Height
}

// Turn scrolls s as a key says: an arrow, a page key, Home or End. It reports whether it
// was one of those.
func Turn(s *container.Scroll, key fyne.KeyName) bool {
	line := look.Line(theme.SizeNameText)
	page := max(s.Size().Height-2*line, line)
	to := s.Offset.Y
	switch key {
	case fyne.KeyUp:
		to -= linesByKey * line
	case fyne.KeyDown:
		to += linesByKey * line
	case fyne.KeyPageUp:
		to -= page
	case fyne.KeyPageDown:
		to += page
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = lowest(s)
	default:
		return false
	}
	scrollTo(s, min(max(to, 0), lowest(s)))
	return true
}

// lowest is how far a scroll can be scrolled down.
func lowest(s *container.Scroll) float32 {
	return max(0, s.Content.MinSize().Height-s.Size().Height)
}

func scrollTo(s *container.Scroll, y float32) {
	if y == s.Offset.Y {
		return
	}
	s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
	if s.OnScrolled != nil { // which Fyne does not call then
		s.OnScrolled(s.Offset)
	}
}
