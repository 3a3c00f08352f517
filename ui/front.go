package ui

import (
	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// personMenu is the menu about the person in front: what their card offers, for who
// looks for it in the menus.
func (w *Window) personMenu(m view.Menu) *fyne.Menu {
	with := func(do func(n sharing.Neighbour)) func() {
		return func() {
			if n, ok := w.front(); ok {
				do(n)
			}
		}
	}
	details := func(n sharing.Neighbour) { w.openDevice(n.ID) }
	return fyne.NewMenu(m.Person,
		item(m.CardMessage, command(fyne.KeyM, 0), with(func(n sharing.Neighbour) {
			if n.Twin { // nothing goes there; the page says why
				details(n)
				return
			}
			w.write(n.ID)
		})),
		item(m.CardVerify, command(fyne.KeyT, 0), with(func(n sharing.Neighbour) {
			if n.Paired { // the page says when that was
				details(n)
				return
			}
			w.verify(n.ID)
		})),
		fyne.NewMenuItem(m.CardName, with(func(n sharing.Neighbour) { w.nameDevice(n.ID) })),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(m.CardBlock, with(func(n sharing.Neighbour) { w.block(n.ID, view.NameOf(n.ID, w.snapshot)) })),
		item(m.CardDetails, command(fyne.KeyI, 0), with(details)))
}

// front returns the person in front. Where there is none it says how to choose one, and
// gives the keyboard to the cards.
func (w *Window) front() (sharing.Neighbour, bool) {
	var pointed identity.ID
	if key, ok := w.grid().Pointed(); ok {
		pointed = idOf(key)
	}
	n, ok := w.local.Front(w.snapshot, pointed)
	if !ok {
		w.do(func(l *view.Local) {
			l.Go(view.Nearby)
			l.Notice = view.Nobody(w.o.Now(), w.words)
		})
		if w.grid().Visible() {
			w.window.Canvas().Focus(w.grid())
		}
	}
	return n, ok
}

// clearHistory asks whether the history is to be cleared, if there is one.
func (w *Window) clearHistory() {
	w.do(func(l *view.Local) {
		l.Go(view.Transfers)
		if view.Clearable(w.snapshot) {
			l.Question = l.AskClear(w.words)
		}
	})
}
