package main

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
	"potluck/ui/screentest"
)

// Somebody changes the name, the theme and the language: each counts at once, here
// and for others.
func TestSettings(t *testing.T) {
	s := play(t, "Ben")
	s.ClickText(t, "Settings")
	s.WaitForText(t, "Others see this name")

	t.Run("name", func(t *testing.T) {
		name := s.WaitForText(t, "Lan") // in its field
		s.Click(t, screentest.Behind(name))
		s.Key(t, "ctrl+a")
		s.Type(t, "Lan at home")
		s.Save(t, "typed")
		s.ClickText(t, "Save")
		s.Wait(t, "the new name to be set", func() bool { return setting(t, s.me, "name") == "Lan at home" })
		s.Wait(t, "Ben to see the new name", func() bool { return slices.Contains(names(t, s.ben), "Lan at home") })
	})
	t.Run("theme", func(t *testing.T) {
		s.choose(t, "Theme", "System", "Light")
		s.Wait(t, "the theme to be set", func() bool { return setting(t, s.me, "theme") == "light" })
		s.Wait(t, "a light window", func() bool {
			return len(s.Find(t, day(theme.ColorNameHeaderBackground), image.Pt(200, 300))) > 0
		})
		s.Save(t, "light")
	})
	t.Run("language", func(t *testing.T) {
		s.choose(t, "Language", "System", "Tiếng Việt")
		s.Wait(t, "the language to be set", func() bool { return setting(t, s.me, "language") == "vi" })
		s.WaitForText(t, "Cài đặt")
		s.WaitForText(t, "Quanh đây")
		s.Save(t, "vietnamese")
	})
}

// choose chooses another value of a setting. It may have to be scrolled to.
func (s *scene) choose(t *testing.T, name, old, value string) {
	t.Helper()
	var at image.Point
	s.Wait(t, "the setting "+name, func() bool {
		for _, label := range s.Text(t, name) {
			for _, now := range s.Text(t, old) {
				if now.Min.X > label.Max.X && now.Min.Y < label.Max.Y && label.Min.Y < now.Max.Y {
					at = screentest.Behind(now)
					return true
				}
			}
		}
		s.Scroll(t, s.window.At(s.window.Size.X/3, s.window.Size.Y/2), 2)
		return false
	})
	s.Click(t, at)
	s.Move(t, beside(s.window)) // so that it hides nothing
	s.ClickText(t, value)
}

// setting is the value of a setting.
func setting(t *testing.T, d *lab.Device, key string) string {
	t.Helper()
	return strings.TrimSpace(d.OK(t, "settings", "get", key).Out)
}

// names are those of the neighbours of a device.
func names(t *testing.T, d *lab.Device) (list []string) {
	t.Helper()
	for _, o := range d.Run(t, "neighbours", "--json").Objects() {
		list = append(list, o.Text("name"))
	}
	return list
}
