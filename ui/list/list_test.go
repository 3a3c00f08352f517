package list_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"potluck/ui/list"
)

// What is at a place follows from the geometry alone.
func TestAt(t *testing.T) {
	cells := list.Cells{Columns: 3, Width: 100, Height: 50, Gap: 10, Left: 5, Top: 5}
	view := fyne.NewSize(330, 200)
	for name, c := range map[string]struct {
		x, y, offset float32
		want         int // -1 for nothing
	}{
		"the first":                  {5, 5, 0, 0},
		"its last corner":            {104.9, 54.9, 0, 0},
		"the gap beside it":          {105, 20, 0, -1},
		"the gap below it":           {20, 55, 0, -1},
		"the second row":             {20, 65, 0, 3},
		"before the first":           {4, 4, 0, -1},
		"scrolled":                   {20, 5, 60, 3},
		"beyond the last":            {120, 125, 0, -1}, // 6 is there alone in its row
		"the last":                   {20, 125, 0, 6},
		"right of the columns":       {328, 20, 0, -1},
		"scrolled, above the view":   {20, -1, 60, -1},
		"scrolled, below the view":   {20, 200, 60, -1},
		"left of the view":           {-1, 20, 0, -1},
		"a fourth column that isn't": {335, 20, 0, -1},
	} {
		i, ok := list.At(cells, 7, c.offset, view, fyne.NewPos(c.x, c.y))
		if !ok {
			i = -1
		}
		if i != c.want {
			t.Errorf("%s: %d, want %d", name, i, c.want)
		}
	}
}
