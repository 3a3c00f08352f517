package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// plain makes spaces of those that keep a number and its unit together.
func plain(s string) string { return strings.ReplaceAll(s, "\u00A0", " ") }

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64][2]string{
		0:                         {"0 bytes", "0 byte"},
		1:                         {"1 byte", "1 byte"},
		999:                       {"999 bytes", "999 byte"},
		1000:                      {"1.0 kB", "1,0 kB"},
		9949:                      {"9.9 kB", "9,9 kB"},
		9950:                      {"10 kB", "10 kB"},
		999_499:                   {"999 kB", "999 kB"},
		999_500:                   {"1.0 MB", "1,0 MB"},
		3_400_000_000:             {"3.4 GB", "3,4 GB"},
		9_223_372_036_854_775_807: {"9.2 EB", "9,2 EB"},
		-5:                        {"0 bytes", "0 byte"},
	} {
		for i, language := range []string{"en", "vi"} {
			offer := sharing.Offer{Files: 2, Bytes: bytes, Free: -1, Connected: true}
			v := view.Of(sharing.Snapshot{Offers: []sharing.Offer{offer}}, view.Local{}, view.Choices{}, &view.Memory{}, now, in(t, language))
			if got := plain(v.Now.Requests[0].Size); got != want[i] {
				t.Errorf("%s: %d bytes are %q, want %q", language, bytes, got, want[i])
			}
		}
	}
}

func TestCount(t *testing.T) {
	f := view.Format{Group: ","}
	for n, want := range map[int]string{0: "0", 999: "999", 1204: "1,204", 1_000_000: "1,000,000", -1234: "-1,234"} {
		if got := view.Count(n, f); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// The time left is shown once it can be believed, and jumps neither often nor up.
func TestTimeLeft(t *testing.T) {
	w := in(t, "en")
	transfer := func(done, rate int64) sharing.Snapshot {
		return sharing.Snapshot{Transfers: []sharing.Transfer{{
			Direction: sharing.Receiving, State: sharing.Running,
			Peers: []sharing.Peer{{State: sharing.Running, Name: "Anna", Done: done, Total: 1000e6, Rate: rate, Connected: true}},
		}}}
	}
	var m view.Memory
	for i, step := range []struct {
		after      time.Duration
		done, rate int64
		want       string
	}{
		{0, 10e6, 10e6, "10 MB of 1.0 GB · 1 % · 10 MB/s"},
		{2 * time.Second, 100e6, 10e6, "100 MB of 1.0 GB · 10 % · 10 MB/s"},
		{3 * time.Second, 100e6, 10e6, "100 MB of 1.0 GB · 10 % · 10 MB/s · about 2 min left"},
		{4 * time.Second, 110e6, 1e6, "110 MB of 1.0 GB · 11 % · 1.0 MB/s · about 2 min left"},   // not every moment
		{6 * time.Second, 120e6, 9.2e6, "120 MB of 1.0 GB · 12 % · 9.2 MB/s · about 1 min left"}, // not up by little
		{8 * time.Second, 130e6, 1e6, "130 MB of 1.0 GB · 13 % · 1.0 MB/s · about 15 min left"},  // up by much
		{10 * time.Second, 995e6, 10e6, "995 MB of 1.0 GB · 99 % · 10 MB/s · a few seconds left"},
		{16 * time.Second, 995e6, 10e6, "995 MB of 1.0 GB · 99 %"}, // nothing has moved
	} {
		v := view.Of(transfer(step.done, step.rate), view.Local{}, view.Choices{}, &m, now.Add(step.after), w)
		if got := plain(v.Now.Rows[0].Numbers); got != step.want {
			t.Errorf("%d: %q, want %q", i, got, step.want)
		}
	}
}

func TestClock(t *testing.T) {
	for ended, want := range map[time.Time][2]string{
		now.Add(-time.Hour):      {"today 13:05", "hôm nay 13:05"},
		now.Add(-15 * time.Hour): {"yesterday 23:05", "hôm qua 23:05"},
		now.AddDate(0, -1, 0):    {"26 Oct 2026 14:05", "26/10/2026 14:05"},
	} {
		for i, language := range []string{"en", "vi"} {
			past := view.PastOf(sharing.Transfer{State: sharing.Delivered, Ended: ended}, now, in(t, language))
			if past.When != want[i] {
				t.Errorf("%s: %v is %q, want %q", language, ended, past.When, want[i])
			}
		}
	}
}
