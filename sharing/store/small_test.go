package store

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSpansHoldWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 40
		var s spans
		there := make([]bool, n)
		for range rapid.IntRange(0, 12).Draw(t, "adds") {
			from := rapid.IntRange(0, n).Draw(t, "from")
			to := rapid.IntRange(from, n).Draw(t, "to")
			s.add(from, to)
			for i := from; i < to; i++ {
				there[i] = true
			}
		}
		got, last := make([]bool, n), -1
		for _, x := range s {
			if x.from <= last || x.from >= x.to {
				t.Fatalf("%v are not apart, or not in order", s)
			}
			for i := x.from; i < x.to; i++ {
				got[i] = true
			}
			last = x.to
		}
		all := true
		for i := range there {
			if got[i] != there[i] {
				t.Fatalf("%v is wrong at %d", s, i)
			}
			all = all && there[i]
		}
		if s.whole(n) != all {
			t.Fatalf("%v: whole is %v", s, !all)
		}
	})
}

func TestBitset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		b, want := newBitset(n), map[int]bool{}
		for _, i := range rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "members") {
			b.set(i)
			want[i] = true
		}
		if b.count() != len(want) {
			t.Fatalf("%d members, want %d", b.count(), len(want))
		}
		b.members(func(i int) {
			if !want[i] {
				t.Fatalf("%d is no member", i)
			}
		})
		first := rapid.IntRange(0, n-1).Draw(t, "first")
		last := rapid.IntRange(first, n-1).Draw(t, "last")
		all := true
		for i := first; i <= last; i++ {
			all = all && want[i]
		}
		if b.all(first, last) != all {
			t.Fatalf("all of %d to %d: %v", first, last, !all)
		}
		if c, ok := bitsetOf(b.bytes(), n); !ok || c.count() != b.count() {
			t.Fatal("not read as written")
		}
	})
}

func TestNumbered(t *testing.T) {
	for _, c := range []struct {
		name   string
		folder bool
		want   string
	}{
		{"notes.odt", false, "notes (2).odt"},
		{"notes", false, "notes (2)"},
		{".bashrc", false, ".bashrc (2)"},
		{"src.tar.gz", false, "src (2).tar.gz"},
		{".tar.gz", false, ".tar (2).gz"},
		{"Dr. No", false, "Dr. No (2)"},
		{"Photos.2024", true, "Photos.2024 (2)"},
		{"notes (2).odt", false, "notes (2) (2).odt"},
		{strings.Repeat("ü", 125) + ".jpeg", false, strings.Repeat("ü", 123) + " (2).jpeg"},
	} {
		if got := numbered(c.name, 2, c.folder); got != c.want {
			t.Errorf("numbered(%q) is %q, want %q", c.name, got, c.want)
		}
	}
	if got := numbered("a.b", 1, false); got != "a.b" {
		t.Errorf("the first is %q", got)
	}
}
