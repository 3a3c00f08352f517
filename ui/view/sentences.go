package view

import "strings"

// sentence translates a sentence of the engine, which is English. What is not
// known is shown as it is, cleaned: it may come from another device.
func sentence(text string, w Words) string {
	for _, known := range sentences {
		if data, ok := match(text, known); ok {
			return capital(w.L(known, data...))
		}
	}
	return capital(clean(text))
}

// sentences are those that the engine ends or stops a transfer with, and one that
// says why there is no engine. The places stand for paths and amounts.
var sentences = []string{
	"the disk of {{.Folder}} is full: make room and try again",
	"not enough space in {{.Folder}}: {{.Need}} needed, {{.Free}} free; make room and try again",
	"cannot receive into {{.Folder}}: you may not write there",
	"cannot receive into {{.Folder}}: the disk is read-only",
	"cannot receive into {{.Folder}}: it was removed, or its disk is not connected",
	"cannot receive into {{.Folder}}: its disk does not take names as long as those that are sent",
	"cannot receive into {{.Folder}}: its disk does not take files as large as those that are sent",
	"cannot receive into {{.Folder}}: there is no such folder, nor the one above it",
	"cannot receive into {{.Folder}}: the disk refuses to be written to",
	"received files were changed or deleted before they were complete; what is missing has to be fetched again",
	"what arrives is not what was offered; there may be a defect in the other device or its disk",
	"the other device no longer shares this",
	"it takes no offers",
	"it takes no offers from this device",
	"its device is gone",
	"its device was blocked",
	"this device was blocked",
	"it was cancelled",
	"it was withdrawn",
	"the text did not reach {{.Name}}, which is not here now",
	"{{.Name}} takes nothing from this device",
	"{{.Name}} takes no more texts just now; there are some that nobody has read yet",
	"{{.Name}} has a Potluck that knows no texts yet",
	"that is this device itself; name another one",
	"the device at {{.Address}} is blocked here; unblock it first",
	"no Potluck device answers at {{.Address}}; check the address, and that Potluck runs there and lets itself be found",
	`a Potluck without a window runs already for this person; end "potluck serve", and start this again`,
}

// Sentences returns the sentences of the engine that there are translations of.
func Sentences() []string { return append([]string(nil), sentences...) }

// aboutFolder reports whether a sentence of the engine says that a folder or its
// disk is in the way, so that another one helps.
func aboutFolder(text string) bool {
	for _, known := range sentences[:foldersEnd] {
		if _, ok := match(text, known); ok {
			return true
		}
	}
	return false
}

// foldersEnd is how many of the sentences are about a folder or its disk.
const foldersEnd = 9

// match reports whether text is what a pattern with places can become, and what
// stands in the places, as keys and values in turn.
func match(text, pattern string) (data []any, ok bool) {
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
		data = append(data, key, isolate+clean(text[:end])+endIsolate)
		text, pattern = text[end:], after
	}
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

// Sentence translates what went wrong, for people.
func Sentence(err error, w Words) string { return sentence(err.Error(), w) }
