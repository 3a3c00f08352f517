package view

import (
	"slices"
	"time"

	"potluck/sharing"
)

const (
	// problemTime is how long the notice of something that went wrong stays, and
	// readTime how long it takes to read it: for so long it stays whatever happens.
	problemTime = 2 * noticeTime
	readTime    = 4 * time.Second

	// maxUntold bounds the notices that wait for others to be read.
	maxUntold = 8
)

// Tell shows a notice. If there is another one of something that went wrong, which
// nobody can have read yet, it waits.
func (l *Local) Tell(n Notice, now time.Time) {
	again := n.About != "" && n.About == l.Notice.About
	if old := l.Notice.at(now); old.Tone == Bad && old.Text != n.Text && !again && (old.seen.IsZero() || now.Sub(old.seen) < readTime) && len(l.untold) < maxUntold {
		l.untold = append(l.untold[:len(l.untold):len(l.untold)], n)
		return
	}
	l.Notice = n
}

// Mended takes away what was told of a setting that was refused, shown or not: it has
// been set.
func (l *Local) Mended(about string) {
	if l.Notice.About == about {
		l.Notice = Notice{}
	}
	l.untold = slices.DeleteFunc(slices.Clone(l.untold), func(n Notice) bool { return n.About == about })
}

// Attend brings the notice up to date: its time passes only from when somebody can
// see it. One of something that went wrong belongs to the page on which it was seen
// first, and goes with that once it can have been read; one with a button for an offer
// or a transfer goes with that.
func (l *Local) Attend(s sharing.Snapshot, seen bool, now time.Time) {
	l.forgetPicks(s)
	n := &l.Notice
	if n.Text != "" && n.seen.IsZero() {
		if n.life == 0 && !n.Until.IsZero() {
			n.life = max(n.Until.Sub(now), time.Nanosecond)
		}
		if n.life > 0 {
			n.Until = now.Add(n.life)
		}
		if seen {
			n.seen, n.on = now, l.Page
		}
	}
	read := n.seen.Add(readTime)
	switch {
	case n.Text == "" || n.seen.IsZero():
	case n.Do == ChooseFolder && !waits(s, n.Ref):
		l.Notice = Notice{}
	case n.Tone == Bad && n.Button == "" && l.Page != n.on && n.Until.After(read):
		n.Until = read
	}
	if l.Notice.at(now).Text == "" && len(l.untold) > 0 {
		l.Notice, l.untold = l.untold[0], l.untold[1:]
		l.Attend(s, seen, now)
	}
}

// waits reports whether an offer of that name is still to be answered, or a transfer cannot
// go on: what moves has no need of another folder any more.
func waits(s sharing.Snapshot, ref string) bool {
	if _, there := offerOf(s, ref); there {
		return true
	}
	for i := range s.Transfers {
		if t := &s.Transfers[i]; t.State == sharing.Stuck && t.Share.String() == ref {
			return true
		}
	}
	return false
}

// dealtWith takes away the notice of something that went wrong when the person begins
// it anew.
func (l *Local) dealtWith() {
	if l.Notice.Tone == Bad && l.Notice.Button == "" {
		l.Notice = Notice{}
	}
}
