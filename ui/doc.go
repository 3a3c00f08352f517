// Package ui is the window: who is around, what is offered, what is moving. It
// and the program that opens it alone know Fyne.
//
//	w, err := ui.New(ui.Options{App: a})
//	if err != nil {
//		return err
//	}
//	go w.Run(ctx)
//	w.Follow(device) // from any goroutine, when there is one
//	w.ShowAndRun()   // on the main goroutine
//
// The window decides nothing and reads nothing. Package view turns the engine's
// snapshot into what to show; [Window.Run] waits for changes and hands each view
// to the main goroutine, and is the only place that does; a tap or a drop is one
// call of the engine, made on a goroutine of its own, so that the window never
// waits for a disk or a network.
package ui
