package manifest

import (
	"slices"
	"strconv"
)

// maxRenamed is how many [Plan.Renamed] tells of.
const maxRenamed = 1000

// A Plan says under which path each entry of a manifest arrives on a certain
// file system. It does not change, and its methods are safe to call from any
// goroutine.
type Plan struct {
	m       *Manifest
	changed []change // in the order of the entries
	renamed []Renamed
}

// A change is a name that is not the one in the manifest.
type change struct {
	entry int
	name  string
}

// A Renamed is an entry whose own name is another one here. What is in a
// renamed folder is not told of for that alone.
type Renamed struct {
	Entry    int
	From, To string // whole paths; From is foreign text
}

// Localize gives every entry of m a path that is legal on a file system with
// traits t, and that no other entry has there. Names that need no change have
// none and are served first; the others follow in the order of the manifest. The
// result depends on nothing but m and t.
//
// Characters that are not allowed become "_", as do control characters, on
// every system; reserved names get a "_"; names that are too long lose their
// middle part, not their extension; and what would be taken for another name
// in the same folder becomes "name (2).ext".
func Localize(m *Manifest, t Traits) *Plan {
	p := &Plan{m: m}
	if !t.FoldsCase && !t.FoldsForms && allLegal(m, t) {
		return p
	}
	l := localizer{m: m, traits: t, folding: newFolding(t), taken: map[uint64]struct{}{}, next: map[uint64]int{}}
	for siblings := range m.siblings() {
		l.folder(siblings)
	}
	p.changed = l.changed
	slices.SortFunc(p.changed, func(a, b change) int { return a.entry - b.entry })
	for _, c := range p.changed[:min(len(p.changed), maxRenamed)] {
		p.renamed = append(p.renamed, Renamed{Entry: c.entry, From: m.Path(c.entry), To: p.Path(c.entry)})
	}
	return p
}

func allLegal(m *Manifest, t Traits) bool {
	for i := range m.Len() {
		if name := m.Name(i); t.legal(name, m.Dir(i)) != name {
			return false
		}
	}
	return true
}

// Path returns the path of entry i, with slashes between its names. It leads to
// nowhere outside (see [path/filepath.IsLocal]).
func (p *Plan) Path(i int) string {
	if len(p.changed) == 0 {
		return p.m.Path(i)
	}
	var chain [MaxDepth]int
	n := 0
	for ; i >= 0; i = p.m.Parent(i) {
		chain[n] = i
		n++
	}
	var path []byte
	for n--; n >= 0; n-- {
		if changed, ok := p.find(chain[n]); ok {
			path = append(path, changed...)
		} else {
			path = append(path, p.m.name(chain[n])...)
		}
		if n > 0 {
			path = append(path, '/')
		}
	}
	return string(path)
}

// Name returns the last name in the path of entry i.
func (p *Plan) Name(i int) string {
	if changed, ok := p.find(i); ok {
		return changed
	}
	return p.m.Name(i)
}

func (p *Plan) find(i int) (name string, ok bool) {
	at, ok := slices.BinarySearchFunc(p.changed, i, func(c change, i int) int { return c.entry - i })
	if !ok {
		return "", false
	}
	return p.changed[at].name, true
}

// Renamed returns the entries whose names are other ones here, in order, at
// most 1000 of them. It must not be changed.
func (p *Plan) Renamed() []Renamed { return p.renamed }

// RenamedCount returns how many entries have another name here.
func (p *Plan) RenamedCount() int { return len(p.changed) }

// A localizer names what is in one folder after another.
type localizer struct {
	m       *Manifest
	traits  Traits
	folding *folding
	changed []change

	// Of the folder at hand, by the hash of what the file system makes of a
	// name. Should two hashes be equal, somebody gets a number without need.
	taken map[uint64]struct{}
	next  map[uint64]int // number to try for a name that is taken
}

// folder names the entries that are in one folder.
func (l *localizer) folder(entries []int32) {
	clear(l.taken)
	clear(l.next)
	var later []int32
	for _, e := range entries {
		name := l.m.Name(int(e))
		if l.traits.legal(name, l.m.Dir(int(e))) != name || !l.take(name) {
			later = append(later, e)
		}
	}
	for _, e := range later {
		dir := l.m.Dir(int(e))
		name := l.traits.legal(l.m.Name(int(e)), dir)
		if !l.take(name) {
			name = l.number(name, dir)
		}
		l.changed = append(l.changed, change{int(e), name})
	}
}

// take reports whether name was free, and takes it.
func (l *localizer) take(name string) bool {
	h := l.hash(name)
	_, taken := l.taken[h]
	l.taken[h] = struct{}{}
	return !taken
}

// number takes the first free name of the form "name (2).ext".
func (l *localizer) number(name string, dir bool) string {
	const room = len(" (1048576)")
	stem, ext := splitExt(name, dir)
	stem = l.traits.cut(stem, MaxName-room-l.traits.length(ext))
	base := l.hash(stem + "/" + ext)
	for n := max(2, l.next[base]); ; n++ {
		if numbered := stem + " (" + strconv.Itoa(n) + ")" + ext; l.take(numbered) {
			l.next[base] = n + 1
			return numbered
		}
	}
}

// hash returns the FNV-1a hash of what the file system makes of name. It is the
// same on every run, unlike that of package maphash.
func (l *localizer) hash(name string) uint64 {
	h := uint64(14695981039346656037)
	key := l.folding.key(name)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}
