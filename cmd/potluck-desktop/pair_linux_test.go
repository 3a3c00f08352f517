package main

import (
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2/theme"

	"potluck/app/e2e/lab"
)

// Two people verify together: one at the command line begins, the other sees it in
// the window and joins, both compare and say yes. From then on they know each
// other.
func TestPair(t *testing.T) {
	s := play(t, "Ben")
	if s.trusted(t) {
		t.Error("Ben is shown as verified already")
	}
	begins := s.ben.Converse(t, "pair", "Lan")
	s.WaitForText(t, "Ben wants to verify together")
	s.Save(t, "invited")
	s.press(t, "Verify together…", func() bool { return len(s.Text(t, "They match")) > 0 })
	s.Save(t, "four-dishes")
	s.press(t, "They match", func() bool { return len(s.Text(t, "They match")) == 0 })
	s.WaitForText(t, "Now ")
	s.Save(t, "said-yes")
	begins.Type(t, "yes")
	if r := begins.Wait(t, time.Minute); r.Code != 0 {
		t.Fatalf("potluck pair: %s\n%s%s", r.How, r.Out, r.Err)
	}
	s.WaitForText(t, "Verified. From now on")
	s.Save(t, "verified")
	s.ClickText(t, "Close")
	s.Wait(t, "the card of somebody verified", func() bool { return s.trusted(t) })
	s.Save(t, "card")
	for d, name := range map[*lab.Device]string{s.me: "Ben", s.ben: "Lan"} {
		if !knows(t, d, name) {
			t.Errorf("%s has not verified %s", d.Name, name)
		}
	}
}

// trusted reports whether the card of Ben says that he is verified, in word and
// colour.
func (s *scene) trusted(t *testing.T) bool {
	t.Helper()
	card := s.card(t, "Ben")
	word, sign := false, false
	for _, r := range s.Text(t, "Verified") {
		word = word || r.In(card)
	}
	for _, r := range s.Find(t, night(theme.ColorNameSuccess), image.Pt(3, 3)) {
		sign = sign || r.In(card)
	}
	return word && sign
}

// knows reports whether a device has verified another one.
func knows(t *testing.T, d *lab.Device, name string) bool {
	t.Helper()
	for _, o := range d.OK(t, "neighbours", "--json").Objects() {
		if o.Text("name") == name {
			return o.Text("paired") == "true"
		}
	}
	return false
}
