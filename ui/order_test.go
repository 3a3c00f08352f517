package ui

import (
	"slices"
	"testing"
)

// On every page the button that leaves all as it is stands first, and the one that does
// it last.
func TestOneOrderOfButtons(t *testing.T) {
	for name, order := range map[string][]string{
		"choosing": {"Cancel", "Send to 2 people"},
		"write":    {"Cancel", "Send"},
		"address":  {"Cancel", "Connect"},
		"pick":     {"Cancel", "Choose this folder"},
		"verify":   {"Cancel", "They differ", "They match"},
		"inside":   {"Later", "Decline", "Accept 5 files"},
		"question": {"Keep as it is", "Cancel transfer"},
	} {
		s := stage(t, busy(), english(), usual)
		screens()[name](s)
		for range 3 {
			s.draw()
		}
		var at []float32
		for _, text := range order {
			for _, seen := range texts(s) {
				if seen.Text.Text == text && seen.at.X < 600 { // on the page
					at = append(at, seen.at.X)
				}
			}
		}
		if len(at) != len(order) || !slices.IsSorted(at) {
			t.Errorf("%s: %q stand at %v: %s", name, order, at, reading(s))
		}
	}
}
