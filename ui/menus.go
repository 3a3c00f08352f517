package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// command is a key together with Ctrl, or with Cmd on a Mac.
func command(key fyne.KeyName, more fyne.KeyModifier) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | more}
}

// alsoSettings is the other key that leads to the settings: the third of the rail. A
// menu shows one.
var alsoSettings = command(fyne.Key3, 0)

func item(text string, shortcut fyne.Shortcut, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(text, do)
	m.Shortcut = shortcut
	return m
}

// mainMenu has an entry for everything that can be done everywhere, and so a key
// for it. No menu is long: the toolkit's do not scroll where the keyboard is.
func (w *Window) mainMenu() *fyne.MainMenu {
	m := view.MenuOf(w.words)
	page := func(p view.Page) func() { return func() { w.turn(p) } }
	quit := item(m.Quit, command(fyne.KeyQ, 0), w.end)
	quit.IsQuit = true
	main := fyne.NewMenu(m.Potluck,
		item(m.Nearby, command(fyne.Key1, 0), page(view.Nearby)),
		item(m.List, command(fyne.Key2, 0), page(view.Transfers)),
		item(m.Settings, command(fyne.KeyComma, 0), page(view.Settings)),
		item(m.Address, command(fyne.KeyL, 0), w.enterAddress),
		fyne.NewMenuItem(m.Mine, w.showMine),
		fyne.NewMenuItemSeparator(),
		item(m.CloseWindow, command(fyne.KeyW, 0), w.closing),
		quit)
	edit := fyne.NewMenu(m.Edit,
		item(m.Paste, &fyne.ShortcutPaste{Clipboard: w.o.App.Clipboard()}, w.handOn(&fyne.ShortcutPaste{Clipboard: w.o.App.Clipboard()}, w.paste)),
		item(m.Undo, &fyne.ShortcutUndo{}, w.handOn(&fyne.ShortcutUndo{}, w.undo)),
		item(m.SelectAll, &fyne.ShortcutSelectAll{}, w.handOn(&fyne.ShortcutSelectAll{}, func() {
			w.do(func(l *view.Local) { l.SelectAll(w.snapshot) })
		})),
		item(m.Find, command(fyne.KeyF, 0), w.find),
		fyne.NewMenuItem(m.Front, w.frontMenu))
	files := fyne.NewMenu(m.Files,
		item(m.SendFiles, command(fyne.KeyO, 0), func() { w.chooseFiles(nil) }),
		item(m.SendFolder, command(fyne.KeyO, fyne.KeyModifierShift), func() { w.choosePaths(nil, true) }),
		fyne.NewMenuItemSeparator(),
		item(m.First, command(fyne.KeyJ, 0), w.firstRequest),
		item(m.Accept, command(fyne.KeyReturn, 0), w.acceptFront),
		item(m.Decline, command(fyne.KeyD, 0), w.declineFront),
		item(m.PauseAll, command(fyne.KeyP, 0), w.holdAll),
		fyne.NewMenuItem(m.Clear, w.clearHistory))
	help := fyne.NewMenu(m.Help,
		item(m.Keys, command(fyne.KeySlash, 0), page(view.Keys)),
		fyne.NewMenuItem(m.About, page(view.About)))
	return fyne.NewMainMenu(main, files, edit, w.personMenu(m), help)
}

// handOn gives an editing key to the entry that is being typed into, and does
// something else where there is none: the menu hears of the key first.
func (w *Window) handOn(s fyne.Shortcut, do func()) func() {
	return func() {
		type entry interface {
			fyne.Focusable
			fyne.Shortcutable
			CursorPosition() fyne.Position
		}
		if e, typing := w.window.Canvas().Focused().(entry); typing {
			e.TypedShortcut(s)
			return
		}
		do()
	}
}

