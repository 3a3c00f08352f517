package qrcode

import (
	"image/color"
	"strings"
	"testing"
)

// The marks in three corners are where cameras look for them, with white around.
func TestImage(t *testing.T) {
	m, err := Image("potluck:" + strings.Repeat("ab", 32) + "?at=192.168.1.5:27420")
	if err != nil {
		t.Fatal(err)
	}
	b := m.Bounds()
	black := func(x, y int) bool { return m.At(x, y) == color.Color(color.Black) }
	for _, corner := range [][2]int{{quiet, quiet}, {b.Dx() - quiet - 7, quiet}, {quiet, b.Dy() - quiet - 7}} {
		for i := range 7 {
			if !black(corner[0]+i, corner[1]) || !black(corner[0], corner[1]+i) || !black(corner[0]+6, corner[1]+i) {
				t.Errorf("no mark at %v", corner)
			}
		}
		if black(corner[0]+1, corner[1]+1) || !black(corner[0]+3, corner[1]+3) {
			t.Errorf("no mark at %v", corner)
		}
	}
	for i := range b.Dx() {
		for j := range quiet {
			if black(i, j) || black(j, i) || black(i, b.Dy()-1-j) || black(b.Dx()-1-j, i) {
				t.Fatalf("the margin is not white at %d, %d", i, j)
			}
		}
	}
	if _, err := Image(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that is too long has a code")
	}
}
