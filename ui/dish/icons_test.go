package dish_test

import (
	"bytes"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/assets"
)

// Icons take the theme's color, all of them, and keep what is cut out of them.
func TestIconsTakeAColor(t *testing.T) {
	a := newArtist(t)
	names, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(assets.Icons, name)
		if err != nil {
			t.Fatal(err)
		}
		plain := fyne.NewStaticResource(path.Base(name), text)
		black := a.drawResource(plain, 24)
		colored := a.drawResource(theme.NewColoredResource(plain, theme.ColorNamePrimary), 24)
		want := color.NRGBAModel.Convert(theme.Color(theme.ColorNamePrimary)).(color.NRGBA)
		painted := 0
		for i := 0; i < len(black.Pix); i += 4 {
			alpha := black.Pix[i+3]
			if was := colored.Pix[i+3]; max(alpha, was)-min(alpha, was) > 12 {
				t.Fatalf("%s: in color it has another shape", name)
			}
			if alpha < 0xF0 {
				continue
			}
			painted++
			if got := (color.NRGBA{R: colored.Pix[i], G: colored.Pix[i+1], B: colored.Pix[i+2], A: 0xFF}); !near(got, want) {
				t.Fatalf("%s: part of it is %v, and the color of the theme is %v", name, got, want)
			}
		}
		if painted < 60 || painted > 400 {
			t.Errorf("%s: %d of 576 pixels are painted", name, painted)
		}
	}
}

// The icon is there as pixels too, for those who cannot draw it.
func TestIconIsThatOfTheDrawing(t *testing.T) {
	const distance = 0.5
	text, err := os.ReadFile("../../assets/icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	pixels, err := png.Decode(bytes.NewReader(assets.Icon))
	if err != nil || pixels.Bounds().Dx() != 256 || pixels.Bounds().Dy() != 256 {
		t.Fatal(pixels.Bounds(), err)
	}
	drawn := on(lightCard, newArtist(t).drawResource(fyne.NewStaticResource("icon.svg", text), 256))
	eye := eyes["normal"]
	if d := apart(eye.look(drawn), eye.look(on(lightCard, pixels))); d > distance {
		t.Errorf("icon.png and icon.svg are %.1f apart", d)
	}
}
