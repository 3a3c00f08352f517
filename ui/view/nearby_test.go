package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

func TestEmptyStates(t *testing.T) {
	w := in(t, "en")
	for _, c := range []struct {
		l          view.Local
		empty, why string
	}{
		{view.Local{Starting: true}, "Starting…", ""},
		{view.Local{Began: now.Add(-time.Second)}, "Looking around…", ""},
		{view.Local{Began: now.Add(-time.Minute)}, "Nobody nearby yet", "Whoever opens Potluck on this network shows up here by itself."},
		{view.Local{Broken: "the state folder cannot be locked: EACCES"}, "Potluck could not start", "Potluck cannot use its own folder; see that it belongs to you and that its disk is not full."},
	} {
		v := view.Of(sharing.Snapshot{}, c.l, view.Choices{}, &view.Memory{}, now, w)
		if v.Nearby.Empty != c.empty || v.Nearby.Why != c.why {
			t.Errorf("%+v: shows %q, %q", c.l, v.Nearby.Empty, v.Nearby.Why)
		}
		if looking := c.empty == "Looking around…"; looking != !v.Again.IsZero() {
			t.Errorf("%q: drawn again at %v", c.empty, v.Again)
		}
	}
}

// Without a network nobody is looked for, and nobody counted; it is back as it was when
// the network is.
func TestNoNetwork(t *testing.T) {
	for _, s := range []sharing.Snapshot{{}, around()} {
		for _, offline := range []bool{true, false} {
			s.Self.Offline = offline
			v := of(t, s, view.Local{Began: now.Add(-time.Minute)})
			told := (v.Nearby.Title == "No network" || v.Nearby.Empty == "No network") && v.Me.Visible == "No network"
			why := v.Nearby.Why == "Everything goes on by itself when it is back." || v.Nearby.Hint == "Everything goes on by itself when it is back."
			if told != offline || why != offline {
				t.Errorf("offline: %v, and shown are %+v, %q", offline, v.Nearby, v.Me.Visible)
			}
		}
	}
}

func TestCards(t *testing.T) {
	s := around()
	s.Neighbours[1].Alias = "Em Bình"
	s.Transfers = []sharing.Transfer{
		{Direction: sharing.Sending, State: sharing.Running, Peers: []sharing.Peer{{ID: anna, State: sharing.Running, Done: 999, Total: 1000}}},
	}
	s.Offers = []sharing.Offer{{From: binh}}
	cards := of(t, s, view.Local{Ticked: []identity.ID{anna}}).Nearby.Cards
	want := []view.Card{
		{ID: anna, Name: "Anna", Tag: "AA11", Trust: view.Verified, TrustText: "Verified", State: "Sending · 99 %", StateTone: view.Active, Part: 0.99, Ticked: true, Hint: "Drop files here", Label: "Anna AA11, Verified, Sending · 99 %"},
		{ID: fake, Name: "Anna", Tag: "FF33", Trust: view.OtherDevice, TrustText: "Other device", Part: -1, Label: "Anna FF33, Other device"},
		{ID: binh, Name: "Em Bình", Trust: view.NotVerified, TrustText: "Not verified", State: "Wants to send you files", StateTone: view.Active, Part: -1, Wants: true, Hint: "Drop files here", Label: "Em Bình, Not verified, Wants to send you files"},
	}
	if len(cards) != len(want) {
		t.Fatalf("%d cards", len(cards))
	}
	for i := range want {
		got := cards[i]
		got.State, got.Label = plain(got.State), plain(got.Label)
		if got != want[i] {
			t.Errorf("card %d is\n%+v, want\n%+v", i, got, want[i])
		}
	}
}

