package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

func TestRow(t *testing.T) {
	a := sharing.Peer{ID: anna, Name: "Anna", State: sharing.Running, Done: 1_500_000_000, Total: 3_400_000_000, Rate: 84_000_000, Connected: true}
	away := a
	away.Connected = false
	b := sharing.Peer{ID: binh, Name: "Bình", State: sharing.Running, Total: 3_400_000_000, Connected: true}
	done := b
	done.State, done.Done = sharing.Delivered, done.Total
	waits := b
	waits.State, waits.Total = sharing.Waiting, 0
	no := b
	no.State = sharing.Declined
	mine, theirs, both := a, a, a
	mine.PausedHere, theirs.PausedThere, both.PausedHere, both.PausedThere = true, true, true, true
	const unknown = "Something went wrong. Try again; if it stays like this, start Potluck anew."
	part := a
	part.Receipt = &sharing.Receipt{Files: 2, Bytes: 5000}

	tests := []struct {
		t                           sharing.Transfer
		title, numbers, note, verbs string
		bar                         bool
	}{
		{sharing.Transfer{State: sharing.Preparing, Direction: sharing.Sending}, "Preparing…", "", "", "Withdraw", false},
		{sharing.Transfer{State: sharing.Waiting, Direction: sharing.Sending, Peers: []sharing.Peer{a}}, "Waiting for Anna to answer", "", "", "Withdraw", false},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Receiving, Peers: []sharing.Peer{a}, Slowest: "network"},
			"Receiving from Anna", "1.5 of 3.4 GB · 44 % · 84 MB/s", "Slowest part just now: the network", "Pause Cancel", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{away}},
			"Sending to Anna", "1.5 of 3.4 GB · 44 %", "Waiting for Anna to come back", "Pause Withdraw", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{a, waits, done}},
			"Sending to 3 people", "4.9 of 6.8 GB · 72 % · 84 MB/s", "1 of 3 have everything", "Pause Withdraw", true,
		},
		{
			sharing.Transfer{State: sharing.Stuck, Direction: sharing.Receiving, Error: "the disk of /x is full: make room and try again", Peers: []sharing.Peer{a}},
			"Needs you: receiving from Anna", "1.5 of 3.4 GB · 44 %", "The disk of /x is full: make room and try again.", "Choose another folder Try again Cancel", true,
		},
		{sharing.Transfer{State: sharing.Stuck, Direction: sharing.Receiving, Error: "open /x: errno 5", Peers: []sharing.Peer{a}}, "Needs you: receiving from Anna", "1.5 of 3.4 GB · 44 %", unknown, "Try again Cancel", true},
		{sharing.Transfer{State: sharing.Stuck, Direction: sharing.Sending, Error: "the disk of the folder there is full: make room and try again", Peers: []sharing.Peer{a}}, "Anna has to do something first", "1.5 of 3.4 GB · 44 %", "The disk of the folder there is full: make room and try again.", "Withdraw", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{mine}}, "Paused, from Anna", "1.5 of 3.4 GB · 44 %", "", "Resume Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Sending, Peers: []sharing.Peer{mine}}, "Paused, to Anna", "1.5 of 3.4 GB · 44 %", "", "Resume Withdraw", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{theirs}}, "Anna paused it", "1.5 of 3.4 GB · 44 %", "", "Pause Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{both}}, "Anna and you paused it", "1.5 of 3.4 GB · 44 %", "", "Resume Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Sending, Peers: []sharing.Peer{mine, done}}, "Paused, to 2 people", "4.9 of 6.8 GB · 72 %", "", "Resume Withdraw", true},
		{sharing.Transfer{State: sharing.Finishing, Direction: sharing.Receiving, Peers: []sharing.Peer{a}}, "Checking…", "", "", "", true},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{a}},
			"Delivered: Anna has everything", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x"}, Peers: []sharing.Peer{part}},
			"Received from Anna", "today 14:05 · 2 files · 5.0 kB", "", "Show in folder Open", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x.pdf.EXE"}, Peers: []sharing.Peer{a}},
			"Received from Anna", "today 14:05 · 3 files · 7.0 kB", "", "Show in folder", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x.pdf", "/y.pdf"}, Peers: []sharing.Peer{a}},
			"Received from Anna", "today 14:05 · 3 files · 7.0 kB", "", "Show in folder", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Ended: now, Failures: []sharing.Note{{}, {}}, Peers: []sharing.Peer{a}},
			"Delivered: Anna has everything", "today 14:05 · 0 files · 0 bytes", "2 files could not be read and were left out.", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{done, no}},
			"1 of 2 have everything", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{done, done}},
			"Delivered: everybody has everything", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{sharing.Transfer{State: sharing.Declined, Direction: sharing.Sending, Ended: now, Peers: []sharing.Peer{a}}, "Anna declined", "today 14:05", "", "Offer again", false},
		{sharing.Transfer{State: sharing.Failed, Direction: sharing.Receiving, Ended: now, Error: "errno 28", Peers: []sharing.Peer{a}}, "Failed, from Anna", "today 14:05", unknown, "", false},
	}
	for _, tt := range tests {
		v := of(t, sharing.Snapshot{Transfers: []sharing.Transfer{tt.t}}, view.Local{})
		if len(v.Now.Rows) != 1 {
			t.Fatalf("%s: %d rows", tt.t.State, len(v.Now.Rows))
		}
		r := v.Now.Rows[0]
		var verbs []string
		for _, b := range r.Buttons {
			if b.Text != "" {
				verbs = append(verbs, b.Text)
			}
		}
		bare := strings.NewReplacer("\u2068", "", "\u2069", "", "\u00A0", " ")
		got := []string{bare.Replace(r.Title), bare.Replace(r.Numbers), bare.Replace(r.Note), strings.Join(verbs, " ")}
		for i, want := range []string{tt.title, tt.numbers, tt.note, tt.verbs} {
			if got[i] != want {
				t.Errorf("%s: shows %q, want %q", tt.t.State, got[i], want)
			}
		}
		if (r.Part >= 0) != tt.bar {
			t.Errorf("%s: part %v", tt.t.State, r.Part)
		}
	}
}

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
