package manifest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// A Builder collects the entries of a new manifest. The zero value is ready to
// use. It is for one goroutine.
type Builder struct {
	nodes   list[node]
	names   nameList
	folders map[string]int32 // by path; some were only heard of, as where an entry is
	count   int
	scratch []byte

	lastPath string // of the folder asked for last
	last     int32
}

// A node is an entry that was added, or a folder that was heard of.
type node struct {
	size, mod int64
	name      uint32
	parent    int32 // -1 for none
	nameLen   uint16
	dir       bool
	added     bool
}

// Add adds an entry. Entries may come in any order, a folder also after what
// is in it.
//
// The error is an [*InvalidError] for a path that no manifest may have, a size
// that is negative, a folder that was added before, or an entry too many; the
// Builder is then as it was, so that a caller can leave the entry out and go on.
// What contradicts itself otherwise is found by Build.
func (b *Builder) Add(e Entry) error {
	b.scratch = append(b.scratch[:0], e.Path...)
	reason := checkPath(b.scratch)
	switch {
	case reason != "":
	case b.count == MaxEntries:
		reason = "there are too many files and folders"
	case e.Size < 0:
		reason = "its size is negative"
	case e.Dir && e.Size != 0:
		reason = "a folder has no size"
	}
	if reason != "" {
		return &InvalidError{Entry: b.count, Path: e.Path, Reason: reason}
	}

	n := node{size: e.Size, mod: nanoseconds(e.ModTime), dir: e.Dir, added: true}
	if !e.Dir {
		b.insert(e.Path, n)
	} else if known, ok := b.folders[e.Path]; !ok {
		b.insert(e.Path, n)
	} else if at := b.nodes.at(int(known)); at.added {
		return &InvalidError{Entry: b.count, Path: e.Path, Reason: "the same path is there twice"}
	} else {
		at.mod, at.added = n.mod, true
	}
	b.count++
	return nil
}

// insert adds n at path and returns its number.
func (b *Builder) insert(path string, n node) int32 {
	slash := strings.LastIndexByte(path, '/')
	n.parent = -1
	if slash >= 0 {
		n.parent = b.folder(path[:slash])
	}
	b.scratch = append(b.scratch[:0], path[slash+1:]...)
	n.name, n.nameLen = b.names.add(b.scratch), uint16(len(b.scratch))
	b.nodes.add(n)
	number := int32(b.nodes.n - 1)
	if n.dir {
		if b.folders == nil {
			b.folders = make(map[string]int32)
		}
		b.folders[strings.Clone(path)] = number
	}
	return number
}

// folder returns the number of the folder at path.
func (b *Builder) folder(path string) int32 {
	if path == b.lastPath {
		return b.last
	}
	number, ok := b.folders[path]
	if !ok {
		number = b.insert(path, node{dir: true})
	}
	b.lastPath, b.last = path, number
	return number
}

// Build returns the manifest of all that was added, and leaves the Builder
// empty. The error is an [*InvalidError]: nothing was added, or the same path
// twice, or something in a folder that was not, or more than the limits allow.
func (b *Builder) Build() (*Manifest, error) {
	s := sorter{b: *b, a: newAssembler()}
	*b = Builder{}
	s.b.folders = nil
	s.a.m.names = s.b.names // they are long: not twice
	s.group()
	if err := s.emit(-1); err != nil {
		return nil, err
	}
	return s.a.finish()
}

// A sorter brings what a Builder holds into the byte order of the paths.
//
// It does so folder by folder. What is in the folder a comes behind a! and
// before a0, for so the slash sorts; hence each folder counts as two things to
// be sorted among its neighbours, itself ("a") and what is in it ("a/").
type sorter struct {
	b        Builder
	a        *assembler
	children []int32 // the nodes, those of one folder together
	first    []int32 // where the children of node i-1 begin
	path     []byte  // of the folder at hand, with a slash behind it
	line     []byte
}

// group fills children and first.
func (s *sorter) group() {
	n := s.b.nodes.n
	s.first = make([]int32, n+2)
	for i := range n {
		s.first[s.b.nodes.at(i).parent+2]++
	}
	for i := 1; i < len(s.first); i++ {
		s.first[i] += s.first[i-1]
	}
	s.children = make([]int32, n)
	next := slices.Clone(s.first)
	for i := range n {
		p := s.b.nodes.at(i).parent + 1
		s.children[next[p]] = int32(i)
		next[p]++
	}
}

// An item is a node, or what is in it.
type item struct {
	node   int32
	inside bool
}

// emit passes what is in folder, at any depth, to the assembler.
func (s *sorter) emit(folder int32) error {
	children := s.children[s.first[folder+1]:s.first[folder+2]]
	items := make([]item, 0, len(children))
	for _, c := range children {
		if s.b.nodes.at(int(c)).added {
			items = append(items, item{c, false})
		}
		if s.first[c+1] < s.first[c+2] {
			items = append(items, item{c, true})
		}
	}
	slices.SortFunc(items, s.compare)

	prefix := len(s.path)
	for _, it := range items {
		n := s.b.nodes.at(int(it.node))
		s.path = append(s.path[:prefix], s.name(it.node)...)
		var err error
		if it.inside {
			s.path = append(s.path, '/')
			err = s.emit(it.node)
		} else {
			err = s.add(n)
		}
		if err != nil {
			return err
		}
	}
	s.path = s.path[:prefix]
	return nil
}

func (s *sorter) add(n *node) error {
	entry := s.a.m.records.n
	reason := s.a.addNamed(s.path, n.dir, n.size, n.mod, func([]byte) uint32 { return n.name })
	if reason == "" {
		s.line = appendLine(s.line[:0], s.path, n.dir, n.size, n.mod)
		reason = s.a.count(s.line)
	}
	if reason == "" {
		return nil
	}
	return &InvalidError{Entry: entry, Path: string(s.path), Reason: reason}
}

func (s *sorter) name(i int32) []byte {
	n := s.b.nodes.at(int(i))
	return s.b.names.at(n.name, int(n.nameLen))
}

// compare compares names, with a slash behind those that stand for what is
// inside.
func (s *sorter) compare(x, y item) int {
	a, b := s.name(x.node), s.name(y.node)
	n := min(len(a), len(b))
	if c := bytes.Compare(a[:n], b[:n]); c != 0 {
		return c
	}
	return cmp.Compare(next(a, n, x.inside), next(b, n, y.inside))
}

// next returns the byte of name at n, where a slash follows it if inside is
// set, and -1 behind the end.
func next(name []byte, n int, inside bool) int {
	switch {
	case n < len(name):
		return int(name[n])
	case inside:
		return '/'
	default:
		return -1
	}
}
