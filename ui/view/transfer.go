package view

import (
	"fmt"
	"strings"
	"time"

	"potluck/sharing"
)

// A Mood is how a transfer is doing; the window gives it an icon and a colour,
// beside the words.
type Mood int

// The moods.
const (
	Waiting Mood = iota
	Moving
	Done
	Trouble
)

// A Transfer is one row.
type Transfer struct {
	Key   string // the same row in the next view
	Ref   string // for the engine
	Mood  Mood
	Title string // what happens, with whom
	What  string
	Line  string  // numbers, or why it does not go on
	Part  float64 // of the bar, 0 to 1; below 0 for no bar

	Pause, Resume, Cancel string // the buttons' texts; "" for no button
}

func transfer(t sharing.Transfer, w Words) Transfer {
	v := Transfer{
		Key:   t.Share.String() + string(t.Direction),
		Ref:   t.Share.String(),
		What:  t.Title,
		Part:  -1,
		Title: title(t, w),
		Mood:  mood(t.State),
		Line:  t.Error,
	}
	switch t.State {
	case sharing.Running, sharing.Paused, sharing.Stuck:
		p := furthestBehind(t)
		v.Part = part(p.Done, p.Total)
		if v.Line == "" {
			v.Line = numbers(p, t.State == sharing.Running, w)
		}
	case sharing.Delivered:
		v.Line = w.N("{{.N}} files", t.Files, map[string]any{"N": t.Files}) + " · " + size(t.Bytes)
		if len(t.Failures) > 0 {
			v.Mood = Trouble
			v.Line = w.N("{{.N}} files could not be read and were left out.", len(t.Failures), map[string]any{"N": len(t.Failures)})
		}
	}
	if t.State.Final() || t.State == sharing.Finishing {
		return v
	}
	switch t.State {
	case sharing.Paused, sharing.Stuck:
		v.Resume = w.L("Resume")
	case sharing.Running:
		v.Pause = w.L("Pause")
	}
	v.Cancel = w.L("Cancel")
	if t.Direction == sharing.Sending {
		v.Cancel = w.L("Withdraw")
	}
	return v
}

func mood(s sharing.State) Mood {
	switch s {
	case sharing.Running, sharing.Finishing:
		return Moving
	case sharing.Delivered:
		return Done
	case sharing.Stuck, sharing.Failed, sharing.Declined:
		return Trouble
	}
	return Waiting
}

// title says what happens, and with whom.
func title(t sharing.Transfer, w Words) string {
	who := map[string]any{"N": len(t.Peers), "Name": ""}
	if len(t.Peers) == 1 {
		who["Name"] = t.Peers[0].Name
	}
	alone := len(t.Peers) == 1
	receiving := t.Direction == sharing.Receiving
	switch t.State {
	case sharing.Preparing:
		return w.L("Preparing…")
	case sharing.Offering, sharing.Waiting:
		if alone {
			return w.L("Waiting for {{.Name}} to answer", who)
		}
		return w.N("Waiting for {{.N}} people to answer", len(t.Peers), who)
	case sharing.Running:
		switch {
		case receiving:
			return w.L("Receiving from {{.Name}}", who)
		case alone:
			return w.L("Sending to {{.Name}}", who)
		}
		return w.N("Sending to {{.N}} people", len(t.Peers), who)
	case sharing.Paused:
		return w.L("Paused")
	case sharing.Stuck:
		return w.L("Needs you")
	case sharing.Finishing:
		return w.L("Checking…")
	case sharing.Delivered:
		switch {
		case receiving:
			return w.L("Received from {{.Name}}", who)
		case alone:
			return w.L("Delivered: {{.Name}} has everything", who)
		}
		return w.L("Delivered: everybody has everything")
	case sharing.Declined:
		if alone && !receiving {
			return w.L("{{.Name}} declined", who)
		}
		return w.L("Declined")
	case sharing.Cancelled:
		return w.L("Cancelled")
	case sharing.Withdrawn:
		return w.L("Withdrawn")
	}
	return w.L("Failed")
}

// furthestBehind returns the peer whose progress is shown: of several the one
// that has least.
func furthestBehind(t sharing.Transfer) sharing.Peer {
	var last sharing.Peer
	for i, p := range t.Peers {
		if i == 0 || !p.State.Final() && part(p.Done, p.Total) < part(last.Done, last.Total) {
			last = p
		}
	}
	return last
}

func part(done, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return min(1, float64(done)/float64(total))
}

// numbers are percent, bytes, speed and time left, as far as they are known.
func numbers(p sharing.Peer, moving bool, w Words) string {
	fields := []string{
		fmt.Sprintf("%d %%", int(100*part(p.Done, p.Total))),
		w.L("{{.Done}} of {{.Total}}", map[string]any{"Done": size(p.Done), "Total": size(p.Total)}),
	}
	if moving && !p.Connected {
		return strings.Join(append(fields, w.L("Waiting for {{.Name}} to come back", map[string]any{"Name": p.Name})), " · ")
	}
	if moving && p.Rate > 0 {
		fields = append(fields, size(p.Rate)+"/s")
		if left := timeLeft(p.Left, w); left != "" {
			fields = append(fields, left)
		}
	}
	return strings.Join(fields, " · ")
}

// timeLeft says roughly how long it will take; exact seconds would be a lie.
func timeLeft(d time.Duration, w Words) string {
	switch {
	case d < 0:
		return ""
	case d < 10*time.Second:
		return w.L("a few seconds left")
	case d < time.Minute:
		return w.L("about {{.N}} s left", map[string]any{"N": 5 * int(d.Seconds()/5)})
	case d < time.Hour:
		return w.L("about {{.N}} min left", map[string]any{"N": int(d.Minutes() + 0.5)})
	case d < 24*time.Hour:
		return w.L("about {{.H}} h {{.M}} min left", map[string]any{"H": int(d.Hours()), "M": int(d.Minutes()) % 60})
	}
	return w.L("more than a day left")
}
