package ui

import (
	"fmt"

	"fyne.io/fyne/v2/lang"

	"potluck/assets"
	"potluck/ui/view"
)

// words translates by Fyne's own means, into the system's language.
type words struct{}

var _ view.Words = words{}

// loadWords reads the translations. It must come before the first word.
func loadWords() (words, error) {
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		return words{}, fmt.Errorf("reading the translations: %w", err)
	}
	return words{}, nil
}

// L implements view.Words.
func (words) L(text string, data ...any) string { return lang.L(text, data...) }

// N implements view.Words.
func (words) N(text string, n int, data ...any) string { return lang.N(text, n, data...) }
