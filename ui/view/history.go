package view

import (
	"cmp"
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
	Size  string
	When  string
	Label string
}

func transfersPage(s sharing.Snapshot, l Local, m *Memory, now time.Time, w Words) TransfersPage {
	p := TransfersPage{Title: w.L("Transfers"), Heading: w.L("History"), Find: w.L("Find a name or a person")}
	if l.Page != Transfers && !(l.Page == Details && l.Roomy) {
		return p // ten thousand lines need not be written for nobody
	}
	words := wordsOf(l.Search)
	if len(words) == 0 {
		m.searched = nil
	}
	for _, parcel := range l.Preparing {
		p.Rows = append(p.Rows, parcel.row(w))
	}
	total := 0
	all := func(*sharing.Transfer) bool { return true }
	for _, i := range newestFirst(s.Transfers, all) {
		t := s.Transfers[i]
		if !t.State.Final() {
			p.Rows = append(p.Rows, row(t, m, now, w))
			continue
		}
		if t.Verify != nil {
			p.Rows = append(p.Rows, row(t, m, now, w))
		}
		total++
		if m.found(&t, words) {
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
		p.Empty = w.L("The history is empty. What you send or receive is listed here.")
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

// newestFirst returns the places of those transfers of a snapshot that are shown, in
// the order in which they are: by the time that stands beside them, which is that of
// their end once they have ended. Those whose end the other device has yet to be told
// of have none, and come first among those.
func newestFirst(all []sharing.Transfer, shown func(*sharing.Transfer) bool) []int {
	var order []int
	for i := range slices.Backward(all) { // the engine sorts by beginning
		if shown(&all[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &all[i], &all[j]
		if order := cmp.Compare(ending(a), ending(b)); order != 0 || ending(a) < 2 {
			return order
		}
		return b.Ended.Compare(a.Ended)
	})
	return order
}

// ending tells apart those that go on, those that end, and those that have ended.
func ending(t *sharing.Transfer) int {
	switch {
	case !t.State.Final():
		return 0
	case t.Ended.IsZero():
		return 1
	}
	return 2
}

// PastOf returns the line of a transfer that has ended. Only lines in sight need to
// be written.
func PastOf(t sharing.Transfer, now time.Time, w Words) Past {
	p := Past{Key: key(t), Ref: t.Share.String(), Title: titleOf(t.Title, t.Files, t.Folders, w), When: clock(t.Ended, now, w)}
	p.Icon, p.Tone = sign(t)
	p.Note, p.Size = title(t, w), size(t.Bytes, w)
	p.Label = strings.Join(noneEmpty([]string{p.Title, p.Note, p.Size, p.When}), ", ")
	return p
}
