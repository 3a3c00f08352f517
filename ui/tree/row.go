package tree

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/elide"
	"potluck/ui/focus"
	"potluck/ui/list"
	"potluck/ui/look"
)

// A Check is how much of a row is ticked.
type Check int

// How much.
const (
	Off Check = iota
	On
	Mixed // some of what is in the folder
)

// A Row is what one line shows.
type Row struct {
	Depth   int
	Name    string
	Ext     string // the true ending, apart from the name where it must not be overlooked
	Program bool   // Ext is that of a program
	Note    string // "412 files", "Program"
	Marked  bool   // Note is not to be overlooked
	Where   string // the folder it lies in, where that is not seen; in place of Note
	Size    string
	Icon    fyne.Resource
	Check   Check
	Folder  bool
	Open    bool
	Label   string
}

const (
	indent    = 20
	mostDepth = 8 // levels that are indented: a deeper one is still seen
	sizeRoom  = 5 // of the width, in text sizes
)

// A row is one line.
type row struct {
	list.Line[Row]
	tree  *Tree
	index int
	box   *box
}

var _ desktop.Hoverable = (*row)(nil)

func newRow(t *Tree) *row {
	r := &row{tree: t}
	r.box = &box{row: r}
	r.box.ExtendBaseWidget(r.box)
	r.Extend(r)
	return r
}

func (r *row) set(i int, v Row, cursor bool) {
	r.index = i
	r.Set(v, cursor)
}

// AccessibilityLabel implements fyne.Accessible.
func (r *row) AccessibilityLabel() string {
	if r.Value.Label != "" {
		return r.Value.Label
	}
	return r.Value.Name
}

// A box takes the click that ticks.
type box struct {
	widget.BaseWidget
	row  *row
	icon *look.Picture
}

// Tapped implements fyne.Tappable.
func (b *box) Tapped(*fyne.PointEvent) {
	b.row.tree.SetCursor(b.row.index)
	focus.Request(b.row.tree)
	b.row.tree.tick(b.row.index)
}

// CreateRenderer implements fyne.Widget.
func (b *box) CreateRenderer() fyne.WidgetRenderer {
	b.icon = look.NewIcon(nil, "")
	b.show()
	return widget.NewSimpleRenderer(b.icon.Image)
}

func (b *box) show() {
	if b.icon == nil {
		return
	}
	switch b.row.Value.Check {
	case On:
		b.icon.Show(theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary)
	case Mixed:
		b.icon.Show(theme.Icon(theme.IconNameCheckButtonPartial), theme.ColorNamePrimary)
	default:
		b.icon.Show(theme.CheckButtonIcon(), theme.ColorNameInputBorder)
	}
	b.icon.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	radius := float32(6)
	v := &rowRenderer{
		row: r, over: look.NewGround("", "", radius), ring: focus.NewRing(radius - 3), arrow: look.NewIcon(nil, ""), icon: look.NewIcon(nil, ""),
		name:     look.NewText("", theme.ColorNameForeground, theme.SizeNameText, false),
		note:     look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false),
		size:     look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false),
		ext:      look.NewText("", theme.ColorNameError, theme.SizeNameCaptionText, true),
		extField: look.NewGround(look.TrustBad, "", 4),
	}
	v.size.Alignment = fyne.TextAlignTrailing
	v.style()
	return v
}

type rowRenderer struct {
	row                   *row
	over, ring, extField  *look.Ground
	arrow, icon           *look.Picture
	name, note, size, ext *look.Text
}

func (v *rowRenderer) Destroy() {}

func (v *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		v.over.Rectangle, v.ring.Rectangle, v.arrow.Image, v.row.box, v.icon.Image, v.name.Text,
		v.extField.Rectangle, v.ext.Text, v.note.Text, v.size.Text,
	}
}

func (v *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(260, rowHeight()) }

