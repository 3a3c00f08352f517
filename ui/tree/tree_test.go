package tree_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
	"potluck/ui/tree"
	"potluck/ui/uitest"
)

var rows = []tree.Row{
	{Name: "Ảnh Đà Lạt 2026", Icon: theme.FolderIcon(), Check: tree.Mixed, Folder: true, Open: true, Note: "1,204 files", Size: "3.4 GB"},
	{Depth: 1, Name: "Ngày 1", Icon: theme.FolderIcon(), Check: tree.On, Folder: true, Note: "412 files", Size: "1.1 GB"},
	{Depth: 1, Name: "invoice_2026-11-21_final.pdf", Ext: ".exe", Program: true, Icon: theme.FileIcon(), Note: "Program", Size: "4.2 MB"},
	{Depth: 1, Name: "a picture with a name that goes on and on and on.jpeg", Icon: theme.FileImageIcon(), Check: tree.On, Note: "Picture", Size: "512 bytes"},
	{Depth: 14, Name: "as deep as it gets.txt", Icon: theme.FileTextIcon(), Check: tree.On, Size: "99.9 MB"},
}

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "tree", 480, func() []uitest.State {
		tr := tree.New(tree.Options{Count: func() int { return len(rows) }, Row: func(i int) tree.Row { return rows[i] }, Parent: func(int) int { return 0 }})
		tr.SetCursor(2)
		tr.FocusGained()
		return []uitest.State{{Name: "the keyboard on the program", Object: container.NewGridWrap(fyne.NewSize(440, 180*look.Scale()), tr)}}
	})
}

// A folder is what the tests open: two folders of two files each.
type folders struct {
	open   [2]bool
	ticked map[string]bool
}

func (f *folders) flat() (names []string, parents []int) {
	for d := range f.open {
		at := len(names)
		names, parents = append(names, fmt.Sprint(d)), append(parents, -1)
		if f.open[d] {
			names, parents = append(names, fmt.Sprint(d, "/a"), fmt.Sprint(d, "/b")), append(parents, at, at)
		}
	}
	return names, parents
}

func (f *folders) tree() *tree.Tree {
	f.ticked = map[string]bool{}
	return tree.New(tree.Options{
		Count: func() int { names, _ := f.flat(); return len(names) },
		Row: func(i int) tree.Row {
			names, _ := f.flat()
			r := tree.Row{Name: names[i], Folder: len(names[i]) == 1}
			if r.Folder {
				r.Open = f.open[names[i][0]-'0']
			}
			return r
		},
		Parent: func(i int) int { _, parents := f.flat(); return parents[i] },
		OnTick: func(i int) { names, _ := f.flat(); f.ticked[names[i]] = !f.ticked[names[i]] },
		OnOpen: func(i int, open bool) { names, _ := f.flat(); f.open[names[i][0]-'0'] = open },
	})
}

func TestKeys(t *testing.T) {
	uitest.App(t)
	f := &folders{}
	tr := f.tree()
	w := uitest.Window(t, tr, 400, 300)
	w.Canvas().Focus(tr)
	var handed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { handed = append(handed, k.Name) })
	steps := []struct {
		key    fyne.KeyName
		cursor int
		open   [2]bool
	}{
		{fyne.KeyRight, 0, [2]bool{true, false}}, // opens
		{fyne.KeyRight, 1, [2]bool{true, false}}, // goes in
		{fyne.KeySpace, 1, [2]bool{true, false}}, // ticks 0/a
		{fyne.KeyRight, 1, [2]bool{true, false}}, // a file: stays
		{fyne.KeyLeft, 0, [2]bool{true, false}},  // goes out
		{fyne.KeyEnd, 3, [2]bool{true, false}},
		{fyne.KeyReturn, 3, [2]bool{true, true}},
		{fyne.KeyDown, 4, [2]bool{true, true}},
		{fyne.KeyReturn, 4, [2]bool{true, true}}, // ticks 1/a
		{fyne.KeyHome, 0, [2]bool{true, true}},
		{fyne.KeyLeft, 0, [2]bool{false, true}}, // closes
		{fyne.KeyLeft, 0, [2]bool{false, true}},
		{fyne.KeyEscape, 0, [2]bool{false, true}},
	}
	for i, s := range steps {
		uitest.Key(tr, s.key)
		if tr.Cursor() != s.cursor || f.open != s.open {
			t.Errorf("step %d, %s: the keyboard is on %d, want %d; open %v, want %v", i, s.key, tr.Cursor(), s.cursor, f.open, s.open)
		}
	}
	if !f.ticked["0/a"] || !f.ticked["1/a"] || len(f.ticked) != 2 {
		t.Errorf("ticked %v", f.ticked)
	}
	if !slices.Equal(handed, []fyne.KeyName{fyne.KeyEscape}) {
		t.Errorf("handed on %v", handed)
	}
}

// A click on the box ticks, one beside it opens.
func TestClicks(t *testing.T) {
	uitest.App(t)
	f := &folders{}
	w := uitest.Window(t, f.tree(), 400, 300)
	test.TapCanvas(w.Canvas(), fyne.NewPos(38, 20))
	if !f.ticked["0"] || f.open[0] {
		t.Errorf("on the box: ticked %v, open %v", f.ticked, f.open)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(150, 20))
	if !f.ticked["0"] || !f.open[0] {
		t.Errorf("beside it: ticked %v, open %v", f.ticked, f.open)
	}
}

func BenchmarkMillion(b *testing.B) {
	uitest.App(b)
	const count = 1_000_000
	tr := tree.New(tree.Options{
		Count: func() int { return count }, Parent: func(int) int { return -1 },
		Row: func(i int) tree.Row {
			return tree.Row{Name: fmt.Sprint("file ", i, ".jpeg"), Size: "1 MB", Icon: theme.FileIcon()}
		},
	})
	tr.Resize(fyne.NewSize(560, 400))
	for i := 0; b.Loop(); i++ {
		tr.SetCursor(i * 104_729 % count)
	}
}