// What moves between two devices is shown together; what waits for an answer does not
// move.
func TestCardSumsUp(t *testing.T) {
	move := func(d sharing.Direction, state sharing.State, done, total int64) sharing.Transfer {
		return sharing.Transfer{Direction: d, State: state, Peers: []sharing.Peer{
			{ID: binh, State: sharing.Running, Done: 5, Total: 7}, {ID: anna, State: state, Done: done, Total: total},
		}}
	}
	for name, c := range map[string]struct {
		moves []sharing.Transfer // the latest last
		text  string
		part  float64
	}{
		"none":     {nil, "", -1},
		"one":      {[]sharing.Transfer{move(sharing.Sending, sharing.Running, 300, 1000)}, "Sending · 30 %", 0.3},
		"two":      {[]sharing.Transfer{move(sharing.Sending, sharing.Running, 900, 1000), move(sharing.Sending, sharing.Running, 0, 1000)}, "Sending · 45 %", 0.45},
		"both":     {[]sharing.Transfer{move(sharing.Sending, sharing.Running, 0, 3000), move(sharing.Receiving, sharing.Running, 600, 1000)}, "Receiving · 15 %", 0.15},
		"a wait":   {[]sharing.Transfer{move(sharing.Sending, sharing.Waiting, 0, 9000)}, "Waiting for an answer", -1},
		"and one":  {[]sharing.Transfer{move(sharing.Sending, sharing.Running, 300, 1000), move(sharing.Sending, sharing.Waiting, 0, 9000)}, "Sending · 30 %", 0.3},
		"ended":    {[]sharing.Transfer{move(sharing.Sending, sharing.Delivered, 9000, 9000), move(sharing.Receiving, sharing.Paused, 100, 1000)}, "Paused", 0.1},
		"a check":  {[]sharing.Transfer{move(sharing.Receiving, sharing.Finishing, 1000, 1000)}, "Checking…", 1},
		"and more": {[]sharing.Transfer{move(sharing.Receiving, sharing.Running, 0, 1000), move(sharing.Receiving, sharing.Finishing, 1000, 1000)}, "Receiving · 50 %", 0.5},
		"held up":  {[]sharing.Transfer{move(sharing.Sending, sharing.Running, 300, 1000), move(sharing.Sending, sharing.Paused, 100, 1000), move(sharing.Sending, sharing.Paused, 200, 1000)}, "Sending · 20 %", 0.2},
		"stuck":    {[]sharing.Transfer{move(sharing.Receiving, sharing.Running, 0, 1000), move(sharing.Receiving, sharing.Stuck, 500, 1000)}, "Needs you", 0.25},
	} {
		s := around()
		s.Transfers = c.moves
		card := of(t, s, view.Local{}).Nearby.Cards[0]
		if got := plain(card.State); got != c.text || card.Part != c.part {
			t.Errorf("%s: %q, %v; want %q, %v", name, got, card.Part, c.text, c.part)
		}
	}
}

// A card that has just left stays for a moment, so that nothing jumps.
func TestJustLeft(t *testing.T) {
	w := in(t, "en")
	var m view.Memory
	show := func(s sharing.Snapshot, after time.Duration) view.View {
		return view.Of(s, view.Local{Began: now.Add(-time.Hour)}, view.Choices{}, &m, now.Add(after), w)
	}
	s := around()
	show(s, 0)
	s.Neighbours = s.Neighbours[1:]
	v := show(s, time.Second)
	if len(v.Nearby.Cards) != 3 || v.Nearby.Title != "2 nearby" || v.Again.IsZero() {
		t.Fatalf("%d cards under %q, again at %v", len(v.Nearby.Cards), v.Nearby.Title, v.Again)
	}
	for _, c := range v.Nearby.Cards {
		if c.Left != (c.ID == anna) || c.Left && c.State != "Just left" {
			t.Errorf("%+v", c)
		}
	}
	if v := show(s, time.Minute); len(v.Nearby.Cards) != 2 || !v.Again.IsZero() {
		t.Errorf("%d cards, again at %v", len(v.Nearby.Cards), v.Again)
	}
}

