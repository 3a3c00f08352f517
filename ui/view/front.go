package view

import (
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// Front returns whom the menu about a person is about: whose page is open, who alone is
// ticked, or else on whose card the keyboard is. ok is false where that is nobody: a
// menu must not guess whom to block.
func (l *Local) Front(s sharing.Snapshot, pointed identity.ID) (n sharing.Neighbour, ok bool) {
	switch ticked := l.here(s); {
	case l.Page == Device || l.Page == Write:
		return neighbourOf(s, l.With)
	case l.Page != Nearby:
		return n, false
	case len(ticked) == 1:
		return neighbourOf(s, ticked[0])
	}
	return neighbourOf(s, pointed)
}

// Nobody is the notice that nobody is chosen whom a menu could be about.
func Nobody(now time.Time, w Words) Notice {
	return Notice{Tone: Warn, Text: w.L("Choose somebody first: tick one card, or go to it with the arrow keys."), Until: now.Add(noticeTime)}
}

// Clearable reports whether there is a history to be cleared.
func Clearable(s sharing.Snapshot) bool {
	for i := range s.Transfers {
		if s.Transfers[i].State.Final() {
			return true
		}
	}
	return false
}
