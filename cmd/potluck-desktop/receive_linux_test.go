package main

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/screentest"
)

// offer has somebody offer something to Lan, and waits for the request.
func (s *scene) offer(t *testing.T, from *lab.Device, path string) *lab.Command {
	t.Helper()
	sending := from.Begin(t, "send", path, "--to", "Lan")
	s.WaitForText(t, "wants to send you")
	return sending
}

// code fails t unless the command ends with that exit code.
func code(t *testing.T, c *lab.Command, want int) {
	t.Helper()
	if r := c.Wait(t, time.Minute); r.Code != want {
		t.Errorf("who sends is told %d, want %d: %s%s", r.Code, want, r.Out, r.Err)
	}
}

// Somebody is offered files: accepts the first, has the folder shown, declines the
// second, and takes a part of the third.
func TestReceive(t *testing.T) {
	s := play(t, "Ben")
	opened := fakeOpener(t, s.me)

	first := file(t, "ideas.odt", 40_000)
	t.Run("accept", func(t *testing.T) {
		sending := s.offer(t, s.ben, first)
		s.WaitForText(t, "Not verified")
		s.Save(t, "request")
		s.press(t, "Accept", is(t, s.me, "ideas.odt", "delivered"))
		code(t, sending, 0)
		has(t, s.me, first)
		s.WaitForText(t, "Received from")
		s.Save(t, "received")
	})
	t.Run("show in folder", func(t *testing.T) {
		s.press(t, "Show in folder", func() bool { return opened(t) != "" })
		if got := opened(t); got != s.me.Downloads+"\n" {
			t.Errorf("what opens is %q, want the folder %q", got, s.me.Downloads)
		}
	})
	t.Run("decline", func(t *testing.T) {
		sending := s.offer(t, s.ben, file(t, "advertisement.pdf", 40_000))
		s.press(t, "Decline", func() bool { return len(s.Text(t, "wants to send you")) == 0 })
		code(t, sending, 3)
		has(t, s.me, first)
		s.Save(t, "declined")
	})
	t.Run("decline with the keyboard", func(t *testing.T) {
		sending := s.offer(t, s.ben, file(t, "advertisement.pdf", 40_000))
		s.until(t, "the keys that decline", func() bool { return len(s.Text(t, "wants to send you")) == 0 }, func() {
			s.Key(t, "ctrl+j")
			s.Key(t, "ctrl+d")
		})
		code(t, sending, 3)
	})
	t.Run("a part", func(t *testing.T) {
		tree := filepath.Join(lab.Folder(t, "source"), "Summer")
		for _, name := range []string{"beach.jpg", "boat.jpg", "film.mp4"} {
			lab.File(t, filepath.Join(tree, name), 50_000)
		}
		sending := s.offer(t, s.ben, tree)
		s.press(t, "Look inside", func() bool { return len(s.Text(t, "Find a name")) > 0 })
		s.Click(t, screentest.Middle(s.box(t, "boat.jpg")))
		s.WaitForText(t, "2 of 3 files")
		s.Save(t, "inside")
		s.press(t, "Accept 2 files", is(t, s.me, "Summer", "delivered"))
		code(t, sending, 0)
		if err := os.Remove(filepath.Join(tree, "boat.jpg")); err != nil {
			t.Fatal(err)
		}
		same(t, tree, filepath.Join(s.me.Downloads, "Summer"))
		s.WaitForText(t, "Received from")
		s.Save(t, "part-received")
	})
}

// same fails t unless both folders hold files of the same names with the same
// bytes.
func same(t *testing.T, want, got string) {
	t.Helper()
	var names []string
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
		lab.Same(t, filepath.Join(want, e.Name()), filepath.Join(got, e.Name()))
	}
	lab.Names(t, got, names...)
}

// fakeOpener puts a program in the place of the one that opens folders, and returns
// what it has been asked to open, one a line.
func fakeOpener(t *testing.T, d *lab.Device) func(t *testing.T) string {
	t.Helper()
	list := filepath.Join(d.Home, "opened")
	script := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\n' \"$@\" >>%s\n", list)
	if err := os.WriteFile(filepath.Join(d.Home, "bin", "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) string {
		t.Helper()
		text, err := os.ReadFile(list)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(text)
	}
}

// box waits for the ticked box beside a text, and returns where it is.
func (s *scene) box(t *testing.T, text string) (box image.Rectangle) {
	t.Helper()
	row := s.WaitForText(t, text)
	s.Wait(t, "a ticked box beside "+text, func() bool {
		for _, r := range s.Find(t, night(theme.ColorNamePrimary), image.Pt(8, 8)) {
			if r.Max.X < row.Min.X && screentest.Middle(row).Y > r.Min.Y && screentest.Middle(row).Y < r.Max.Y {
				box = r
			}
		}
		return !box.Empty()
	})
	return box
}
