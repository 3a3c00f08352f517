package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// look is a quiet theme: porcelain by day, cast iron by night, one celadon green
// for what can be done.
type look struct{ fyne.Theme }

var _ fyne.Theme = look{}

// colors are those that differ from Fyne's own, by day and by night. Texts have
// a contrast of 4.5 or more on every ground they stand on, icons and edges of 3.
var colors = map[fyne.ThemeColorName][2]uint32{
	theme.ColorNameBackground:          {0xF3F6F4, 0x111716},
	theme.ColorNameHeaderBackground:    {0xE7EEEB, 0x0C1110},
	theme.ColorNameMenuBackground:      {0xFFFFFF, 0x232C2A},
	theme.ColorNameOverlayBackground:   {0xFFFFFF, 0x1F2826},
	theme.ColorNameInputBackground:     {0xFFFFFF, 0x1B2321},
	theme.ColorNameButton:              {0xDFE9E5, 0x2B3634},
	theme.ColorNameDisabledButton:      {0xCFDBD6, 0x34413E},
	theme.ColorNameForeground:          {0x16211E, 0xEAF1EE},
	theme.ColorNamePlaceHolder:         {0x53625D, 0xA4B3AD},
	theme.ColorNameDisabled:            {0x53625D, 0xA4B3AD}, // Fyne's color of unimportant labels: they are to be read
	theme.ColorNamePrimary:             {0x0B695F, 0x5FD3C1},
	theme.ColorNameForegroundOnPrimary: {0xFFFFFF, 0x04211C},
	theme.ColorNameSuccess:             {0x2C701B, 0x8AD473},
	theme.ColorNameWarning:             {0x875400, 0xF2B84B},
	theme.ColorNameError:               {0xB0261D, 0xFF9080},
	theme.ColorNameInputBorder:         {0x788782, 0x7A8983},
	theme.ColorNameSeparator:           {0xD3DDD9, 0x31403C},
}

// Color implements fyne.Theme.
func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	pair, ours := colors[name]
	if !ours {
		return l.Theme.Color(name, variant)
	}
	c := pair[0]
	if variant == theme.VariantDark {
		c = pair[1]
	}
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 0xFF}
}

// Size implements fyne.Theme.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameSubHeadingText:
		return 17
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameInlineIcon:
		return 20
	case theme.SizeNameInnerPadding, theme.SizeNameButtonRadius, theme.SizeNameInputRadius:
		return 8
	case theme.SizeNameCardRadius:
		return 12
	}
	return l.Theme.Size(name)
}
