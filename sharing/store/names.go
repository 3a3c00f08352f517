package store

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxFileName is how long a name may be, in bytes, on the strictest of the common
// file systems.
const maxFileName = 255

// numbered returns the nth choice for a name: "name (2).ext" for the second.
func numbered(name string, n int, folder bool) string {
	if n < 2 {
		return name
	}
	stem, ext := name, ""
	if !folder {
		stem, ext = splitExt(name)
	}
	number := " (" + strconv.Itoa(n) + ")"
	return cutTo(stem, maxFileName-len(number)-len(ext)) + number + ext
}

// splitExt splits a name before its extension. A double one such as .tar.gz
// stays together; a name that begins with its only dot has none.
func splitExt(name string) (stem, ext string) {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name)-dot > 20 || strings.Contains(name[dot:], " ") {
		return name, ""
	}
	if inner := strings.LastIndexByte(name[:dot], '.'); inner > 0 && strings.EqualFold(name[inner:dot], ".tar") {
		dot = inner
	}
	return name[:dot], name[dot:]
}

// cutTo shortens s to at most n bytes, at the border of a character.
func cutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
