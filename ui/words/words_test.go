package words

import (
	"slices"
	"strings"
	"testing"
)

func load(t *testing.T) *Book {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every word of the window is translated into every language, in every plural
// form, with the same places for data, and no translation is left of words that
// are gone.
func TestEveryWordIsTranslated(t *testing.T) {
	b, all := load(t), said(t)
	if len(b.Languages()) < 8 {
		t.Errorf("only %d languages", len(b.Languages()))
	}
	for _, l := range b.Languages() {
		texts := b.texts[l.Tag]
		for word, counts := range all {
			known, ok := texts[word]
			if !ok {
				if l.Tag != "en" || counts {
					t.Errorf("%s: no translation of %q", l.Tag, word)
				}
				continue
			}
			for _, text := range known {
				if got, want := places(text), places(word); !slices.Equal(got, want) && !lacks(got, want) {
					t.Errorf("%s: %q has the places %v, and %q has %v", l.Tag, text, got, word, want)
				}
			}
		}
		for word := range texts {
			if _, says := all[word]; !says && !ofDish(word) {
				t.Errorf("%s: nothing says %q any more", l.Tag, word)
			}
		}
	}
}

// places returns the sorted places for data.
func places(s string) []string {
	var list []string
	for part := range strings.SplitSeq(s, "{{.") {
		if name, _, ok := strings.Cut(part, "}}"); ok {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// lacks reports whether only the number is missing, as in "one file".
func lacks(got, want []string) bool {
	return slices.Equal(got, slices.DeleteFunc(slices.Clone(want), func(s string) bool { return s == "N" }))
}

// ofDish reports whether a word is part of the name of a dish. Package dish has
// tests of those.
func ofDish(word string) bool { return dishWords[word] }

func TestWords(t *testing.T) {
	b := load(t)
	for _, c := range []struct {
		language string
		n        int
		want     string
	}{
		{"en", 1, "1 file"}, {"en", 1204, "1,204 files"}, {"en", 0, "0 files"}, {"vi", 1204, "1.204 tệp"}, {"xx", 2, "2 files"},
	} {
		if got := b.In(c.language).N("{{.N}} files", c.n); got != c.want {
			t.Errorf("%s: %d is %q, want %q", c.language, c.n, got, c.want)
		}
	}
	en := b.In("en")
	if got := en.L("Waiting for {{.Name}} to answer", "Name", "{{.Evil}}"); got != "Waiting for {{.Evil}} to answer" {
		t.Errorf("data are taken for words: %q", got)
	}
	if got := en.L("No such {{.Word}} {{.Missing}}{{.", "Word", 1); got != "No such 1 " {
		t.Errorf("without a translation: %q", got)
	}
}

func TestLanguageIsChosen(t *testing.T) {
	b := load(t)
	for wanted, want := range map[string]string{
		"vi_VN": "vi", "pt_PT": "pt_BR", "zh_CN": "zh_Hans", "en_GB": "en", "vi-VN": "vi", "": "en", "ka": "en",
	} {
		if got := b.In(wanted).Tag(); got != want {
			t.Errorf("%q gives %q, want %q", wanted, got, want)
		}
	}
	if got := b.In("ka", "vi").Tag(); got != "vi" {
		t.Errorf("the second choice is passed over: %q", got)
	}
}

func TestSystem(t *testing.T) {
	for _, c := range []struct {
		language, lang string
		want           string
	}{
		{"", "vi_VN.UTF-8", "vi_VN"}, {"de:en", "C", "de,en"}, {"", "C.UTF-8", ""},
	} {
		t.Setenv("LANGUAGE", c.language)
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", c.lang)
		if got := strings.Join(System(), ","); got != c.want {
			t.Errorf("%+v gives %q", c, got)
		}
	}
}
