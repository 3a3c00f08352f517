package ui

import (
	"fyne.io/fyne/v2"

	"potluck/sharing/identity"
	"potluck/ui/dish"
	"potluck/ui/look"
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
