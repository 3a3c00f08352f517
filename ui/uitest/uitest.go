// Package uitest draws widgets for tests, as they look in the window, in software
// and without a display.
//
// A [Sheet] is what a test shows of a widget: every state, one below the other,
// by day, by night, and with large text. Its pictures lie in the folder of
// artifacts, to be looked at (go test -artifacts -outputdir DIR); its structure is
// compared with the markup in testdata.
package uitest

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/flow"
	"potluck/ui/look"
)

// Looks are the ones every sheet is drawn in.
var Looks = []struct {
	Name string
	look.Options
}{
	{"light", look.Options{Variant: look.Light}},
	{"dark", look.Options{Variant: look.Dark}},
	{"large", look.Options{Variant: look.Light, TextSize: 150}},
}

// A State is one of a widget, with a name.
type State struct {
	Name   string
	Object fyne.CanvasObject
}

// Sheet draws what states returns, at that width, in every look, and compares the
// light one with testdata/NAME.xml. states is called once for each look, when it is
// set.
func Sheet(t *testing.T, name string, width float32, states func() []State) {
	t.Helper()
	for _, l := range Looks {
		t.Run(l.Name, func(t *testing.T) {
			a := test.NewTempApp(t)
			Tick()
			a.Settings().SetTheme(look.New(l.Options))
			column := flow.NewColumn(look.Gap4)
			for _, s := range states() {
				caption := look.NewText(s.Name, theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false)
				column.Add(caption.Text)
				column.Add(flow.NewInset(4, look.Gap8, 4, 4, s.Object))
			}
			page := flow.NewInset(look.Gap12, look.Gap12, look.Gap12, look.Gap12, column)
			ground := canvas.NewRectangle(look.Color(theme.ColorNameBackground))
			w := test.NewTempWindow(t, container.NewStack(ground, page))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(width, flow.HeightFor(page, width)))
			Save(t, w.Canvas().Capture(), name+"-"+l.Name)
			if l.Options == (look.Options{Variant: look.Light}) && runtime.GOOS == "linux" {
				test.AssertRendersToMarkup(t, name+".xml", w.Canvas())
			}
		})
	}
}

// App begins an app with the look of Potluck by day, for widgets to be made in.
func App(t testing.TB) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(look.Options{Variant: look.Light}))
	return a
}

// Tick has the toolkit look at the clock, before something is made that is to be
// captured: it looks when something is captured, and throws away what it thinks was
// made more than a minute ago. Where the tests before have taken so long, that is all
// of what was made since.
func Tick() { software.NewTransparentCanvas().Capture() }

// Window puts o into a window of that size, in the app there is.
func Window(t *testing.T, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

// Save keeps a picture for whoever wants to look at it.
func Save(t *testing.T, img image.Image, name string) {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), strings.ReplaceAll(name, "/", "-")+".png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// Dish is a picture for tests, where no dish is at hand: a plate of that colour.
func Dish(color string) fyne.Resource {
	return fyne.NewStaticResource("plate-"+color+".svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">`+
		`<circle cx="32" cy="32" r="31" fill="#FFF6E3"/><circle cx="32" cy="32" r="29" fill="#`+color+`"/><circle cx="32" cy="32" r="14" fill="#FFF6E3"/></svg>`))
}

// Key types one key into o.
func Key(o fyne.Focusable, name fyne.KeyName) { o.TypedKey(&fyne.KeyEvent{Name: name}) }

// Below returns o and everything visible that is drawn for it.
func Below(o fyne.CanvasObject) []fyne.CanvasObject {
	all := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, Below(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			if child.Visible() {
				all = append(all, Below(child)...)
			}
		}
	}
	return all
}
