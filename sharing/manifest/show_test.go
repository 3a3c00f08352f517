package manifest_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"potluck/sharing/manifest"
)

func TestS06_S07_PrintableShowsWhatHides(t *testing.T) {
	for s, want := range map[string]string{
		"plain name.txt":               "plain name.txt",
		"":                             "",
		"Ảnh 写真 😀 naïve":               "Ảnh 写真 😀 naïve",
		"\x1b[31mred\x1b[0m":           `\u{1b}[31mred\u{1b}[0m`,
		"two\nlines\r\t":               `two\u{a}lines\u{d}\u{9}`,
		"\x00":                         `\u{0}`,
		"c1\u009b2J\u0085":             `c1\u{9b}2J\u{85}`,
		"photo\u202egpj.exe":           `photo\u{202e}gpj.exe`,
		"\u2066a\u2069\u200f\u061c":    `\u{2066}a\u{2069}\u{200f}\u{61c}`,
		"zero\u200bwidth\ufeff\u2060":  `zero\u{200b}width\u{feff}\u{2060}`,
		"soft\u00adhyphen\u3164\u2800": `soft\u{ad}hyphen\u{3164}\u{2800}`,
		"para\u2029graph\u2028":        `para\u{2029}graph\u{2028}`,
		"tag\U000e0041":                `tag\u{e0041}`,
		"a\u200cb\u200d":               `a\u{200c}b\u{200d}`,
		"bad \xff\xc3 bytes\xe2\x80":   `bad \x{ff}\x{c3} bytes\x{e2}\x{80}`,
		"replaced \ufffd \uffff":       "replaced \ufffd \\u{ffff}",
		"תמונה של הים.jpg":             "תמונה של הים.jpg",
		"صورة.jpg":                     "صورة.jpg",
		"می\u200cخواهم":                "می\u200cخواهم",
		"क्\u200dष":                    "क्\u200dष",
		"👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3": "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3",
		"👩🏽\u200d🚀 🏳\ufe0f\u200d🌈":              "👩🏽\u200d🚀 🏳\ufe0f\u200d🌈",
		"葛\U000e0100城": "葛\U000e0100城",
		"x\ufe0f":      `x\u{fe0f}`,
	} {
		if got := manifest.Printable(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestS26_PrintableIsOneLineOfUTF8(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		got := manifest.Printable(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) ||
			strings.ContainsAny(got, "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") {
			t.Fatalf("%q became %q", s, got)
		}
		if again := manifest.Printable(got); again != got {
			t.Fatalf("%q became %q, and that %q", s, got, again)
		}
	})
}

// What hides is drawn far more often than chance would have it.
func TestS26_WhatHidesInARowStaysWrittenOut(t *testing.T) {
	runes := []rune("x*👩葛صक\u061c\u17b4\u180e\u200c\u200d\u2028\u202e\u2060\u2800\u3164\ufe0e\ufe0f\ufffe\U000e0100 ")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom(runes)).Draw(t, "text")
		got := manifest.Printable(s)
		if again := manifest.Printable(got); again != got {
			t.Fatalf("%q became %q, and that %q", s, got, again)
		}
		if name := manifest.DisplayName(s, 16); manifest.Printable(name) != name {
			t.Fatalf("%q is shown as %q", s, name)
		}
	})
}

func TestDisplayName(t *testing.T) {
	for _, c := range []struct {
		s    string
		max  int
		want string
	}{
		{"Anna's laptop", 64, "Anna's laptop"},
		{"  Anna \n\t laptop  ", 64, "Anna laptop"},
		{"\u202eannA\u200b\x1b[2J", 64, "annA[2J"},
		{"máy tính của Hà", 64, "máy tính của Hà"},
		{"آنا می\u200cخواهد", 64, "آنا می\u200cخواهد"},
		{"", 64, "unnamed"},
		{" \u200b\u3164\x00\xff ", 64, "unnamed"},
		{"日本語", 8, "日本"},
		{"日本語", 2, "unnamed"},
		{"ab cd", 3, "ab"},
		{"abc", 0, "unnamed"},
		{strings.Repeat("x", 100000), 64, strings.Repeat("x", 64)},
	} {
		if got := manifest.DisplayName(c.s, c.max); got != c.want {
			t.Errorf("%q: got %q, want %q", c.s, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		got := manifest.DisplayName(string(rapid.SliceOf(rapid.Byte()).Draw(t, "s")), 16)
		if len(got) > 16 || !utf8.ValidString(got) || strings.TrimSpace(got) != got || got == "" || manifest.Printable(got) != got {
			t.Fatalf("got %q", got)
		}
	})
}

// The ending of a long name is that of the file.
func TestDisplayFile(t *testing.T) {
	long := strings.Repeat("l", 300)
	for s, want := range map[string]string{
		"a\nb.txt":              "a b.txt",
		"":                      "unnamed",
		long:                    strings.Repeat("l", 29) + "…",
		long + ".tar.gz":        strings.Repeat("l", 22) + "….tar.gz",
		long + ".pdf\u200b.exe": strings.Repeat("l", 25) + "….exe",
		"日本語日本語日本語日本語.mkv": "日本語日本語日本….mkv",
		"." + long: "." + strings.Repeat("l", 28) + "…",
	} {
		if got := manifest.DisplayFile(s, 32); got != want || len(got) > 32 {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "s"))
		got := manifest.DisplayFile(s, 16)
		if len(got) > 16 || !utf8.ValidString(got) || strings.TrimSpace(got) != got || got == "" || manifest.Printable(got) != got {
			t.Fatalf("%q is shown as %q", s, got)
		}
	})
}

func TestS07_KindIsTheTrueExtension(t *testing.T) {
	for name, want := range map[string]struct {
		ext     string
		program bool
	}{
		"a.txt":              {"txt", false},
		"A.JPEG":             {"jpeg", false},
		"archive.tar.gz":     {"gz", false},
		"README":             {"", false},
		".bashrc":            {"", false},
		".exe":               {"exe", true},
		"x.":                 {"", false},
		"invoice.pdf.exe":    {"exe", true},
		"invoice.pdf .exe":   {"exe", true},
		"invoice.exe. .":     {"exe", true},
		"photo\u202egpj.exe": {"exe", true},
		"photo.ex\u200be":    {"exe", true},
		"photo.jpg" + strings.Repeat(" ", 200) + ".scr": {"scr", true},
		"setup.msi":        {"msi", true},
		"letter.docm":      {"docm", true},
		"letter.docx":      {"docx", false},
		"go.sh":            {"sh", true},
		"app.desktop":      {"desktop", true},
		"Potluck.AppImage": {"appimage", true},
		"disk.dmg":         {"dmg", true},
		"link.LNK":         {"lnk", true},
		"song.mp3":         {"mp3", false},
		"firmware.bin":     {"bin", false}, // runs on no system as it arrives
		"libx.so":          {"so", false},
		"index.php":        {"php", false},
	} {
		if ext, program := manifest.Kind(name); ext != want.ext || program != want.program {
			t.Errorf("%q: got %q, %v", name, ext, program)
		}
	}
}
