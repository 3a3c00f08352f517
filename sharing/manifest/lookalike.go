package manifest

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Lookalike returns the same text for names that a person could take for one
// another at a glance: whatever their case, spaces and punctuation, the form in
// which accents are written, wide letters, and the Cyrillic and Greek letters
// that look like Latin ones. Accents themselves count: Hòa is not Hoa.
//
// It is for telling people that two names are alike, never for telling that two
// devices are the same.
func Lookalike(name string) string {
	name = cases.Fold().String(norm.NFKC.String(name))
	name = strings.Map(func(r rune) rune {
		if isInvisible(r) || unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r) {
			return -1
		}
		if latin, ok := looksLatin[r]; ok {
			return latin
		}
		return r
	}, norm.NFD.String(name))
	return norm.NFC.String(name)
}

// looksLatin are lower-case letters, digits and signs that look like a Latin
// letter, or whose capital does.
var looksLatin = map[rune]rune{
	'0': 'o', '1': 'l', 'ı': 'i', '|': 'l', 'ɑ': 'a', 'ɡ': 'g', 'ⅼ': 'l',
	// Cyrillic
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'ӏ': 'l',
	'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'ѕ': 's', 'т': 't', 'у': 'y', 'ү': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x',
	// Greek
	'α': 'a', 'β': 'b', 'ϲ': 'c', 'ε': 'e', 'η': 'h', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'v', 'ο': 'o', 'ρ': 'p',
	'τ': 't', 'υ': 'y', 'χ': 'x', 'ζ': 'z',
}
