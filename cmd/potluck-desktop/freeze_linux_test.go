package main

import (
	"path/filepath"
	"testing"

	"potluck/app/e2e/lab"
)

// Whatever the rest of the computer waits for, the window does what it is told, and
// closes in time. Each of these lasts until the test ends, so that a window that
// waits for it never answers.

// reacts fails t unless a click opens another page, and another one the first.
func (s *scene) reacts(t *testing.T) {
	t.Helper()
	s.ClickText(t, "Settings")
	s.WaitForText(t, "Others see this name")
	s.Save(t, "another-page")
	s.ClickText(t, "Nearby")
	s.Wait(t, "the page to change again", func() bool { return len(s.Text(t, "Others see this name")) == 0 })
}

func TestReactsWithoutNetwork(t *testing.T) {
	s := playWith(t, map[string]any{"downLimit": "1 MB/s"}, "Ben")
	s.offer(t, s.ben, file(t, "film.mkv", 40*mega))
	s.press(t, "Accept", is(t, s.me, "film.mkv", "running"))
	s.lan.Host(1).Cut(t)
	s.reacts(t)
	s.program.close(t)
}

// What is dropped has many files in it, and a drive that has hung up among them: they
// are gone through for ever.
func TestReactsWhilePreparing(t *testing.T) {
	many := filepath.Join(lab.Folder(t, "source"), "many")
	lab.Many(t, many, 3_000, 1)
	drive := lab.NewHangingDisk(t, filepath.Join(many, "folder 000003"))
	drive.Hang()
	s := play(t, "Ben")
	s.drop(t, many, "Ben")
	s.WaitForText(t, "Offering to")
	s.Wait(t, "the time to undo to be over", func() bool { return len(s.Text(t, "Offering to")) == 0 })
	s.WaitForText(t, "Preparing")
	s.reacts(t)
	if s.ben.Has("offered") {
		t.Error("a folder with a drive in it that hangs is offered")
	}
	s.program.ends(t, 1, func() { s.Key(t, "ctrl+q") }) // and not in order
}

func TestReactsWithoutDisk(t *testing.T) {
	drive := lab.NewHangingDisk(t, filepath.Join(lab.Folder(t, "mnt"), "drive"))
	s := playWith(t, map[string]any{"downloads": drive.Dir}, "Ben")
	s.offer(t, s.ben, file(t, "film.mkv", mega))
	drive.Hang()
	s.reacts(t)
	s.ClickText(t, "Accept")
	s.reacts(t)
	s.ben.Begin(t, "send", file(t, "another.mkv", mega), "--to", "Lan")
	s.WaitForText(t, "1 more")
	s.reacts(t)
	s.program.ends(t, eitherWay, func() { s.Key(t, "ctrl+q") }) // a click too soon after what it is on came is not taken
}
