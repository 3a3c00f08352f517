package manifest

import (
	"strings"
	"unicode/utf8"
)

// Traits say what kind of file system receives.
type Traits struct {
	Windows    bool // forbids characters, reserves names of devices, drops dots and spaces at the end
	FoldsCase  bool // takes "A" and "a" for the same name
	FoldsForms bool // takes the composed and the decomposed form of a name for the same
}

// legal returns name, or if it cannot be used on a file system with traits t a
// name like it that can.
func (t Traits) legal(name string, dir bool) string {
	if t.simple(name) {
		return name
	}
	name = strings.Map(t.legalRune, name)
	if t.Windows {
		name = legalOnWindows(name)
	}
	if t.length(name) > MaxName {
		stem, ext := splitExt(name, dir)
		name = t.cut(stem, MaxName-t.length(ext)) + ext
	}
	if t.Windows {
		name = legalEnd(name)
	}
	return name
}

// simple reports whether name is of the kind that is legal everywhere, which
// nearly all are.
func (t Traits) simple(name string) bool {
	if len(name) > MaxName {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if c < 0x20 || c == 0x7f || c == 0xC2 { // U+0080 to U+009F begin with C2
			return false
		}
	}
	return !t.Windows || !strings.ContainsAny(name, windowsForbids+"~$") &&
		!isDevice(name) && legalEnd(name) == name
}

const windowsForbids = `<>:"/\|?*`

// legalRune returns what stands for r in a local name.
func (t Traits) legalRune(r rune) rune {
	switch {
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return '_'
	case t.Windows && r < 0x80 && strings.IndexByte(windowsForbids, byte(r)) >= 0:
		return '_'
	}
	return r
}

// length returns the length of name in the unit that limits it.
func (t Traits) length(name string) int {
	if t.Windows {
		return utf16Len(name)
	}
	return len(name)
}

// cut returns the longest beginning of s that has at most n units and does not
// end within a character.
func (t Traits) cut(s string, n int) string {
	for i, r := range s {
		width := utf8.RuneLen(r)
		if t.Windows {
			width = utf16Len(s[i : i+width])
		}
		if n -= width; n < 0 {
			return s[:i]
		}
	}
	return s
}

// maxExt is the length of the longest extension that survives the shortening of
// a name.
const maxExt = 32

// splitExt splits the name of a file before its extension, so that it keeps it
// when something is put behind the rest. A folder has none.
func splitExt(name string, dir bool) (stem, ext string) {
	dot := strings.LastIndexByte(name, '.')
	if dir || dot <= 0 || len(name)-dot > maxExt {
		return name, ""
	}
	if stem := name[:dot]; len(stem) > len(".tar") && strings.HasSuffix(stem, ".tar") {
		dot -= len(".tar")
	}
	return name[:dot], name[dot:]
}

// legalOnWindows changes what Windows would take for something other than a
// name of a file.
func legalOnWindows(name string) string {
	switch {
	case isDevice(name):
		base, _, _ := strings.Cut(name, ".")
		return base + "_" + name[len(base):]
	case isVolumeFile(name):
		return name + "_"
	case isShortName(name):
		return strings.ReplaceAll(name, "~", "_")
	}
	return name
}

// legalEnd replaces the dots and spaces at the end of name, which Windows drops.
func legalEnd(name string) string {
	kept := strings.TrimRight(name, ". ")
	return kept + strings.Repeat("_", len(name)-len(kept))
}

// isDevice reports whether Windows opens a device under name: CON is one, and
// so are con.txt and "CON .txt".
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	number, port := strings.CutPrefix(base, "COM")
	if !port {
		number, port = strings.CutPrefix(base, "LPT")
	}
	switch number {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return port
	}
	return false
}

// isVolumeFile reports whether name is one by which NTFS keeps its own records
// in the root of a volume.
func isVolumeFile(name string) bool {
	if name == "" || name[0] != '$' {
		return false
	}
	switch strings.ToLower(name[1:]) {
	case "mft", "mftmirr", "logfile", "volume", "attrdef", "bitmap", "boot", "badclus",
		"secure", "upcase", "extend", "quota", "objid", "reparse", "usnjrnl", "recycle.bin":
		return true
	}
	return false
}

// isShortName reports whether name has the form of the second names that
// Windows makes up for long ones, like LONGFI~1.TXT: what is stored under it
// might land in the file with the long name.
func isShortName(name string) bool {
	base, ext, _ := strings.Cut(name, ".")
	stem, digits, ok := cutLast(base, '~')
	return ok && stem != "" && digits != "" && strings.Trim(digits, "0123456789") == "" &&
		utf8.RuneCountInString(base) <= 8 && utf8.RuneCountInString(ext) <= 3
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
