package view_test

import (
	"slices"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// What is offered once more can be taken back as what is dropped can, and is for those
// alone who have not got all of it.
func TestAgain(t *testing.T) {
	sent := sharing.Transfer{
		Share: sharing.ShareID{7}, Direction: sharing.Sending, State: sharing.Withdrawn, Paths: []string{"/home/me/a.pdf"},
		Peers: []sharing.Peer{{ID: anna, State: sharing.Delivered}, {ID: binh, State: sharing.Withdrawn}},
	}
	words := in(t, "en")
	l := view.Local{Page: view.Transfers}
	for range 2 {
		if !l.Again(sent, around(), now, words) {
			t.Fatal("it is not held back")
		}
	}
	if len(l.Holds) != 1 || !slices.Equal(l.Holds[0].To, []identity.ID{binh}) || l.Holds[0].Again != sent.Share.String() {
		t.Fatalf("held back: %+v", l.Holds)
	}
	if h := of(t, around(), l).Nearby.Hold; bare(h.Text) != "Offering to Bình" || h.Note != "a.pdf" || h.Undo == "" {
		t.Errorf("shows %+v", h)
	}
	if due := l.Due(now.Add(1900 * time.Millisecond)); len(due) != 0 {
		t.Error("it is held back too short")
	}
	if l.Undo(now, words); len(l.Holds) != 0 {
		t.Error("it cannot be taken back")
	}
	received := sent
	received.Direction = sharing.Receiving
	if l.Again(received, around(), now, words) {
		t.Error("what comes from somebody is held back")
	}
}

// Who is blocked is offered nothing once more, and that is said.
func TestAgainWithoutTheBlocked(t *testing.T) {
	s := around()
	s.Known = []sharing.KnownDevice{{ID: binh, Name: "Bình", Blocked: true}}
	sent := sharing.Transfer{
		Share: sharing.ShareID{7}, Direction: sharing.Sending, State: sharing.Withdrawn, Paths: []string{"/home/me/a.pdf"},
		Peers: []sharing.Peer{{ID: binh, Name: "Bình", State: sharing.Withdrawn}},
	}
	l := view.Local{Page: view.Transfers}
	if !l.Again(sent, s, now, in(t, "en")) || len(l.Holds) != 0 || bare(l.Notice.Text) != "Bình is blocked." {
		t.Errorf("held back: %+v, says %+v", l.Holds, l.Notice)
	}
	sent.Peers = append(sent.Peers, sharing.Peer{ID: anna, Name: "Anna", State: sharing.Declined})
	if !l.Again(sent, s, now, in(t, "en")) || len(l.Holds) != 1 || !slices.Equal(l.Holds[0].To, []identity.ID{anna}) {
		t.Errorf("held back: %+v", l.Holds)
	}
}
