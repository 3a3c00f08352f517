package manifest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns s for a terminal or a log line: on one line, with control
// characters, characters that change the direction of the text, invisible ones
// and bytes that are not UTF-8 written out, like \u{202e} or \x{ff}. Text in any
// script, right to left ones included, stays as it is; so do the joiners that
// scripts and emoji need.
//
// The result is for reading only: a name may hold the same characters literally.
func Printable(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	prev := rune(-1)
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			fmt.Fprintf(&b, `\x{%02x}`, s[i])
			prev = -1
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		if misleads(r) && !joins(prev, r, next) {
			fmt.Fprintf(&b, `\u{%x}`, r)
			prev = -1
			continue
		}
		b.WriteRune(r)
		prev = r
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// DisplayName returns the name of a foreign device as it may be shown: on one
// line, without what [Printable] would write out, without spaces around it, and
// at most max bytes long. If nothing is left, it is "unnamed".
func DisplayName(s string, max int) string {
	var b strings.Builder
	prev := rune(-1)
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			prev = ' '
		case !misleads(r) || joins(prev, r, next):
			b.WriteRune(r)
			prev = r
		}
	}
	name := strings.Join(strings.Fields(b.String()), " ")
	if len(name) > max {
		name = strings.TrimRight(Traits{}.cut(name, max), " \u200c\u200d") // a joiner needs what it joined
	}
	if name == "" {
		return "unnamed"
	}
	return name
}

// DisplayFile returns the name of a foreign file or folder as [DisplayName] does, but
// a name that is too long loses its middle, with a mark there, and keeps its ending:
// that says what it is.
func DisplayFile(s string, max int) string {
	name := DisplayName(s, len(s)+len("unnamed"))
	if len(name) <= max {
		return name
	}
	const mark = "…"
	stem, ext := splitExt(name, false)
	room := max - len(mark) - len(ext)
	if room <= 0 {
		return DisplayName(s, max)
	}
	return strings.TrimRight(Traits{}.cut(stem, room), " \u200c\u200d") + mark + strings.TrimLeft(ext, " \u200c\u200d")
}

// misleads reports whether r must not be shown as it is.
func misleads(r rune) bool {
	return unicode.IsControl(r) || isInvisible(r) || r == '\u2028' || r == '\u2029' ||
		r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
}

// isInvisible reports whether r shows as nothing, or as nothing but a change
// of direction or style.
func isInvisible(r rune) bool {
	switch r {
	case '\u00AD', '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u2800', '\u3164', '\uFFA0':
		return true
	}
	return isVariation(r) || 0x180B <= r && r <= 0x180F || 0xE0000 <= r && r <= 0xE0FFF ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// isVariation reports whether r chooses a form of the character before it.
func isVariation(r rune) bool {
	return 0xFE00 <= r && r <= 0xFE0F || 0xE0100 <= r && r <= 0xE01EF
}

// joins reports whether r, though invisible, is needed where it is: between
// letters of a script that is written joined, within an emoji, or behind a Han
// character of which it chooses a form. prev is what was shown before it, or -1.
func joins(prev, r, next rune) bool {
	switch {
	case r == '\u200C': // zero width non-joiner
		return isJoined(prev) && isJoined(next)
	case r == '\u200D': // zero width joiner
		return isJoined(prev) && isJoined(next) ||
			(isPictograph(prev) || prev == '\uFE0F') && isPictograph(next)
	case r == '\uFE0E', r == '\uFE0F': // text or emoji style
		return isPictograph(prev) || unicode.Is(unicode.Han, prev)
	case isVariation(r):
		return unicode.Is(unicode.Han, prev)
	}
	return false
}

var joinedScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Mandaic,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
	unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Balinese, unicode.Javanese,
}

func isJoined(r rune) bool {
	return r >= 0x600 && unicode.In(r, joinedScripts...) && !isInvisible(r)
}

// isPictograph reports whether r is an emoji or can become one.
func isPictograph(r rune) bool {
	return (0x1F000 <= r && r <= 0x1FAFF || 0x2030 <= r && r <= 0x2BFF ||
		0x3030 <= r && r <= 0x32FF || strings.ContainsRune("#*0123456789©®", r)) && !isInvisible(r)
}
