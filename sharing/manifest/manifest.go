package manifest

import (
	"iter"
	"sort"
	"time"
)

// maxTop is how many top-level names [Manifest.Top] returns at most.
const maxTop = 100

// A Manifest is a checked list of files and folders, in the byte order of their
// paths. It does not change, and its methods are safe to call from any
// goroutine. A million entries take about 24 MB and the length of their names.
//
// Methods that take an index panic if there is no such entry.
type Manifest struct {
	records list[record]
	names   nameList
	files   int
	length  int64 // of the stream
	top     []string
	tops    int
	hash    [32]byte
}

// Len returns the number of entries, which is at least 1.
func (m *Manifest) Len() int { return m.records.n }

// Files returns the number of files.
func (m *Manifest) Files() int { return m.files }

// Folders returns the number of folders.
func (m *Manifest) Folders() int { return m.records.n - m.files }

// StreamLength returns the sum of the sizes of all files.
func (m *Manifest) StreamLength() int64 { return m.length }

// Hash returns the SHA-256 of the uncompressed JSON lines. Two manifests with
// the same hash have the same entries.
func (m *Manifest) Hash() [32]byte { return m.hash }

// Top returns the names of the items that are in no folder, in order, at most
// 100 of them.
func (m *Manifest) Top() []string { return append([]string(nil), m.top...) }

// TopCount returns how many items are in no folder.
func (m *Manifest) TopCount() int { return m.tops }

// Entry returns entry i.
func (m *Manifest) Entry(i int) Entry { return m.entry(i, m.Path(i)) }

func (m *Manifest) entry(i int, path string) Entry {
	r := m.records.at(i)
	return Entry{Path: path, Dir: r.dir(), Size: m.Size(i), ModTime: time.Unix(0, r.mod).UTC()}
}

// Path returns the path of entry i.
func (m *Manifest) Path(i int) string { return string(m.appendPath(nil, i)) }

// Name returns the last name in the path of entry i.
func (m *Manifest) Name(i int) string { return string(m.name(i)) }

// Dir reports whether entry i is a folder.
func (m *Manifest) Dir(i int) bool { return m.records.at(i).dir() }

// Parent returns the index of the folder that entry i is in, which is less than
// i, or -1 if it is in none.
func (m *Manifest) Parent(i int) int {
	if p := m.records.at(i).parent(); p != noFolder {
		return p
	}
	return -1
}

// Size returns the size of entry i in bytes.
func (m *Manifest) Size(i int) int64 {
	if i+1 < m.records.n {
		return m.records.at(i+1).offset - m.records.at(i).offset
	}
	return m.length - m.records.at(i).offset
}

// Time returns when entry i was changed last, in nanoseconds since 1970.
func (m *Manifest) Time(i int) int64 { return m.records.at(i).mod }

// Offset returns where entry i begins in the stream; for a folder or an empty
// file, where it would.
func (m *Manifest) Offset(i int) int64 { return m.records.at(i).offset }

// At returns the index of the file that holds the byte at offset off of the
// stream, or -1 if there is no such byte. It takes logarithmic time.
func (m *Manifest) At(off int64) int {
	if off < 0 || off >= m.length {
		return -1
	}
	// What begins last at or before off is not empty, for the next begins behind it.
	return sort.Search(m.records.n, func(i int) bool { return m.records.at(i).offset > off }) - 1
}

// All returns all entries in order, with their indexes.
func (m *Manifest) All() iter.Seq2[int, Entry] {
	return func(yield func(int, Entry) bool) {
		for i, path := range m.paths() {
			if !yield(i, m.entry(i, string(path))) {
				return
			}
		}
	}
}

// paths returns all paths in order. Each is valid until the next.
func (m *Manifest) paths() iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		var path []byte
		folder, prefix := noFolder, 0 // path[:prefix] leads to folder
		for i := range m.records.n {
			if p := m.records.at(i).parent(); p != folder {
				folder, path = p, path[:0]
				if p != noFolder {
					path = append(m.appendPath(path, p), '/')
				}
				prefix = len(path)
			}
			path = append(path[:prefix], m.name(i)...)
			if !yield(i, path) {
				return
			}
		}
	}
}

func (m *Manifest) name(i int) []byte {
	r := m.records.at(i)
	return m.names.at(r.name, r.nameLen())
}

func (m *Manifest) appendPath(dst []byte, i int) []byte {
	var chain [MaxDepth]int
	n := 0
	for ; i >= 0; i = m.Parent(i) {
		chain[n] = i
		n++
	}
	for n--; n > 0; n-- {
		dst = append(append(dst, m.name(chain[n])...), '/')
	}
	return append(dst, m.name(chain[0])...)
}