// cardMenu is what can be done with somebody nearby.
func (w *Window) cardMenu(id identity.ID, at fyne.Position) {
	m := view.MenuOf(w.words)
	var n sharing.Neighbour
	for _, other := range w.snapshot.Neighbours {
		if other.ID == id {
			n = other
		}
	}
	if n.ID != id {
		if items := w.goneItems(id); len(items) > 0 {
			w.popUp(items, at)
		}
		return
	}
	name := n.Name
	if n.Alias != "" {
		name = n.Alias
	}
	w.grid().Point(id.String()) // where the keyboard is afterwards
	var items []*fyne.MenuItem
	if !n.Twin {
		items = append(items,
			fyne.NewMenuItem(m.SendFiles, func() { w.chooseFiles(&id) }),
			fyne.NewMenuItem(m.CardMessage, func() { w.write(id) }))
	}
	if !n.Paired {
		items = append(items, fyne.NewMenuItem(m.CardVerify, func() { w.verify(id) }))
	}
	items = append(items, fyne.NewMenuItem(m.CardName, func() { w.nameDevice(id) }))
	if n.Paired {
		auto := fyne.NewMenuItem(m.CardAuto, func() {
			w.act(func(ctx context.Context, s Source) error { return s.SetTrusted(ctx, id, !n.Trusted) })
		})
		auto.Checked = n.Trusted
		items = append(items, auto)
	}
	items = append(items,
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(m.CardBlock, func() { w.block(id, name) }),
		fyne.NewMenuItem(m.CardDetails, func() { w.openDevice(id) }))
	w.popUp(items, at)
}

// goneItems are what can be done with somebody who is not here, or is blocked, while
// there still is a card.
func (w *Window) goneItems(id identity.ID) []*fyne.MenuItem {
	m := view.MenuOf(w.words)
	for _, k := range w.snapshot.Known {
		if k.ID != id {
			continue
		}
		var items []*fyne.MenuItem
		if k.Blocked {
			items = append(items, fyne.NewMenuItem(m.CardUnblock, func() { w.answer(view.UndoBlock, id.String()) }))
		}
		return append(items, fyne.NewMenuItem(m.CardDetails, func() { w.openDevice(id) }))
	}
	return nil
}

// requestMenu is what else can be done with an offer.
func (w *Window) requestMenu(r view.Request, at fyne.Position) {
	m := view.MenuOf(w.words)
	var items []*fyne.MenuItem
	if r.Look != "" {
		items = append(items, fyne.NewMenuItem(r.Look, func() { w.lookInto(r.Share) }))
	}
	items = append(items,
		fyne.NewMenuItem(m.TakeLater, func() { w.do(func(l *view.Local) { l.PutOff(r.Share) }) }))
	if r.Trust == view.Verified {
		items = append(items, fyne.NewMenuItem(m.CardAuto, func() {
			w.act(func(ctx context.Context, s Source) error { return s.SetTrusted(ctx, r.From, true) })
		}))
	} else {
		items = append(items, fyne.NewMenuItem(m.CardVerify, func() { w.verify(r.From) }))
	}
	items = append(items,
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(m.CardBlock, func() { w.block(r.From, r.Name) }),
		fyne.NewMenuItem(m.CardDetails, func() { w.openDevice(r.From) }))
	w.popUp(items, at)
}

// pastMenu is what can be done with a line of the history.
func (w *Window) pastMenu(t sharing.Transfer, at fyne.Position) {
	m := view.MenuOf(w.words)
	ref := t.Share.String()
	items := []*fyne.MenuItem{fyne.NewMenuItem(m.OpenRow, func() { w.details(string(t.Direction) + ref) })}
	if t.Direction == sharing.Receiving && t.State == sharing.Delivered && len(t.Paths) > 0 {
		items = append(items, fyne.NewMenuItem(m.ShowRow, func() { w.transferDo(view.ShowInFolder, ref) }))
	}
	if view.Openable(t) {
		items = append(items, fyne.NewMenuItem(w.words.L("Open"), func() { w.transferDo(view.OpenReceived, ref) }))
	}
	if view.Checkable(t) && t.Verify == nil {
		items = append(items, fyne.NewMenuItem(m.CheckRow, func() { w.transferDo(view.CheckFiles, ref) }))
	}
	items = append(items, fyne.NewMenuItem(m.RemoveRow, func() { w.transferDo(view.RemoveFromHistory, ref) }))
	w.popUp(items, at)
}

// popUp opens a menu at a place.
func (w *Window) popUp(items []*fyne.MenuItem, at fyne.Position) {
	widget.NewPopUpMenu(fyne.NewMenu("", items...), w.window.Canvas()).ShowAtPosition(at)
}
