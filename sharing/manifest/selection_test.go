package manifest_test

import (
	"errors"
	"path"
	"slices"
	"testing"

	"potluck/sharing/manifest"
)

func TestSelect(t *testing.T) {
	m := build(t, tree("Photos/2025/a.jpg", "Photos/2025/b.png", "Photos/2026/a.jpg", "Photos2/c.jpg", "notes.odt", "[x].txt", "[y", `b\c`)...)
	photos := []string{"Photos", "Photos/2025", "Photos/2025/a.jpg", "Photos/2025/b.png", "Photos/2026", "Photos/2026/a.jpg"}
	for _, c := range []struct {
		patterns, want []string
	}{
		{nil, nil},
		{[]string{"notes.odt"}, []string{"notes.odt"}},
		{[]string{"Photos"}, photos},
		{[]string{"Photos/"}, photos},
		{[]string{"./Photos"}, photos},
		{[]string{"Photos", "Photos/2025/a.jpg"}, photos},
		{[]string{"*.png"}, []string{"Photos", "Photos/2025", "Photos/2025/b.png"}},
		{[]string{"Photos/*/a.jpg"}, []string{"Photos", "Photos/2025", "Photos/2025/a.jpg", "Photos/2026", "Photos/2026/a.jpg"}},
		{[]string{"2026", "n*"}, []string{"Photos", "Photos/2026", "Photos/2026/a.jpg", "notes.odt"}},
		{[]string{"[x].txt"}, []string{"[x].txt"}},
		{[]string{"[y"}, []string{"[y"}},
		{[]string{`b\c`}, []string{`b\c`}},
	} {
		picked, err := manifest.Select(m, c.patterns)
		if err != nil {
			t.Errorf("%q: %v", c.patterns, err)
			continue
		}
		var got []string
		for i, ok := range picked {
			if ok {
				got = append(got, m.Path(i))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.patterns, got, c.want)
		}
	}
}

func TestSelectTellsOfPatternsThatPickNothing(t *testing.T) {
	m := build(t, tree("Photos/a.jpg", "notes.odt")...)
	for _, pattern := range []string{"*.png", "photos", "Photos/b", "a.jpg/x", "", "/", "Photo"} {
		_, err := manifest.Select(m, []string{"notes.odt", pattern})
		var none *manifest.NoMatchError
		if !errors.As(err, &none) || none.Pattern != pattern {
			t.Errorf("%q: got %v", pattern, err)
		}
	}
	if _, err := manifest.Select(m, []string{"[a"}); !errors.Is(err, path.ErrBadPattern) {
		t.Errorf("got %v", err)
	}
}
