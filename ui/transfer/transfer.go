// Package transfer is one transfer under way or just ended, on a card: what it is,
// how far it is, what can be done about it.
//
// How far it is stands in a line of numbers that loses whole parts from the left
// where there is no room; the last, the time left, always stays.
//
// A row that has just come up, moved, or got other buttons is not listened to, see
// package calm.
package transfer

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/bar"
	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
)

// Buttons is how many a row has room for.
const Buttons = 3

// A Value is what a [Row] shows. An empty text hides what would show it.
type Value struct {
	Key       string // which transfer; never shown
	Icon      fyne.Resource
	IconColor fyne.ThemeColorName // empty for that of progress
	Title     string              // "Receiving from Anna"
	What      string              // a name, and numbers after dots: "Video Tết 2026.mp4 · 3.4 GB"
	HasBar    bool
	Part      float32 // 0 to 1
	BarLabel  string  // "43 percent"
	Numbers   string  // parts between dots
	Note      string
	NoteIcon  fyne.Resource
	NoteColor fyne.ThemeColorName // empty for that of captions
	Lid       string              // that the computer may be closed
	LidIcon   fyne.Resource
	Buttons   [Buttons]press.Value // those with an icon alone stand beside the title; a zero one is left out
	Label     string               // one sentence for who cannot see it
}

// A Row is one transfer. Its methods are for the main goroutine.
type Row struct {
	widget.BaseWidget
	value  Value
	tapped func()
	menu   func(at fyne.Position)
	guard  calm.Guard
	places [2]fyne.Position // of the buttons, in the row

	icon, noteIcon, lidIcon *look.Picture
	what, numbers           *elide.Text
	title, note, lid        *elide.Paragraph
	bar                     *bar.Bar
	buttons                 [Buttons]*press.Button
	noteRow, lidRow         *fyne.Container
	icons, words, low       *fyne.Container
	column                  *fyne.Container
}

var _ flow.Tall = (*Row)(nil)

// New returns a row. pressed is told which button was; tapped, when it is not nil,
// of a click beside them; menu, when it is not nil, where on the canvas its menu was
// asked for.
func New(pressed func(button int), tapped func(), menu func(at fyne.Position)) *Row {
	r := &Row{tapped: tapped, menu: menu}
	r.build(pressed)
	r.ExtendBaseWidget(r)
	r.assign(Value{})
	return r
}

func (r *Row) build(pressed func(int)) {
	caption := elide.Value{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder}
	r.icon, r.noteIcon, r.lidIcon = look.NewIcon(nil, ""), look.NewIcon(nil, ""), look.NewIcon(nil, "")
	r.title = elide.NewParagraph(elide.ParaValue{Bold: true, MaxLines: 2})
	caption.Mode = elide.Named
	r.what = elide.New(caption)
	r.numbers = elide.New(elide.Value{Size: theme.SizeNameCaptionText, Mode: elide.Parts})
	r.note, r.lid = elide.NewParagraph(elide.ParaValue{}), elide.NewParagraph(elide.ParaValue{})
	r.bar = bar.New(bar.Value{})
	r.icons, r.words = container.NewHBox(), flow.NewWrap(look.Gap8)
	for i := range r.buttons {
		r.buttons[i] = press.New(press.Value{}, func() { r.guard.Do(func() { pressed(i) }) })
	}
	side := func() float32 { return theme.Size(theme.SizeNameInlineIcon) }
	small := func() float32 { return theme.Size(theme.SizeNameCaptionText) * 1.35 }
	r.noteRow = flow.NewTopRow(look.Gap4, 1, flow.NewSquare(small, r.noteIcon.Image), r.note)
	r.lidRow = flow.NewTopRow(look.Gap4, 1, flow.NewSquare(small, r.lidIcon.Image), r.lid)
	r.low = flow.NewInset(look.Gap4, 0, 0, 0, r.words)
	r.column = flow.NewColumn(look.Gap4,
		flow.NewRow(look.Gap8, 1, flow.NewSquare(side, r.icon.Image), flow.NewColumn(0, r.title, r.what), r.icons),
		flow.NewInset(2, 2, 0, 0, r.bar), r.numbers, r.noteRow, r.lidRow, r.low)
}

// Set changes what is shown, and reports whether the row is higher or lower for
// it: what it lies in is to be laid out again then.
func (r *Row) Set(v Value) bool {
	if v == r.value {
		return false
	}
	width := r.Size().Width
	before := r.HeightFor(width)
	r.assign(v)
	flow.Relayout(r.column)
	now := [2]fyne.Position{r.icons.Position()}
	if r.low.Visible() {
		now[1] = r.low.Position()
	}
	if now != r.places {
		r.places = now
		r.guard.Moved()
	}
	for _, p := range []*look.Picture{r.icon, r.noteIcon, r.lidIcon} {
		p.Refresh() // which repaints all of it
	}
	return before != r.HeightFor(width)
}

