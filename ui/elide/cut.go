package elide

import (
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const (
	mark = "…"

	// between stands between the parts of a line.
	between = " · "

	// leastName is how many characters of a name are left before numbers beside it
	// fall away.
	leastName = 12

	// longestExtension is how many bytes an ending may have to be kept.
	longestExtension = 12

	// What surrounds a name of another direction than the text it stands in.
	isolate, endIsolate = "\u2068", "\u2069"
)

// MiddleTo returns s, or s with a mark in place of its middle, so that it fits.
// The ending of a file's name is kept as long as possible, and so is what tells two
// people of one name apart. A list of names loses those at its end. Nothing that a
// reader takes for one character is cut in two.
func MiddleTo(s string, fits func(string) bool) string {
	if s == "" || fits(s) {
		return s
	}
	if list, ok := listTo(s, fits); ok {
		return list
	}
	if inner, ok := strings.CutPrefix(s, isolate); ok && strings.HasSuffix(inner, endIsolate) {
		inner = strings.TrimSuffix(inner, endIsolate)
		return isolate + MiddleTo(inner, func(t string) bool { return fits(isolate + t + endIsolate) }) + endIsolate
	}
	first, last := graphemes(s), graphemes(s)
	if before, after, was := strings.Cut(s, mark); was && before != "" && after != "" { // two marks look like a part of the name
		first, last = graphemes(before), graphemes(after)
	}
	ending := endingOf(s)
	return longest(len(graphemes(s)), func(keep int) string {
		tail := keep / 2
		if ending > 0 && keep > ending {
			tail = min(max(tail, ending+min(3, keep/4)), keep)
		}
		tail = min(max(tail, keep-len(first)), len(last))
		head := strings.TrimRight(strings.Join(first[:min(keep-tail, len(first))], ""), " ")
		return head + mark + strings.TrimLeft(strings.Join(last[len(last)-tail:], ""), " ")
	}, fits)
}

// EndTo returns s, or its beginning with a mark, so that it fits.
func EndTo(s string, fits func(string) bool) string {
	if s == "" || fits(s) {
		return s
	}
	letters := graphemes(s)
	return longest(len(letters), func(keep int) string {
		return strings.TrimRight(strings.Join(letters[:keep], ""), " ") + mark
	}, fits)
}

// PathTo returns s, or a mark and the last folders of s that fit.
func PathTo(s string, fits func(string) bool) string {
	if s == "" || fits(s) {
		return s
	}
	separator := "/"
	if !strings.Contains(s, separator) {
		separator = string(filepath.Separator)
	}
	for rest := s; ; {
		i := strings.Index(rest, separator)
		if i < 0 {
			return MiddleTo(rest, fits)
		}
		rest = rest[i+len(separator):]
		if t := mark + separator + rest; rest != "" && fits(t) {
			return t
		}
	}
}

// PartsTo returns s without as many of its parts, from the left, as it takes to
// fit. The last is never dropped, and none is cut: half a number is a wrong one.
func PartsTo(s string, fits func(string) bool) string {
	for !fits(s) {
		_, rest, more := strings.Cut(s, between)
		if !more {
			break
		}
		s = rest
	}
	return s
}

// NamedTo returns s, whose first part is a name and whose others are numbers, with
// the middle of the name elided. When little of the name would be left, parts after
// it fall away, from the left.
func NamedTo(s string, fits func(string) bool) string {
	if s == "" || fits(s) {
		return s
	}
	name, numbers, more := strings.Cut(s, between)
	for more {
		rest := between + numbers
		shown := MiddleTo(name, func(t string) bool { return fits(t + rest) })
		if shown == name || len(graphemes(shown)) >= leastName {
			return shown + rest
		}
		_, numbers, more = strings.Cut(numbers, between)
	}
	return MiddleTo(name, fits)
}

// Wrap divides s into lines that fit, at spaces where there are any. No more than
// most lines are returned, with a mark at the end of the last when there were
// more, unless most is 0.
func Wrap(s string, most int, fits func(string) bool) []string {
	var lines []string
	for rest := range strings.SplitSeq(s, "\n") {
		for {
			if most > 0 && len(lines) == most {
				last := lines[most-1]
				if !fits(last + mark) {
					last = strings.TrimSuffix(EndTo(last+mark, fits), mark)
				}
				lines[most-1] = strings.TrimRight(last, " ") + mark
				return lines
			}
			var line string
			line, rest = firstLine(rest, fits)
			if lines = append(lines, line); rest == "" {
				break
			}
		}
	}
	return lines
}

// firstLine takes from s as much as fits, one character at least.
func firstLine(s string, fits func(string) bool) (line, rest string) {
	if s == "" || fits(s) {
		return s, ""
	}
	if trimmed := strings.TrimLeft(s, " "); trimmed != s {
		return firstLine(trimmed, fits)
	}
	end := 0
	for i := 0; i < len(s); {
		space := strings.IndexByte(s[i:], ' ')
		if space < 0 || !fits(s[:i+space]) {
			break
		}
		end = i + space
		i = end + 1
	}
	if end > 0 {
		return s[:end], strings.TrimLeft(s[end:], " ")
	}
	word, _, _ := strings.Cut(s, " ")
	letters := graphemes(word)
	n := search(len(letters), func(n int) bool { return fits(strings.Join(letters[:n], "")) })
	line = strings.Join(letters[:max(n, 1)], "")
	return line, strings.TrimLeft(s[len(line):], " ")
}

// longest returns what made makes of the greatest number below n that fits, or
// the mark alone.
func longest(n int, made func(int) string, fits func(string) bool) string {
	if best := search(n-1, func(keep int) bool { return fits(made(keep)) }); best > 0 {
		return made(best)
	}
	return mark
}

// search returns the greatest number from 0 to most for which ok holds, taking it
// to hold for every smaller one.
func search(most int, ok func(int) bool) int {
	low, high := 0, max(most, 0)
	for low < high {
		if middle := (low + high + 1) / 2; ok(middle) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// extension returns the ending of a file's name with its dot, if it has one worth
// keeping.
func extension(s string) string {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || len(s)-dot > longestExtension || dot == len(s)-1 || strings.ContainsAny(s[dot:], " /") {
		return ""
	}
	if strings.HasSuffix(s[:dot], ".tar") && dot > len(".tar") {
		dot -= len(".tar")
	}
	return s[dot:]
}

// graphemes divides s into what readers take for single characters.
func graphemes(s string) []string {
	list := make([]string, 0, utf8.RuneCountInString(s))
	state := -1
	for s != "" {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		list = append(list, cluster)
	}
	return list
}
