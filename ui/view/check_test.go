package view_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// letter is something that was received, and found to be so when it was checked.
func letter(checked *sharing.Checked) sharing.Transfer {
	return sharing.Transfer{
		Share: sharing.ShareID{9}, Direction: sharing.Receiving, State: sharing.Delivered, Title: "Letter", Files: 1, Ended: now, Paths: []string{"/x"},
		Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Delivered}}, Checked: checked,
	}
}

// What was found damaged has no tick, in the list, the history and the details, and
// says so; also when nothing is known of it but what the engine kept.
func TestWhatWasFoundIsShown(t *testing.T) {
	for name, tt := range map[string]struct {
		checked *sharing.Checked
		icon    view.Icon
		tone    view.Tone
		title   string
		details string
	}{
		"never checked": {nil, view.Check, view.Good, "Received from Anna", ""},
		"whole":         {&sharing.Checked{At: now}, view.Check, view.Good, "Received from Anna", "Everything is here as it was sent."},
		"changed": {
			&sharing.Checked{At: now, Changed: 1, Unchecked: 2}, view.Check, view.Good, "Received from Anna",
			"1 file was changed since it came, and left as it is. 2 files could not be checked.",
		},
		"damaged": {&sharing.Checked{At: now, Damaged: 2}, view.Fault, view.Warn, "Damaged, from Anna", "2 files are damaged."},
		"missing": {&sharing.Checked{At: now, Missing: 1}, view.Fault, view.Warn, "No longer complete, from Anna", "1 file is no longer there."},
	} {
		one := letter(tt.checked)
		s := sharing.Snapshot{Transfers: []sharing.Transfer{one}}
		v := of(t, s, view.Local{Page: view.Details, Shown: string(sharing.Receiving) + one.Share.String()})
		for where, r := range map[string]view.Row{"now": v.Now.Rows[0], "details": v.Details.Row} {
			if r.Icon != tt.icon || r.Tone != tt.tone || bare(r.Title) != tt.title || (r.Tone == view.Warn) != (r.Note != "") {
				t.Errorf("%s, %s: %+v", name, where, r)
			}
		}
		past := view.PastOf(one, now, in(t, "en"))
		if past.Icon != tt.icon || past.Tone != tt.tone || !strings.HasPrefix(bare(past.Note), tt.title) {
			t.Errorf("%s, history: %+v", name, past)
		}
		if got := bare(v.Details.Check.Text); got != tt.details {
			t.Errorf("%s, details: %q", name, got)
		}
	}
}

// What the window remembers of a check counts as long as no later one has found
// something else.
func TestTheLastCheckCounts(t *testing.T) {
	before := sharing.Verified{Share: letter(nil).Share, At: now.Add(-time.Hour), OK: true}
	for damaged, want := range map[int]string{0: "Everything is here as it was sent.", 1: "1 file is damaged."} {
		one := letter(&sharing.Checked{At: before.At, Damaged: damaged})
		if damaged > 0 {
			one.Checked.At = now
		}
		v := of(t, sharing.Snapshot{Transfers: []sharing.Transfer{one}}, view.Local{
			Page: view.Details, Shown: string(sharing.Receiving) + one.Share.String(), Checked: &before,
		})
		if got := bare(v.Details.Check.Text); got != want {
			t.Errorf("says %q, want %q", got, want)
		}
	}
}

// What the window tells people to press is what the button is called, and what the
// command line calls it is said nowhere.
func TestButtonsAreCalledByTheirNames(t *testing.T) {
	for _, language := range []string{"en", "vi", "de", "es", "fr", "pt-BR", "ja", "zh-Hans"} {
		w := in(t, language)
		one := letter(nil)
		v := view.Of(
			sharing.Snapshot{Transfers: []sharing.Transfer{one}}, view.Local{Page: view.Details, Shown: string(sharing.Receiving) + one.Share.String()},
			view.Choices{}, &view.Memory{}, now, w,
		)
		button := v.Details.Check.Button.Text
		said := view.Sentence(errors.New("nobody who has it is here just now; verify it again when the device that sent it is back"), w)
		if button == "" || !strings.Contains(said, button) {
			t.Errorf("%s: the button is called %q, and it says %q", language, button, said)
		}
	}
	if got := view.Sentence(errors.New("this is being verified already"), in(t, "en")); got != "This is being checked already." {
		t.Error(got)
	}
}

