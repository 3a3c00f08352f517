package ui

import (
	"context"
	"strings"

	"potluck/ui/glyphs"
)

// Fonts tell whether they can draw a text. They are for one goroutine.
type Fonts interface{ Draw(text string) bool }

// A FontFinder looks for the fonts that there are. That may take seconds.
type FontFinder func() (Fonts, error)

func installed() (Fonts, error) { return glyphs.Installed() }

// names are those of neighbours that have been looked at: whether the fonts of this
// computer can draw them.
type names struct {
	can  map[string]bool
	busy bool
}

// manyNames is how many are remembered: strangers can change theirs as they like.
const manyNames = 1000

// draws reports whether the fonts can draw a name, as far as is known. What is not
// known yet is found out where nobody waits, and then drawn again.
func (w *Window) draws(name string) bool {
	if !strings.ContainsFunc(name, exotic) {
		return true
	}
	can, known := w.drawn.can[name]
	if !known && !w.drawn.busy {
		w.drawn.busy = true
		w.findOut(name)
	}
	return can || !known
}

// exotic reports whether the toolkit's own font may lack a character: it has the Latin,
// Greek and Cyrillic ones with all their marks.
func exotic(r rune) bool { return r >= 0x530 && (r < 0x1E00 || r > 0x206F) }

func (w *Window) findOut(name string) {
	w.begin(func(context.Context) error {
		fonts, err := w.o.Fonts()
		can := err == nil && fonts.Draw(strings.Map(func(r rune) rune {
			if !exotic(r) {
				return -1
			}
			return r
		}, name))
		w.later(func() {
			if len(w.drawn.can) >= manyNames || w.drawn.can == nil {
				w.drawn.can = make(map[string]bool)
			}
			w.drawn.can[name], w.drawn.busy = can, false
		})
		return nil // a computer without fonts of its own has those of the toolkit
	})
}
