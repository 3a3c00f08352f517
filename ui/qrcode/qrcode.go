// Package qrcode draws a text as a code that a camera can read.
package qrcode

import (
	"image"
	"image/color"

	"rsc.io/qr"
)

// quiet is how many fields around a code stay white, for cameras to find it.
const quiet = 4

// Image returns the code of a text, black on white whatever the theme is, with one
// pixel for each field of it. The error says that the text is too long.
func Image(text string) (image.Image, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	side := code.Size + 2*quiet
	m := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				m.SetColorIndex(x+quiet, y+quiet, 1)
			}
		}
	}
	return m, nil
}
