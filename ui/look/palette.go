package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// A pair is one colour by day and by night.
type pair struct{ light, dark color.NRGBA }

// rgba makes a pair of two colours written as red, green, blue and how opaque,
// two hex digits each.
func rgba(light, dark uint32) pair { return pair{nrgba(light), nrgba(dark)} }

func nrgba(c uint32) color.NRGBA {
	return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16), B: uint8(c >> 8), A: uint8(c)}
}

// palette is every colour of the window.
var palette = map[fyne.ThemeColorName]pair{
	theme.ColorNameBackground:                rgba(0xF3F6F4FF, 0x111716FF),
	theme.ColorNameHeaderBackground:          rgba(0xE7EEEBFF, 0x0C1110FF),
	theme.ColorNameMenuBackground:            rgba(0xFFFFFFFF, 0x232C2AFF),
	theme.ColorNameOverlayBackground:         rgba(0xFFFFFFFF, 0x1F2826FF),
	theme.ColorNameInputBackground:           rgba(0xFFFFFFFF, 0x141B19FF),
	theme.ColorNameButton:                    rgba(0xDFE9E5FF, 0x2B3634FF),
	theme.ColorNameDisabledButton:            rgba(0xECF1EFFF, 0x222B29FF),
	theme.ColorNameForeground:                rgba(0x16211EFF, 0xEAF1EEFF),
	theme.ColorNamePlaceHolder:               rgba(0x53625DFF, 0xA4B3ADFF),
	theme.ColorNameDisabled:                  rgba(0x7D8A85FF, 0x75847EFF),
	theme.ColorNamePrimary:                   rgba(0x0B695FFF, 0x5FD3C1FF),
	theme.ColorNameForegroundOnPrimary:       rgba(0xFFFFFFFF, 0x04211CFF),
	theme.ColorNameHyperlink:                 rgba(0x0A5A8CFF, 0x84C7F7FF),
	theme.ColorNameSuccess:                   rgba(0x2C701BFF, 0x8AD473FF),
	theme.ColorNameForegroundOnSuccess:       rgba(0xFFFFFFFF, 0x0A2105FF),
	theme.ColorNameWarning:                   rgba(0x875400FF, 0xF2B84BFF),
	theme.ColorNameForegroundOnWarning:       rgba(0xFFFFFFFF, 0x2A1A00FF),
	theme.ColorNameError:                     rgba(0xB0261DFF, 0xFF9080FF),
	theme.ColorNameForegroundOnError:         rgba(0xFFFFFFFF, 0x380805FF),
	theme.ColorNameInputBorder:               rgba(0x788782FF, 0x7A8983FF),
	theme.ColorNameSeparator:                 rgba(0xD8E1DDFF, 0x2C3735FF),
	theme.ColorNameFocus:                     rgba(0x0B695F4D, 0x5FD3C14D),
	theme.ColorNameHover:                     rgba(0x16211E0F, 0xEAF1EE12),
	theme.ColorNamePressed:                   rgba(0x16211E24, 0xEAF1EE29),
	theme.ColorNameSelection:                 rgba(0x0B695F29, 0x5FD3C133),
	theme.ColorNameScrollBar:                 rgba(0x16211E85, 0xEAF1EE80),
	theme.ColorNameScrollBarBackground:       rgba(0x16211E0A, 0xEAF1EE0A),
	theme.ColorNameShadow:                    rgba(0x0C1A171A, 0x0000008C),
	theme.ColorNameInnerWindowBorder:         rgba(0xFFFFFFFF, 0x232C2AFF),
	theme.ColorNameInnerWindowBorderInactive: rgba(0xE7EEEBFF, 0x111716FF),

	Card:         rgba(0xFFFFFFFF, 0x1B2321FF),
	CardBorder:   rgba(0xD3DDD9FF, 0x31403CFF),
	TargetBorder: rgba(0x82908AFF, 0x667670FF),
	FocusRing:    rgba(0x0B695FFF, 0x5FD3C1FF),
	Track:        rgba(0xCFDBD6FF, 0x34413EFF),
	TrustOK:      rgba(0xE3F1DFFF, 0x1D2D1AFF),
	TrustWarn:    rgba(0xFBEFD9FF, 0x332812FF),
	TrustBad:     rgba(0xFBE3E0FF, 0x3A1D19FF),
	Info:         rgba(0xE0F0EEFF, 0x16302CFF),
}
