package assets_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"potluck/assets"
)

// What draws SVG for the window knows fills of a few elements alone: it leaves
// out lines and gradients, does not scale the width of strokes, wants both radii
// of a rectangle and both factors of a scale, and colors icons by the elements
// that are named here.
var allowed = map[string][]string{
	"svg":     {"xmlns", "viewBox", "width", "height"},
	"g":       {"transform"},
	"path":    {"d", "fill"},
	"rect":    {"x", "y", "width", "height", "rx", "ry", "fill"},
	"circle":  {"cx", "cy", "r", "fill"},
	"ellipse": {"cx", "cy", "rx", "ry", "fill"},
	"polygon": {"points", "fill"},
}

var transform = regexp.MustCompile(`^(rotate\(-?[\d.]+ [\d.]+ [\d.]+\)|translate\(-?[\d.]+ -?[\d.]+\) scale\([\d.]+ [\d.]+\))$`)

// check reports what may not be drawn as it is meant.
func check(t *testing.T, name string, svg []byte, fills ...string) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes, ok := allowed[element.Name.Local]
		if !ok {
			t.Errorf("%s: <%s> is not drawn", name, element.Name.Local)
		}
		has := map[string]string{}
		for _, a := range element.Attr {
			has[a.Name.Local] = a.Value
			if !slices.Contains(attributes, a.Name.Local) {
				t.Errorf("%s: <%s %s> is not drawn", name, element.Name.Local, a.Name.Local)
			}
		}
		if element.Name.Local == "rect" && (has["rx"] == "") != (has["ry"] == "") {
			t.Errorf("%s: a rectangle has one radius alone", name)
		}
		if move := has["transform"]; move != "" && !transform.MatchString(move) {
			t.Errorf("%s: %q", name, move)
		}
		if fill, painted := has["fill"]; painted && !slices.Contains(fills, fill) {
			t.Errorf("%s: the color %q does not belong here", name, fill)
		}
	}
}

func TestDrawingsCanBeDrawn(t *testing.T) {
	names, err := fs.Glob(os.DirFS("dishes"), "*.svg")
	if err != nil || len(names) != 40 {
		t.Fatalf("%d drawings, %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile("dishes/" + name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, text, "#1E2B28", "#A62B17", "#F6C445")
		for colour, fills := range [][]string{
			{"#2A55B8", "#FFF6E3", "#FFC94D"},
			{"#B3321F", "#FFF6E3", "#FFC94D"},
			{"#33403D", "#FFF6E3", "#FFC94D"},
			{"#F6C445", "#1E2B28", "#A62B17"},
			{"#8FCFB4", "#1E2B28", "#A62B17"},
			{"#C6B3EC", "#1E2B28", "#A62B17"},
		} {
			for shape := range uint8(4) {
				check(t, name, assets.Dish(strings.TrimSuffix(name, ".svg"), uint8(colour), shape), fills...)
			}
		}
	}
}

func TestIconsCanBeDrawn(t *testing.T) {
	names, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"laptop", "desktop", "phone", "server", "lid", "shield-check", "two-devices", "tray", "tray-waiting"} {
		if !slices.Contains(names, "icons/"+want+".svg") {
			t.Errorf("there is no %s", want)
		}
	}
	for _, name := range names {
		text, err := fs.ReadFile(assets.Icons, name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, text) // without a color: that is the theme's
		if bytes.Contains(text, []byte(" rx=")) && bytes.Contains(text, []byte("<rect")) {
			t.Errorf("%s: a rectangle loses its round corners when it is given another color: draw a path", name)
		}
	}
	for _, name := range []string{"icon.svg", "icon-small.svg"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, text, "#F3F6F4", "#0B695F", "#5FB3A6")
	}
}
