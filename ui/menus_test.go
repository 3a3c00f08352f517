package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The toolkit's menus do not scroll where the keyboard is: all of each menu has to be in
// sight in the smallest window, and the bar that they hang on as well.
func TestMenusFit(t *testing.T) {
	for _, language := range []string{"en", "vi", "de", "es", "fr", "pt-BR", "ja", "zh-Hans"} {
		for _, textSize := range []string{"100", "150", "200"} {
			s := stage(t, quiet(), settingsOf("light", language, textSize), fyne.NewSize(640, 480))
			bar := container.NewHBox()
			for _, menu := range s.window.MainMenu().Items {
				bar.Add(widget.NewLabel(menu.Label))
			}
			least := bar.MinSize().AddWidthHeight(2*theme.InnerPadding(), 0)
			if least.Width > 640 {
				t.Errorf("%s, %s %%: the bar is %v wide", language, textSize, least.Width)
			}
			for _, menu := range s.window.MainMenu().Items {
				if end := least.Height + widget.NewMenu(menu).MinSize().Height; end > 480 {
					t.Errorf("%s, %s %%: %q ends at %v", language, textSize, menu.Label, end)
				}
			}
		}
	}
}
