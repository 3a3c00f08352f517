package elide

import (
	"slices"
	"strings"
)

const (
	// next stands between the names of a list, each of which is isolated.
	next = endIsolate + ", " + isolate

	// tagLength is that of the letters behind a name that tell two of the same name
	// apart.
	tagLength = 4

	// leastOfName is how many characters of a name in a sentence are left before the
	// words around it are cut instead.
	leastOfName = 6

	// leastOfListed is how many characters of each name in a list are left before whole
	// names are left away.
	leastOfListed = 8
)

// listTo returns a list of isolated names, each of which has lost some of its middle;
// where too little of them would be left, with a mark in place of those at its end. What
// stands after the list is kept: how many more there are. When the first alone does not
// fit it loses its middle. ok is false if s is no such list.
func listTo(s string, fits func(string) bool) (shown string, ok bool) {
	inner, begins := strings.CutPrefix(s, isolate)
	if !begins || !strings.Contains(inner, next) {
		return "", false
	}
	names := strings.Split(inner, next)
	last := len(names) - 1
	end, after, _ := strings.Cut(names[last], endIsolate)
	if t := allTo(append(slices.Clone(names[:last]), end), after, fits); t != "" {
		return t, true
	}
	rest := ", " + mark + after
	for n := last; n > 0; n-- {
		if t := isolate + strings.Join(names[:n], next) + endIsolate + rest; fits(t) {
			return t, true
		}
	}
	around := func(name string) string { return isolate + name + endIsolate + rest }
	return around(MiddleTo(names[0], func(t string) bool { return fits(around(t)) })), true
}

// allTo returns a list of which the longest names are as short as it takes to fit, all
// of them to be recognized; "" if they would not be.
func allTo(names []string, after string, fits func(string) bool) string {
	longest := 0
	for _, name := range names {
		longest = max(longest, len(graphemes(name)))
	}
	short := make([]string, len(names))
	for most := longest - 1; most >= leastOfListed; most-- {
		for i, name := range names {
			short[i] = MiddleTo(name, func(t string) bool { return len(graphemes(t)) <= most })
		}
		if t := isolate + strings.Join(short, next) + endIsolate + after; fits(t) {
			return t
		}
	}
	return ""
}

// SentenceTo returns s, a sentence and parts after it, without as many parts, from the
// right, as it takes to fit; then a name in the sentence loses its middle, and where too
// little of that would be left, the sentence does. What tells two of one name apart is
// kept as long as possible.
func SentenceTo(s string, fits func(string) bool) string {
	for !fits(s) {
		i := strings.LastIndex(s, between)
		if i < 0 {
			break
		}
		s = s[:i]
	}
	if s == "" || fits(s) {
		return s
	}
	if t, ok := nameTo(s, fits); ok {
		return t
	}
	return MiddleTo(s, fits)
}

// nameTo returns a sentence that fits because the first isolated name in it has lost
// its middle. ok is false if there is none, or too little of it would be left.
func nameTo(s string, fits func(string) bool) (shown string, ok bool) {
	before, rest, begins := strings.Cut(s, isolate)
	name, after, ends := strings.Cut(rest, endIsolate)
	if !begins || !ends {
		return "", false
	}
	around := func(name string) string { return before + isolate + name + endIsolate + after }
	short := MiddleTo(name, func(t string) bool { return fits(around(t)) })
	return around(short), len(graphemes(short)) >= leastOfName && fits(around(short))
}

// WrapNamed divides s as [Wrap] does. Where there are more lines than most, the first
// isolated name in s loses its middle before the end of s is lost.
func WrapNamed(s string, most int, fits func(string) bool) []string {
	if most > 0 {
		whole := func(s string) bool { return len(Wrap(s, 0, fits)) <= most }
		if !whole(s) {
			if t, ok := nameTo(s, whole); ok {
				s = t
			}
		}
	}
	return Wrap(s, most, fits)
}

// endingOf returns how many characters at the end of a name are kept as long as
// possible: those of a file's extension, or of a tag.
func endingOf(s string) int {
	if i := len(s) - tagLength - 1; i > 0 && s[i] == ' ' && strings.Trim(s[i+1:], "0123456789ABCDEF") == "" {
		return tagLength
	}
	return len(graphemes(extension(s)))
}
