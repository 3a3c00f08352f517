package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
	"potluck/ui/words"
)

// now is when everything happens.
var now = time.Date(2026, 11, 26, 14, 5, 0, 0, time.UTC)

var (
	anna = identity.ID{0xAA, 0x11}
	binh = identity.ID{0xBB, 0x22}
	fake = identity.ID{0xFF, 0x33}
)

func in(t testing.TB, language string) view.Words {
	t.Helper()
	book, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return book.In(language)
}

// bare returns a text without the marks that keep what stands in it apart.
func bare(s string) string {
	return strings.NewReplacer("\u2068", "", "\u2069", "", "\u00A0", " ").Replace(s)
}

// of returns the view for somebody who has looked around for a while, in English.
func of(t *testing.T, s sharing.Snapshot, l view.Local) view.View {
	t.Helper()
	l.Began = now.Add(-time.Hour)
	return view.Of(s, l, view.Choices{}, &view.Memory{}, now, in(t, "en"))
}

// around are Anna, whom this person knows, Bình, whom not, and one who has taken
// Anna's name.
func around() sharing.Snapshot {
	return sharing.Snapshot{Neighbours: []sharing.Neighbour{
		{ID: anna, Name: "Anna", Paired: true}, {ID: binh, Name: "Bình"}, {ID: fake, Name: "Anna", Twin: true},
	}}
}
