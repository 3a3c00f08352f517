package view_test

import (
	"encoding/json"
	"strings"
	"testing"

	"potluck/assets"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// book translates from one file.
type book map[string]string

func (b book) L(text string, _ ...any) string        { return b[text] }
func (b book) N(text string, _ int, _ ...any) string { return b[text] }
func (b book) Format() view.Format                   { return view.Format{} }

var dishLanguages = []string{"en", "vi", "de", "fr", "es", "pt_BR", "ja", "zh_Hans"}

func dishBook(t *testing.T, language string) book {
	t.Helper()
	text, err := assets.Translations.ReadFile("translations/dishes." + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var b book
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return b
}

// Two people read each other what they see, each in their own language: every
// word is there, and no two figures, colours or shapes have one name.
func TestDishesHaveNamesInEveryLanguage(t *testing.T) {
	const sentence = "{figure} on a {shape} {colour} plate"
	wanted := map[string]string{sentence: "sentence"} // by the English word: of what kind it is
	for n := range identity.Dishes {
		d := identity.DishFromIndex(n)
		wanted[d.FigureName()], wanted[d.ColourName()], wanted[d.ShapeName()] = "figure", "colour", "shape"
	}
	if len(wanted) != 1+identity.Figures+identity.Colours+identity.Shapes {
		t.Fatalf("two words of English are the same: %d in all", len(wanted))
	}
	for _, language := range dishLanguages {
		b := dishBook(t, language)
		said := map[string]string{} // by kind and translation: the English word
		for word, kind := range wanted {
			name := b[word]
			if strings.TrimSpace(name) == "" || strings.TrimSpace(name) != name {
				t.Errorf("%s: no word for %q", language, word)
			}
			key := kind + " " + strings.ToLower(name)
			if other, taken := said[key]; taken {
				t.Errorf("%s: %q and %q are both %q", language, word, other, name)
			}
			said[key] = word
			if kind != "sentence" && strings.ContainsAny(name, "{}") {
				t.Errorf("%s: %q has a place for data", language, name)
			}
		}
		for word := range b {
			if wanted[word] == "" {
				t.Errorf("%s: nothing says %q", language, word)
			}
		}
		for _, place := range []string{"{figure}", "{shape}", "{colour}"} {
			if strings.Count(b[sentence], place) != 1 {
				t.Errorf("%s: %q has not one place for the %s", language, b[sentence], place)
			}
		}
	}
}

func TestDishWords(t *testing.T) {
	dish := identity.Dish{}                                  // phở, blue, round
	flower := identity.Dish{Figure: 38, Colour: 5, Shape: 3} // pumpkin, lilac, flower
	for language, want := range map[string][2]string{
		"en":      {"phở on a round blue plate", "pumpkin on a flower-shaped lilac plate"},
		"vi":      {"phở trên đĩa tròn xanh dương", "bí đỏ trên đĩa hình hoa tím"},
		"de":      {"Phở auf einem runden blauen Teller", "Kürbis auf einem blütenförmigen fliederfarbenen Teller"},
		"fr":      {"phở sur une assiette bleue ronde", "citrouille sur une assiette lilas en forme de fleur"},
		"es":      {"phở en un plato azul redondo", "calabaza en un plato lila con forma de flor"},
		"pt_BR":   {"phở em um prato azul redondo", "abóbora em um prato lilás em forma de flor"},
		"ja":      {"青い丸皿にのったフォー", "薄紫の花形皿にのったカボチャ"},
		"zh_Hans": {"蓝色圆盘上的越南河粉", "淡紫色花形盘上的南瓜"},
	} {
		b := dishBook(t, language)
		if got := [2]string{view.DishWords(b, dish), view.DishWords(b, flower)}; got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
		if got := view.FigureWords(b, flower); !strings.Contains(want[1], got) || got == "" {
			t.Errorf("%s: the figure is %q", language, got)
		}
	}
	// English is the same in all places.
	english := dishBook(t, "en")
	for n := range identity.Dishes {
		d := identity.DishFromIndex(n)
		if got := view.DishWords(english, d); got != d.String() {
			t.Fatalf("%q, and %q to those who know no translations", got, d)
		}
	}
}
