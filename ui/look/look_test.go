package look_test

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
)

var variants = map[string]look.Variant{"light": look.Light, "dark": look.Dark}

// over returns what is seen of a color that lies on an opaque one.
func over(top, ground color.NRGBA) color.NRGBA {
	a := float64(top.A) / 255
	mix := func(t, g uint8) uint8 { return uint8(math.Round(float64(t)*a + float64(g)*(1-a))) }
	return color.NRGBA{R: mix(top.R, ground.R), G: mix(top.G, ground.G), B: mix(top.B, ground.B), A: 255}
}

// luminance is that of WCAG.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func contrast(top, ground color.NRGBA) float64 {
	a, b := luminance(over(top, ground)), luminance(ground)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// Every text can be read on every ground it may stand on, every icon and edge
// that means something be seen.
func TestContrasts(t *testing.T) {
	const text, edge = 4.5, 3
	for variant, choice := range variants {
		th := look.New(look.Options{Variant: choice})
		c := func(name fyne.ThemeColorName) color.NRGBA {
			return color.NRGBAModel.Convert(th.Color(name, theme.VariantLight)).(color.NRGBA)
		}
		on := func(top, ground fyne.ThemeColorName) color.NRGBA { return over(c(top), c(ground)) }
		grounds := map[string]color.NRGBA{
			"card, hover": on(theme.ColorNameHover, look.Card), "card, selected": on(theme.ColorNameSelection, look.Card),
			"button, hover": on(theme.ColorNameHover, theme.ColorNameButton), "button, focus": on(theme.ColorNameFocus, theme.ColorNameButton),
			"menu, focus":    on(theme.ColorNameFocus, theme.ColorNameMenuBackground),
			"rail, selected": on(theme.ColorNameSelection, theme.ColorNameHeaderBackground),
		}
		plain := []fyne.ThemeColorName{
			theme.ColorNameBackground, look.Card, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameInputBackground,
		}
		tints := []fyne.ThemeColorName{look.Info, look.TrustOK, look.TrustWarn, look.TrustBad}
		for _, name := range append(append([]fyne.ThemeColorName{theme.ColorNameHeaderBackground, theme.ColorNameButton}, plain...), tints...) {
			grounds[string(name)] = c(name)
		}
		check := func(what fyne.ThemeColorName, where string, ground color.NRGBA, least float64) {
			if got := contrast(c(what), ground); got < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, less than %v", variant, what, where, got, least)
			}
		}
		for where, ground := range grounds {
			check(theme.ColorNameForeground, where, ground, text)
			if !strings.HasSuffix(where, "focus") && where != "rail, selected" { // where no caption stands
				check(theme.ColorNamePlaceHolder, where, ground, text)
			}
		}
		for _, name := range plain {
			for _, what := range []fyne.ThemeColorName{
				theme.ColorNamePrimary, theme.ColorNameHyperlink, theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameError,
			} {
				check(what, string(name), c(name), text)
			}
			for _, what := range []fyne.ThemeColorName{theme.ColorNameDisabled, theme.ColorNameInputBorder, look.FocusRing, theme.ColorNameScrollBar} {
				check(what, string(name), c(name), edge)
			}
		}
		for _, p := range []struct{ what, where fyne.ThemeColorName }{
			{theme.ColorNamePrimary, look.Info},
			{theme.ColorNamePrimary, theme.ColorNameHeaderBackground},
			{theme.ColorNamePrimary, look.Track},
			{theme.ColorNameSuccess, look.TrustOK},
			{theme.ColorNameWarning, look.TrustWarn},
			{theme.ColorNameError, look.TrustBad},
		} {
			check(p.what, string(p.where), c(p.where), text)
		}
		check(theme.ColorNamePrimary, "rail, selected", grounds["rail, selected"], edge) // the icon; the word is foreground
		check(theme.ColorNamePrimary, "card, selected", grounds["card, selected"], text)
		check(look.TargetBorder, "background", c(theme.ColorNameBackground), edge)
		check(look.FocusRing, "rail", c(theme.ColorNameHeaderBackground), edge)
		for what, ground := range map[fyne.ThemeColorName]fyne.ThemeColorName{
			theme.ColorNameForegroundOnPrimary: theme.ColorNamePrimary, theme.ColorNameForegroundOnSuccess: theme.ColorNameSuccess,
			theme.ColorNameForegroundOnWarning: theme.ColorNameWarning, theme.ColorNameForegroundOnError: theme.ColorNameError,
		} {
			check(what, string(ground), c(ground), text)
			for _, blend := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNamePressed, theme.ColorNameFocus} {
				check(what, string(ground)+", "+string(blend), on(blend, ground), text)
			}
		}
	}
}

// The person's choice comes before the desktop's.
func TestVariant(t *testing.T) {
	day, night := theme.VariantLight, theme.VariantDark
	get := func(v look.Variant, system fyne.ThemeVariant) color.Color {
		return look.New(look.Options{Variant: v}).Color(look.Card, system)
	}
	light, dark := get(look.System, day), get(look.System, night)
	if light == dark {
		t.Fatal("day and night look the same")
	}
	if get(look.Light, night) != light || get(look.Dark, day) != dark {
		t.Error("the desktop overrules the person")
	}
}

func TestSizes(t *testing.T) {
	for percent, want := range map[int]float32{0: 14, 100: 14, 150: 21, 10: 11.2, 900: 28} {
		th := look.New(look.Options{TextSize: percent})
		if got := th.Size(theme.SizeNameText); math.Abs(float64(got-want)) > 0.001 {
			t.Errorf("text at %d percent is %v high, want %v", percent, got, want)
		}
		if got := th.Size(theme.SizeNamePadding); got != 4 {
			t.Errorf("gaps grew to %v with the text", got)
		}
	}
}

// Fyne finds every colour, font, icon and size it may ask for.
func TestComplete(t *testing.T) {
	for _, v := range variants {
		test.AssertAllColorNamesDefined(t, look.New(look.Options{Variant: v}), "potluck")
	}
}

// Colours are named here, and written down nowhere else in the window, but in the
// pictures: those of dishes, and codes, which are black on white for the cameras.
func TestNoColorElsewhere(t *testing.T) {
	literal := regexp.MustCompile(`color\.(NRGBA|RGBA|Gray|White|Black|NRGBA64|RGBA64)\b`)
	err := filepath.WalkDir("..", func(name string, e os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "look" || e.Name() == "dish" || e.Name() == "qrcode" || e.Name() == "screentest" || e.Name() == "testdata"):
			return filepath.SkipDir
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if found := literal.Find(text); found != nil {
			t.Errorf("%s: %s: a colour is asked for by its name, see package look", name, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The shadow at the end of what scrolls can be seen, and is no bar.
func TestShadowIsQuiet(t *testing.T) {
	for variant, choice := range variants {
		th := look.New(look.Options{Variant: choice})
		c := func(name fyne.ThemeColorName) color.NRGBA {
			return color.NRGBAModel.Convert(th.Color(name, theme.VariantLight)).(color.NRGBA)
		}
		for _, ground := range []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameHeaderBackground, look.Card} {
			if got := contrast(c(theme.ColorNameShadow), c(ground)); got < 1.03 || got > 1.25 {
				t.Errorf("%s: the shadow on %s has a contrast of %.2f", variant, ground, got)
			}
		}
	}
}
