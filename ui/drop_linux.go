package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"potluck/ui/neighbour"
)

// whenPlaced does something when it is known where the mouse is: it is.
func (*Window) whenPlaced(do func()) { do() }

// cardUnder returns whose card lies where something was dropped.
func cardUnder(g *neighbour.Grid, at fyne.Position) (key string, ok bool) { return g.CardAt(at) }

// positionUnknown reports whether the system does not tell where things are
// dropped: native Wayland names the place where the pointer was last, or none.
func positionUnknown(w fyne.Window, at fyne.Position) bool {
	if at.IsZero() {
		return true
	}
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return false // no system at all, as in tests
	}
	unknown := false
	native.RunNative(func(context any) {
		_, unknown = context.(driver.WaylandWindowContext)
		if pointer, ok := context.(*driver.WaylandWindowContext); ok && pointer != nil {
			unknown = true
		}
	})
	return unknown
}
