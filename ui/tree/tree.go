// Package tree shows what is inside an offer: folders that open, files to tick.
//
// The rows are those of a flattened tree, which is the caller's: it knows what is
// open. So a million entries cost no more than those in sight. It is one stop of
// the keyboard: Up and Down move, Right opens a folder or goes into it, Left closes
// it or goes to the one around, Space ticks.
package tree

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/list"
	"potluck/ui/look"
)

// Options are what [New] needs.
type Options struct {
	Count  func() int             // required: rows that are to be seen, open folders counted with what is in them
	Row    func(i int) Row        // required
	Parent func(i int) int        // required: the row of the folder a row is in, -1 for none
	OnTick func(i int)            // by Space, or a click on the box
	OnOpen func(i int, open bool) // by Enter, Right, Left, or a click on a folder
	Label  func() string
}

// A Tree is one of them. When the rows have changed, Update shows them.
type Tree struct {
	list.List
	o Options
}

// New returns a tree.
func New(o Options) *Tree {
	t := &Tree{o: o}
	t.Init(t, list.Options{
		Count: o.Count,
		Make:  func() fyne.CanvasObject { return newRow(t) },
		Show: func(i int, cell fyne.CanvasObject, cursor bool) {
			cell.(*row).set(i, o.Row(i), cursor)
		},
		Cells: func(width float32) list.Cells {
			return list.Cells{Columns: 1, Width: width - look.ScrollGap - 2*side, Height: rowHeight(), Left: side, Top: side}
		},
		OnTap: func(i int) {
			if r := o.Row(i); r.Folder {
				t.open(i, !r.Open)
			}
		},
		OnKey: t.key,
		Label: o.Label,
	})
	return t
}

// side is left around the rows, for the ring.
const side = 5

func rowHeight() float32 { return look.Line(theme.SizeNameText) + 13 }

func (t *Tree) open(i int, open bool) {
	if t.o.OnOpen != nil {
		t.o.OnOpen(i, open)
		t.Update()
	}
}

func (t *Tree) tick(i int) {
	if t.o.OnTick != nil {
		t.o.OnTick(i)
		t.Update()
	}
}

func (t *Tree) key(i int, key *fyne.KeyEvent) bool {
	if i < 0 {
		return false
	}
	r := t.o.Row(i)
	switch key.Name {
	case fyne.KeySpace:
		t.tick(i)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !r.Folder {
			t.tick(i)
			return true
		}
		t.open(i, !r.Open)
	case fyne.KeyRight:
		switch {
		case r.Folder && !r.Open:
			t.open(i, true)
		case r.Folder && i+1 < t.o.Count() && t.o.Parent(i+1) == i:
			t.SetCursor(i + 1)
		}
	case fyne.KeyLeft:
		if r.Folder && r.Open {
			t.open(i, false)
		} else if up := t.o.Parent(i); up >= 0 {
			t.SetCursor(up)
		}
	default:
		return false
	}
	return true
}
