package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/view"
)

// menuKey reports whether a key asks for the menu of what the keyboard is on.
func menuKey(key fyne.KeyName) bool {
	if key == desktop.KeyMenu {
		return true
	}
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return key == fyne.KeyF10 && ok && d.CurrentKeyModifiers() == fyne.KeyModifierShift
}

// openMenu opens the menu of the request or the transfer that the keyboard is in, if it is
// in one. Cards and lines of the history open their own.
func (w *Window) openMenu() bool {
	if r, card, ok := w.screen.now.requests.front(); ok && focus.Seen(w.screen.root, card) {
		w.requestMenu(r, corner(card))
		return true
	}
	for _, moving := range []*rows[view.Row]{w.screen.now.moving, w.screen.pages[view.Transfers].(*transfersPage).moving} {
		if r, row, ok := moving.front(); ok && focus.Seen(w.screen.root, row) {
			w.rowMenu(r, corner(row))
			return true
		}
	}
	return false
}

// frontMenu is for who looks for the menu of something in the menus: that of what the
// keyboard is on, or else of the person in front.
func (w *Window) frontMenu() {
	if w.openMenu() {
		return
	}
	if list := w.screen.pages[view.Transfers].(*transfersPage).list; focus.Last(list) && focus.Seen(w.screen.root, list) {
		list.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
		return
	}
	if n, ok := w.front(); ok {
		w.cardMenu(n.ID, corner(w.grid()))
	}
}

// corner is where the menu of something opens that was not pointed at.
func corner(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(look.Gap12, look.Gap12)
}

// rowMenu is what can be done with a transfer under way.
func (w *Window) rowMenu(r view.Row, at fyne.Position) {
	items := []*fyne.MenuItem{fyne.NewMenuItem(view.MenuOf(w.words).OpenRow, func() { w.details(r.Key) })}
	for _, b := range r.Buttons {
		if b.Text != "" {
			items = append(items, fyne.NewMenuItem(b.Text, func() { w.press(b.Do, r.Ref) }))
		}
	}
	w.popUp(items, at)
}
