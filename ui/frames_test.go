package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// A counter stands between the toolkit and its driver and counts how often
// something asks for a repaint, each of which would draw the whole window.
type counter struct{ n int }

type countedApp struct {
	fyne.App
	c *counter
}

func (a countedApp) Driver() fyne.Driver { return countedDriver{a.App.Driver(), a.c} }

type countedDriver struct {
	fyne.Driver
	c *counter
}

func (d countedDriver) CanvasForObject(o fyne.CanvasObject) fyne.Canvas {
	canvas := d.Driver.CanvasForObject(o)
	if canvas == nil {
		return nil
	}
	return countedCanvas{canvas, d.c}
}

type countedCanvas struct {
	fyne.Canvas
	c *counter
}

func (c countedCanvas) SetDirty() { c.c.n++ }

func (c countedCanvas) Refresh(o fyne.CanvasObject) {
	c.c.n++
	c.Canvas.Refresh(o)
}

// count counts from now on, until the test ends.
func count(t *testing.T) *counter {
	t.Helper()
	c := &counter{}
	app := fyne.CurrentApp()
	fyne.SetCurrentApp(countedApp{app, c})
	t.Cleanup(func() { fyne.SetCurrentApp(app) })
	return c
}