// Value returns what is shown.
func (r *Row) Value() Value { return r.value }

func (r *Row) assign(v Value) {
	r.guard.Stand(v.Key)
	if v.Buttons != r.value.Buttons {
		r.guard.Moved() // where one thing could be done, another can
		r.assignButtons(v.Buttons)
	}
	r.value = v
	color := v.IconColor
	if color == "" {
		color = theme.ColorNamePrimary
	}
	r.icon.Show(v.Icon, color)
	r.title.SetText(v.Title)
	r.what.SetText(v.What)
	r.what.Hidden = v.What == ""
	r.bar.Set(bar.Value{Part: v.Part, Label: v.BarLabel})
	r.bar.Hidden = !v.HasBar
	r.column.Objects[1].(*fyne.Container).Hidden = !v.HasBar
	r.numbers.SetText(v.Numbers)
	r.numbers.Hidden = v.Numbers == ""
	note := v.NoteColor
	if note == "" {
		note = theme.ColorNamePlaceHolder
	}
	r.note.Set(elide.ParaValue{Text: v.Note, Size: theme.SizeNameCaptionText, Color: note})
	r.noteIcon.Show(v.NoteIcon, note)
	r.noteRow.Objects[0].(*fyne.Container).Hidden = v.NoteIcon == nil
	r.noteRow.Hidden = v.Note == ""
	r.lid.Set(elide.ParaValue{Text: v.Lid, Size: theme.SizeNameCaptionText, Color: theme.ColorNameSuccess})
	icon := v.LidIcon
	if icon == nil {
		icon = theme.ConfirmIcon()
	}
	r.lidIcon.Show(icon, theme.ColorNameSuccess)
	r.lidRow.Hidden = v.Lid == ""
}

// assignButtons puts icons beside the title and words below.
func (r *Row) assignButtons(all [Buttons]press.Value) {
	r.icons.Objects, r.words.Objects = nil, nil
	for i, v := range all {
		b := r.buttons[i]
		if before := r.value.Buttons[i]; (v.Text == "") != (before.Text == "") {
			b.MouseOut() // it goes away from under the pointer, and the toolkit does not say so
		}
		b.Set(v)
		switch {
		case v.Text != "":
			r.words.Objects = append(r.words.Objects, b)
		case v.Icon != nil:
			r.icons.Objects = append(r.icons.Objects, b)
		}
	}
	r.icons.Hidden, r.low.Hidden = len(r.icons.Objects) == 0, len(r.words.Objects) == 0
}

// Tapped implements fyne.Tappable.
func (r *Row) Tapped(*fyne.PointEvent) {
	r.guard.Do(r.tapped)
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *Row) TappedSecondary(e *fyne.PointEvent) {
	if r.menu != nil {
		r.guard.Do(func() { r.menu(e.AbsolutePosition) })
	}
}

// GrowsDown implements calm.Downward: a note comes and goes below what is pressed.
func (r *Row) GrowsDown() {}

// Guard implements calm.Guarded.
func (r *Row) Guard() *calm.Guard { return &r.guard }

// Held implements focus.Holder.
func (r *Row) Held() []fyne.CanvasObject { return []fyne.CanvasObject{r.column} }

// AccessibilityLabel implements fyne.Accessible.
func (r *Row) AccessibilityLabel() string {
	if r.value.Label != "" {
		return r.value.Label
	}
	return r.value.Title
}

// AccessibilityRole implements fyne.Accessible.
func (r *Row) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

const (
	pad       = look.Gap12
	leastWide = 260
)

// HeightFor implements flow.Tall.
func (r *Row) HeightFor(width float32) float32 {
	return flow.HeightFor(r.column, width-2*pad) + 2*pad
}

// CreateRenderer implements fyne.Widget.
func (r *Row) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{row: r, ground: look.NewGround(look.Card, look.CardBorder, theme.Size(theme.SizeNameCardRadius))}
}

type renderer struct {
	row    *Row
	ground *look.Ground
}

func (v *renderer) Destroy() {}

func (v *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.ground.Rectangle, v.row.column}
}

func (v *renderer) MinSize() fyne.Size {
	return fyne.NewSize(leastWide, v.row.HeightFor(max(v.row.Size().Width, leastWide)))
}

func (v *renderer) Layout(size fyne.Size) {
	v.ground.Resize(size)
	v.row.column.Move(fyne.NewPos(pad, pad))
	v.row.column.Resize(size.SubtractWidthHeight(2*pad, 2*pad))
}

func (v *renderer) Refresh() {
	v.ground.Restyle()
	v.Layout(v.row.Size())
	v.row.column.Refresh()
}
