package view

import (
	"slices"
	"strings"
	"sync"

	"potluck/sharing/manifest"
)

// A Mark is how much of a folder is ticked.
type Mark int

// The marks.
const (
	Off Mark = iota
	On
	Mixed
)

// A Tree is what is in an offer, with a tick for each entry, flattened into rows:
// what is closed has none. A million entries are ticked, opened and drawn at
// once. It is for one goroutine, but for [Tree.Matches].
type Tree struct {
	m *manifest.Manifest

	first, next []int32 // first entry in a folder, next one in the same; -1 for none
	top         int32
	files       []int32 // in a folder and below
	bytes       []int64
	want        []bool
	wanted      []int32 // files that are ticked, in a folder and below
	wantedBytes []int64
	open        []bool
	rows        []int32
	found       bool // rows are what was searched for
	only        bool // rows are the programs
	touched     bool // something was ticked, or its tick taken away, by hand
	programs    []int32
	within      map[int32]int // programs in a folder and below

	fold   sync.Once
	folded []string // names as they are searched, from the first search on

	allFiles, allWanted, allRisked int
	allBytes                       int64
}

// A TreeRow is one row.
type TreeRow struct {
	Depth   int
	Name    string
	Ext     string
	Program bool
	Note    string // how many files, or the kind
	Marked  bool   // there are programs in the folder
	Where   string // the folder it lies in, of what was searched for
	Size    string
	Mark    Mark
	Folder  bool
	Open    bool
	Label   string
}

// NewTree makes the tree of an offer. What was ticked before is ticked again; if that is
// nothing, all is but, if they are to be spared (see [Spared]), programs. It takes a second for a million entries: call it where
// nobody waits.
func NewTree(m *manifest.Manifest, before *Picks, spare bool) *Tree {
	n := m.Len()
	t := &Tree{
		m: m, first: make([]int32, n), next: make([]int32, n), files: make([]int32, n), bytes: make([]int64, n), top: -1,
		want: make([]bool, n), wanted: make([]int32, n), wantedBytes: make([]int64, n), open: make([]bool, n), within: map[int32]int{},
	}
	for i := range n {
		t.first[i], t.next[i] = -1, -1
	}
	if t.touched = before != nil; t.touched {
		spare = false
	}
	for i := n - 1; i >= 0; i-- { // backwards, so that lists are in order and children come before parents
		parent := m.Parent(i)
		if parent >= 0 {
			t.next[i], t.first[parent] = t.first[parent], int32(i)
		} else {
			t.next[i], t.top = t.top, int32(i)
		}
		t.want[i] = before == nil || before.want == nil || before.want[i]
		if !m.Dir(i) {
			t.files[i], t.bytes[i] = 1, m.Size(i)
			if t.program(int32(i)) {
				t.programs = append(t.programs, int32(i))
				for p := parent; p >= 0; p = m.Parent(p) {
					t.within[int32(p)]++
				}
				if t.want[i] = t.want[i] && !spare; t.want[i] {
					t.allRisked++
				}
			}
			if t.want[i] {
				t.wanted[i], t.wantedBytes[i] = 1, t.bytes[i]
			}
		}
		if parent >= 0 {
			t.files[parent] += t.files[i]
			t.bytes[parent] += t.bytes[i]
			t.wanted[parent] += t.wanted[i]
			t.wantedBytes[parent] += t.wantedBytes[i]
		} else {
			t.allFiles += int(t.files[i])
			t.allWanted += int(t.wanted[i])
			t.allBytes += t.wantedBytes[i]
		}
	}
	slices.Reverse(t.programs)
	if t.top >= 0 && t.next[t.top] < 0 {
		t.open[t.top] = true // a single folder is opened
	}
	t.flatten()
	return t
}

// program reports whether an entry is one.
func (t *Tree) program(e int32) bool {
	_, program := manifest.Kind(t.m.Name(int(e)))
	return program && !t.m.Dir(int(e))
}

// flatten makes the rows of what is open.
func (t *Tree) flatten() {
	t.rows, t.found, t.only = t.appendRows(t.rows[:0], t.top), false, false
}

// appendRows appends an entry, those after it, and what is open below them.
func (t *Tree) appendRows(rows []int32, i int32) []int32 {
	for ; i >= 0; i = t.next[i] {
		rows = append(rows, i)
		if t.open[i] {
			rows = t.appendRows(rows, t.first[i])
		}
	}
	return rows
}

// Len returns the number of rows.
func (t *Tree) Len() int { return len(t.rows) }

// Parent returns the row of the folder that row i is in, or -1.
func (t *Tree) Parent(i int) int {
	parent := t.m.Parent(int(t.rows[i]))
	if parent < 0 || t.found {
		return -1
	}
	for ; i >= 0; i-- {
		if int(t.rows[i]) == parent {
			return i
		}
	}
	return -1
}

// SetOpen opens or closes the folder of a row.
func (t *Tree) SetOpen(i int, open bool) {
	e := t.rows[i]
	if t.open[e] == open || !t.m.Dir(int(e)) || t.found {
		return
	}
	t.open[e] = open
	below := t.appendRows(nil, t.first[e])
	if open {
		t.rows = slices.Insert(t.rows, i+1, below...)
	} else {
		t.rows = slices.Delete(t.rows, i+1, i+1+len(below))
	}
}

