//go:build !linux

package ui

import (
	"fyne.io/fyne/v2"

	"potluck/ui/neighbour"
)

// Windows and macOS tell where something is dropped together with the drop. The
// toolkit takes the place in only after it has told of the drop, and names the one
// where the mouse was before: over somebody else, maybe. So what counts is what the
// mouse is over one turn later.

// whenPlaced does something when the toolkit knows where the mouse is.
func (w *Window) whenPlaced(do func()) { w.later(do) }

// cardUnder returns whose card the mouse is over.
func cardUnder(g *neighbour.Grid, _ fyne.Position) (key string, ok bool) { return g.Hovered() }

// positionUnknown reports whether the system does not tell where things are
// dropped. These do.
func positionUnknown(fyne.Window, fyne.Position) bool { return false }
