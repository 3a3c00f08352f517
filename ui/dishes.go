package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"potluck/sharing/identity"
	"potluck/ui/dish"
	"potluck/ui/look"
	"potluck/ui/view"
)

// The sizes in which dishes are drawn, at the normal text size. A picture has one
// resource for each, since the toolkit keeps one size of each resource.
const (
	smallDish = 44
	cardDish  = 60
	largeDish = 96
)

// picture is the dish of a device.
func picture(id identity.ID, size float32) fyne.Resource {
	return dish.Resource(identity.DishOf(id), size*look.Scale())
}

// spoken is a dish in the words of the person's language.
func spoken(d identity.Dish, w view.Words) string {
	return strings.NewReplacer("{figure}", w.L(d.FigureName()), "{shape}", w.L(d.ShapeName()), "{colour}", w.L(d.ColourName())).
		Replace(w.L("{figure} on a {shape} {colour} plate"))
}
