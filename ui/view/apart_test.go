package view_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// Two of one name are told apart wherever they are named, and nobody else gets
// digits.
func TestNamesakes(t *testing.T) {
	one, two, other := identity.ID{0xAB, 0xCD}, identity.ID{0x12, 0x34}, identity.ID{0x99}
	s := sharing.Snapshot{
		Neighbours: []sharing.Neighbour{{ID: one, Name: "Bình"}, {ID: two, Name: "bình"}, {ID: other, Name: "Cam"}},
		Offers: []sharing.Offer{
			{Share: sharing.ShareID{1}, From: one, FromName: "Bình", Title: "a", Files: 1},
			{Share: sharing.ShareID{2}, From: other, FromName: "Cam", Title: "b", Files: 1},
		},
		Messages:  []sharing.Message{{ID: "m", From: two, FromName: "bình", Text: "hi"}},
		Transfers: []sharing.Transfer{{Direction: sharing.Receiving, State: sharing.Running, Peers: []sharing.Peer{{ID: two, Name: "bình", State: sharing.Running, Connected: true}}}},
	}
	v := of(t, s, view.Local{})
	for said, want := range map[string]string{
		v.Now.Requests[0].Name: "Bình ABCD", v.Now.Requests[1].Name: "Cam",
		v.Now.Messages[0].Line: "bình 1234", v.Now.Rows[0].Title: "bình 1234",
	} {
		if !strings.Contains(said, want) || want == "Cam" && said != "Cam" {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if s.Offers[0].FromName != "Bình" {
		t.Error("the snapshot was changed")
	}
	if page := of(t, s, view.Local{Page: view.Device, With: one}).Device; page.Name != "Bình ABCD" {
		t.Errorf("the page is about %q", page.Name)
	}
	if page := of(t, s, view.Local{Page: view.Write, With: one}).Write; !strings.Contains(page.Title, "Bình ABCD") {
		t.Errorf("the message is a %q", page.Title)
	}
	l := view.Local{}
	l.Dropped([]string{"/x"}, view.Target{Known: true, Card: true, ID: one}, s, now, in(t, "en"))
	if len(l.Holds) != 1 || l.Holds[0].Names[0] != "Bình ABCD" {
		t.Errorf("held for %+v", l.Holds)
	}
}

// Two who have just left, since this device hides from them, are still told apart.
func TestNamesakesWhoLeftLately(t *testing.T) {
	one, two, old := identity.ID{0xAB, 0xCD}, identity.ID{0x12, 0x34}, identity.ID{0x77}
	s := sharing.Snapshot{
		Known: []sharing.KnownDevice{
			{ID: one, Name: "Anna", Seen: now},
			{ID: two, Name: "anna", Seen: now.Add(-time.Minute)},
			{ID: binh, Name: "Bình", Seen: now},
			{ID: old, Name: "Bình", Seen: now.Add(-48 * time.Hour)},
		},
		Transfers: []sharing.Transfer{
			{Direction: sharing.Sending, State: sharing.Running, Peers: []sharing.Peer{{ID: one, Name: "Anna", State: sharing.Running}}},
			{Direction: sharing.Sending, State: sharing.Running, Peers: []sharing.Peer{{ID: binh, Name: "Bình", State: sharing.Running}}},
		},
	}
	rows := of(t, s, view.Local{}).Now.Rows
	if a, b := bare(rows[0].Title)+bare(rows[1].Title), "Anna ABCD"; !strings.Contains(a, b) || strings.Contains(a, "Bình ") {
		t.Errorf("the rows say %q", a)
	}
}

// One that has left in the middle is not taken for its namesake who is here.
func TestANamesakeWhoLeftIsToldApart(t *testing.T) {
	gone, here := identity.ID{0xAB, 0xCD}, identity.ID{0x12, 0x34}
	s := sharing.Snapshot{
		Neighbours: []sharing.Neighbour{{ID: here, Name: "Anna"}},
		Transfers:  []sharing.Transfer{{Direction: sharing.Receiving, State: sharing.Running, Peers: []sharing.Peer{{ID: gone, Name: "Anna", State: sharing.Running}}}},
	}
	v := of(t, s, view.Local{})
	if title := v.Now.Rows[0].Title; !strings.Contains(title, "Anna ABCD") {
		t.Errorf("it comes from %q", title)
	}
	choosing := view.Local{Choosing: true, Basket: view.Basket{Paths: []string{"/x"}}, Ticked: []identity.ID{here}}
	if send := of(t, s, choosing).Nearby.Bar.Send; !strings.Contains(send, "Anna 1234") {
		t.Errorf("the button says %q", send)
	}
	if c := v.Nearby.Cards[0]; c.Name != "Anna" || c.Tag != "1234" {
		t.Errorf("the card says %q %q", c.Name, c.Tag)
	}
}

// A device with this one's name is told apart, too; this one keeps its name.
func TestANamesakeOfThisDevice(t *testing.T) {
	other := identity.ID{0x12, 0x34}
	s := sharing.Snapshot{
		Self:       sharing.Self{ID: identity.ID{0xAB, 0xCD}, Name: "Lan"},
		Neighbours: []sharing.Neighbour{{ID: other, Name: "lan"}, {ID: identity.ID{0x99}, Name: "Cam"}},
		Transfers:  []sharing.Transfer{{Direction: sharing.Receiving, State: sharing.Running, Peers: []sharing.Peer{{ID: other, Name: "lan", State: sharing.Running, Connected: true}}}},
	}
	v := of(t, s, view.Local{})
	if got := v.Nearby.Cards; got[0].Tag != "" || got[1].Name != "lan" || got[1].Tag != "1234" {
		t.Errorf("the cards are %+v", got)
	}
	if title := v.Now.Rows[0].Title; !strings.Contains(title, "lan 1234") {
		t.Errorf("it comes from %q", title)
	}
	if v.Me.Name != "Lan" {
		t.Errorf("this device is %q", v.Me.Name)
	}
}

// What came from two of one name is told apart also when one of them is gone, or has
// another name by now.
func TestNamesakesInTheHistory(t *testing.T) {
	one, two := identity.ID{0x04, 0xDF}, identity.ID{0x36, 0xF8}
	from := func(share byte, id identity.ID, called string, state sharing.State) sharing.Transfer {
		t := sharing.Transfer{
			Share: sharing.ShareID{share}, Direction: sharing.Receiving, State: state, Title: "video.mp4", Files: 1,
			Peers: []sharing.Peer{{ID: id, Name: called, State: state, Connected: true}},
		}
		if state.Final() {
			t.Ended = now.Add(-time.Minute)
		}
		return t
	}
	s := sharing.Snapshot{
		Neighbours: []sharing.Neighbour{{ID: one, Name: "Bình"}, {ID: two, Name: "Desk"}},
		Transfers: []sharing.Transfer{
			from(1, one, "Bình", sharing.Delivered), from(2, two, "bình", sharing.Delivered), from(3, anna, "Anna", sharing.Delivered), from(4, one, "Bình", sharing.Running),
		},
	}
	v := of(t, s, view.Local{Page: view.Transfers})
	var said []string
	for _, past := range v.History.History {
		said = append(said, bare(view.PastOf(past, now, in(t, "en")).Note))
	}
	want := []string{"Received from Anna", "Received from bình 36F8", "Received from Bình 04DF"}
	if !slices.Equal(said, want) {
		t.Errorf("the history says %q", said)
	}
	var rows []string
	for _, r := range v.Now.Rows {
		rows = append(rows, bare(r.Title))
	}
	if want := []string{"Receiving from Bình", "Received from Anna", "Received from bình 36F8", "Received from Bình 04DF"}; !slices.Equal(rows, want) {
		t.Errorf("the panel says %q", rows)
	}
	if s.Transfers[0].Peers[0].Name != "Bình" {
		t.Error("the snapshot was changed")
	}
}
