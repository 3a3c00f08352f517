package manifest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// DisplayText returns a text that came from elsewhere as it may be shown on
// several lines: without what [Printable] would write out, with line feeds as the
// only line ends and spaces in place of other white space, without white space
// around it, and at most max bytes long. It may be empty.
func DisplayText(s string, max int) string {
	var b strings.Builder
	prev := rune(-1)
	for i, r := range s {
		if b.Len() >= max {
			break // what is added is bounded, and cut below
		}
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == '\n', r == '\u2028', r == '\u2029', r == '\u0085', r == '\r' && next != '\n':
			b.WriteByte('\n')
		case r == '\r':
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case !misleads(r) || joins(prev, r, next):
			b.WriteRune(r)
		}
		prev = r
	}
	text := strings.TrimSpace(b.String())
	if len(text) > max {
		text = strings.TrimSpace(Traits{}.cut(text, max))
	}
	return text
}
