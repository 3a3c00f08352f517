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
		"Advanced": t.L("Advanced"), "Cancel": t.L("Cancel"), "Confirm": t.L("Confirm"), "Copy": t.L("Copy"), "Create Folder": t.L("Create Folder"),
		"Cut": t.L("Cut"), "Enter filename": t.L("Enter filename"), "Error": t.L("Error"), "Favourites": t.L("Favourites"), "File": t.L("File"),
		"Folder": t.L("Folder"), "New Folder": t.L("New Folder"), "No": t.L("No"), "OK": t.L("OK"), "Open": t.L("Open"), "Paste": t.L("Paste"),
		"Quit": t.L("Quit"), "Redo": t.L("Redo"), "Save": t.L("Save"), "Select all": t.L("Select all"), "Show Hidden Files": t.L("Show Hidden Files"),
		"Undo": t.L("Undo"), "Yes": t.L("Yes"), "file.name": t.L("Name"), "file.parent": t.L("Folder above"),
	}
	if text, err := json.Marshal(said); err == nil {
		// What the toolkit cannot take is said in the system's language.
		_ = lang.AddTranslationsForLocale(text, lang.SystemLocale())
	}
}
