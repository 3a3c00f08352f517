// Package list shows many things of one size, in rows or in a grid, and is one
// stop of the keyboard.
//
// Only what is in sight exists: a million rows cost as much as a screenful. Fyne's
// own lists do not know Home, End and the page keys, and show hardly where they
// are; this one moves a cursor and says to each cell whether it stands there.
//
// The model is the caller's. When it has changed, [List.Update] asks for it anew,
// and a cell whose value is the same is for its Show to leave alone.
//
// Where the caller says which thing is which, the cursor stays on the one it was on,
// and a cell that has become that of another one is not listened to for a moment: see
// package calm. What is new because it was scrolled into sight is.
package list

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/calm"
	"potluck/ui/focus"
	"potluck/ui/look"
)

// Cells says how cells lie in a list of some width.
type Cells struct {
	Columns       int
	Width, Height float32
	Gap           float32 // between columns and between rows
	Left, Top     float32 // before the first; Top is left at the bottom too
}

// Options are what [New] needs.
type Options struct {
	Count  func() int                                       // required
	Make   func() fyne.CanvasObject                         // required
	Show   func(i int, cell fyne.CanvasObject, cursor bool) // required; cursor is true only while the list has the focus
	Cells  func(width float32) Cells                        // required; Columns at least 1
	Key    func(i int) string                               // tells things apart; nil where none comes, goes or moves
	OnKey  func(i int, key *fyne.KeyEvent) bool             // whether it used the key; i is -1 in an empty list
	Rune   func(r rune)                                     // a letter was typed
	OnTap  func(i int)
	OnMenu func(i int, at fyne.Position) // by the right button or the menu key; at is absolute
	Label  func() string
}

// Self is the widget that a List is part of, or the List itself.
type Self interface {
	fyne.Widget
	fyne.Focusable
}

// A List is one of them. Its methods are for the main goroutine.
type List struct {
	widget.BaseWidget
	o       Options
	self    Self
	scroll  *container.Scroll
	ring    *look.Ground
	content *content
	offset  fyne.Position // by the person's doing
	height  float32       // of all cells together, when it was last scrolled anew
	cursor  int
	at      string // the key of what the cursor is on
	guard   calm.Guard
	keys    calm.Guard // of what the keyboard is on
	focused bool
	shift   bool
}

var (
	_ fyne.Focusable  = (*List)(nil)
	_ fyne.Accessible = (*List)(nil)
	_ desktop.Keyable = (*List)(nil)
)

// New returns a list.
func New(o Options) *List {
	l := &List{}
	l.Init(l, o)
	return l
}

// Init makes a List of the zero value, for a widget that embeds it.
func (l *List) Init(self Self, o Options) {
	l.o, l.self = o, self
	l.keys.Within(&l.guard)
	l.ring = focus.NewRing(focus.Radius())
	focus.Show(l.ring, false)
	l.content = &content{list: l, shown: map[int]*cell{}}
	l.content.ExtendBaseWidget(l.content)
	l.scroll = container.NewVScroll(l.content)
	l.scroll.OnScrolled = func(to fyne.Position) {
		l.offset = to
		l.content.fill(false)
	}
	l.ExtendBaseWidget(self)
}

// Update shows the model as it is now.
func (l *List) Update() {
	moved := l.follow()
	if least := l.content.MinSize().Height; least != l.height {
		l.height = least
		l.scroll.Refresh()
	}
	l.content.fill(true)
	if before := l.scroll.Offset; moved && l.focused {
		if l.ScrollTo(l.cursor); l.scroll.Offset != before {
			l.guard.Moved()
		}
	}
	l.showRing()
}

// follow keeps the cursor on what it was on. If that has gone, it is on what is in its
// place, of which nobody has thought yet when the next key comes. It reports whether the
// cursor has another place for it.
func (l *List) follow() (moved bool) {
	count, was := l.o.Count(), l.at
	l.cursor = min(l.cursor, max(count-1, 0))
	l.note()
	if l.at == was || was == "" {
		return false
	}
	for i := range count {
		if l.o.Key(i) == was {
			l.cursor, l.at = i, was
			return true
		}
	}
	l.keys.Moved()
	return false
}

// note remembers what the cursor is on.
func (l *List) note() {
	if l.at = ""; l.o.Key != nil && l.cursor < l.o.Count() {
		l.at = l.o.Key(l.cursor)
	}
}

// GrowsDown implements calm.Downward.
func (l *List) GrowsDown() {}

// Guard implements calm.Guarded.
func (l *List) Guard() *calm.Guard { return &l.guard }

// Refresh implements fyne.CanvasObject. It draws everything anew, as after a change
// of the theme; what has changed in the model is for [List.Update].
func (l *List) Refresh() {
	l.Update()
	l.scroll.Refresh()
	for _, c := range l.content.shown {
		c.object.Refresh()
	}
}

// Cursor returns where the keyboard stands, -1 in an empty list.
func (l *List) Cursor() int {
	if l.o.Count() == 0 {
		return -1
	}
	return l.cursor
}

// SetCursor moves the keyboard there and brings it into sight.
func (l *List) SetCursor(i int) {
	i = min(max(i, 0), max(l.o.Count()-1, 0))
	before := l.cursor
	l.cursor = i
	l.note()
	l.keys.Settled()
	l.ScrollTo(i)
	l.content.show(before)
	l.content.show(i)
}

// Focused reports whether the list has the keyboard.
func (l *List) Focused() bool { return l.focused }

