// Package rail is one entry of the rail at the left: an icon, a word below it, and
// a badge that counts what waits there. Which one is current is told by a bar, a
// bold word and a tint.
package rail

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/elide"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/tip"
)

// Width is how wide the rail is at the normal text size.
const Width = 72

// A Value is what an [Item] shows.
type Value struct {
	Text    string
	Icon    fyne.Resource
	Badge   string
	Current bool
	Label   string // "Transfers, 2 running"
}

// An Item is chosen by a click, Space or Enter.
type Item struct {
	widget.BaseWidget
	value          Value
	tapped         func()
	hovered, focus bool
}

var (
	_ fyne.Focusable    = (*Item)(nil)
	_ fyne.Accessible   = (*Item)(nil)
	_ desktop.Hoverable = (*Item)(nil)
)

// New returns an item that calls tapped.
func New(v Value, tapped func()) *Item {
	i := &Item{value: v, tapped: tapped}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes what is shown.
func (i *Item) Set(v Value) {
	if v != i.value {
		i.value = v
		i.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (i *Item) Tapped(*fyne.PointEvent) { i.tapped() }

// TypedKey implements fyne.Focusable.
func (i *Item) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		i.tapped()
	default:
		focus.HandOn(i, key)
	}
}

// TypedRune implements fyne.Focusable.
func (i *Item) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (i *Item) FocusGained() { i.focus = true; i.Refresh(); focus.Gained(i) }

// FocusLost implements fyne.Focusable.
func (i *Item) FocusLost() { i.focus = false; i.Refresh() }

// MouseIn implements desktop.Hoverable.
func (i *Item) MouseIn(*desktop.MouseEvent) { i.hovered = true; i.Refresh(); tip.Light(i) }

// MouseMoved implements desktop.Hoverable.
func (i *Item) MouseMoved(e *desktop.MouseEvent) {
	if !i.hovered {
		i.MouseIn(e)
	}
	tip.Light(i)
}

// MouseOut implements desktop.Hoverable.
func (i *Item) MouseOut() { i.hovered = false; i.Refresh(); tip.Dark(i) }

// AccessibilityLabel implements fyne.Accessible.
func (i *Item) AccessibilityLabel() string {
	if i.value.Label != "" {
		return i.value.Label
	}
	return i.value.Text
}

// AccessibilityRole implements fyne.Accessible.
func (i *Item) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// CreateRenderer implements fyne.Widget.
func (i *Item) CreateRenderer() fyne.WidgetRenderer {
	radius := theme.Size(theme.SizeNameButtonRadius)
	r := &renderer{
		item: i, ground: look.NewGround("", "", radius), mark: look.NewGround(theme.ColorNamePrimary, "", markWidth/2),
		badge: look.NewGround(theme.ColorNamePrimary, "", 0), ring: focus.NewRing(radius - 3), icon: look.NewIcon(nil, ""),
		text:  look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false),
		count: look.NewText("", theme.ColorNameForegroundOnPrimary, theme.SizeNameCaptionText, true),
	}
	r.style()
	return r
}

const (
	pad       = 8
	markWidth = 3
	leastWide = 60
)

type renderer struct {
	item                      *Item
	ground, mark, badge, ring *look.Ground
	icon                      *look.Picture
	text, count               *look.Text
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		r.ground.Rectangle, r.mark.Rectangle, r.ring.Rectangle, r.icon.Image, r.text.Text, r.badge.Rectangle, r.count.Text,
	}
}

func (r *renderer) iconSide() float32 { return theme.Size(theme.SizeNameInlineIcon) * 1.1 }

func (r *renderer) MinSize() fyne.Size {
	bold := *r.text.Text
	bold.TextStyle.Bold = true // it keeps its place when it becomes current
	wide := fyne.MeasureText(r.item.value.Text, bold.TextSize, bold.TextStyle).Width + pad
	return fyne.NewSize(max(leastWide, wide), pad+r.iconSide()+look.Gap4+look.Line(theme.SizeNameCaptionText)+pad)
}

func (r *renderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Move(fyne.NewPos(1, 1)) // inside: the rail has no room around its items
	r.ring.Resize(size.SubtractWidthHeight(2, 2))
	r.mark.Move(fyne.NewPos(0, pad))
	r.mark.Resize(fyne.NewSize(markWidth, size.Height-2*pad))
	side := r.iconSide()
	r.icon.Put((size.Width-side)/2, pad, side)
	line := look.Line(theme.SizeNameCaptionText)
	r.text.Text.Text = elide.MiddleTo(r.item.value.Text, func(s string) bool { return r.text.Measure(s).Width <= size.Width-4 })
	r.text.Move(fyne.NewPos(0, pad+side+look.Gap4))
	r.text.Resize(fyne.NewSize(size.Width, line))

	count := r.count.Measure(r.item.value.Badge)
	wide := min(max(count.Width+look.Gap8, line), size.Width/2)
	x := size.Width/2 + side/4
	r.badge.CornerRadius = line / 2
	r.badge.Move(fyne.NewPos(x, 3))
	r.badge.Resize(fyne.NewSize(wide, line))
	r.count.Move(fyne.NewPos(x, 3))
	r.count.Resize(fyne.NewSize(wide, line))
}

func (r *renderer) style() {
	i, v := r.item, r.item.value
	r.ground.Fill, r.text.Name, r.text.TextStyle.Bold = "", theme.ColorNamePlaceHolder, v.Current
	icon := theme.ColorNamePlaceHolder
	switch {
	case v.Current:
		r.ground.Fill, r.text.Name, icon = theme.ColorNameSelection, theme.ColorNameForeground, theme.ColorNamePrimary
	case i.hovered:
		r.ground.Fill = theme.ColorNameHover
	}
	r.text.Alignment, r.count.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	r.count.Text.Text = v.Badge
	r.mark.Hidden, r.badge.Hidden, r.count.Hidden = !v.Current, v.Badge == "", v.Badge == ""
	for _, g := range []*look.Ground{r.ground, r.mark, r.badge} {
		g.Restyle()
	}
	r.text.Restyle()
	r.count.Restyle()
	r.icon.Show(v.Icon, icon)
	focus.Show(r.ring, i.focus)
}

func (r *renderer) Refresh() {
	r.style()
	r.Layout(r.item.Size())
	r.icon.Refresh()
	r.text.Refresh()
}
