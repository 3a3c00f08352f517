package sharing

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"potluck/sharing/manifest"
)

func TestContentsAndAChoiceOfThem(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 3<<20)
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	m, err := anna.Contents(t.Context(), share.Short())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := anna.Contents(t.Context(), share.Short()); err != nil || again != m {
		t.Errorf("the list was made anew: %v", err) // with a million entries that would take seconds
	}
	if sent, err := ben.Contents(t.Context(), share.String()); err != nil || sent.Hash() != m.Hash() {
		t.Errorf("the sharer's list is another one: %v", err)
	}
	top := filepath.Base(root)
	find := func(path string) int {
		i := slices.IndexFunc(pathsOf(m), func(p string) bool { return p == top+"/"+path })
		if i < 0 {
			t.Fatalf("there is no %s", path)
		}
		return i
	}
	nothing, short := make([]bool, m.Len()), make([]bool, m.Len()-1)
	short[0] = true
	for name, o := range map[string]AcceptOptions{
		"nothing": {Want: nothing}, "too few": {Want: short}, "both ways": {Want: slices.Repeat([]bool{true}, m.Len()), Only: []string{"one"}},
	} {
		if _, err := anna.Accept(t.Context(), share.String(), o); err == nil {
			t.Fatalf("%s was accepted", name)
		}
	}
	want := make([]bool, m.Len())
	want[find("one")], want[find("sub/deep/.hidden")], want[find("empty folder")] = true, true, true
	mine := slices.Clone(want)
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{Want: want}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(want, mine) {
		t.Error("the caller's choice was changed")
	}
	got := next[DeliveredEvent](anna, nil)
	if got.Files != 2 || got.Bytes != 78 {
		t.Errorf("delivered %+v", got)
	}
	onlyIn(t, got.Path, "one", "sub", "empty folder")
	onlyIn(t, filepath.Join(got.Path, "sub"), "deep")
	next[DeliveredEvent](ben, nil)
	again, err := anna.Contents(t.Context(), share.String())
	if err != nil || again.Hash() != m.Hash() {
		t.Errorf("after the delivery: %v", err)
	}
	ben.until("the end", func(s Snapshot) bool { return !s.Transfers[0].Ended.IsZero() })
	ben.until("nothing kept of it", func(Snapshot) bool {
		_, err := ben.Contents(t.Context(), share.String())
		return errors.Is(err, ErrState)
	})
	if _, err := ben.Contents(t.Context(), "ffffffff"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

func pathsOf(m *manifest.Manifest) []string {
	var list []string
	for _, e := range m.All() {
		list = append(list, e.Path)
	}
	return list
}

func TestAllTicksMeanAll(t *testing.T) {
	m := shortManifest(t)
	o := AcceptOptions{Want: slices.Repeat([]bool{true}, m.Len())}
	if want, err := o.pick(m); err != nil || want != nil {
		t.Errorf("%v, %v", want, err)
	}
	if want, err := new(AcceptOptions).pick(m); err != nil || want != nil {
		t.Errorf("%v, %v", want, err)
	}
}

func shortManifest(t *testing.T) *manifest.Manifest {
	t.Helper()
	var b manifest.Builder
	for _, e := range []manifest.Entry{{Path: "a", Dir: true}, {Path: "a/b", Size: 3}, {Path: "c", Size: 1}} {
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPartsFillUp(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	anna.limit(0, 8<<20)
	share := send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
	next[OfferedEvent](anna, nil)
	if _, err := anna.Parts(share.String()); !errors.Is(err, ErrState) {
		t.Errorf("parts of an offer: %v", err)
	}
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	anna.until("some parts", func(s Snapshot) bool { return s.Transfers[0].Peers[0].Done > 0 })
	parts, err := anna.Parts(share.String())
	if err != nil || len(parts) != maxParts || !slices.ContainsFunc(parts, func(p uint8) bool { return p > 0 }) ||
		!slices.Contains(parts, 0) {
		t.Errorf("in the middle: %d %v, %v", len(parts), parts, err)
	}
	ben.until("all hashed", func(s Snapshot) bool { return s.Transfers[0].Hashed == s.Transfers[0].Bytes })
	if parts, err := ben.Parts(share.String()); err != nil || len(parts) != maxParts || slices.Contains(parts, 0) {
		t.Errorf("at the sharer: %d %v, %v", len(parts), parts, err)
	}
	anna.limit(0, 0)
	next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	for _, p := range []*party{anna, ben} {
		parts, err := p.Parts(share.String())
		if err != nil || len(parts) != maxParts || slices.ContainsFunc(parts, func(p uint8) bool { return p != 255 }) {
			t.Errorf("in the end: %v, %v", parts, err)
		}
	}
	if _, err := anna.Parts("ffffffff"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

func TestPartsOfNothing(t *testing.T) {
	o := &outgoing{d: &Device{}}
	if got := o.parts(); len(got) != 0 {
		t.Errorf("an empty stream has %d parts", len(got))
	}
	o.rec.Bytes, o.hashed = 3<<18, 1 // of three pieces
	if got := o.parts(); !slices.Equal(got, []uint8{255, 0, 0}) {
		t.Errorf("one of three: %v", got)
	}
}
