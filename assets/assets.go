// Package assets holds what is not code: the icon and the translations. It
// imports nothing of ours.
//
// The translations are JSON as fyne.io/fyne/v2/lang reads it, one file for each
// language, with the English text as key. What has no translation is shown in
// English.
package assets

import "embed"

// Icon is the app's icon, as PNG of 256 by 256 pixels. It is made from icon.svg.
//
//go:embed icon.png
var Icon []byte

// Translations holds a file for each language in the folder "translations".
//
//go:embed translations
var Translations embed.FS
