package main

import (
	"encoding/json"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/look"
	"potluck/ui/screentest"
)

// These tests are what a person does with the window, on one host, while others
// run Potluck on other hosts. What the person sees is read off the screen, by its
// words and colours; what is true is what the command says of the same device, and
// what lies in the folders.

const mega = 1_000_000

// A scene is the window of Lan on a screen, and others nearby.
type scene struct {
	*screentest.Screen
	lan     *lab.LAN
	me      *lab.Device // for the command; its process is the window's
	program *running
	window  *screentest.Window
	ben     *lab.Device // the first of the others
	others  map[string]*lab.Device
}

// play opens the window where those others are nearby already.
func play(t *testing.T, others ...string) *scene {
	t.Helper()
	return playWith(t, nil, others...)
}

// playWith is [play] for somebody who has settings already.
func playWith(t *testing.T, settings map[string]any, others ...string) *scene {
	t.Helper()
	s := &scene{Screen: screentest.New(t, 1100, 760), others: map[string]*lab.Device{}}
	s.lan = lab.New(t, lab.Options{Hosts: 1 + len(others)})
	for i, name := range others {
		d := s.lan.Host(2+i).Device(t, name).Start(t)
		s.others[name] = d
		if i == 0 {
			s.ben = d
		}
	}
	s.me = s.lan.Host(1).Device(t, "Lan")
	all := map[string]any{"name": "Lan", "downloads": s.me.Downloads}
	for key, value := range settings {
		all[key] = value
	}
	text, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(filepath.Join(s.me.State, "settings.json"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "cache"} {
		if err := os.Mkdir(filepath.Join(s.me.Home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.start(t)
	for _, name := range others {
		s.card(t, name)
	}
	return s
}

// start starts the program, and waits for its window.
func (s *scene) start(t *testing.T, args ...string) {
	t.Helper()
	s.program = open(t, s.Screen, s.me.Home, "en", s.lan.Host(1).Do, args...)
	s.window = s.WaitForWindow(t, "Potluck")
	s.window.Focus(t)
}

// night is a colour of the window by night, which it has where the system does not say.
func night(name fyne.ThemeColorName) color.Color {
	return look.New(look.Options{Variant: look.Dark}).Color(name, theme.VariantDark)
}

// day is one by day.
func day(name fyne.ThemeColorName) color.Color {
	return look.New(look.Options{Variant: look.Light}).Color(name, theme.VariantLight)
}

var cardSize = image.Pt(100, 100) // and more

// card waits for the card of somebody, and returns where it is.
func (s *scene) card(t *testing.T, name string) image.Rectangle {
	t.Helper()
	var card image.Rectangle
	s.Wait(t, "the card of "+name, func() bool {
		names := s.Text(t, name)
		for _, ground := range []color.Color{night(look.Card), night(look.Info), day(look.Card), day(look.Info)} {
			for _, r := range s.Find(t, ground, cardSize) {
				if slices.ContainsFunc(names, func(text image.Rectangle) bool { return text.In(r) }) && r.Max.X < s.now(t).Min.X {
					card = r
					return true
				}
			}
		}
		return false
	})
	return card
}

// now returns where the panel is that shows what is going on.
func (s *scene) now(t *testing.T) image.Rectangle {
	t.Helper()
	var panel image.Rectangle
	for _, ground := range []color.Color{night(theme.ColorNameHeaderBackground), day(theme.ColorNameHeaderBackground)} {
		for _, r := range s.Find(t, ground, image.Pt(200, 300)) {
			if r.Min.X > panel.Min.X {
				panel = r
			}
		}
	}
	return panel
}

// until does something again and again, as people do, until that has happened.
func (s *scene) until(t *testing.T, what string, happened func() bool, do func()) {
	t.Helper()
	s.Wait(t, what, func() bool {
		if happened() {
			return true
		}
		do()
		for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
			if happened() {
				return true
			}
		}
		return false
	})
}

// press clicks on a text until that has happened: clicks on what has only just
// appeared count for nothing.
func (s *scene) press(t *testing.T, text string, happened func() bool) {
	t.Helper()
	s.WaitForText(t, text)
	s.until(t, "what a click on "+text+" does", happened, func() {
		if found := s.Text(t, text); len(found) > 0 {
			s.Click(t, screentest.Behind(found[0]))
		}
	})
}

// A transfer is what these tests look at of what `potluck transfers` prints.
type transfer struct {
	Share, Title, Direction, State string
	Bytes                          int64
	Peers                          []struct {
		Name        string
		Done, Total int64
	}
}

// done is how much of it is here, or there.
func (x transfer) done() (bytes int64) {
	for _, p := range x.Peers {
		bytes += p.Done
	}
	return bytes
}

// last returns the newest transfer of a device.
func last(t *testing.T, d *lab.Device) (x transfer) {
	t.Helper()
	if all := d.OK(t, "transfers", "--json").Objects(); len(all) > 0 {
		all[len(all)-1].Into(t, &x)
	}
	return x
}

// is reports whether the newest transfer of a device is that one, in that state.
func is(t *testing.T, d *lab.Device, title, state string) func() bool {
	return func() bool { x := last(t, d); return x.Title == title && x.State == state }
}

// wait waits until the newest transfer of a device is that one, in that state.
func (s *scene) wait(t *testing.T, d *lab.Device, title, state string) {
	t.Helper()
	s.Wait(t, title+" of "+d.Name+" to be "+state, is(t, d, title, state))
}

// file makes a file of that size to send.
func file(t *testing.T, name string, size int64) string {
	t.Helper()
	path := filepath.Join(lab.Folder(t, "source"), name)
	lab.File(t, path, size)
	return path
}

// has fails t unless a device has received what the sources hold, and nothing else.
func has(t *testing.T, d *lab.Device, sources ...string) {
	t.Helper()
	var names []string
	for _, s := range sources {
		names = append(names, filepath.Base(s))
		lab.Same(t, s, filepath.Join(d.Downloads, filepath.Base(s)))
	}
	lab.Names(t, d.Downloads, names...)
}
