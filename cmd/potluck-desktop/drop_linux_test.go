package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/look"
	"potluck/ui/screentest"
)

// night is a colour of the window by night, which it has where the system does not say.
func night(name fyne.ThemeColorName) color.Color {
	return look.New(look.Options{Variant: look.Dark}).Color(name, theme.VariantDark)
}

// A scene is the window on a screen, with Ben and Cam on other hosts.
type scene struct {
	*screentest.Screen
	window   *screentest.Window
	ben, cam *lab.Device
	cards    []image.Rectangle // theirs, in the order of their names
}

func play(t *testing.T) *scene {
	t.Helper()
	s := &scene{Screen: screentest.New(t, 1100, 760)}
	lan := lab.New(t, lab.Options{Hosts: 3})
	s.ben = lan.Host(2).Device(t, "Ben").Start(t)
	s.cam = lan.Host(3).Device(t, "Cam").Start(t)
	start(t, s.Screen, "en", lan.Host(1).Do)
	s.window = s.WaitForWindow(t, "Potluck")
	s.window.Focus(t)
	s.Wait(t, "the cards of two neighbours", func() bool {
		s.cards = s.Find(t, night(look.Card), image.Pt(100, 100))
		return len(s.cards) == 2
	})
	return s
}

// drop drags a new file of that name over the card and lets it go.
func (s *scene) drop(t *testing.T, name string, card int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte("phở for everybody"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := s.Drag(t, file)
	d.Over(t, screentest.Middle(s.cards[card]))
	s.Wait(t, "the card under the files to light up", func() bool {
		return len(s.Find(t, night(look.Info), image.Pt(100, 100))) == 1
	})
	s.Save(t, "files-over-card")
	if !d.Drop(t) {
		t.Fatal("the window takes no files")
	}
}

// Somebody opens Potluck, sees two neighbours, and drops a file on the card of one.
// That one is asked, wherever the mouse was before, and the other is not.
func TestDropOnNeighbour(t *testing.T) {
	s := play(t)
	s.Save(t, "neighbours")
	s.Move(t, screentest.Middle(s.cards[0]))
	s.drop(t, "slides for Cam.txt", 1)
	s.Save(t, "dropped")
	if e := s.cam.Wait(t, "offered"); e.Text("title") != "slides for Cam.txt" {
		t.Errorf("Cam is offered %v", e)
	}
	s.Save(t, "offered")
	if s.ben.Has("offered") {
		t.Error("Ben is offered the file of Cam")
	}
}

// What is taken back at once, nobody has seen.
func TestDropIsUndone(t *testing.T) {
	s := play(t)
	s.drop(t, "a mistake.txt", 0)
	s.Key(t, "ctrl+z")
	s.Save(t, "undone")
	s.drop(t, "meant.txt", 0)
	if e := s.ben.Wait(t, "offered"); e.Text("title") != "meant.txt" {
		t.Errorf("the first that Ben is offered is %q", e.Text("title"))
	}
}
