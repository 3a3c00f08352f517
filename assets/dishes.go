package assets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
)

// figureFiles holds a drawing for each figure that can lie on a plate, by the
// key that the figure has in package identity. A drawing has 64 by 64 units,
// nothing around the figure, and only the three colors of a yellow plate:
// Dish puts in those of the plate it is for.
//
//go:embed dishes/*.svg
var figureFiles embed.FS

// The colors that stand in the drawings.
const (
	drawnFigure  = "#1E2B28"
	drawnGarnish = "#A62B17"
	drawnPlate   = "#F6C445" // what is cut out of the figure
)

// A glaze is the colors of a plate and of what lies on it.
type glaze struct{ plate, figure, garnish string }

const (
	cream, butter = "#FFF6E3", "#FFC94D"
	ink, chilli   = drawnFigure, drawnGarnish
)

// glazes are in the order of the colors in package identity.
var glazes = [...]glaze{
	{"#2A55B8", cream, butter}, // blue
	{"#B3321F", cream, butter}, // red
	{"#33403D", cream, butter}, // black
	{drawnPlate, ink, chilli},  // yellow
	{"#8FCFB4", ink, chilli},   // green
	{"#C6B3EC", ink, chilli},   // lilac
}

// plates are in the order of the shapes in package identity: an outline that
// many units within the largest plate, to be filled.
var plates = [...]func(within float64) string{
	round, square, hexagon, flower,
}

// room is how large the figure is on each of them. A drawing fills a circle of
// 22.6 units.
var room = [...]float64{1.08, 1.08, 1.02, 0.98}

// rim is the width of the edge of a plate.
const rim = 2.4

// Dish returns a picture as SVG of 64 by 64 units: the figure with that key on
// a plate of that color and shape, by their numbers in package identity. It
// panics if there is no such figure, color or shape.
func Dish(figure string, colour, shape uint8) []byte {
	drawing, err := fs.ReadFile(figureFiles, "dishes/"+figure+".svg")
	if err != nil {
		panic("assets: " + err.Error())
	}
	inner, err := inside(string(drawing))
	if err != nil {
		panic("assets: " + figure + ": " + err.Error())
	}
	g := glazes[colour]
	inner = strings.NewReplacer(drawnFigure, g.figure, drawnGarnish, g.garnish, drawnPlate, g.plate).Replace(inner)
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">`+
		`%s fill="%s"/>%s fill="%s"/><g transform="translate(%.4[5]f %.4[5]f) scale(%[6]v %[6]v)">%[7]s</g></svg>`,
		plates[shape](0), g.figure, plates[shape](rim), g.plate, 32-32*room[shape], room[shape], inner)
}

// inside returns what is within the outermost element.
func inside(svg string) (string, error) {
	_, rest, opened := strings.Cut(svg, ">")
	inner, _, closed := strings.Cut(rest, "</svg>")
	if !opened || !closed {
		return "", errors.New("not an svg element")
	}
	return inner, nil
}

func round(within float64) string {
	return fmt.Sprintf(`<circle cx="32" cy="32" r="%.2f"`, 31-within)
}

func square(within float64) string {
	return fmt.Sprintf(`<rect x="%[1]v" y="%[1]v" width="%[2]v" height="%[2]v" rx="%[3]v" ry="%[3]v"`,
		2+within, 60-2*within, 14-within)
}

// hexagon has a corner at the top, and all of them rounded.
func hexagon(within float64) string {
	outer := 33.4 - within*2/math.Sqrt(3) // from the middle to a corner before it is rounded
	cut := 6 - within*0.4                 // from that corner to where the curve begins
	corner := func(i int) (x, y float64) {
		a := math.Pi/3*float64(i) - math.Pi/2
		return 32 + outer*math.Cos(a), 32 + outer*math.Sin(a)
	}
	var path strings.Builder
	for i := range 6 {
		fromX, fromY := corner(i - 1)
		x, y := corner(i)
		toX, toY := corner(i + 1)
		fmt.Fprintf(&path, "%c%.2f %.2fQ%.2f %.2f %.2f %.2f", "MLLLLL"[i],
			x+(fromX-x)*cut/outer, y+(fromY-y)*cut/outer, x, y, x+(toX-x)*cut/outer, y+(toY-y)*cut/outer)
	}
	return `<path d="` + path.String() + `Z"`
}

// flower has eight petals, each an arc from one meeting of petals to the next.
func flower(within float64) string {
	const petals, middle = 8, 19.4 // middle: of a petal, from that of the plate
	petal := 12.1 - within
	half := math.Pi / petals
	meet := middle*math.Cos(half) + math.Sqrt(petal*petal-math.Pow(middle*math.Sin(half), 2))
	var path strings.Builder
	for i := range petals + 1 {
		x, y := 32+meet*math.Cos(half*float64(2*i-1)), 32+meet*math.Sin(half*float64(2*i-1))
		if i == 0 {
			fmt.Fprintf(&path, "M%.2f %.2f", x, y)
			continue
		}
		fmt.Fprintf(&path, "A%[1]v %[1]v 0 0 1 %.2[2]f %.2[3]f", petal, x, y)
	}
	return `<path d="` + path.String() + `Z"`
}
