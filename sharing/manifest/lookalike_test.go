package manifest_test

import (
	"testing"

	"potluck/sharing/manifest"
)

func TestLookalike(t *testing.T) {
	for _, pair := range []struct {
		a, b  string
		alike bool
	}{
		{"Anna", "anna", true},
		{"Anna", "Аnnа", true},                 // Cyrillic А and а
		{"Anna", " an-na ", true},              // spaces and signs
		{"Anna", "An\u200bna", true},           // a space without width
		{"Anna", "Ａｎｎａ", true},                 // wide
		{"Hòa", "Ho\u0300a", true},             // composed or not
		{"BOB's laptop", "B0B’s Laptop", true}, // a digit, a curly apostrophe
		{"Pl1nk", "Pllnk", true},
		{"ΜΑΡΙΑ", "MAPIA", true},
		{"Hòa", "Hoa", false},
		{"Hòa", "Hoà", false},
		{"Anna", "Anne", false},
		{"anna-2", "anna", false},
		{"たなか", "たなカ", false},
	} {
		if got := manifest.Lookalike(pair.a) == manifest.Lookalike(pair.b); got != pair.alike {
			t.Errorf("%q and %q alike: %v", pair.a, pair.b, got)
		}
	}
}
