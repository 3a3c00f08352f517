package view

import (
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// A Target is where something was dropped.
type Target struct {
	Known bool        // the system has said where
	Card  bool        // on somebody's card
	ID    identity.ID // whose
}

// Dropped decides what happens to what was dropped. Only a place that is known
// for certain can mean a person: then it is held back for two seconds and offered
// to that one. Everything else is asked about.
func (l *Local) Dropped(dropped []string, at Target, s sharing.Snapshot, now time.Time, w Words) {
	b := parcel(dropped)
	if b.Empty() {
		l.Notice = Notice{Tone: Warn, Text: w.L("Nothing to send."), Until: now.Add(noticeTime)}
		return
	}
	if !at.Known || !at.Card || b.Text != "" {
		l.Choose(b)
		return
	}
	n, here := neighbourOf(s, at.ID)
	k, _ := knownOf(s, at.ID)
	switch {
	case here && n.Twin:
		l.Notice = Notice{Tone: Bad, Text: w.L("Nothing was sent. This is not the device you verified; it only has the same name."), Until: now.Add(noticeTime)}
	case k.Blocked:
		l.Choose(b)
		l.Notice = Notice{Tone: Warn, Text: w.L("{{.Name}} is blocked. Choose somebody else.", "Name", inText(called(n), w)), Until: now.Add(noticeTime)}
	case !here:
		l.Choose(b)
		l.Notice = Notice{Tone: Warn, Text: w.L("{{.Name}} just left. Choose somebody else, or wait.", "Name", inText(knownName(k), w)), Until: now.Add(noticeTime)}
	case slices.Contains(l.Ticked, at.ID):
		all := l.here(s)
		b.Paths = l.Basket.with(b.Paths).Paths
		l.Cancel()
		l.hold(b, all, s, now, w)
	default:
		b.Paths = l.Basket.with(b.Paths).Paths
		l.Cancel()
		l.hold(b, []identity.ID{at.ID}, s, now, w)
	}
}

// parcel sorts what was dropped: paths are files, and a link is a message.
func parcel(dropped []string) Basket {
	var b Basket
	for _, p := range dropped {
		switch {
		case p == "":
		case strings.HasPrefix(p, "http:") || strings.HasPrefix(p, "https:"):
			b.Text = strings.TrimPrefix(b.Text+"\n"+p, "\n")
		default:
			b.Paths = append(b.Paths, p)
		}
	}
	if len(b.Paths) > 0 {
		b.Text = "" // files go first; a link among them is not what was meant
	}
	return b
}

func knownName(k sharing.KnownDevice) string {
	if k.Alias != "" {
		return k.Alias
	}
	return k.Name
}
