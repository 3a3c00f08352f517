package manifest

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// checkPath returns why nobody may have a file at path, or "". The verdict is
// the same on every system, and says nothing about whether the names are
// possible on this one: that is for [Localize].
func checkPath(path []byte) string {
	switch {
	case len(path) == 0:
		return "it has no name"
	case !utf8.Valid(path):
		return "its name is not valid UTF-8"
	case path[0] == '/':
		return "it is an absolute path"
	case beginsLikeWindows(path):
		return "it begins like a drive or a network path"
	}
	for depth := 1; ; depth++ {
		name, rest, more := bytes.Cut(path, []byte{'/'})
		if depth > MaxDepth {
			return fmt.Sprintf("it is in more than %d folders", MaxDepth-1)
		}
		if reason := checkName(name); reason != "" {
			return reason
		}
		if !more {
			return ""
		}
		path = rest
	}
}

// checkName returns why name cannot be meant honestly, or "".
func checkName(name []byte) string {
	switch {
	case len(name) == 0:
		return "a name in it is empty"
	case string(name) == ".":
		return `a name in it is "."`
	case leavesFolder(name):
		return "it leads out of its folder"
	case bytes.IndexByte(name, 0) >= 0:
		return "a name in it contains a NUL character"
	case len(name) > MaxName && utf16Len(name) > MaxName:
		return fmt.Sprintf("a name in it has more than %d characters", MaxName)
	}
	return ""
}

// leavesFolder reports whether name is "..", or becomes a path with ".." in it
// where a backslash separates names.
func leavesFolder(name []byte) bool {
	if !bytes.Contains(name, []byte("..")) {
		return false
	}
	for part := range bytes.SplitSeq(name, []byte{'\\'}) {
		if string(part) == ".." {
			return true
		}
	}
	return false
}

// beginsLikeWindows reports whether path begins with a drive (C:\ or C:/, or is
// C: alone), or like \\server, \\?\, \\.\ and \??\.
func beginsLikeWindows(path []byte) bool {
	if bytes.HasPrefix(path, []byte(`\\`)) || bytes.HasPrefix(path, []byte(`\??\`)) {
		return true
	}
	if len(path) < 2 || path[1] != ':' || path[0]|0x20 < 'a' || path[0]|0x20 > 'z' {
		return false
	}
	return len(path) == 2 || path[2] == '/' || path[2] == '\\'
}

// utf16Len returns the length of valid UTF-8 in UTF-16 units.
func utf16Len[T string | []byte](s T) int {
	n := 0
	for i := range len(s) {
		switch b := s[i]; {
		case !utf8.RuneStart(b):
		case b >= 0xF0:
			n += 2
		default:
			n++
		}
	}
	return n
}
