package manifest

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A folding tells which names a file system takes for the same. It goes beyond
// what any one system does, for they differ (ß is ss to some, the dotless i of
// Turkish is i to others, some skip what is invisible): a name changed without
// need is a smaller harm than two files in one place.
//
// It is for one goroutine.
type folding struct {
	traits Traits
	caser  cases.Caser
}

func newFolding(t Traits) *folding { return &folding{t, cases.Fold()} }

// key returns the same string for names that might be taken for the same.
func (f *folding) key(name string) string {
	if isASCII(name) {
		if f.traits.FoldsCase {
			return strings.ToLower(name)
		}
		return name
	}
	if f.traits.FoldsForms {
		name = norm.NFD.String(strings.Map(dropIgnorable, name))
	}
	if f.traits.FoldsCase {
		name = f.caser.String(strings.Map(oneCase, name))
	}
	if f.traits.FoldsForms {
		name = norm.NFD.String(name)
	}
	if f.traits.FoldsCase {
		name = strings.ReplaceAll(name, "i\u0307", "i") // what is left of İ
	}
	return name
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// oneCase maps letters that differ only in case, by any table, to one of them.
func oneCase(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// dropIgnorable drops the characters that Linux skips in folders that do not
// tell forms apart.
func dropIgnorable(r rune) rune {
	if isInvisible(r) {
		return -1
	}
	return r
}