// While somebody aims at a card, none moves: who comes is last, who goes stays.
func TestNothingMovesUnderTheHand(t *testing.T) {
	w := in(t, "en")
	var m view.Memory
	names := func(s sharing.Snapshot, aiming bool, after time.Duration) string {
		v := view.Of(s, view.Local{Began: now.Add(-time.Hour), Aiming: aiming}, view.Choices{}, &m, now.Add(after), w)
		var list []string
		for _, c := range v.Nearby.Cards {
			list = append(list, c.Name)
		}
		return strings.Join(list, " ")
	}
	bea, eva := sharing.Neighbour{ID: anna, Name: "Bea"}, sharing.Neighbour{ID: binh, Name: "Eva"}
	ada := sharing.Neighbour{ID: fake, Name: "Ada"}
	for i, step := range []struct {
		here   []sharing.Neighbour
		aiming bool
		after  time.Duration
		want   string
	}{
		{[]sharing.Neighbour{bea, eva}, false, 0, "Bea Eva"},
		{[]sharing.Neighbour{bea, eva, ada}, true, time.Second, "Bea Eva Ada"},
		{[]sharing.Neighbour{eva, ada}, true, 2 * time.Second, "Bea Eva Ada"},
		{[]sharing.Neighbour{eva, ada}, true, time.Minute, "Bea Eva Ada"},
		{[]sharing.Neighbour{eva, ada}, false, time.Minute, "Ada Eva"},
	} {
		if got := names(sharing.Snapshot{Neighbours: step.here}, step.aiming, step.after); got != step.want {
			t.Errorf("%d: %q, want %q", i, got, step.want)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"":                     "No name",
		" \u200b\u202e ":       "No name",
		"photo_\u202egpj.exe":  "photo_gpj.exe",
		"a\nb\tc":              "a b c",
		"שלום":                 "שלום",
		"e\u0301":              "é",
		"👩\u200d👧":             "👩\u200d👧",
		"ab\u200dcd":           "abcd",
		"bad \xff utf":         "bad \uFFFD utf",
		"{{.Name}} <b>x</b> %": "{{.Name}} <b>x</b> %",
	} {
		s := sharing.Snapshot{Neighbours: []sharing.Neighbour{{ID: anna, Name: name}}}
		if got := of(t, s, view.Local{}).Nearby.Cards[0].Name; got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'x'
	}
	copy(long[len(long)-4:], " end")
	s := sharing.Snapshot{Neighbours: []sharing.Neighbour{{ID: anna, Name: string(long)}}}
	if got := of(t, s, view.Local{}).Nearby.Cards[0].Name; len(got) > 250 || !strings.HasSuffix(got, " end") {
		t.Errorf("a name of %d bytes is shown: %q", len(got), got)
	}
}

func TestFolder(t *testing.T) {
	for path, want := range map[string]string{
		"/home/me/Downloads": "~/Downloads", "/home/me": "~", "/home/mela/x": "/home/mela/x", "/srv": "/srv",
	} {
		if got := view.Folder(path, "/home/me"); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// What moves stays in sight whatever else there is between two people, and what
// waits for an answer comes before a text that can be read at any time.
func TestWhatGoesOn(t *testing.T) {
	sending := []sharing.Transfer{{
		Direction: sharing.Sending, State: sharing.Running, Peers: []sharing.Peer{{ID: anna, State: sharing.Running, Done: 400, Total: 1000}},
	}}
	message := []sharing.Message{{ID: "m", From: anna, Text: "hello"}}
	offer := []sharing.Offer{{From: anna}}
	for name, c := range map[string]struct {
		s     sharing.Snapshot
		state string
		part  float64
		wants bool
	}{
		"nothing":                {sharing.Snapshot{}, "", -1, false},
		"a message":              {sharing.Snapshot{Messages: message}, "Sends you a message", -1, true},
		"sending, and a message": {sharing.Snapshot{Messages: message, Transfers: sending}, "Sending · 40 %", 0.4, true},
		"sending, and an offer":  {sharing.Snapshot{Offers: offer, Transfers: sending}, "Wants to send you files", 0.4, true},
		"a message and an offer": {sharing.Snapshot{Offers: offer, Messages: message}, "Wants to send you files", -1, true},
	} {
		c.s.Neighbours = around().Neighbours
		got := of(t, c.s, view.Local{}).Nearby.Cards[0]
		if plain(got.State) != c.state || got.Part != c.part || got.Wants != c.wants {
			t.Errorf("%s: %q, part %v, wants %v", name, got.State, got.Part, got.Wants)
		}
	}
}

// A device that was blocked is not verified and has not left: it is blocked.
func TestBlockedCard(t *testing.T) {
	w := in(t, "en")
	var m view.Memory
	s := around()
	local := view.Local{Began: now.Add(-time.Hour)}
	view.Of(s, local, view.Choices{}, &m, now, w)
	s.Neighbours = s.Neighbours[1:]
	s.Known = []sharing.KnownDevice{{ID: anna, Name: "Anna", Paired: true, Blocked: true}}
	c := view.Of(s, local, view.Choices{}, &m, now.Add(time.Second), w).Nearby.Cards[0]
	if c.ID != anna || c.TrustText != "Blocked" || c.State != "" || !strings.HasSuffix(c.Label, "Blocked") {
		t.Errorf("%+v", c)
	}
}
