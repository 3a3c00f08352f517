// Package words says the words of the program in a person's language.
//
//	book, err := words.Load()
//	if err != nil {
//		return err
//	}
//	w := book.In(words.System())
//	w.L("Waiting for {{.Name}} to answer", "Name", name)
//	w.N("{{.N}} files", 1204) // "1.204 tệp"
//
// The English text is the key of a translation; what has none is said in
// English. A translation is a JSON string, or one string for each plural form
// of its language (zero, one, two, few, many, other). Places for data are written
// as text/template has them, and filled by plain replacement: data are never
// words, and nothing in them is ever carried out.
//
// A [Words] does not change. Another language is another one, at any time.
package words

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"potluck/assets"
	"potluck/ui/view"
)

// A Book holds the translations of all languages.
type Book struct {
	languages []Language
	texts     map[string]map[string]text // by tag, then by the English text
	matcher   language.Matcher
}

// A text is a translation in its plural forms. Words without number have the
// form "other" alone.
type text map[plural.Form]string

// Words speak one language.
type Words struct {
	tag    language.Tag
	texts  map[string]text
	format view.Format
}

var _ view.Words = (*Words)(nil)

// Load reads all translations.
func Load() (*Book, error) {
	b := &Book{texts: map[string]map[string]text{}}
	files, err := assets.Translations.ReadDir("translations")
	if err != nil {
		return nil, fmt.Errorf("reading the translations: %w", err)
	}
	for _, f := range files {
		data, err := assets.Translations.ReadFile("translations/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the translations: %w", err)
		}
		parts := strings.Split(strings.TrimSuffix(f.Name(), path.Ext(f.Name())), ".")
		tag := parts[len(parts)-1] // "vi" of vi.json and of dishes.vi.json
		if b.texts[tag] == nil {
			b.texts[tag] = map[string]text{}
		}
		if err := add(b.texts[tag], data); err != nil {
			return nil, fmt.Errorf("reading the translation %s: %w", f.Name(), err)
		}
	}
	var tags []language.Tag
	for _, l := range languages {
		if b.texts[l.Tag] != nil {
			b.languages = append(b.languages, l)
			tags = append(tags, parse(l.Tag))
		}
	}
	if len(tags) == 0 || b.languages[0].Tag != "en" {
		return nil, fmt.Errorf("the translations lack English, which everything falls back to")
	}
	b.matcher = language.NewMatcher(tags)
	return b, nil
}

// parse reads a tag as files are named, with underscores.
func parse(tag string) language.Tag { return language.Make(strings.ReplaceAll(tag, "_", "-")) }

// add reads one file.
func add(texts map[string]text, data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	for key, value := range raw {
		var plain string
		if json.Unmarshal(value, &plain) == nil {
			texts[key] = text{plural.Other: plain}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
		t := text{}
		for name, form := range forms {
			f, ok := formNames[name]
			if !ok {
				return fmt.Errorf("%q: no plural form is called %q", key, name)
			}
			t[f] = form
		}
		texts[key] = t
	}
	return nil
}

var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// Languages returns those that there is a translation for, English first.
func (b *Book) Languages() []Language { return slices.Clone(b.languages) }

// In returns the words of the first of the wanted languages that there are
// translations for, or of one near it; English if there is none. Wanted are tags
// such as "vi", "pt_BR" or "zh-Hans-CN".
func (b *Book) In(wanted ...string) *Words {
	best := 0
	for _, tag := range wanted {
		_, i, confidence := b.matcher.Match(parse(tag))
		base, _ := parse(tag).Base()
		found, _ := parse(b.languages[i].Tag).Base()
		if confidence > language.No && base == found { // no language that only many of its speakers read as well
			best = i
			break
		}
	}
	l := b.languages[best]
	return &Words{tag: parse(l.Tag), texts: b.texts[l.Tag], format: l.format}
}

// Tag returns the tag of the language, as in "vi" or "pt_BR".
func (w *Words) Tag() string { return strings.ReplaceAll(w.tag.String(), "-", "_") }

// Format implements [view.Words].
func (w *Words) Format() view.Format { return w.format }

// L implements [view.Words].
func (w *Words) L(english string, data ...any) string {
	t, ok := w.texts[english]
	if !ok {
		return fill(english, data)
	}
	return fill(t[plural.Other], data)
}

// N implements [view.Words].
func (w *Words) N(english string, n int, data ...any) string {
	data = append([]any{"N", view.Count(n, w.format)}, data...)
	t, ok := w.texts[english]
	if !ok {
		return fill(english, data)
	}
	form := plural.Cardinal.MatchPlural(w.tag, max(n, 0), 0, 0, 0, 0)
	if _, has := t[form]; !has {
		form = plural.Other
	}
	return fill(t[form], data)
}

// fill puts data, which are keys and values in turn, into their places.
func fill(s string, data []any) string {
	if !strings.Contains(s, "{{.") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{{.")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			b.WriteString(rest)
			return b.String()
		}
		for i := 0; i+1 < len(data); i += 2 {
			if data[i] == name {
				fmt.Fprint(&b, data[i+1])
				break
			}
		}
		s = after
	}
}
