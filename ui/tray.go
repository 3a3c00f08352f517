package ui

import (
	"context"
	"errors"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"potluck/sharing"
	"potluck/ui/view"
)

// A tray is the icon at the edge of the screen, where the desktop has a place for
// one. Nothing needs it.
type tray struct {
	w    *Window
	app  desktop.App // nil where there is no tray
	menu *fyne.Menu
	last view.Tray
}

// UseTray puts an icon at the edge of the screen. It is to be called once, before
// the window is shown, on a desktop that has a place for one.
func (w *Window) UseTray() {
	app, ok := w.o.App.(desktop.App)
	if !ok {
		return
	}
	w.tray = &tray{w: w, app: app, menu: fyne.NewMenu("Potluck")}
	w.tray.fill(w.shown.Tray)
	app.SetSystemTrayMenu(w.tray.menu)
	app.SetSystemTrayIcon(trayIcon(false))
	w.choices.TrayHere = true
}

// show brings the menu up to date. It is nothing while there is no tray.
func (t *tray) show(v view.Tray) {
	if t == nil || v.Equal(t.last) {
		return
	}
	if v.Dot != t.last.Dot {
		t.app.SetSystemTrayIcon(trayIcon(v.Dot))
	}
	t.fill(v)
	t.menu.Refresh()
}

func (t *tray) fill(v view.Tray) {
	w := t.w
	t.last = v
	items := []*fyne.MenuItem{fyne.NewMenuItem(v.Open, w.show)}
	if v.Waiting != "" {
		items = append(items, fyne.NewMenuItem(v.Waiting, func() {
			w.show()
			w.firstRequest()
		}))
	}
	if v.Running != "" {
		items = append(items, fyne.NewMenuItem(v.Running, func() {
			w.show()
			w.do(func(l *view.Local) { l.Go(view.Transfers) })
		}))
	}
	if v.Hold != "" {
		items = append(items, fyne.NewMenuItem(v.Hold, w.holdAll))
	}
	who := fyne.NewMenuItem(v.Visible, nil)
	who.ChildMenu = fyne.NewMenu("")
	for _, c := range v.Who {
		choice := fyne.NewMenuItem(c.Text, func() { w.setVisible(c.Audience) })
		choice.Checked = c.Chosen
		who.ChildMenu.Items = append(who.ChildMenu.Items, choice)
	}
	quit := fyne.NewMenuItem(v.Quit, w.end)
	quit.IsQuit = true
	t.menu.Items = append(items, fyne.NewMenuItemSeparator(), who, fyne.NewMenuItemSeparator(), quit)
}

// setVisible chooses who finds this device. Where that is everybody, everybody for
// a while means that only verified people do afterwards.
func (w *Window) setVisible(a sharing.Audience) {
	prefs, always := w.prefs, w.choices.Visible == sharing.AudienceEveryone
	_, limited := w.choices.Values["openUntil"]
	if prefs == nil {
		return
	}
	w.begin(func(context.Context) error {
		switch {
		case a == view.OpenForNow:
			err := prefs.Set("openUntil", strconv.Itoa(view.OpenMinutes))
			if err == nil && always {
				err = prefs.Set("visible", string(sharing.AudiencePaired))
			}
			return err
		case limited:
			return errors.Join(prefs.Set("visible", string(a)), prefs.Set("openUntil", "no"))
		}
		return prefs.Set("visible", string(a))
	})
}

// visibleMenuAt has who finds this device chosen at once, below what was pressed.
func (w *Window) visibleMenuAt(pressed fyne.CanvasObject) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(pressed).AddXY(0, pressed.Size().Height)
	var items []*fyne.MenuItem
	for _, c := range view.WhoSees(w.choices, w.o.Now(), w.words) {
		item := fyne.NewMenuItem(c.Text, func() { w.setVisible(c.Audience) })
		item.Checked = c.Chosen
		items = append(items, item)
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(view.MenuOf(w.words).Settings, func() {
		w.do(func(l *view.Local) { l.Go(view.Settings) })
	}))
	w.popUp(items, at)
}

// hear takes in what is told in the window: who took an offer back, which would
// vanish without a word; who passed on damaged data; what came of a check.
func (w *Window) hear(e sharing.Event) {
	now := w.o.Now()
	switch e := e.(type) {
	case sharing.OfferGoneEvent:
		if e.Withdrawn {
			w.local.Tell(view.TookBack(e.From, w.snapshot, now, w.words), now)
		}
	case sharing.BadHolderEvent:
		w.local.Tell(view.BadHolder(e, w.snapshot, now, w.words), now)
	case sharing.VerifiedEvent:
		w.local.Checked = &e.Verified
		if w.local.Page != view.Details || w.local.Shown != string(sharing.Receiving)+e.Share.String() { // where it is told whole
			w.local.Tell(view.CheckedNotice(e.Verified, now, w.words), now)
		}
	}
}

// notify tells of something while the window is not looked at. Its words are
// fixed.
func (w *Window) notify(e sharing.Event) {
	if !w.choices.Notify || w.focused && !w.hidden {
		return
	}
	if text := view.Notification(e, w.snapshot, w.words); text != "" {
		w.o.App.SendNotification(fyne.NewNotification("Potluck", text))
	}
}

// sayHidden tells, the first time, that Potluck goes on without its window. Where
// the desktop has nothing to tell it with, the window has asked.
func (w *Window) sayHidden() {
	if w.o.Told {
		return
	}
	w.o.Told = true
	if note := w.o.OnTold; note != nil {
		w.begin(func(context.Context) error {
			if err := note(); err != nil { // it is told again next time
				w.o.Log.Warn("what was told cannot be remembered", "err", err)
			}
			return nil
		})
	}
	if w.o.Mute {
		return
	}
	text := w.words.L("Potluck goes on here. Start it again to see it.")
	if w.tray != nil {
		text = w.words.L("Potluck goes on here. Quit from this menu.")
	}
	w.o.App.SendNotification(fyne.NewNotification("Potluck", text))
}
