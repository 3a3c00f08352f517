package view

import (
	"potluck/sharing"
)

// Notification is what a fact is told as while the window is not looked at; ""
// for those that nobody needs to be told of. It is made of fixed words and of
// numbers: notices are shown by programs that take names for markup, or worse.
func Notification(e sharing.Event, s sharing.Snapshot, w Words) string {
	switch e := e.(type) {
	case sharing.OfferedEvent:
		if e.More {
			return "" // there has been a notice, and nobody has answered yet
		}
		if n := len(s.Offers); n > 1 {
			return w.N("{{.N}} requests are waiting.", n)
		}
		return w.L("Somebody wants to send you files.")
	case sharing.DeliveredEvent:
		if e.Direction == sharing.Receiving {
			return w.L("Received {{.Files}}, {{.Size}}.", "Files", w.N("{{.N}} files", e.Files), "Size", size(e.Bytes, w))
		}
		n := 0
		for _, t := range s.Transfers {
			if t.Share == e.Share && t.Direction == sharing.Sending {
				for _, p := range t.Peers {
					if p.State == sharing.Delivered {
						n++
					}
				}
			}
		}
		return w.N("Delivered to {{.N}} people.", max(n, 1))
	case sharing.FailedEvent:
		if e.State == sharing.Stuck || e.State == sharing.Failed {
			return w.L("A transfer needs you.")
		}
	}
	return ""
}
