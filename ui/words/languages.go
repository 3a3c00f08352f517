package words

import "potluck/ui/view"

// A Language is one that there is a translation for.
type Language struct {
	Tag    string // as its file is named
	Name   string // in the language itself
	Sample string // characters that a font must have for it to be offered

	// OwnScript says that its letters are not Latin ones, which every window can
	// draw.
	OwnScript bool

	format view.Format
}

// nbsp keeps a number and what belongs to it on one line.
const nbsp = "\u00A0"

// languages are all that may be offered, English first, then by their names.
var languages = []Language{
	{"en", "English", "A", false, view.Format{Decimal: ".", Group: ",", Date: "2 Jan 2006"}},
	{"de", "Deutsch", "äß", false, view.Format{Decimal: ",", Group: ".", Date: "02.01.2006"}},
	{"es", "Español", "ñ", false, view.Format{Decimal: ",", Group: ".", Date: "02/01/2006"}},
	{"fr", "Français", "çœ", false, view.Format{Decimal: ",", Group: nbsp, Date: "02/01/2006"}},
	{"pt_BR", "Português (Brasil)", "ã", false, view.Format{Decimal: ",", Group: ".", Date: "02/01/2006"}},
	{"vi", "Tiếng Việt", "ễậ", false, view.Format{Decimal: ",", Group: ".", Date: "02/01/2006"}},
	{"ja", "日本語", "日本語かな", true, view.Format{Decimal: ".", Group: ",", Date: "2006/01/02"}},
	{"zh_Hans", "简体中文", "简体中文", true, view.Format{Decimal: ".", Group: ",", Date: "2006/01/02"}},
}
