// Package history is the list of what was sent and received: a line for each, as
// many as there are, of which those in sight exist.
package history

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/focus"
	"potluck/ui/list"
	"potluck/ui/look"
)

// A Value is what one line shows.
type Value struct {
	Icon      fyne.Resource
	IconColor fyne.ThemeColorName // empty for that of captions
	Title     string
	Note      string
	Size      string // below When; numbers are never cut
	When      string
	Label     string // one sentence for who cannot see it
}

// Options are what [New] needs.
type Options struct {
	Count  func() int                         // required
	Key    func(i int) string                 // required; tells the lines apart
	Value  func(i int) Value                  // required
	OnOpen func(i int)                        // by a click, Enter or Space
	OnMenu func(i int, at fyne.Position)      // at is absolute
	OnKey  func(i int, k *fyne.KeyEvent) bool // whether it used the key
	Label  func() string
}

// New returns the list. When the lines have changed, Update shows them.
func New(o Options) *list.List {
	open := func(i int) {
		if o.OnOpen != nil && i >= 0 {
			o.OnOpen(i)
		}
	}
	return list.New(list.Options{
		Count: o.Count,
		Make:  func() fyne.CanvasObject { return newRow() },
		Show:  func(i int, cell fyne.CanvasObject, cursor bool) { cell.(*row).Set(o.Value(i), cursor) },
		Key:   o.Key,
		Cells: func(width float32) list.Cells {
			return list.Cells{Columns: 1, Width: width - look.ScrollGap - 2*side, Height: rowHeight(), Left: side, Top: side}
		},
		OnTap:  open,
		OnMenu: o.OnMenu,
		OnKey: func(i int, key *fyne.KeyEvent) bool {
			switch key.Name {
			case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
				open(i)
				return true
			}
			return o.OnKey != nil && o.OnKey(i, key)
		},
		Label: o.Label,
	})
}

// side is left around the lines, for the ring.
const side = 5

func rowHeight() float32 {
	return look.Line(theme.SizeNameText) + look.Line(theme.SizeNameCaptionText) + look.Gap8
}

type row struct{ list.Line[Value] }

var _ desktop.Hoverable = (*row)(nil)

func newRow() *row {
	r := &row{}
	r.Extend(r)
	return r
}

// AccessibilityLabel implements fyne.Accessible.
func (r *row) AccessibilityLabel() string {
	if r.Value.Label != "" {
		return r.Value.Label
	}
	return r.Value.Title + ", " + r.Value.Note + ", " + r.Value.Size + ", " + r.Value.When
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	caption := func() *look.Text {
		return look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false)
	}
	const radius = 6
	v := &renderer{
		row: r, over: look.NewGround("", "", radius), ring: focus.NewRing(radius - 3), icon: look.NewIcon(nil, ""),
		title: look.NewText("", theme.ColorNameForeground, theme.SizeNameText, false), note: caption(), when: caption(), size: caption(),
	}
	v.when.Alignment, v.size.Alignment = fyne.TextAlignTrailing, fyne.TextAlignTrailing
	v.style()
	return v
}

type renderer struct {
	row                     *row
	over, ring              *look.Ground
	icon                    *look.Picture
	title, note, when, size *look.Text
}

func (v *renderer) Destroy() {}

func (v *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.over.Rectangle, v.ring.Rectangle, v.icon.Image, v.title.Text, v.note.Text, v.when.Text, v.size.Text}
}

func (v *renderer) MinSize() fyne.Size { return fyne.NewSize(260, rowHeight()) }

func (v *renderer) Layout(size fyne.Size) {
	r := v.row.Value
	v.over.Resize(size)
	v.ring.Move(fyne.NewPos(-1, -1))
	v.ring.Resize(size.AddWidthHeight(2, 2))
	side := theme.Size(theme.SizeNameInlineIcon)
	v.icon.Put(look.Gap8, (size.Height-side)/2, side)
	x := 2*look.Gap8 + side
	text, caption := look.Line(theme.SizeNameText), look.Line(theme.SizeNameCaptionText)
	v.when.Text.Text, v.size.Text.Text = r.When, r.Size
	when := max(v.when.Measure(r.When).Width, v.size.Measure(r.Size).Width)
	below := look.Gap4 + text // the second line
	at := below - caption
	if r.Size == "" {
		at = (size.Height - caption) / 2
	}
	v.when.Put(size.Width-look.Gap8-when, at, when, caption)
	v.size.Put(size.Width-look.Gap8-when, below, when, caption)
	room := size.Width - x - when - 2*look.Gap8
	v.title.Text.Text = elide.MiddleTo(r.Title, func(s string) bool { return v.title.Measure(s).Width <= room })
	v.row.Cut = ""
	if v.title.Text.Text != r.Title {
		v.row.Cut = r.Title
	}
	v.note.Text.Text = elide.SentenceTo(r.Note, func(s string) bool { return v.note.Measure(s).Width <= room })
	top := look.Gap4
	if r.Note == "" { // the name stands alone
		top = (size.Height - text) / 2
	}
	v.title.Put(x, top, room, text)
	v.note.Put(x, below, room, caption)
}

func (v *renderer) style() {
	v.over.Fill = ""
	if v.row.Hovered {
		v.over.Fill = theme.ColorNameHover
	}
	v.over.Restyle()
	focus.Show(v.ring, v.row.Cursor)
	color := v.row.Value.IconColor
	if color == "" {
		color = theme.ColorNamePlaceHolder
	}
	v.icon.Show(v.row.Value.Icon, color)
	for _, t := range []*look.Text{v.title, v.note, v.when, v.size} {
		t.Restyle()
	}
}

func (v *renderer) Refresh() {
	v.style()
	v.Layout(v.row.Size())
	v.icon.Refresh()
	v.title.Refresh()
}
