package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/manifest"
	"potluck/ui/view"
)

// What is typed without accents, in small or capital letters, finds the names that
// have them, and the other way round.
func TestSearchIgnoresAccents(t *testing.T) {
	for _, c := range []struct {
		typed, name string
		finds       bool
	}{
		{"binh", "Bình's ThinkPad", true},
		{"BÌNH", "bình", true},
		{"Bình", "BINH", true},
		{"bi\u0300nh", "Bình", true}, // as some systems write it
		{"da lat", "Ảnh Đà Lạt 2026", true},
		{"lat anh", "Ảnh Đà Lạt 2026", true},
		{"nguyen", "Nguyễn", true},
		{"jurgen-buro", "Jürgen-Büro", true},
		{"strasse", "Straße.pdf", true},
		{"strasse", "STRASSE.pdf", true},
		{"lodz", "Łódź", true},
		{"寿司", "寿司の写真", true},
		{"か", "が", false}, // another letter, and not one with an accent
		{"bink", "Bình", false},
	} {
		transfer := sharing.Transfer{
			Share: sharing.ShareID{1}, Direction: sharing.Receiving, State: sharing.Delivered, Title: c.name, Files: 1, Ended: now,
			Peers: []sharing.Peer{{ID: anna, Name: "Zoë", State: sharing.Delivered}},
		}
		s := sharing.Snapshot{Transfers: []sharing.Transfer{transfer}}
		found := func() int {
			return len(of(t, s, view.Local{Page: view.Transfers, Search: c.typed}).History.History)
		}
		if got := found() == 1; got != c.finds {
			t.Errorf("%q finds a file %q: %v", c.typed, c.name, got)
		}
		s.Transfers[0].Title, s.Transfers[0].Peers[0].Name = "a.txt", c.name
		if got := found() == 1; got != c.finds {
			t.Errorf("%q finds somebody %q: %v", c.typed, c.name, got)
		}
		if strings.Contains(c.typed, " ") {
			continue // what is looked into is searched for a text, and not word by word
		}
		tree := view.NewTree(build(t, manifest.Entry{Path: c.name, Size: 1}), nil, false)
		if got := len(tree.Matches(c.typed)) == 1; got != c.finds {
			t.Errorf("%q finds %q inside: %v", c.typed, c.name, got)
		}
	}
}

// What was folded is remembered, and not taken for another name.
func TestSearchFollowsNames(t *testing.T) {
	s := sharing.Snapshot{Transfers: []sharing.Transfer{{
		Share: sharing.ShareID{1}, Direction: sharing.Receiving, State: sharing.Delivered, Title: "a.txt", Files: 1, Ended: now,
		Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Delivered}},
	}}}
	m := &view.Memory{}
	found := func(text string) int {
		v := view.Of(s, view.Local{Page: view.Transfers, Search: text}, view.Choices{}, m, now, in(t, "en"))
		return len(v.History.History)
	}
	if found("ann") != 1 || found("zoe") != 0 {
		t.Error("Anna is not found, or found as somebody else")
	}
	s.Transfers[0].Peers[0].Name = "Zoë"
	if found("ann") != 0 || found("zoe") != 1 {
		t.Error("who is called something else by now is found by what she was called")
	}
}

// BenchmarkSearch10000 is a letter typed into the search of a long history.
func BenchmarkSearch10000(b *testing.B) {
	var s sharing.Snapshot
	for i := range 10_000 {
		s.Transfers = append(s.Transfers, sharing.Transfer{
			Share: sharing.ShareID{byte(i), byte(i >> 8)}, Direction: sharing.Receiving, State: sharing.Delivered, Ended: now.Add(-time.Duration(i) * time.Second),
			Title: fmt.Sprintf("Ảnh Đà Lạt %d.jpeg", i), Files: 1, Peers: []sharing.Peer{{ID: anna, Name: "Bình's ThinkPad", State: sharing.Delivered}},
		})
	}
	m, w := &view.Memory{}, in(b, "en")
	for b.Loop() {
		view.Of(s, view.Local{Page: view.Transfers, Search: "da lat 77"}, view.Choices{}, m, now, w)
	}
}
