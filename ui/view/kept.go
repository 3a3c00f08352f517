package view

import (
	"strings"
)

// A damage is something of Potluck's own that was found damaged, as the engine says
// it: how its sentence begins, and what the person is told.
type damage struct{ begins, text string }

func damages(w Words) []damage {
	return []damage{
		{"the settings were damaged", w.L("The settings were damaged; fresh ones are in use, the old file is kept.")},
		{"the setting ", w.L("One of the settings could not be read; its usual value is in use.")},
		{"The list of known devices was damaged", w.L("The list of known devices was damaged. Nobody is verified or blocked any more; do that again where it matters. The old list is kept.")},
		{"The list of declined offers was damaged", w.L("The list of declined offers was damaged: what was declined may be offered again. The old list is kept.")},
		{"What was known of transfer ", w.L("What was known of a transfer was damaged, so that it cannot go on; it can be sent again. What is left of it is kept.")},
		{"the port of the settings ", w.L("The port that was set cannot be had just now; Potluck uses another one until it is started anew.")},
		{"", w.L("Some of what Potluck keeps was damaged and has been set aside.")},
	}
}

// Damaged is the notice of something that was found damaged when Potluck started.
// Its button leads to what is kept of it, if something is; it stays until somebody
// has seen it.
func Damaged(sentence string, w Words) Notice {
	n := Notice{Tone: Warn, Button: w.L("Close")}
	for _, d := range damages(w) {
		if strings.HasPrefix(sentence, d.begins) {
			n.Text = d.text
			break
		}
	}
	n.Do = CloseNotice
	if _, path, kept := strings.Cut(sentence, " kept as "); kept {
		if path = strings.TrimSuffix(path, "."); path != "" {
			n.Button, n.Do, n.Ref = w.L("Show it"), ShowKept, path
		}
	}
	return n
}
