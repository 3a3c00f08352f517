package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// Nothing says 100 % before the receipt.
func TestNeverHundred(t *testing.T) {
	for done, want := range map[int64]string{0: "0 %", 5: "0 %", 999: "99 %", 1000: "99 %", 2000: "99 %"} {
		s := sharing.Snapshot{Transfers: []sharing.Transfer{{
			State: sharing.Running, Peers: []sharing.Peer{{State: sharing.Running, Done: done, Total: 1000, Connected: true}},
		}}}
		if got := plain(of(t, s, view.Local{}).Now.Rows[0].Numbers); !strings.HasSuffix(got, want) {
			t.Errorf("%d of 1000: %q", done, got)
		}
	}
}

// What ended before the window was opened is history, not news.
func TestHistory(t *testing.T) {
	old := sharing.Transfer{Share: sharing.ShareID{1}, State: sharing.Delivered, Direction: sharing.Receiving, Title: "Old Films", Ended: now.AddDate(0, 0, -2), Peers: []sharing.Peer{{Name: "Anna"}}}
	fresh := sharing.Transfer{Share: sharing.ShareID{2}, State: sharing.Declined, Direction: sharing.Sending, Title: "Letter", Ended: now.Add(-time.Minute), Peers: []sharing.Peer{{Name: "Bình"}}}
	s := sharing.Snapshot{Transfers: []sharing.Transfer{old, fresh}}
	if rows := of(t, s, view.Local{}).Now.Rows; len(rows) != 1 || rows[0].What != "Letter" {
		t.Errorf("news: %+v", rows)
	}
	for search, want := range map[string]string{"": "Letter,Old Films", "old": "Old Films", "anna film": "Old Films", "bình": "Letter", "nobody": ""} {
		v := of(t, s, view.Local{Page: view.Transfers, Search: search})
		var titles []string
		for _, past := range v.History.History {
			titles = append(titles, past.Title)
		}
		if got := strings.Join(titles, ","); got != want {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
		if (v.History.Empty != "") != (want == "") || v.History.Clear == "" {
			t.Errorf("%q: %+v", search, v.History)
		}
	}
}

// Notices are fixed words and numbers.
func TestNotification(t *testing.T) {
	w := in(t, "en")
	evil := "$(rm -rf ~)"
	s := sharing.Snapshot{
		Offers: []sharing.Offer{{FromName: evil}, {FromName: evil}},
		Transfers: []sharing.Transfer{{Direction: sharing.Sending, Share: sharing.ShareID{1}, Peers: []sharing.Peer{
			{State: sharing.Delivered}, {State: sharing.Delivered}, {State: sharing.Running},
		}}},
	}
	for want, e := range map[string]sharing.Event{
		"2 requests are waiting.":   sharing.OfferedEvent{Offer: sharing.Offer{FromName: evil, Title: evil}},
		"Received 3 files, 7.0 kB.": sharing.DeliveredEvent{Direction: sharing.Receiving, Files: 3, Bytes: 7000, PeerName: evil},
		"Delivered to 2 people.":    sharing.DeliveredEvent{Direction: sharing.Sending, Share: sharing.ShareID{1}, PeerName: evil},
		"A transfer needs you.":     sharing.FailedEvent{State: sharing.Stuck, Error: evil, PeerName: evil},
		"":                          sharing.NeighbourEvent{Name: evil},
	} {
		if got := plain(view.Notification(e, s, w)); got != want {
			t.Errorf("%T: %q, want %q", e, got, want)
		}
	}
	if got := view.Notification(sharing.OfferedEvent{More: true}, s, w); got != "" {
		t.Errorf("beside one of the same person: %q", got)
	}
	if got := view.Notification(sharing.OfferedEvent{}, sharing.Snapshot{}, w); got != "Somebody wants to send you files." {
		t.Error(got)
	}
}

func TestVerify(t *testing.T) {
	l := view.Local{Page: view.Verify, With: anna}
	dishes := [4]identity.Dish{identity.DishFromIndex(1), identity.DishFromIndex(2), identity.DishFromIndex(3), identity.DishFromIndex(4)}
	for state, want := range map[sharing.PairingState]struct {
		dishes      int
		match, left string
		cancel      string
	}{
		sharing.PairingStarting:  {0, "", "0:52", "Cancel"},
		sharing.PairingComparing: {4, "They match", "0:52", "Cancel"},
		sharing.PairingWaiting:   {4, "", "0:52", "Cancel"},
		sharing.PairingDone:      {0, "", "", "Close"},
		sharing.PairingFailed:    {0, "", "", "Close"},
	} {
		s := sharing.Snapshot{Pairings: []sharing.Pairing{{Peer: anna, Name: "Anna", State: state, Dishes: dishes, Until: now.Add(52 * time.Second)}}}
		v := of(t, s, l)
		p := v.Verify
		if v.Page != view.Verify || len(p.Dishes) != want.dishes || p.Match != want.match || p.Left != want.left || p.Cancel != want.cancel || p.Text == "" {
			t.Errorf("%s: %+v", state, p)
		}
		if counts := want.left != ""; counts == v.Again.IsZero() {
			t.Errorf("%s: drawn again at %v", state, v.Again)
		}
	}
	if v := of(t, sharing.Snapshot{}, l); v.Page != view.Nearby {
		t.Errorf("without a pairing, page %d", v.Page)
	}
}

// Who begins a verification is seen on every page, until the page to answer is.
func TestInvitation(t *testing.T) {
	s := sharing.Snapshot{Pairings: []sharing.Pairing{{Peer: anna, Name: "Anna", State: sharing.PairingComparing}}}
	for page, want := range map[view.Page]bool{view.Nearby: true, view.Settings: true, view.Verify: false} {
		n := of(t, s, view.Local{Page: page, With: anna}).Notice
		if shown := n.Do == view.VerifyDevice && n.Ref == anna.String() && n.Button != ""; shown != want {
			t.Errorf("page %d: %+v", page, n)
		}
	}
	s.Pairings[0].Ours = true
	if n := of(t, s, view.Local{}).Notice; n.Text != "" {
		t.Errorf("of our own: %+v", n)
	}
}

func TestTrayHoldsNoNames(t *testing.T) {
	s := around()
	s.Offers = []sharing.Offer{{FromName: "Eve"}}
	s.Transfers = []sharing.Transfer{{State: sharing.Paused, Title: "Eve", Peers: []sharing.Peer{{Name: "Eve", PausedHere: true}}}}
	tray := of(t, s, view.Local{}).Tray
	want := view.Tray{
		Open: "Open Potluck", Waiting: "1 request waiting", Hold: "Resume all", Paused: true, Visible: "Visible to", Quit: "Quit", Dot: true,
		Who: []view.TrayChoice{{sharing.AudienceEveryone, "Everyone nearby", true}, {sharing.AudiencePaired, "Verified people", false}, {sharing.AudienceNobody, "Nobody", false}},
	}
	if !tray.Equal(want) {
		t.Errorf("%+v", tray)
	}
}

// Only settings that exist are shown.
func TestSettings(t *testing.T) {
	w := in(t, "en")
	c := view.ChoicesOf(map[string]string{"name": "me", "upLimit": "3 MB/s", "textSize": "150", "tray": "yes"})
	if c.TextSize != 150 || !c.KeepOn || c.Notify {
		t.Errorf("%+v", c)
	}
	s := sharing.Snapshot{Known: []sharing.KnownDevice{{ID: anna, Name: "Anna", Paired: true}, {ID: binh, Name: "Bình"}, {ID: fake, Name: "X", Blocked: true}}}
	var keys []string
	for _, r := range view.SettingsOf(s, c, "", w).Rows {
		if r.Key != "" {
			keys = append(keys, r.Key)
		}
		if r.Key == "upLimit" && r.Options[len(r.Options)-1].Value != "3 MB/s" {
			t.Errorf("the limit in force cannot be seen: %+v", r.Options)
		}
		if r.Control == view.OpenDevice && r.Name == "Bình" {
			t.Error("somebody met in passing is listed")
		}
	}
	if got := strings.Join(keys, " "); got != "name upLimit tray textSize" {
		t.Errorf("shows %s", got)
	}
}

// A limit that slows something down is said with its value, where it is known which.
func TestLimitIsSaid(t *testing.T) {
	for _, c := range []struct {
		direction sharing.Direction
		values    map[string]string
		want      string
	}{
		{sharing.Sending, map[string]string{"upLimit": "2 MB/s", "downLimit": "5 MB/s"}, "your limit (2.0 MB/s)"},
		{sharing.Receiving, map[string]string{"upLimit": "2 MB/s", "downLimit": "5 MB/s"}, "your limit (5.0 MB/s)"},
		{sharing.Receiving, map[string]string{"downLimit": "3500 kB/s"}, "your limit (3500 kB/s)"},
		{sharing.Sending, map[string]string{"upLimit": "0", "internetUpLimit": "1 MB/s"}, "your limit (1.0 MB/s)"},
		{sharing.Sending, map[string]string{"upLimit": "2 MB/s", "internetUpLimit": "1 MB/s"}, "your limit"},
	} {
		one := sharing.Transfer{
			Direction: c.direction, State: sharing.Running, Title: "a", Files: 1, Bytes: 100, Slowest: "limit",
			Peers: []sharing.Peer{{Name: "Anna", State: sharing.Running, Connected: true, Done: 1, Total: 100}},
		}
		v := view.Of(sharing.Snapshot{Transfers: []sharing.Transfer{one}}, view.Local{}, view.ChoicesOf(c.values), &view.Memory{}, now, in(t, "en"))
		if note := bare(v.Now.Rows[0].Note); note != "Slowest part just now: "+c.want {
			t.Errorf("%s with %v: %q", c.direction, c.values, note)
		}
	}
}

// Where it will be is told while it is on its way, too.
func TestWhereItWillBe(t *testing.T) {
	tr := sharing.Transfer{Share: sharing.ShareID{1}, Direction: sharing.Receiving, State: sharing.Running, Into: "/media/stick", Peers: []sharing.Peer{{ID: anna, State: sharing.Running, Total: 10}}}
	l := view.Local{Page: view.Details, Shown: string(tr.Direction) + tr.Share.String()}
	for _, f := range of(t, sharing.Snapshot{Transfers: []sharing.Transfer{tr}}, l).Details.Facts {
		if f.What == "Where" && bare(f.Value) == "/media/stick" && f.Path {
			return
		}
	}
	t.Error("it is not said")
}
