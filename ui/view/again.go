package view

import (
	"slices"
	"time"

	"potluck/sharing"
)

// Again has something offered once more, to those who have not got all of it. It is
// held back like what is dropped on somebody. It reports false where it is to be told
// to the engine at once, which knows whom it is for.
func (l *Local) Again(t sharing.Transfer, s sharing.Snapshot, now time.Time, w Words) bool {
	ref := t.Share.String()
	if slices.ContainsFunc(l.Holds, func(h Hold) bool { return h.Again == ref }) {
		return true
	}
	var blocked string
	h := Hold{Basket: Basket{Paths: t.Paths}, Until: now.Add(holdTime), Again: ref}
	for _, p := range t.Peers {
		if !p.State.Final() || p.State == sharing.Delivered {
			continue
		}
		who := NameOf(p.ID, s)
		if who == "" {
			who = p.Name
		}
		if k, known := knownOf(s, p.ID); known && k.Blocked {
			blocked = who
			continue
		}
		h.To, h.Names = append(h.To, p.ID), append(h.Names, name(who, w))
	}
	switch {
	case len(h.To) == 0 && blocked != "":
		l.Notice = Notice{Tone: Warn, Text: w.L("{{.Name}} is blocked.", "Name", inText(blocked, w)), Until: now.Add(noticeTime)}
		return true
	case t.Direction != sharing.Sending || len(h.To) == 0:
		return false
	}
	l.Holds = append(slices.Clone(l.Holds), h)
	l.dealtWith()
	l.Go(Nearby)
	return true
}
