package ui

import (
	"context"

	"potluck/ui/look"
	"potluck/ui/view"
	"potluck/ui/words"
)

// choose takes in the settings. What can be changed while running is.
func (w *Window) choose(values map[string]string) {
	old := w.choices
	w.choices = view.ChoicesOf(values)
	w.choices.TrayHere = old.TrayHere
	w.choices.Languages = w.languages
	rebuild := false
	if w.choices.Theme != old.Theme || w.choices.TextSize != old.TextSize {
		variant := map[string]look.Variant{"light": look.Light, "dark": look.Dark}[w.choices.Theme]
		w.o.App.Settings().SetTheme(look.New(look.Options{Variant: variant, TextSize: int(w.choices.TextSize)}))
		rebuild = true
	}
	spoken := w.book.In(words.System()...)
	if tag := w.choices.Language; tag != "" && tag != "system" {
		spoken = w.book.In(tag)
	}
	if spoken.Tag() != w.words.Tag() {
		w.words = spoken
		w.translateToolkit()
		rebuild = true
	}
	if rebuild {
		w.build()
	}
}

// offerLanguages finds out which languages can be drawn, and offers them. Letters
// with marks always can be.
func (w *Window) offerLanguages() {
	languages := w.book.Languages()
	w.begin(func(context.Context) error {
		fonts, err := w.o.Fonts()
		var offered []view.Option
		for _, l := range languages {
			if !l.OwnScript || err == nil && fonts.Draw(l.Sample) {
				offered = append(offered, view.Option{Value: l.Tag, Text: l.Name})
			}
		}
		w.later(func() { w.languages, w.choices.Languages = offered, offered })
		return nil // without fonts of its own, the computer has those of the toolkit
	})
}
