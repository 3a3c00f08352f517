package view

import (
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// SayingText is the notice while a short text is on its way.
func SayingText(to []identity.ID, s sharing.Snapshot, w Words) Notice {
	if len(to) == 1 {
		return Notice{Tone: Active, Text: w.L("Sending your message to {{.Name}}…", "Name", inText(NameOf(to[0], s), w))}
	}
	return Notice{Tone: Active, Text: w.N("Sending your message to {{.N}} people…", len(to))}
}

// TextArrived is the notice that a short text has arrived.
func TextArrived(to []identity.ID, s sharing.Snapshot, now time.Time, w Words) Notice {
	n := Notice{Tone: Good, Until: now.Add(noticeTime)}
	if len(to) == 1 {
		n.Text = w.L("{{.Name}} has your message.", "Name", inText(NameOf(to[0], s), w))
	} else {
		n.Text = w.N("{{.N}} people have your message.", len(to))
	}
	return n
}

// TextLost is the notice that a short text did not reach everybody, and why. The
// error has a line for each who does not have it.
func TextLost(to []identity.ID, err error, now time.Time, w Words) Notice {
	var list []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		list = append(list, sentence(line, w))
	}
	if reached := len(to) - len(list); reached > 0 {
		list = append(list, w.N("{{.N}} people have your message.", reached))
	}
	return Problem(strings.Join(list, " "), now)
}
