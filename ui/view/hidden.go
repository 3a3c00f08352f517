package view

import (
	"time"

	"potluck/sharing"
)

// hides reports whether not everybody finds this device now.
func (c Choices) hides(now time.Time) bool {
	return c.openFor(now) == 0 && (c.Visible == sharing.AudiencePaired || c.Visible == sharing.AudienceNobody)
}

// hiddenNote says what comes of it that this device hides: who does not show up, and
// who sees it all the same.
func hiddenNote(s sharing.Snapshot, shared namesakes, w Words) string {
	text := w.L("People who cannot see you do not show up here either.")
	var names []string
	for _, n := range s.Neighbours {
		if n.Lingers {
			names = append(names, shared.tell(n.ID, name(called(n), w)))
		}
	}
	if len(names) == 0 {
		return text
	}
	who := isolate + names[0] + endIsolate
	if len(names) > 1 {
		who = firstOf(names, w)
	}
	return text + " " + w.N("{{.Names}} can still see you, until what goes on between you is over.", len(names), "Names", who)
}
