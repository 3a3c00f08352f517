package request

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

// what is the field that says what is offered, and opens it.
type what struct {
	widget.BaseWidget
	value          Value
	tapped         func()
	hovered, focus bool
	cut            string // the title, where not all of it is seen
}

var (
	_ fyne.Focusable    = (*what)(nil)
	_ fyne.Disableable  = (*what)(nil)
	_ desktop.Hoverable = (*what)(nil)
)

func newWhat(tapped func()) *what {
	w := &what{tapped: tapped}
	w.ExtendBaseWidget(w)
	return w
}

// set takes from the value what the field shows.
func (w *what) set(v Value) {
	w.value = Value{Icon: v.Icon, Title: v.Title, Ext: v.Ext, Program: v.Program, Amount: v.Amount, Size: v.Size, Look: v.Look}
	w.Refresh()
}

// Tapped implements fyne.Tappable.
func (w *what) Tapped(*fyne.PointEvent) {
	if w.value.Look != "" {
		w.tapped()
	}
}

// TypedKey implements fyne.Focusable.
func (w *what) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		w.Tapped(nil)
	default:
		focus.HandOn(w, key)
	}
}

// TypedRune implements fyne.Focusable.
func (w *what) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (w *what) FocusGained() { w.focus = true; w.Refresh(); focus.Gained(w); tip.Point(w, w.cut) }

// FocusLost implements fyne.Focusable.
func (w *what) FocusLost() { w.focus = false; w.Refresh(); tip.Leave(w) }

// MouseIn implements desktop.Hoverable.
func (w *what) MouseIn(*desktop.MouseEvent) {
	w.hovered = true
	w.Refresh()
	tip.Point(w, w.cut)
	tip.Light(w)
}

// MouseMoved implements desktop.Hoverable.
func (w *what) MouseMoved(e *desktop.MouseEvent) {
	if !w.hovered {
		w.MouseIn(e)
	}
	tip.Light(w)
}

// MouseOut implements desktop.Hoverable.
func (w *what) MouseOut() {
	w.hovered = false
	w.Refresh()
	tip.Leave(w)
	tip.Dark(w)
}

// Enable implements fyne.Disableable: whether it is, follows from what it shows.
func (w *what) Enable() {}

// Disable implements fyne.Disableable.
func (w *what) Disable() {}

// Disabled implements fyne.Disableable.
func (w *what) Disabled() bool { return w.value.Look == "" }

// AccessibilityLabel implements fyne.Accessible.
func (w *what) AccessibilityLabel() string {
	v := w.value
	return v.Title + v.Ext + ", " + v.Amount + ", " + v.Size + ". " + v.Look
}

// AccessibilityRole implements fyne.Accessible.
func (w *what) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (w *what) CreateRenderer() fyne.WidgetRenderer {
	caption := func(name fyne.ThemeColorName) *look.Text {
		return look.NewText("", name, theme.SizeNameCaptionText, false)
	}
	radius := theme.Size(theme.SizeNameButtonRadius)
	r := &whatRenderer{
		what: w, ground: look.NewGround(theme.ColorNameBackground, look.CardBorder, radius), over: look.NewGround("", "", radius), ring: focus.NewRing(radius),
		icon: look.NewIcon(nil, ""), arrow: look.NewIcon(chevron, theme.ColorNamePrimary),
		title:  look.NewText("", theme.ColorNameForeground, theme.SizeNameText, true),
		amount: caption(theme.ColorNamePlaceHolder), size: caption(theme.ColorNamePlaceHolder), open: caption(theme.ColorNamePrimary),
		ext: look.NewText("", theme.ColorNameError, theme.SizeNameCaptionText, true), extField: look.NewGround(look.TrustBad, "", 4),
	}
	r.style()
	return r
}

const fieldPad = 10

// chevron says that there is more behind.
var chevron = fyne.NewStaticResource("chevron.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+
	`<path d="M9.4 5.6 8 7l5 5-5 5 1.4 1.4 6.4-6.4z" fill="#000000"/></svg>`))

type whatRenderer struct {
	what                           *what
	ground, over, ring, extField   *look.Ground
	icon, arrow                    *look.Picture
	title, amount, size, open, ext *look.Text
}

func (r *whatRenderer) Destroy() {}

