package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// A seen is a text in the window, where it stands, and whether all of it is in
// sight.
type seen struct {
	*canvas.Text
	at    fyne.Position
	whole bool
}

// texts returns every text of which something is in sight.
func texts(s *scene) []seen {
	var list []seen
	size := s.window.Canvas().Size()
	glance(s.window.Content(), fyne.Position{}, fyne.Position{}, fyne.NewPos(size.Width, size.Height), &list)
	return list
}

// glance goes through o, which stands at a place of which what lies between two
// corners is in sight.
func glance(o fyne.CanvasObject, at, low, high fyne.Position, list *[]seen) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *canvas.Text:
		size := o.MinSize()
		end := at.AddXY(size.Width, size.Height)
		if strings.TrimSpace(o.Text) == "" || end.X <= low.X || end.Y <= low.Y || at.X >= high.X || at.Y >= high.Y {
			return
		}
		const blur = 1 // of rounding
		whole := at.X >= low.X-blur && at.Y >= low.Y-blur && end.X <= high.X+blur && end.Y <= high.Y+blur
		*list = append(*list, seen{o, at, whole})
	case *fyne.Container:
		for _, child := range o.Objects {
			glance(child, at, low, high, list)
		}
	case fyne.Widget:
		if scroll, ok := o.(*container.Scroll); ok {
			low = fyne.NewPos(max(low.X, at.X), max(low.Y, at.Y))
			high = fyne.NewPos(min(high.X, at.X+scroll.Size().Width), min(high.Y, at.Y+scroll.Size().Height))
		}
		for _, child := range test.WidgetRenderer(o).Objects() {
			glance(child, at, low, high, list)
		}
	}
}

// reading returns every text that is seen in the window, where it stands, and how
// large it is: what a picture shows, in a form whose changes can be read.
func reading(s *scene) string {
	var lines []string
	for _, t := range texts(s) {
		cut := ""
		if !t.whole {
			cut = " (cut)"
		}
		lines = append(lines, fmt.Sprintf("%3.0f %3.0f %2.0f %s%s", t.at.Y, t.at.X, t.TextSize, t.Text.Text, cut))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// golden compares what is seen with what was seen before, in testdata. To take
// over what is seen now, remove the file and run the test.
func golden(t *testing.T, s *scene, name string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	got := reading(s)
	want, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is new: look at it, and at the picture", path)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: the window shows\n%s\nand not\n%s", name, got, want)
	}
}

// Yes and No are in sight without scrolling, in every look.
func TestAnswersAreInSight(t *testing.T) {
	for _, name := range []string{"busy", "stranger", "full", "inside"} {
		for _, l := range looks {
			s := stage(t, busy(), settingsOf(l.theme, l.language, l.text), l.size)
			screens()[name](s)
			for range 3 {
				s.draw()
			}
			for _, text := range []string{s.words.L("Accept"), s.words.L("Decline")} {
				if !inSight(s, text) {
					t.Errorf("%s, %s: %q is not in sight", name, l.name, text)
				}
			}
		}
	}
}

// inSight reports whether a text with these words is seen as a whole.
func inSight(s *scene, text string) bool {
	return slices.ContainsFunc(texts(s), func(t seen) bool {
		return t.whole && strings.Contains(strings.ToLower(t.Text.Text), strings.ToLower(text))
	})
}
