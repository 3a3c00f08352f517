package list

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/tip"
)

// A Line is what the cells of a list have in common that show one line each: a
// value, the cursor of the keyboard, and the pointer. Embed it, and begin with
// Extend; for the main goroutine.
type Line[V comparable] struct {
	widget.BaseWidget
	Value           V
	Cursor, Hovered bool
	Cut             string // words of Value that are not all seen: a tip tells them

	self Pointed
}

// Pointed is a widget that the pointer comes to.
type Pointed interface {
	fyne.Widget
	MouseOut()
}

// Extend makes self, which embeds the line, the widget.
func (l *Line[V]) Extend(self Pointed) {
	l.self = self
	l.ExtendBaseWidget(self)
}

// Set shows a value, with or without the cursor on it.
func (l *Line[V]) Set(v V, cursor bool) {
	if v == l.Value && cursor == l.Cursor {
		return
	}
	came := cursor && !l.Cursor
	l.Value, l.Cursor = v, cursor
	l.Refresh()
	switch {
	case came:
		tip.Point(l.self, l.Cut)
	case !cursor && !l.Hovered:
		tip.Leave(l.self)
	}
}

// Spare implements Spared.
func (l *Line[V]) Spare() {
	l.Cursor, l.Hovered = false, false
	tip.Leave(l.self)
}

// MouseIn implements desktop.Hoverable.
func (l *Line[V]) MouseIn(*desktop.MouseEvent) {
	l.Hovered = true
	l.Refresh()
	tip.Point(l.self, l.Cut)
	tip.Light(l.self)
}

// MouseMoved implements desktop.Hoverable.
func (l *Line[V]) MouseMoved(e *desktop.MouseEvent) {
	if !l.Hovered {
		l.MouseIn(e)
	}
	tip.Light(l.self)
}

// MouseOut implements desktop.Hoverable.
func (l *Line[V]) MouseOut() {
	l.Hovered = false
	l.Refresh()
	tip.Leave(l.self)
	tip.Dark(l.self)
}

// AccessibilityRole implements fyne.Accessible.
func (l *Line[V]) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
