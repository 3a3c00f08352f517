package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"potluck/assets"
	"potluck/ui/view"
)

// words translates by Fyne's own means, into the system's language.
type words struct{}

var _ view.Words = words{}

// loadWords reads the translations. It must come before the first word.
func loadWords() (words, error) {
	files, err := assets.Translations.ReadDir("translations")
	if err != nil {
		return words{}, fmt.Errorf("reading the translations: %w", err)
	}
	for _, f := range files {
		// Fyne takes every language that it has one file of. The names of the
		// dishes are there in more languages than the rest is.
		if _, err := assets.Translations.Open("translations/" + strings.TrimPrefix(f.Name(), "dishes.")); err != nil {
			continue
		}
		data, err := assets.Translations.ReadFile("translations/" + f.Name())
		if err == nil {
			err = lang.AddTranslations(fyne.NewStaticResource(f.Name(), data))
		}
		if err != nil {
			return words{}, fmt.Errorf("reading the translation %s: %w", f.Name(), err)
		}
	}
	return words{}, nil
}

// L implements view.Words.
func (words) L(text string, data ...any) string { return lang.L(text, data...) }

// N implements view.Words.
func (words) N(text string, n int, data ...any) string { return lang.N(text, n, data...) }
