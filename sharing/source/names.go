package source

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"potluck/sharing/manifest"
)

// A sibling is a name to be sent, and what it is called on disk.
type sibling struct {
	name string // valid UTF-8, unique in its folder
	real string
}

// maxBytes is the length in bytes to which names that had to be changed are cut.
const maxBytes = manifest.MaxName

// sendable returns names under which those on disk can be sent: as they are, or
// with the bytes that are not UTF-8 written as %XX. Those that were changed come
// last in the result.
func sendable(disk []string) []sibling {
	all := make([]sibling, 0, len(disk))
	var odd []string
	for _, name := range disk {
		if utf8.ValidString(name) {
			all = append(all, sibling{name, name})
		} else {
			odd = append(odd, name)
		}
	}
	if len(odd) == 0 {
		return all
	}
	taken := make(map[string]bool, len(disk))
	for _, s := range all {
		taken[s.name] = true
	}
	slices.Sort(odd) // who gets a number is not to depend on the disk
	for _, real := range odd {
		stem, ext := splitExt(escape(real))
		name := unique(stem, ext, taken)
		taken[name] = true
		all = append(all, sibling{name, real})
	}
	return all
}

// escape writes the bytes of s that are not valid UTF-8 as %XX.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				fmt.Fprintf(&b, "%%%02X", s[i])
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unique returns the name stem+ext, shortened if it is too long and with a number
// if it is taken: "sea (2).jpg".
func unique(stem, ext string, taken map[string]bool) string {
	for n := 1; ; n++ {
		end := ext
		if n > 1 {
			end = fmt.Sprintf(" (%d)%s", n, ext)
		}
		if name := cut(stem, maxBytes-len(end)) + end; !taken[name] {
			return name
		}
	}
}

// splitExt cuts a file name before its extension, if it has one.
func splitExt(name string) (stem, ext string) {
	ext = filepath.Ext(name)
	if len(ext) == len(name) || len(ext) > 32 {
		return name, ""
	}
	return name[:len(name)-len(ext)], ext
}

// cut returns at most n bytes of the valid UTF-8 in s.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
