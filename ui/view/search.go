package view

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"potluck/sharing"
)

// plainLetters are letters with a mark that is part of them, and what is typed for
// them where there is no key for it.
var plainLetters = strings.NewReplacer("đ", "d", "ł", "l", "ø", "o", "ı", "i", "ß", "ss")

// folded returns a text as it is searched: in small letters and without accents, which
// many people leave away when they type. The voice marks of Japanese and the vowels of
// other scripts are no accents.
func folded(s string) string {
	s = strings.ToLower(s)
	if ascii(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return plainLetters.Replace(norm.NFC.String(s))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordsOf returns what is searched for, word by word.
func wordsOf(search string) []string { return strings.Fields(folded(clean(search))) }

// A searched transfer is known by what is searched in it, so that not every letter
// that is typed folds ten thousand names again.
type searched struct {
	title, names string
	folded       string
}

type searchedKey struct {
	share     sharing.ShareID
	direction sharing.Direction
}

// found reports whether all words are in the names of a transfer.
func (m *Memory) found(t *sharing.Transfer, words []string) bool {
	if len(words) == 0 {
		return true
	}
	names := ""
	for i := range t.Peers {
		if i > 0 {
			names += "\n"
		}
		names += t.Peers[i].Name
	}
	key := searchedKey{t.Share, t.Direction}
	s, known := m.searched[key]
	if !known || s.title != t.Title || s.names != names {
		s = searched{t.Title, names, folded(t.Title + "\n" + names)}
		if m.searched == nil {
			m.searched = map[searchedKey]searched{}
		}
		m.searched[key] = s
	}
	for _, word := range words {
		if !strings.Contains(s.folded, word) {
			return false
		}
	}
	return true
}
