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
	"fyne.io/fyne/v2/test"
)

// reading returns every text that is seen in the window, where it stands, and how
// large it is: what a picture shows, in a form whose changes can be read.
func reading(s *scene) string {
	driver := fyne.CurrentApp().Driver()
	size := s.window.Canvas().Size()
	var lines []string
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		text, ok := o.(*canvas.Text)
		if !ok || strings.TrimSpace(text.Text) == "" || !text.Visible() {
			continue
		}
		at := driver.AbsolutePositionForObject(text)
		if at.Y >= size.Height || at.X >= size.Width {
			continue // scrolled out of sight
		}
		lines = append(lines, fmt.Sprintf("%3.0f %3.0f %2.0f %s", at.Y, at.X, text.TextSize, text.Text))
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

// inSight reports whether a button whose text begins so lies in the window and is
// not cut off by a scroll.
func inSight(s *scene, text string) bool {
	size := s.window.Canvas().Size()
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		t, ok := o.(*canvas.Text)
		if !ok || !strings.HasPrefix(t.Text, text) || !t.Visible() {
			continue
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
		if at.X >= 0 && at.Y >= 0 && at.X+t.MinSize().Width <= size.Width && at.Y+t.MinSize().Height <= size.Height {
			return true
		}
	}
	return false
}
