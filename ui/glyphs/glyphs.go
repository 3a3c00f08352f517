// Package glyphs tells whether the fonts of this computer can draw a text. The
// toolkit's own font has the Latin letters with all their marks; for other
// scripts it looks among the system's, and so does this package.
package glyphs

import (
	"fmt"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// Fonts are those that are installed. They are for one goroutine.
type Fonts struct{ fonts *fontscan.FontMap }

// Installed reads which fonts are installed. The first time, that takes seconds:
// call it where nobody waits.
func Installed() (*Fonts, error) {
	f := &Fonts{fontscan.NewFontMap(silent{})}
	if err := f.fonts.UseSystemFonts(""); err != nil {
		return nil, fmt.Errorf("looking for fonts: %w", err)
	}
	f.fonts.SetQuery(fontscan.Query{Families: []string{fontscan.SansSerif}, Aspect: font.Aspect{Style: font.StyleNormal}})
	return f, nil
}

// Draw reports whether there is a glyph for every character of a text.
func (f *Fonts) Draw(text string) bool {
	for _, r := range text {
		f.fonts.SetScript(language.LookupScript(r))
		face := f.fonts.ResolveFace(r)
		if face == nil {
			return false
		}
		if _, ok := face.NominalGlyph(r); !ok {
			return false
		}
	}
	return true
}

// silent is a log that nobody reads.
type silent struct{}

// Printf implements fontscan.Logger.
func (silent) Printf(string, ...any) {}
