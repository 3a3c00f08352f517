package list_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"potluck/ui/list"
	"potluck/ui/uitest"
)

// A list that gets more height shows more of its cells: what is scrolled is as high
// as it was.
func TestMoreHeightShowsMore(t *testing.T) {
	uitest.App(t)
	shown := map[int]bool{}
	l := list.New(list.Options{
		Count: func() int { return 100 },
		Make:  func() fyne.CanvasObject { return canvas.NewText("", color.Black) },
		Show:  func(i int, _ fyne.CanvasObject, _ bool) { shown[i] = true },
		Cells: func(width float32) list.Cells { return list.Cells{Columns: 1, Width: width, Height: 20} },
	})
	w := uitest.Window(t, l, 300, 100)
	if shown[12] {
		t.Fatal("what is out of sight is there")
	}
	w.Resize(fyne.NewSize(300, 400))
	if !shown[12] {
		t.Error("what has come into sight is not there")
	}
}

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
