package focus

import "fyne.io/fyne/v2"

// A Place is where something lies below a root: which child of the root it is in,
// which child of that one, and so on.
type Place []int

// PlaceOf returns where o lies below root, seen or not. It reports whether it does.
func PlaceOf(root, o fyne.CanvasObject) (Place, bool) {
	if root == o {
		return Place{}, true
	}
	for i, child := range Held(root) {
		if below, ok := PlaceOf(child, o); ok {
			return append(Place{i}, below...), true
		}
	}
	return nil, false
}

// At returns what lies at a place below root, nil if nothing does.
func (p Place) At(root fyne.CanvasObject) fyne.CanvasObject {
	for _, i := range p {
		children := Held(root)
		if i >= len(children) {
			return nil
		}
		root = children[i]
	}
	return root
}

// Nearest returns the stop of the keyboard that is nearest to a place where there
// may be none any more: what has moved up to it, what follows, or else what comes
// before, and among the things beside it rather than elsewhere. It returns nil if
// there is none below root.
func (p Place) Nearest(root fyne.CanvasObject) fyne.Focusable {
	line := []fyne.CanvasObject{root} // what the place is in, as far as it is seen
	for _, i := range p {
		children := Held(line[len(line)-1])
		if i >= len(children) || !children[i].Visible() {
			break
		}
		line = append(line, children[i])
	}
	for depth := min(len(line), len(p)) - 1; depth >= 0; depth-- {
		children := Held(line[depth])
		at := min(p[depth], len(children))
		for _, child := range children[at:] {
			if stop := First(child); stop != nil {
				return stop
			}
		}
		for i := at - 1; i >= 0; i-- {
			if stop := last(children[i]); stop != nil {
				return stop
			}
		}
	}
	return First(root)
}

// First returns the first stop of the keyboard in o, nil if there is none.
func First(o fyne.CanvasObject) fyne.Focusable { return stopIn(o, func(i, _ int) int { return i }) }

// last returns the last one.
func last(o fyne.CanvasObject) fyne.Focusable {
	return stopIn(o, func(i, count int) int { return count - 1 - i })
}

// stopIn returns the stop that is found first in o when its children are gone
// through in that order.
func stopIn(o fyne.CanvasObject, order func(i, count int) int) fyne.Focusable {
	if !o.Visible() {
		return nil
	}
	if stop, ok := o.(fyne.Focusable); ok {
		if d, ok := o.(fyne.Disableable); !ok || !d.Disabled() {
			return stop
		}
	}
	children := Held(o)
	for i := range children {
		if stop := stopIn(children[order(i, len(children))], order); stop != nil {
			return stop
		}
	}
	return nil
}

// Seen reports whether o lies below root and nothing hides it.
func Seen(root, o fyne.CanvasObject) bool { return root.Visible() && o.Visible() && contains(root, o) }

// Together calls f for every two things that lie at the same place below two roots
// that were made alike.
func Together(a, b fyne.CanvasObject, f func(a, b fyne.CanvasObject)) {
	f(a, b)
	left, right := Held(a), Held(b)
	for i := range min(len(left), len(right)) {
		Together(left[i], right[i], f)
	}
}
