package view

import (
	"slices"
	"strings"
	"time"

	"potluck/sharing"
)

// A TransfersPage is what moves, and what has moved.
type TransfersPage struct {
	Title    string
	Rows     []Row
	Heading  string             // above the history
	Find     string             // what the entry asks for
	History  []sharing.Transfer // newest first, of those that are searched for; see [PastOf]
	Empty    string
	Clear    string
	PauseAll string
}

// A Past is a transfer that has ended, in one line.
type Past struct {
	Key   string
	Ref   string
	Icon  Icon
	Tone  Tone
	Title string
	Note  string
	When  string
	Label string
}

func transfersPage(s sharing.Snapshot, l Local, m *Memory, now time.Time, w Words) TransfersPage {
	p := TransfersPage{Title: w.L("Transfers"), Heading: w.L("History"), Find: w.L("Find a name or a person")}
	if l.Page != Transfers && !(l.Page == Details && l.Roomy) {
		return p // ten thousand lines need not be written for nobody
	}
	words := strings.Fields(strings.ToLower(clean(l.Search)))
	for _, parcel := range l.Preparing {
		p.Rows = append(p.Rows, parcel.row(w))
	}
	total := 0
	for _, t := range slices.Backward(s.Transfers) { // newest first
		if !t.State.Final() {
			p.Rows = append(p.Rows, row(t, m, now, w))
			continue
		}
		if t.Verify != nil {
			p.Rows = append(p.Rows, row(t, m, now, w))
		}
		total++
		if found(t, words) {
			p.History = append(p.History, t)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b Row) int { return a.order - b.order })
	switch {
	case total > 0:
		p.Clear = w.L("Clear the history…")
		if len(p.History) == 0 {
			p.Empty = w.L("Nothing found for \"{{.What}}\".", "What", isolate+clean(l.Search)+endIsolate)
		}
	case len(p.Rows) == 0:
		p.Empty = w.L("Nothing sent or received yet.")
	}
	for _, t := range s.Transfers {
		if t.State == sharing.Running {
			p.PauseAll = w.L("Pause all")
			return p
		}
	}
	for _, t := range s.Transfers {
		if resumable(t) {
			p.PauseAll = w.L("Resume all")
		}
	}
	return p
}

// found reports whether all words are in the names of a transfer.
func found(t sharing.Transfer, words []string) bool {
	for _, word := range words {
		in := strings.Contains(strings.ToLower(t.Title), word)
		for _, p := range t.Peers {
			in = in || strings.Contains(strings.ToLower(p.Name), word)
		}
		if !in {
			return false
		}
	}
	return true
}

// PastOf returns the line of a transfer that has ended. Only lines in sight need to
// be written.
func PastOf(t sharing.Transfer, now time.Time, w Words) Past {
	p := Past{Key: key(t), Ref: t.Share.String(), Title: itemName(t.Title, w), When: clock(t.Ended, now, w)}
	p.Icon, p.Tone = sign(t)
	p.Note = join(title(t, w), size(t.Bytes, w))
	p.Label = strings.Join([]string{p.Title, p.Note, p.When}, ", ")
	return p
}
