package view

import (
	"strings"

	"potluck/sharing/identity"
)

// dishSentence has places of its own kind: what is put there are words of the
// program, each translated as it stands in this sentence.
const dishSentence = "{figure} on a {shape} {colour} plate"

// DishWords says what the dish looks like, in the person's language: "phở on a
// round blue plate". It panics if there is no such dish.
func DishWords(w Words, d identity.Dish) string {
	return strings.NewReplacer(
		"{figure}", w.L(d.FigureName()),
		"{shape}", w.L(d.ShapeName()),
		"{colour}", w.L(d.ColourName()),
	).Replace(w.L(dishSentence))
}

// FigureWords says what is on the plate: "phở". It panics if there is no such
// dish.
func FigureWords(w Words, d identity.Dish) string { return w.L(d.FigureName()) }