// Toggle ticks a row and all below it, or takes the ticks away.
func (t *Tree) Toggle(i int) {
	e := t.rows[i]
	on := t.mark(e) != On
	t.touched = true
	files, size := t.wanted[e], t.wantedBytes[e]
	t.set(e, on)
	files, size = t.wanted[e]-files, t.wantedBytes[e]-size
	for p := t.m.Parent(int(e)); p >= 0; p = t.m.Parent(p) {
		t.wanted[p] += files
		t.wantedBytes[p] += size
		if on {
			t.want[p] = true
		}
	}
	t.allWanted += int(files)
	t.allBytes += size
}

// set ticks an entry and all below it, or takes the ticks away.
func (t *Tree) set(e int32, on bool) {
	if t.want[e] != on && t.program(e) {
		if on {
			t.allRisked++
		} else {
			t.allRisked--
		}
	}
	t.want[e] = on
	t.wanted[e], t.wantedBytes[e] = 0, 0
	if on {
		t.wanted[e], t.wantedBytes[e] = t.files[e], t.bytes[e]
	}
	for c := t.first[e]; c >= 0; c = t.next[c] {
		t.set(c, on)
	}
}

func (t *Tree) mark(e int32) Mark {
	switch {
	case t.files[e] == 0 && t.want[e] || t.files[e] > 0 && t.wanted[e] == t.files[e]:
		return On
	case t.files[e] == 0 || t.wanted[e] == 0:
		return Off
	}
	return Mixed
}

// Want returns what is ticked, by entry of the manifest; nil for all.
func (t *Tree) Want() []bool {
	if !slices.Contains(t.want, false) {
		return nil
	}
	want := slices.Clone(t.want)
	for i := range want { // a folder of which nothing is wanted is not wanted either
		if t.m.Dir(i) && t.files[i] > 0 {
			want[i] = t.wanted[i] > 0
		}
	}
	return want
}

// Wanted returns how many files are ticked, of how many, and their bytes.
func (t *Tree) Wanted() (files, of int, bytes int64) { return t.allWanted, t.allFiles, t.allBytes }

// maxMatches bounds what a search shows; nobody reads more.
const maxMatches = 10_000

// Matches returns the entries with a name that contains the text. It may be
// called from any goroutine: it reads nothing that changes.
func (t *Tree) Matches(text string) []int32 {
	text = folded(clean(text))
	if text == "" {
		return nil
	}
	t.fold.Do(func() {
		t.folded = make([]string, t.m.Len())
		for i := range t.folded {
			t.folded[i] = folded(t.m.Name(i))
		}
	})
	var list []int32
	for i, name := range t.folded {
		if strings.Contains(name, text) {
			if list = append(list, int32(i)); len(list) == maxMatches {
				break
			}
		}
	}
	return list
}

// ShowMatches shows the entries of a search; nil shows the tree again.
func (t *Tree) ShowMatches(list []int32) {
	if list == nil {
		t.flatten()
		return
	}
	t.rows, t.found, t.only = slices.Clone(list), true, false
}

// Programs returns how many programs there are, and how many of them are ticked.
func (t *Tree) Programs() (all, wanted int) { return len(t.programs), t.allRisked }

// ShowPrograms shows the programs alone, or the tree again.
func (t *Tree) ShowPrograms(only bool) {
	if !only {
		t.flatten()
		return
	}
	t.rows, t.found, t.only = slices.Clone(t.programs), true, true
}

// OnlyPrograms reports whether the programs alone are shown.
func (t *Tree) OnlyPrograms() bool { return t.only }

// Row returns a row as it is shown.
func (t *Tree) Row(i int, w Words) TreeRow {
	e := t.rows[i]
	entry := int(e)
	r := TreeRow{
		Name: itemName(t.m.Name(entry), w), Folder: t.m.Dir(entry), Open: t.open[e] && !t.found,
		Mark: t.mark(e), Size: size(t.bytes[e], w),
	}
	if t.found {
		if p := t.m.Parent(entry); p >= 0 {
			r.Where = clean(t.m.Path(p))
		}
	} else {
		for p := t.m.Parent(entry); p >= 0; p = t.m.Parent(p) {
			r.Depth++
		}
	}
	if r.Folder {
		r.Note = w.N("{{.N}} files", int(t.files[e]))
		if n := t.within[e]; n > 0 {
			r.Note, r.Marked = w.N("{{.N}} programs", n)+dot+r.Note, true
		}
	} else if r.Ext, r.Program = manifest.Kind(t.m.Name(entry)); r.Program {
		r.Note = w.L("Program")
	}
	if r.Program {
		r.Name = withoutExt(r.Name, r.Ext)
	} else {
		r.Ext = "" // it is part of the name
	}
	state := map[Mark]string{On: w.L("ticked"), Off: w.L("not ticked"), Mixed: w.L("partly ticked")}[r.Mark]
	r.Label = strings.Join(noneEmpty([]string{r.Name, r.Note, r.Where, r.Size, state}), ", ")
	return r
}
