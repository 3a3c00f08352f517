// Package look is how Potluck looks: its colours, its sizes, and the few drawn
// things all its widgets are made of.
//
//	a.Settings().SetTheme(look.New(look.Options{Variant: look.System}))
//
// The furniture is quiet: porcelain by day, cast iron by night, one celadon green
// for what can be done. The only loud colours are the dishes of the neighbours. A
// colour is always asked for by its name, Fyne's or one of those here, and written
// down nowhere else. Texts have a contrast of 4.5 or more on every ground they may
// stand on, icons and edges of 3; a test computes it.
//
// Sizes follow the person's setting of the text size; gaps are one of four.
package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// A Variant says who chooses between day and night.
type Variant int

// Who chooses.
const (
	System Variant = iota // the desktop
	Light
	Dark
)

// Colours of our own, besides Fyne's. [Theme.Color] answers them like those.
const (
	Card         fyne.ThemeColorName = "card"         // ground of a card
	CardBorder   fyne.ThemeColorName = "cardBorder"   // its edge, for the eye alone
	TargetBorder fyne.ThemeColorName = "targetBorder" // edge of what files can be dropped on
	Track        fyne.ThemeColorName = "track"        // ground of a bar
	FocusRing    fyne.ThemeColorName = "focusRing"    // around what has the keyboard
	Info         fyne.ThemeColorName = "info"         // tints: grounds of banners, of a lit card
	TrustOK      fyne.ThemeColorName = "trustOk"
	TrustWarn    fyne.ThemeColorName = "trustWarn"
	TrustBad     fyne.ThemeColorName = "trustBad"
)

// Gaps between things. There are no others.
const (
	Gap4  float32 = 4
	Gap8  float32 = 8
	Gap12 float32 = 12
	Gap16 float32 = 16

	PageInset float32 = 16 // around a page
	ScrollGap float32 = 10 // free at the right of what scrolls: the bar lies over it
)

// Least and greatest text size, in percent.
const (
	minTextSize = 80
	maxTextSize = 200
)

// Options are what [New] needs. The zero value follows the system.
type Options struct {
	Variant  Variant
	TextSize int // percent of the normal size, 80 to 200; 0 for 100
}

// A Theme is Potluck's, for one choice of variant and text size. It does not
// change: to change the look, make another and set it.
type Theme struct {
	base    fyne.Theme
	variant Variant
	scale   float32
}

var _ fyne.Theme = (*Theme)(nil)

// New returns the theme for the options. A text size out of bounds is brought
// within them.
func New(o Options) *Theme {
	if o.TextSize == 0 {
		o.TextSize = 100
	}
	percent := min(max(o.TextSize, minTextSize), maxTextSize)
	return &Theme{base: theme.DefaultTheme(), variant: o.Variant, scale: float32(percent) / 100}
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	switch t.variant {
	case Light:
		system = theme.VariantLight
	case Dark:
		system = theme.VariantDark
	}
	pair, ours := palette[name]
	switch {
	case !ours:
		return t.base.Color(name, system)
	case system == theme.VariantDark:
		return pair.dark
	}
	return pair.light
}

// Font implements fyne.Theme.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return t.base.Font(style) }

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return t.base.Icon(name) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if size, ours := textSizes[name]; ours {
		return size * t.scale
	}
	if size, ours := sizes[name]; ours {
		return size
	}
	return t.base.Size(name)
}

// textSizes follow the setting of the text size.
var textSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           normalText,
	theme.SizeNameCaptionText:    12,
	theme.SizeNameSubHeadingText: 17,
	theme.SizeNameHeadingText:    22,
	theme.SizeNameInlineIcon:     20,
}

const normalText = 14

// sizes stay.
var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNamePadding:            4,
	theme.SizeNameInnerPadding:       8,
	theme.SizeNameLineSpacing:        4,
	theme.SizeNameSeparatorThickness: 1,
	theme.SizeNameInputBorder:        1,
	theme.SizeNameScrollBar:          12,
	theme.SizeNameScrollBarSmall:     5,
	theme.SizeNameScrollBarRadius:    4,
	theme.SizeNameButtonRadius:       8,
	theme.SizeNameInputRadius:        8,
	theme.SizeNameSelectionRadius:    8,
	theme.SizeNameMenuRadius:         8,
	theme.SizeNameCardRadius:         12,
	theme.SizeNamePopupRadius:        12,
	theme.SizeNameDialogRadius:       14,
	theme.SizeNameModalBlurRadius:    0, // a blur of the window, drawn in software, costs frames
}

// Color returns the colour of that name in the theme that is set now.
func Color(name fyne.ThemeColorName) color.Color {
	if name == "" {
		return color.Transparent
	}
	return theme.Color(name)
}

// Scale returns the text size that is set now, 1 for the normal one.
func Scale() float32 { return theme.Size(theme.SizeNameText) / normalText }

// Line returns the height of one line of text of that size.
func Line(size fyne.ThemeSizeName) float32 {
	// The font's own height: marks of Vietnamese capitals keep their tops.
	return fyne.MeasureText("Ễg", theme.Size(size), fyne.TextStyle{}).Height
}
