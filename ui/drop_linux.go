package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// positionUnknown reports whether the system does not tell where things are
// dropped: native Wayland names the place where the pointer was last.
func positionUnknown(w fyne.Window) bool {
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
