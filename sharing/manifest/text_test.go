package manifest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestDisplayText(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"", 10, ""},
		{" \n ", 10, ""},
		{"a b", 10, "a b"},
		{"a\r\nb\rc\n\nd", 20, "a\nb\nc\n\nd"},
		{"a\tb\u00a0c", 20, "a b c"},
		{"x\x1b[31my\x07", 20, "x[31my"},
		{"a\u202eb\u2066c", 20, "abc"},
		{"bad\xffbytes", 20, "badbytes"},
		{"ßßßß", 5, "ßß"},
		{"abc   def", 5, "abc"},
		{"می\u200cخواهم", 100, "می\u200cخواهم"},
	} {
		if got := DisplayText(c.in, c.max); got != c.want {
			t.Errorf("%q in %d bytes: %q, want %q", c.in, c.max, got, c.want)
		}
	}
}

func TestDisplayTextIsAlwaysFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		limit := rapid.IntRange(1, 60).Draw(t, "max")
		got := DisplayText(s, limit)
		if len(got) > limit || !utf8.ValidString(got) || strings.TrimSpace(got) != got {
			t.Fatalf("%q became %q", s, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x202e || r == 0x2028 }) {
				t.Fatalf("%q became %q", s, got)
			}
		}
	})
}