// Of what could not be mended, it is said first that it is damaged.
func TestWhyItIsNotMended(t *testing.T) {
	found := sharing.Verified{
		Title: "Letter", Damaged: sharing.Entries{Count: 3}, Repaired: sharing.Entries{Count: 1},
		Error: "nobody who has it is here just now; verify it again when the device that sent it is back",
	}
	n := view.CheckedNotice(found, now, in(t, "en"))
	const want = `Letter · 2 files are damaged or missing. Nobody who has it is here just now; press "Check and mend" again when the device that sent it is back.`
	if bare(n.Text) != want || n.Tone != view.Warn {
		t.Errorf("says %q", bare(n.Text))
	}
}

// What has ended is shown by the time that stands beside it, the newest first. What
// ended at the same time stays as it is, whatever else is there.
func TestHistoryIsInTheOrderOfItsTimes(t *testing.T) {
	at := func(id byte, begun, ended time.Duration) sharing.Transfer {
		one := sharing.Transfer{
			Share: sharing.ShareID{id}, State: sharing.Delivered, Title: string('a' + rune(id)), Started: now.Add(-begun), Ended: now.Add(-ended),
			Peers: []sharing.Peer{{ID: anna, Name: "Anna"}},
		}
		if ended < 0 {
			one.Ended = time.Time{} // the other one has yet to be told
		}
		return one
	}
	s := sharing.Snapshot{Transfers: []sharing.Transfer{ // as the engine sorts them: by their beginning
		at(0, 10*time.Hour, time.Minute), at(1, 9*time.Hour, 8*time.Hour), at(2, 7*time.Hour, 2*time.Hour),
		at(3, 6*time.Hour, 2*time.Hour), at(4, 5*time.Hour, -1), at(5, 4*time.Hour, 3*time.Hour),
	}}
	var got string
	for _, past := range of(t, s, view.Local{Page: view.Transfers}).History.History {
		got += past.Title
	}
	if got != "eadcfb" {
		t.Errorf("the order is %q", got)
	}
	if when := view.PastOf(s.Transfers[4], now, in(t, "en")).When; when != "" {
		t.Errorf("of what has no end yet it says %q", when)
	}
	got = ""
	v := view.Of(s, view.Local{Began: now.Add(-time.Hour * 24)}, view.Choices{}, &view.Memory{}, now, in(t, "en"))
	for _, r := range v.Now.Rows {
		got += r.What
	}
	if got != "a" { // what ended in the last minutes
		t.Errorf("the news are %q", got)
	}
}

// Who was blocked is not called verified, neither in the details of what came before
// nor on the page about that device.
func TestBlockedIsSaid(t *testing.T) {
	one := letter(nil)
	one.Peers[0].Sources = []sharing.Source{{ID: anna, Name: "Anna"}, {ID: binh, Name: "Bình"}}
	s := sharing.Snapshot{
		Known:     []sharing.KnownDevice{{ID: anna, Name: "Anna", Paired: true, Blocked: true}, {ID: binh, Name: "Bình", Paired: true}},
		Transfers: []sharing.Transfer{one},
	}
	v := of(t, s, view.Local{Page: view.Details, Shown: string(sharing.Receiving) + one.Share.String()}).Details
	if p := v.People[0]; p.Trust != view.BlockedDevice || p.TrustText != "Blocked" {
		t.Errorf("it came from %+v", p)
	}
	if from := v.Sources; from[0].TrustText != "Blocked" || from[1].TrustText != "Verified" {
		t.Errorf("it came from %+v", from)
	}
	d := of(t, s, view.Local{Page: view.Device, With: anna}).Device
	if d.TrustText != "Blocked" || !strings.HasPrefix(d.Why, "You blocked") || d.Auto != "" || d.Unpair == "" || d.Block != "Unblock" {
		t.Errorf("the page says %+v", d)
	}
}
