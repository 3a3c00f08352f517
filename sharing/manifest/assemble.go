package manifest

import (
	"crypto/sha256"
	"fmt"
	"hash"
)

// An assembler puts a manifest together from entries that come in order. It is
// where the rules are kept, for the sharer and for the receiver.
type assembler struct {
	m     Manifest
	bytes int64     // of all lines
	hash  hash.Hash // of all lines
	prev  []byte    // path of the last entry
	open  []open    // the entries whose paths prev begins with, shortest first
}

type open struct {
	length int // of the path
	entry  int
}

func newAssembler() *assembler { return &assembler{hash: sha256.New()} }

// finish returns the manifest.
func (a *assembler) finish() (*Manifest, error) {
	if a.m.records.n == 0 {
		return nil, &InvalidError{Entry: -1, Reason: "it is empty"}
	}
	a.hash.Sum(a.m.hash[:0])
	return &a.m, nil
}

// count takes note of a line, or returns why it is one too many.
func (a *assembler) count(line []byte) (reason string) {
	if a.bytes += int64(len(line)); a.bytes > MaxBytes {
		return fmt.Sprintf("there are more than %d MiB of names", MaxBytes>>20)
	}
	a.hash.Write(line)
	return ""
}

// add appends an entry, or returns why that cannot be.
func (a *assembler) add(path []byte, dir bool, size, mod int64) (reason string) {
	return a.addNamed(path, dir, size, mod, a.m.names.add)
}

// addNamed is add for an entry whose name is kept, in the names of the manifest,
// where keep says.
func (a *assembler) addNamed(path []byte, dir bool, size, mod int64, keep func(name []byte) uint32) (reason string) {
	m := &a.m
	if m.records.n == MaxEntries {
		return fmt.Sprintf("there are more than %d files and folders", MaxEntries)
	}
	if reason := checkPath(path); reason != "" {
		return reason
	}
	if size < 0 {
		return "its size is negative"
	}
	if size > MaxStream-m.length {
		return "all sizes together are too large"
	}

	same := commonPrefix(a.prev, path)
	switch {
	case m.records.n == 0:
	case same == len(path) && same == len(a.prev):
		return "the same path is there twice"
	case same == len(path) || same < len(a.prev) && path[same] < a.prev[same]:
		return "the entries are not in order"
	}
	for len(a.open) > 0 && a.open[len(a.open)-1].length > same {
		a.open = a.open[:len(a.open)-1]
	}
	slash := lastSlash(path)
	parent, reason := a.folder(slash)
	if reason != "" {
		return reason
	}

	name := path[slash+1:]
	m.records.add(newRecord(parent, keep(name), len(name), dir, m.length, mod))
	m.length += size
	if !dir {
		m.files++
	}
	if parent == noFolder {
		m.tops++
		if len(m.top) < maxTop {
			m.top = append(m.top, string(name))
		}
	}
	a.open = append(a.open, open{len(path), m.records.n - 1})
	a.prev = append(a.prev[:0], path...)
	return ""
}

// folder returns the open folder with a path of the given length.
//
// It is always open if it exists: an entry that its path is not a prefix of and
// that comes after it comes after all it holds, too.
func (a *assembler) folder(length int) (entry int, reason string) {
	if length < 0 {
		return noFolder, ""
	}
	for i := len(a.open) - 1; i >= 0 && a.open[i].length >= length; i-- {
		if a.open[i].length > length {
			continue
		}
		if !a.m.records.at(a.open[i].entry).dir() {
			return 0, "it is in a folder that is also there as a file"
		}
		return a.open[i].entry, ""
	}
	return 0, "the folder it is in is not there"
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func lastSlash(path []byte) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return i
		}
	}
	return -1
}
