package view_test

import (
	"errors"
	"strings"
	"testing"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

func TestTextNotices(t *testing.T) {
	w, s := in(t, "en"), around()
	one, two := []identity.ID{binh}, []identity.ID{anna, binh}
	lost := errors.New("the text did not reach Bình, which is not here now")
	both := errors.Join(lost, errors.New("Anna takes nothing from this device"))
	for _, c := range []struct {
		got  view.Notice
		tone view.Tone
		want string
	}{
		{view.SayingText(one, s, w), view.Active, "Sending your message to Bình…"},
		{view.SayingText(two, s, w), view.Active, "Sending your message to 2 people…"},
		{view.TextArrived(one, s, now, w), view.Good, "Bình has your message."},
		{view.TextArrived(two, s, now, w), view.Good, "2 people have your message."},
		{view.TextLost(one, lost, now, w), view.Bad, "The text did not reach Bình, which is not here now."},
		{view.TextLost(two, lost, now, w), view.Bad, "The text did not reach Bình, which is not here now. 1 person has your message."},
		{view.TextLost(two, both, now, w), view.Bad, "The text did not reach Bình, which is not here now. Anna takes nothing from this device."},
	} {
		if got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(c.got.Text); got != c.want || c.got.Tone != c.tone {
			t.Errorf("%q in tone %d, want %q", got, c.got.Tone, c.want)
		}
	}
}

// How much there is to be sent is said once it is known, and of nothing else than
// what is to be sent.
func TestWeight(t *testing.T) {
	paths := []string{"/home/lan/a.pdf", "/home/lan/Photos"}
	amount := sharing.Amount{Files: 1205, Folders: 2, Bytes: 3_400_000_000}
	for _, c := range []struct {
		weight view.Weight
		want   string
	}{
		{view.Weight{}, "\u2068Photos\u2069, \u2068a.pdf\u2069"},
		{view.Weight{Paths: paths}, "\u2068Photos\u2069, \u2068a.pdf\u2069"},
		{view.Weight{Paths: paths[:1], Known: true, Amount: amount}, "\u2068Photos\u2069, \u2068a.pdf\u2069"},
		{view.Weight{Paths: paths, Known: true, Amount: amount}, "\u2068Photos\u2069, \u2068a.pdf\u2069 · 1,205 files · 3.4 GB"},
	} {
		l := view.Local{Weight: c.weight}
		l.Choose(view.Basket{Paths: paths})
		if got := plain(of(t, around(), l).Nearby.Bar.Text); got != c.want {
			t.Errorf("choosing, %+v: %q", c.weight, got)
		}
		l = view.Local{Weight: c.weight}
		l.Dropped(paths, view.Target{Known: true, Card: true, ID: binh}, around(), now, in(t, "en"))
		if got := plain(of(t, around(), l).Nearby.Hold.Note); got != c.want {
			t.Errorf("held back, %+v: %q", c.weight, got)
		}
		if got := l.Heavy(); strings.Join(got, " ") != strings.Join(paths, " ") {
			t.Errorf("%q are weighed", got)
		}
	}
}
