package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
	"potluck/ui/screentest"
)

// windowsVar names the window's program built for Windows. Building it takes
// minutes, so that this test does not: `make windows` does.
const windowsVar = "POTLUCK_WINDOWS_DESKTOP"

// port is where the window's device listens: Wine does not tell programs in a lab
// which networks there are, so that nobody is found by itself.
const port = "27420"

// precision is that of times on Windows.
const precision = 100 * time.Nanosecond

// The window for Windows, run by Wine, opens, takes a file from a neighbour on Linux
// with a click, and sends one there that is dropped on the neighbour's card.
func TestWindowsWindow(t *testing.T) {
	exe := os.Getenv(windowsVar)
	switch {
	case exe != "":
	case os.Getenv("CI") == "true":
		t.Fatal("not set: ", windowsVar)
	default:
		t.Skipf("%s does not name bin/potluck-desktop.exe, which make windows builds", windowsVar)
	}
	s := &scene{Screen: screentest.New(t, 1100, 760), lan: lab.New(t, lab.Options{Hosts: 2})}
	s.ben = s.lan.Host(2).Device(t, "Ben", "--accept", "everyone").Start(t)
	for _, v := range s.Env() {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value) // a Windows that is begun without a screen never has one
	}
	s.me = s.lan.Host(1).Windows(t, "Wendy")
	text, err := json.Marshal(map[string]string{"name": "Wendy", "downloads": lab.WindowsPath(s.me.Downloads), "listen": ":" + port})
	if err == nil {
		err = os.WriteFile(filepath.Join(s.me.State, "settings.json"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.program = start(t, s.me.Program(exe), s.lan.Host(1).Do)
	s.window = s.WaitForWindow(t, "Potluck")
	s.WaitForText(t, "Wendy")
	s.Save(t, "open")

	t.Run("receive", func(t *testing.T) {
		source := file(t, "slides.odp", mega)
		sending := s.ben.Begin(t, "send", source, "--to", s.me.Host.Addr()+":"+port)
		s.WaitForText(t, "wants to send you")
		s.Save(t, "request")
		s.press(t, "Accept", func() bool { return len(s.Text(t, "Received from")) > 0 })
		code(t, sending, 0)
		s.Save(t, "received")
		lab.SameWithin(t, source, filepath.Join(s.me.Downloads, "slides.odp"), precision)
	})
	t.Run("send", func(t *testing.T) {
		source := file(t, "answer.odt", mega)
		d := s.Drag(t, source)
		d.Over(t, screentest.Middle(s.card(t, "Ben")))
		if !d.Drop(t) {
			t.Fatal("the window takes no files")
		}
		s.WaitForText(t, "Offering to")
		s.Save(t, "dropped")
		s.WaitForText(t, "Delivered:")
		s.Save(t, "delivered")
		lab.SameWithin(t, source, filepath.Join(s.ben.Downloads, "answer.odt"), precision)
	})
	t.Run("the command", func(t *testing.T) {
		source := file(t, "more.odt", mega)
		s.me.OK(t, "send", lab.WindowsPath(source), "--to", "Ben")
		lab.SameWithin(t, source, filepath.Join(s.ben.Downloads, "more.odt"), precision)
		s.WaitForText(t, "more.odt")
	})
}
