package view

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// Names stand between these two, so that the direction of their letters has
	// no effect on what stands around them. Both are invisible.
	isolate    = "\u2068"
	endIsolate = "\u2069"

	// maxName bounds a name on the screen, in runes.
	maxName = 200
)

// clean returns a foreign text as it may be shown: on one line, without control
// characters and without invisible ones that change what the others look like.
// The engine has cleaned what comes from it; this is for all that does not, and
// does no harm to the rest.
func clean(s string) string {
	var kept []rune
	runes := []rune(norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")))
	for i, r := range runes {
		switch {
		case r == '\t' || r == '\n':
			r = ' '
		case hidden(r):
			continue
		case (r == 0x200C || r == 0x200D) && !joins(runes, i):
			continue
		}
		kept = append(kept, r)
	}
	if end := len(kept) - maxName/2; end > maxName/2 { // the end of a file's name says what it is
		kept = slices.Concat(kept[:maxName/2], []rune{'…'}, kept[end:])
	}
	return strings.TrimSpace(string(kept))
}

// hidden reports whether a character is not to be seen and yet does something.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7F && r <= 0x9F, r == 0x200B, r == 0x200E, r == 0x200F, r == 0x2028, r == 0x2029,
		r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// joins reports whether a joiner stands where scripts and emoji need one.
func joins(runes []rune, i int) bool {
	if i == 0 || i == len(runes)-1 {
		return false
	}
	fits := func(r rune) bool {
		return r >= 0x1F000 || r == 0xFE0F || r >= 0x2600 && r <= 0x27BF ||
			unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
				unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala)
	}
	return fits(runes[i-1]) && fits(runes[i+1])
}

// name returns what a person or device is called, alone in its place.
func name(s string, w Words) string {
	if s = clean(s); s == "" {
		return w.L("No name")
	}
	return s
}

// inText returns a name for the middle of a sentence.
func inText(s string, w Words) string { return isolate + name(s, w) + endIsolate }

// itemName returns the name of a file or folder.
func itemName(s string, w Words) string { return name(s, w) }

// titleOf returns the title of a share, whose names are told apart where there may be
// several.
func titleOf(title string, files, folders int, w Words) string {
	title = itemName(title, w)
	if files+folders <= 1 {
		return title
	}
	names, more := title, ""
	if i := strings.LastIndex(title, " +"); i > 0 && strings.Trim(title[i+2:], "0123456789") == "" {
		names, more = title[:i], title[i:]
	}
	return several(strings.Split(names, ", ")) + more
}

// several puts names one after the other, each in its own direction. Where there is no
// room for all, the first is seen.
func several(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return isolate + strings.Join(names, endIsolate+", "+isolate) + endIsolate
}

// Folder returns a path as it is shown: from the home folder on, if it is there.
func Folder(path, home string) string {
	if rest, inside := strings.CutPrefix(path, home); home != "" && inside && (rest == "" || rest[0] == filepath.Separator) {
		return "~" + rest
	}
	return path
}

// firstOf names the first of several, and says how many more there are.
func firstOf(names []string, w Words) string {
	const most = 2
	if more := len(names) - most; more > 0 {
		return w.N("{{.Names}} and {{.N}} more", more, "Names", several(names[:most]))
	}
	return several(names)
}

// listed names the first of several paths, in the order in which those name them too
// whom they are sent to: that of the list that is sent, which is by name.
func listed(paths []string, w Words) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	slices.Sort(names)
	for i := range names {
		names[i] = itemName(names[i], w)
	}
	return firstOf(names, w)
}
