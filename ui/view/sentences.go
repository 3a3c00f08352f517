package view

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"potluck/sharing"
)

// sentence translates a sentence of the engine, which is English. Only those that
// are known are said: others may come from another device, or from the system in
// words that nobody understands.
func sentence(text string, w Words) string {
	if text == "" {
		return ""
	}
	if said, ok := known(text, w); ok {
		return said
	}
	return w.L("Something went wrong. Try again; if it stays like this, start Potluck anew.")
}

// Sentence translates what went wrong, for people.
func Sentence(err error, w Words) string {
	if said, ok := known(err.Error(), w); ok {
		return said
	}
	switch {
	case errors.Is(err, sharing.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return w.L("This is not there any more.")
	case errors.Is(err, fs.ErrPermission):
		return w.L("Potluck is not allowed to do that on this computer.")
	case errors.Is(err, syscall.ENOSPC):
		return w.L("The disk is full: make room and try again.")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return w.L("That took too long. Try again.")
	}
	return sentence(err.Error(), w)
}

// known translates a sentence of the engine that is one of those known.
func known(text string, w Words) (string, bool) {
	for _, pattern := range sentences {
		if data, ok := match(text, pattern, w); ok {
			return capital(w.L(inWords(pattern), data...)), true
		}
	}
	for _, opening := range openings {
		if data, ok := match(text, opening+"{{.Rest}}", w); ok {
			return capital(w.L(inWords(opening), data[:len(data)-2]...)), true
		}
	}
	return "", false
}

// clause translates a part of a sentence, such as why a file cannot be had. What is
// not known is said in general.
func clause(text string, w Words) string {
	for _, reason := range clauses {
		if text == reason {
			return w.L(inWords(reason))
		}
	}
	return w.L("it could not be read")
}

// inWords returns the words in which a sentence of the engine is said.
func inWords(pattern string) string {
	if other, ok := alike[pattern]; ok {
		return other
	}
	return pattern
}

// Sentences returns the sentences of the engine that there are translations of.
func Sentences() []string {
	var all []string
	for _, pattern := range slices.Concat(sentences, openings, clauses) {
		all = append(all, inWords(pattern))
	}
	return all
}

// aboutFolder reports whether a sentence of the engine says that a folder or its
// disk is in the way, so that another one helps.
func aboutFolder(text string) bool {
	for _, pattern := range folderSentences {
		if _, ok := match(text, pattern, nil); ok {
			return true
		}
	}
	return false
}

// match reports whether text is what a pattern with places can become, and what
// stands in the places, as keys and values in turn. Without words, what stands
// there is not translated.
func match(text, pattern string, w Words) (data []any, ok bool) {
	for {
		before, rest, more := strings.Cut(pattern, "{{.")
		if !more {
			return data, text == before
		}
		key, after, closed := strings.Cut(rest, "}}")
		if !closed || !strings.HasPrefix(text, before) {
			return nil, false
		}
		text = text[len(before):]
		next, _, _ := strings.Cut(after, "{{.")
		end := len(text)
		if next != "" {
			if end = strings.LastIndex(text, next); end < 0 {
				return nil, false
			}
		}
		data = append(data, key, placed(key, text[:end], w))
		text, pattern = text[end:], after
	}
}

// placed is what stands in a place of a sentence.
func placed(key, text string, w Words) string {
	switch {
	case w != nil && key == "Why":
		return clause(text, w)
	case w != nil && (key == "Need" || key == "Free"):
		return strings.Replace(clean(text), ".", w.Format().Decimal, 1)
	}
	return isolate + clean(text) + endIsolate
}

// capital makes a clause a sentence.
func capital(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(s)
	r[0] = []rune(strings.ToUpper(string(r[0])))[0]
	s = string(r)
	if !strings.ContainsAny(s[len(s)-1:], ".?!") && !strings.HasSuffix(s, "。") {
		s += "."
	}
	return s
}