func (v *rowRenderer) Layout(size fyne.Size) {
	r := v.row.Value
	v.over.Resize(size)
	v.ring.Move(fyne.NewPos(-1, -1))
	v.ring.Resize(size.AddWidthHeight(2, 2))
	text, caption := look.Line(theme.SizeNameText), look.Line(theme.SizeNameCaptionText)
	side := theme.Size(theme.SizeNameInlineIcon)
	middle := func(h float32) float32 { return (size.Height - h) / 2 }

	x := look.Gap4 + float32(min(r.Depth, mostDepth))*min(indent, size.Width/24)
	v.arrow.Put(x, middle(side), side)
	x += side
	v.row.box.Move(fyne.NewPos(x, middle(side)))
	v.row.box.Resize(fyne.NewSquareSize(side))
	x += side + look.Gap4
	v.icon.Put(x, middle(side), side)
	x += side + look.Gap4

	right := size.Width - look.Gap8
	sizeWide := sizeRoom * theme.Size(theme.SizeNameText)
	v.size.Put(right-sizeWide, middle(caption), sizeWide, caption)
	right -= sizeWide + look.Gap8

	if r.Where != "" {
		r.Note, r.Marked = elide.PathTo(r.Where, func(s string) bool { return v.note.Measure(s).Width <= (right-x)/2 }), false
	}
	note := v.note.Measure(r.Note).Width
	most := (right - x) / 2 // the name needs the room
	if r.Marked {
		if first, _, _ := strings.Cut(r.Note, " · "); note > most {
			r.Note, note = first, v.note.Measure(first).Width
		}
		most *= 1.3
	}
	v.note.Text.Text = r.Note
	if v.note.Hidden = r.Note == "" || note > most; !v.note.Hidden {
		v.note.Put(right-note, middle(caption), note, caption)
		right -= note + look.Gap8
	}
	if v.ext.Hidden, v.extField.Hidden = r.Ext == "", r.Ext == "" || !r.Program; r.Ext != "" {
		v.ext.Text.Text = elide.EndTo(r.Ext, func(s string) bool { return v.ext.Measure(s).Width <= (right-x)/2 })
		wide := v.ext.Measure(v.ext.Text.Text).Width
		v.ext.Put(right-wide-look.Gap4, middle(caption), wide, caption)
		v.extField.Move(fyne.NewPos(right-wide-2*look.Gap4, middle(caption)-1))
		v.extField.Resize(fyne.NewSize(wide+2*look.Gap4, caption+2))
		right -= wide + 2*look.Gap4 + look.Gap8
	}
	v.name.Text.Text = elide.MiddleTo(r.Name, func(s string) bool { return v.name.Measure(s).Width <= right-x })
	v.row.Cut = ""
	if v.name.Text.Text != r.Name {
		v.row.Cut = r.Name + r.Ext
	}
	v.name.Put(x, middle(text), max(right-x, 0), text)
}

func (v *rowRenderer) style() {
	r := v.row.Value
	v.over.Fill = ""
	if v.row.Hovered {
		v.over.Fill = theme.ColorNameHover
	}
	v.over.Restyle()
	focus.Show(v.ring, v.row.Cursor)
	switch {
	case r.Folder && r.Open:
		v.arrow.Show(theme.MenuDropDownIcon(), theme.ColorNamePlaceHolder)
	case r.Folder:
		v.arrow.Show(theme.MenuExpandIcon(), theme.ColorNamePlaceHolder)
	default:
		v.arrow.Show(nil, "")
	}
	v.icon.Show(r.Icon, theme.ColorNamePlaceHolder)
	if r.Folder {
		v.icon.Show(r.Icon, theme.ColorNamePrimary)
	}
	v.ext.Name = theme.ColorNamePlaceHolder
	if r.Program {
		v.ext.Name = theme.ColorNameError
	}
	v.note.Name = theme.ColorNamePlaceHolder
	if r.Marked && r.Where == "" {
		v.note.Name = theme.ColorNameError
	}
	v.size.Text.Text = r.Size
	v.extField.Restyle()
	for _, t := range []*look.Text{v.name, v.note, v.size, v.ext} {
		t.Restyle()
	}
}

func (v *rowRenderer) Refresh() {
	v.style()
	v.Layout(v.row.Size())
	v.row.box.show()
	v.icon.Refresh()
	v.arrow.Refresh()
	v.name.Refresh()
}
