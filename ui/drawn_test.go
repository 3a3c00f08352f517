package ui

import (
	"errors"
	"testing"

	"potluck/sharing/identity"
	"potluck/ui/neighbour"
	"potluck/ui/uitest"
	"potluck/ui/view"
)

// spoken returns what the card of a neighbour says instead of the second line of a name.
func (s *scene) spoken(t *testing.T, id identity.ID) string {
	t.Helper()
	for _, o := range uitest.Below(s.grid()) {
		if c, ok := o.(*neighbour.Card); ok && c.Value().Key == id.String() {
			return c.Value().Spoken
		}
	}
	t.Fatal("there is no card")
	return ""
}

// A name that no font can draw has the dish in words beside it, so that there is something
// to call that person; it is not waited for, and not looked for again.
func TestNamesThatNoFontDraws(t *testing.T) {
	looked := 0
	for _, c := range []struct {
		name  string
		fonts FontFinder
		drawn bool
		looks int
	}{
		{"Anna", func() (Fonts, error) { return nil, errors.New("asked for nothing") }, true, 0},
		{"Bình's ThinkPad — “2”", func() (Fonts, error) { return nil, errors.New("asked for nothing") }, true, 0},
		{"ᏣᎳᎩ", func() (Fonts, error) { looked++; return fonts{lacks: "Ꭹ"}, nil }, false, 1},
		{"佐藤", func() (Fonts, error) { looked++; return fonts{lacks: "Ꭹ"}, nil }, true, 1},
		{"佐藤", func() (Fonts, error) { looked++; return nil, errors.New("no fonts") }, false, 1},
	} {
		looked = 0
		e := quiet()
		e.snapshot.Neighbours = e.snapshot.Neighbours[:1]
		n := &e.snapshot.Neighbours[0]
		n.Name, n.Alias = "Anna", ""
		s := stage(t, e, english(), usual)
		s.o.Fonts = c.fonts
		n.Name = c.name
		e.snapshot.Known = nil
		for range 5 {
			s.draw()
		}
		want := ""
		if !c.drawn {
			want = view.DishWords(s.words, identity.DishOf(n.ID))
		}
		if got := s.spoken(t, n.ID); got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
		if looked != c.looks {
			t.Errorf("%s: fonts were looked for %d times, want %d", c.name, looked, c.looks)
		}
	}
}
