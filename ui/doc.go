// Package ui is the window: who is around, what is offered, what is moving. It
// and the program that opens it alone know Fyne.
//
//	w, err := ui.New(ui.Options{App: a, Desktop: desk.New(a.OpenURL)})
//	if err != nil {
//		return err
//	}
//	go w.Run(ctx)
//	w.Follow(device, settings) // from any goroutine, when there are some
//	w.ShowAndRun()             // on the main goroutine
//
// The window decides nothing and reads nothing. Package view turns the engine's
// snapshot, the settings, and what the window itself knows into what to show; the
// pages only assign it to their widgets, each of which is a package of its own
// below this one. Everything belongs to the main goroutine. [Window.Run] waits for
// changes and hands each to the main goroutine, and is the only place that does;
// a tap or a drop is decided by package view and is one call of the engine, made
// on a goroutine of its own, so that the window never waits for a disk or a
// network. Package desk is the system around the window, package words the
// person's language.
//
// Language, theme and size of text change while the window is open: everything in
// it is then made anew, and what was going on is kept in the [view.Local].
package ui