// ScrollTo brings a cell into sight.
func (l *List) ScrollTo(i int) {
	if l.scroll.Size().Height <= 0 {
		return // not laid out yet
	}
	c := l.cells()
	_, y := c.at(i)
	low := y + c.Height + max(c.Gap, c.Top)
	switch height := l.scroll.Size().Height; {
	case y-c.Top < l.scroll.Offset.Y:
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(y-c.Top, 0)))
	case low > l.scroll.Offset.Y+height:
		l.scroll.ScrollToOffset(fyne.NewPos(0, min(low-height, y-c.Top))) // the top of one that is higher than there is room
	}
	l.offset = l.scroll.Offset
	l.content.fill(false)
}

// At returns which cell is seen at a place on the canvas. What is scrolled out of
// sight is nowhere.
func (l *List) At(absolute fyne.Position) (i int, ok bool) {
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.scroll)
	return At(l.cells(), l.o.Count(), l.scroll.Offset.Y, l.scroll.Size(), absolute.Subtract(corner))
}

// At returns which of count cells is seen at a place in a view of that size that
// is scrolled down by offset.
func At(c Cells, count int, offset float32, view fyne.Size, at fyne.Position) (i int, ok bool) {
	if at.X < 0 || at.Y < 0 || at.X >= view.Width || at.Y >= view.Height {
		return 0, false
	}
	x, y := at.X-c.Left, at.Y+offset-c.Top
	if x < 0 || y < 0 {
		return 0, false
	}
	column, row := int(x/(c.Width+c.Gap)), int(y/(c.Height+c.Gap))
	x -= float32(column) * (c.Width + c.Gap)
	y -= float32(row) * (c.Height + c.Gap)
	i = row*c.Columns + column
	return i, column < c.Columns && x < c.Width && y < c.Height && i < count
}

func (l *List) cells() Cells {
	c := l.o.Cells(l.scroll.Size().Width)
	c.Columns = max(c.Columns, 1)
	return c
}

// Held implements focus.Holder.
func (l *List) Held() []fyne.CanvasObject { return nil }

// AccessibilityLabel implements fyne.Accessible.
func (l *List) AccessibilityLabel() string {
	if l.o.Label == nil {
		return ""
	}
	return l.o.Label()
}

// AccessibilityRole implements fyne.Accessible.
func (l *List) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() {
	l.focused = true
	focus.Remember(l.self)
	l.content.show(l.cursor)
	l.showRing()
	if l.o.Count() > 0 {
		l.ScrollTo(l.cursor)
	}
}

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() {
	l.focused, l.shift = false, false
	l.content.show(l.cursor)
	l.showRing()
}

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.o.Rune != nil && r != ' ' {
		l.o.Rune(r)
	}
}

// KeyDown implements desktop.Keyable.
func (l *List) KeyDown(key *fyne.KeyEvent) {
	if key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight {
		l.shift = true
	}
}

// KeyUp implements desktop.Keyable.
func (l *List) KeyUp(key *fyne.KeyEvent) {
	if key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight {
		l.shift = false
	}
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(key *fyne.KeyEvent) {
	if l.o.OnKey != nil && l.keys.Own() && l.o.OnKey(l.Cursor(), key) {
		return
	}
	c := l.cells()
	page := max(int(l.scroll.Size().Height/(c.Height+c.Gap)), 1) * c.Columns
	switch key.Name {
	case fyne.KeyUp:
		l.step(-c.Columns)
	case fyne.KeyDown:
		l.step(c.Columns)
	case fyne.KeyLeft:
		l.step(-1)
	case fyne.KeyRight:
		l.step(1)
	case fyne.KeyPageUp:
		l.SetCursor(l.cursor - page)
	case fyne.KeyPageDown:
		l.SetCursor(l.cursor + page)
	case fyne.KeyHome:
		l.SetCursor(0)
	case fyne.KeyEnd:
		l.SetCursor(l.o.Count() - 1)
	case desktop.KeyMenu, fyne.KeyF10:
		if i := l.Cursor(); i >= 0 && l.o.OnMenu != nil && (key.Name == desktop.KeyMenu || l.shift) {
			l.o.OnMenu(i, l.middleOf(i))
			return
		}
		focus.HandOn(l.self, key)
	default:
		focus.HandOn(l.self, key)
	}
}

// step moves the cursor by n cells, or not at all where there is none.
func (l *List) step(n int) {
	if i := l.cursor + n; i >= 0 && i < l.o.Count() {
		l.SetCursor(i)
	}
}

func (l *List) middleOf(i int) fyne.Position {
	c := l.cells()
	x, y := c.at(i)
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(l.scroll).AddXY(x+c.Width/2, y+c.Height/2-l.scroll.Offset.Y)
}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{widget.NewSimpleRenderer(l.scroll), l}
}

// A renderer draws the ring of a list with nothing in it, which has no cell that could
// show where the keyboard is.
type renderer struct {
	fyne.WidgetRenderer
	list *List
}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.list.scroll, r.list.ring.Rectangle}
}

func (r *renderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.list.content.fill(false) // what is scrolled may be as high as before, and more of it in sight
	r.list.ring.Resize(size)
}

// showRing draws the ring if it is wanted.
func (l *List) showRing() {
	if on := l.focused && l.o.Count() == 0; on == l.ring.Hidden {
		focus.Show(l.ring, on)
		l.ring.Refresh()
	}
}

// at returns the upper left corner of a cell.
func (c Cells) at(i int) (x, y float32) {
	return c.Left + float32(i%c.Columns)*(c.Width+c.Gap), c.Top + float32(i/c.Columns)*(c.Height+c.Gap)
}

// height returns that of count cells together.
func (c Cells) height(count int) float32 {
	if count == 0 {
		return 0
	}
	_, y := c.at(count - 1)
	return y + c.Height + c.Top
}

// Scroll returns what is turned by the wheel.
func (l *List) Scroll() fyne.Scrollable { return l.scroll }
