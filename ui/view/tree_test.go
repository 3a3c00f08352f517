package view_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"potluck/sharing"
	"potluck/sharing/manifest"
	"potluck/ui/view"
)

func build(t testing.TB, entries ...manifest.Entry) *manifest.Manifest {
	t.Helper()
	var b manifest.Builder
	for _, e := range entries {
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

func album(t testing.TB) *manifest.Manifest {
	return build(t, manifest.Entry{Path: "album", Dir: true}, manifest.Entry{Path: "album/day", Dir: true}, manifest.Entry{Path: "album/day!", Dir: true},
		manifest.Entry{Path: "album/day/a.jpg", Size: 1000}, manifest.Entry{Path: "album/day/b.jpg", Size: 2000},
		manifest.Entry{Path: "album/day!/c.jpg", Size: 4000}, manifest.Entry{Path: "album/run.exe", Size: 8000})
}

// draw writes the rows of a tree.
func draw(t *testing.T, tree *view.Tree) string {
	t.Helper()
	w := in(t, "en")
	var rows []string
	for i := range tree.Len() {
		r := tree.Row(i, w)
		rows = append(rows, strings.Repeat("  ", r.Depth)+[]string{"[ ]", "[x]", "[-]"}[r.Mark]+" "+r.Name)
	}
	return strings.Join(rows, "\n")
}

func TestTree(t *testing.T) {
	m := album(t)
	tree := view.NewTree(m, nil, false)
	if got := draw(t, tree); got != "[x] album\n  [x] day\n  [x] day!\n  [x] run" {
		t.Errorf("begins as\n%s", got)
	}
	if tree.Want() != nil {
		t.Error("all is wanted, and some is left out")
	}
	tree.SetOpen(1, true)
	tree.Toggle(2)
	if got := draw(t, tree); got != "[-] album\n  [-] day\n    [ ] a.jpg\n    [x] b.jpg\n  [x] day!\n  [x] run" {
		t.Errorf("without a.jpg it is\n%s", got)
	}
	if tree.Parent(2) != 1 || tree.Parent(1) != 0 || tree.Parent(0) != -1 {
		t.Error("the rows do not know what they are in")
	}
	if files, of, bytes := tree.Wanted(); files != 3 || of != 4 || bytes != 14000 {
		t.Errorf("%d of %d files, %d bytes", files, of, bytes)
	}
	tree.Toggle(1) // a mixed folder is ticked as a whole
	tree.Toggle(1)
	tree.SetOpen(1, false)
	if got := draw(t, tree); got != "[-] album\n  [ ] day\n  [x] day!\n  [x] run" {
		t.Errorf("without the folder it is\n%s", got)
	}
	var wanted []string
	for i, want := range tree.Want() {
		if want {
			wanted = append(wanted, m.Path(i))
		}
	}
	if want := []string{"album", "album/day!", "album/day!/c.jpg", "album/run.exe"}; !slices.Equal(wanted, want) {
		t.Errorf("wants %q", wanted)
	}
	tree.ShowMatches(tree.Matches("JPG"))
	if got := draw(t, tree); got != "[x] c.jpg\n[ ] a.jpg\n[ ] b.jpg" && got != "[ ] a.jpg\n[ ] b.jpg\n[x] c.jpg" {
		t.Errorf("finds\n%s", got)
	}
	tree.ShowMatches(nil)
	if tree.Len() != 4 {
		t.Errorf("after the search there are %d rows", tree.Len())
	}
}

// Programs of strangers begin unticked, unless they are all there is.
func TestProgramsOfStrangers(t *testing.T) {
	for _, c := range []struct {
		offer sharing.Offer
		want  bool
	}{
		{sharing.Offer{Files: 3, Programs: 1}, true},
		{sharing.Offer{Files: 3, Programs: 1, Paired: true}, false},
		{sharing.Offer{Files: 3, Programs: 1, Paired: true, Twin: true}, true},
		{sharing.Offer{Files: 2, Programs: 2}, false},
		{sharing.Offer{Files: 3}, false},
	} {
		if got := view.Spared(c.offer); got != c.want {
			t.Errorf("%+v: %v", c.offer, got)
		}
	}
	if got := draw(t, view.NewTree(album(t), nil, true)); got != "[-] album\n  [x] day\n  [x] day!\n  [ ] run" {
		t.Errorf("begins as\n%s", got)
	}
	alone := build(t, manifest.Entry{Path: "run.exe", Size: 1})
	if got := draw(t, view.NewTree(alone, nil, false)); got != "[x] run" {
		t.Errorf("alone it begins as %s", got)
	}
}

// A folder with nothing in it is ticked like a file.
func TestEmptyFolder(t *testing.T) {
	tree := view.NewTree(build(t, manifest.Entry{Path: "a", Dir: true}, manifest.Entry{Path: "b", Size: 1}), nil, false)
	tree.Toggle(0)
	if got := draw(t, tree); got != "[ ] a\n[x] b" {
		t.Errorf("is\n%s", got)
	}
	if want := tree.Want(); !slices.Equal(want, []bool{false, true}) {
		t.Errorf("wants %v", want)
	}
}

// A million entries are ticked, opened and searched without a wait that somebody
// would feel.
func BenchmarkMillion(b *testing.B) {
	var entries []manifest.Entry
	for f := range 1000 {
		dir := fmt.Sprintf("top/%04d", f)
		entries = append(entries, manifest.Entry{Path: dir, Dir: true})
		for i := range 1000 {
			entries = append(entries, manifest.Entry{Path: fmt.Sprintf("%s/%04d.jpg", dir, i), Size: 1000})
		}
	}
	m := build(b, append(entries, manifest.Entry{Path: "top", Dir: true})...)
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			view.NewTree(m, nil, false)
		}
	})
	tree := view.NewTree(m, nil, false)
	b.Run("tick", func(b *testing.B) {
		for b.Loop() {
			tree.Toggle(0)
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			tree.SetOpen(1, true)
			tree.SetOpen(1, false)
		}
	})
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			tree.Matches("0999.jpg")
		}
	})
}

// What was searched for says where it lies, a program too.
func TestFoundSaysWhere(t *testing.T) {
	tree := view.NewTree(album(t), nil, true)
	tree.ShowMatches(tree.Matches("r"))
	where := map[string]string{}
	for i := range tree.Len() {
		r := tree.Row(i, in(t, "en"))
		where[r.Name+r.Ext] = r.Where
		if r.Where != "" && !strings.Contains(r.Label, r.Where) {
			t.Errorf("said is %q", r.Label)
		}
	}
	if where["runexe"] != "album" {
		t.Errorf("%q", where)
	}
	tree.ShowMatches(tree.Matches("a.jpg"))
	if r := tree.Row(0, in(t, "en")); r.Where != "album/day" {
		t.Errorf("a.jpg lies in %q", r.Where)
	}
	tree.ShowMatches(nil)
	if r := tree.Row(0, in(t, "en")); r.Where != "" {
		t.Errorf("the folder, in its place, says that it lies in %q", r.Where)
	}
}