func (r *whatRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		r.ground.Rectangle, r.over.Rectangle, r.ring.Rectangle, r.icon.Image, r.arrow.Image,
		r.title.Text, r.extField.Rectangle, r.ext.Text, r.amount.Text, r.size.Text, r.open.Text,
	}
}

func (r *whatRenderer) MinSize() fyne.Size {
	h := 2*float32(fieldPad) + look.Line(theme.SizeNameText) + look.Line(theme.SizeNameCaptionText)
	if r.what.value.Amount != "" {
		h += look.Line(theme.SizeNameCaptionText)
	}
	return fyne.NewSize(120, h)
}

func (r *whatRenderer) Layout(size fyne.Size) {
	v := r.what.value
	r.ground.Resize(size)
	r.over.Resize(size)
	focus.Around(r.ring, size)
	side := theme.Size(theme.SizeNameInlineIcon) * 1.3
	r.icon.Put(fieldPad, (size.Height-side)/2, side)
	x, right := fieldPad+side+look.Gap8, size.Width-fieldPad
	if v.Look != "" {
		arrow := theme.Size(theme.SizeNameInlineIcon)
		r.arrow.Put(right-arrow+6, (size.Height-arrow)/2, arrow)
		right -= arrow
	}
	text, caption := look.Line(theme.SizeNameText), look.Line(theme.SizeNameCaptionText)
	y := float32(fieldPad)

	end := right
	if v.Ext != "" {
		r.ext.Text.Text = elide.EndTo(v.Ext, func(s string) bool { return r.ext.Measure(s).Width <= (right-x)/2 })
		wide := r.ext.Measure(r.ext.Text.Text).Width
		r.ext.Put(right-wide-6, y+(text-caption)/2, wide, caption)
		r.extField.Move(fyne.NewPos(right-wide-12, y+(text-caption)/2-2))
		r.extField.Resize(fyne.NewSize(wide+12, caption+4))
		end -= wide + 12 + look.Gap8
	}
	r.title.Text.Text = elide.MiddleTo(v.Title, func(s string) bool { return r.title.Measure(s).Width <= end-x })
	r.what.cut = ""
	if r.title.Text.Text != v.Title {
		r.what.cut = v.Title + v.Ext
	}
	r.title.Put(x, y, max(end-x, 0), text)
	y += text
	if v.Amount != "" {
		r.amount.Text.Text = elide.EndTo(v.Amount, func(s string) bool { return r.amount.Measure(s).Width <= right-x })
		r.amount.Put(x, y, right-x, caption)
		y += caption
	}
	shown := v.Size
	if v.Look != "" && shown != "" {
		shown += " · "
	}
	r.size.Text.Text = shown
	wide := r.size.Measure(shown).Width
	r.size.Put(x, y, wide, caption)
	r.open.Text.Text = elide.EndTo(v.Look, func(s string) bool { return s == "" || r.open.Measure(s).Width <= right-x-wide })
	r.open.Put(x+wide, y, right-x-wide, caption)
}

func (r *whatRenderer) style() {
	v := r.what.value
	r.over.Fill = ""
	if r.what.hovered && v.Look != "" {
		r.over.Fill = theme.ColorNameHover
	}
	r.ext.Name, r.extField.Fill = theme.ColorNamePlaceHolder, theme.ColorNameButton
	if v.Program {
		r.ext.Name, r.extField.Fill = theme.ColorNameError, look.TrustBad
	}
	for _, g := range []*look.Ground{r.ground, r.over, r.extField} {
		g.Restyle()
	}
	focus.Show(r.ring, r.what.focus)
	r.ext.Hidden, r.extField.Hidden, r.amount.Hidden = v.Ext == "", v.Ext == "", v.Amount == ""
	r.arrow.Hidden, r.open.Hidden = v.Look == "", v.Look == ""
	r.icon.Show(v.Icon, theme.ColorNamePrimary)
	for _, t := range []*look.Text{r.title, r.amount, r.size, r.open, r.ext} {
		t.Restyle()
	}
}

func (r *whatRenderer) Refresh() {
	r.style()
	r.Layout(r.what.Size())
	r.icon.Refresh()
	r.arrow.Refresh()
	r.title.Refresh()
}
