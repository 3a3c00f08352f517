package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2/lang"
)

// translateToolkit has the few words that the toolkit says itself said in the
// language of the window, whatever that of the system is.
func (w *Window) translateToolkit() {
	t := w.words
	said := map[string]string{
		"Copy": t.L("Copy"), "Cut": t.L("Cut"), "Paste": t.L("Paste"), "Quit": t.L("Quit"), "Redo": t.L("Redo"),
		"Select all": t.L("Select all"), "Undo": t.L("Undo"),
	}
	if text, err := json.Marshal(said); err == nil {
		// What the toolkit cannot take is said in the system's language.
		_ = lang.AddTranslationsForLocale(text, lang.SystemLocale())
	}
}
