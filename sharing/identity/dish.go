package identity

import (
	"crypto/sha256"
	"encoding/binary"
)

// How many of each there are, and how many dishes that makes.
const (
	Figures = 40
	Colours = 6
	Shapes  = 4
	Dishes  = Figures * Colours * Shapes
)

// dishDomain keeps what is hashed for a dish apart from all else that is.
const dishDomain = "potluck dish 1"

// A Dish is the picture of a device: a figure on a plate. It follows from the
// [ID] and cannot be chosen. It helps a person to find somebody in a room, and
// proves nothing: there are 960, and a key that matches one is soon made.
//
// The lists behind the three numbers are frozen. Who adds to one, or changes
// its order, gives everybody another picture.
type Dish struct {
	Figure uint8 // what is on the plate, less than Figures
	Colour uint8 // of the plate, less than Colours
	Shape  uint8 // of the plate, less than Shapes
}

// DishOf returns the dish of the device: from the SHA-256 of "potluck dish 1"
// and the ID, the first two bytes (the higher one first) modulo 40 are the
// figure, the third modulo 6 the colour, the fourth modulo 4 the shape.
func DishOf(id ID) Dish {
	h := sha256.Sum256(append([]byte(dishDomain), id[:]...))
	return Dish{
		Figure: uint8(binary.BigEndian.Uint16(h[:]) % Figures),
		Colour: h[2] % Colours,
		Shape:  h[3] % Shapes,
	}
}

// DishFromIndex returns the dish with that number, from 0 to 959. It panics
// beyond them.
func DishFromIndex(n int) Dish {
	if n < 0 || n >= Dishes {
		panic("identity: no such dish")
	}
	return Dish{
		Figure: uint8(n / (Colours * Shapes)),
		Colour: uint8(n / Shapes % Colours),
		Shape:  uint8(n % Shapes),
	}
}

// Index returns the number of the dish: 24 times the figure, 4 times the colour
// and the shape. [DishFromIndex] undoes it.
func (d Dish) Index() int {
	return (int(d.Figure)*Colours+int(d.Colour))*Shapes + int(d.Shape)
}

// Valid reports whether there is such a dish. Each that [DishOf] and
// [DishFromIndex] return is valid, and so is the zero Dish; the methods that
// return words panic for one that is not.
func (d Dish) Valid() bool {
	return d.Figure < Figures && d.Colour < Colours && d.Shape < Shapes
}

// String returns the dish in English: "phở on a round blue plate".
func (d Dish) String() string {
	return d.FigureName() + " on a " + d.ShapeName() + " " + d.ColourName() + " plate"
}

// FigureKey returns a short name of the figure in the letters a to z, such as
// "pho", for the names of files and other things that people do not read.
func (d Dish) FigureKey() string { return figures[d.Figure].key }

// FigureName returns the figure in English: "phở".
func (d Dish) FigureName() string { return figures[d.Figure].name }

// ColourName returns the color of the plate in English: "blue".
func (d Dish) ColourName() string { return colours[d.Colour] }

// ShapeName returns the shape of the plate in English, as it is said of a
// plate: "round".
func (d Dish) ShapeName() string { return shapes[d.Shape] }

// The frozen lists.
var (
	figures = [Figures]struct{ key, name string }{
		{"pho", "phở"},
		{"banhmi", "bánh mì"},
		{"springroll", "spring roll"},
		{"banhchung", "bánh chưng"},
		{"mooncake", "mooncake"},
		{"dumpling", "dumpling"},
		{"riceball", "rice ball"},
		{"sushi", "sushi"},
		{"prawn", "prawn"},
		{"fish", "fish"},
		{"crab", "crab"},
		{"skewer", "skewer"},
		{"drumstick", "drumstick"},
		{"egg", "fried egg"},
		{"burger", "burger"},
		{"pizza", "pizza"},
		{"taco", "taco"},
		{"spaghetti", "spaghetti"},
		{"pot", "pot"},
		{"salad", "salad"},
		{"cheese", "cheese"},
		{"pretzel", "pretzel"},
		{"croissant", "croissant"},
		{"doughnut", "doughnut"},
		{"pancakes", "pancakes"},
		{"cake", "cake"},
		{"pie", "pie"},
		{"icecream", "ice cream"},
		{"cupcake", "cupcake"},
		{"watermelon", "watermelon"},
		{"pineapple", "pineapple"},
		{"banana", "banana"},
		{"cherries", "cherries"},
		{"grapes", "grapes"},
		{"avocado", "avocado"},
		{"carrot", "carrot"},
		{"corn", "corn"},
		{"mushroom", "mushroom"},
		{"pumpkin", "pumpkin"},
		{"teapot", "teapot"},
	}
	colours = [Colours]string{"blue", "red", "black", "yellow", "green", "lilac"}
	shapes  = [Shapes]string{"round", "square", "hexagonal", "flower-shaped"}
)
