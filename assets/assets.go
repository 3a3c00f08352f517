// Package assets holds what is not code: icons, dishes, translations. It imports
// nothing of ours.
//
// The translations are JSON as fyne.io/fyne/v2/lang reads it, one file for each
// language, with the English text as key. What has no translation is shown in
// English. The words for dishes are in files of their own, such as
// dishes.vi.json, in the form that they have within the sentence there.
//
// All drawings are filled shapes, without strokes and gradients: what draws them
// in the window neither scales the width of a stroke nor recolors it.
package assets

import "embed"

// Icon is the app's icon, as PNG of 256 by 256 pixels. It is made from icon.svg.
//
//go:embed icon.png
var Icon []byte

// SmallIcon is the icon where it has less than 32 pixels, as SVG: the pot alone.
//
//go:embed icon-small.svg
var SmallIcon []byte

// Icons holds drawings of one color on a grid of 24 in the folder "icons", to be
// colored as the theme wants it: the kinds of devices (laptop, desktop, phone,
// server), lid, shield-check and two-devices, and for the system tray the pot
// alone (tray) and with a dot for what waits (tray-waiting).
//
//go:embed icons/*.svg
var Icons embed.FS

// Translations holds a file for each language in the folder "translations".
//
//go:embed translations
var Translations embed.FS
