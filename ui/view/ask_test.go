package view_test

import (
	"testing"

	"potluck/sharing"
	"potluck/ui/view"
)

// A question says which transfer it is about, and with whom.
func TestAskCancel(t *testing.T) {
	peer := func(name string, state sharing.State) sharing.Peer {
		return sharing.Peer{ID: anna, Name: name, State: state}
	}
	s := sharing.Snapshot{Neighbours: []sharing.Neighbour{{ID: binh, Name: "Anna"}}}
	for _, c := range []struct {
		direction sharing.Direction
		peers     []sharing.Peer
		want      string
	}{
		{sharing.Receiving, []sharing.Peer{peer("Zoë", sharing.Running)}, `Cancel "video.mp4" from Zoë? What has arrived so far is removed.`},
		{sharing.Sending, []sharing.Peer{peer("Zoë", sharing.Running)}, `Withdraw "video.mp4" for Zoë? Whoever does not have all of it yet gets nothing.`},
		{sharing.Sending, []sharing.Peer{peer("Zoë", sharing.Running), peer("Chi", sharing.Delivered)}, `Withdraw "video.mp4" for Zoë? Whoever does not have all of it yet gets nothing.`},
		{sharing.Sending, []sharing.Peer{peer("Zoë", sharing.Running), peer("Chi", sharing.Waiting)}, `Withdraw "video.mp4" for Zoë and Chi? Whoever does not have all of it yet gets nothing.`},
	} {
		one := sharing.Transfer{Share: sharing.ShareID{1}, Direction: c.direction, State: sharing.Running, Title: "video.mp4", Files: 1, Peers: c.peers}
		s.Transfers = []sharing.Transfer{one}
		if q := view.AskCancel(one, s, in(t, "en")); bare(q.Text) != c.want || q.Ref != one.Share.String() || q.Do != view.CancelTransfer {
			t.Errorf("it asks %q", bare(q.Text))
		}
	}
	one := sharing.Transfer{Direction: sharing.Receiving, State: sharing.Running, Title: "a", Peers: []sharing.Peer{peer("Anna", sharing.Running)}}
	s.Transfers = []sharing.Transfer{one}
	if q := view.AskCancel(one, s, in(t, "en")); bare(q.Text) != `Cancel "a" from Anna AA11? What has arrived so far is removed.` {
		t.Errorf("of two of one name: %q", bare(q.Text))
	}
}

// That nothing is in the history is true before the first transfer and after it was
// cleared.
func TestEmptyHistory(t *testing.T) {
	p := of(t, sharing.Snapshot{}, view.Local{Page: view.Transfers}).History
	if p.Empty != "The history is empty. What you send or receive is listed here." {
		t.Errorf("it says %q", p.Empty)
	}
}

// A button does not count what is not chosen yet.
func TestNothingChosenYet(t *testing.T) {
	p := &view.Picking{Title: "Send files…", At: "/home/lan", Ticked: []string{}}
	if page := of(t, sharing.Snapshot{}, view.Local{Page: view.Pick, Picking: p}).Pick; page.Choose != "Choose files" || page.Can {
		t.Errorf("%q, %v", page.Choose, page.Can)
	}
	p.Ticked = append(p.Ticked, "/home/lan/a")
	if page := of(t, sharing.Snapshot{}, view.Local{Page: view.Pick, Picking: p}).Pick; page.Choose != "Choose 1 file" || !page.Can {
		t.Errorf("%q, %v", page.Choose, page.Can)
	}
}
