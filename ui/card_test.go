package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/view"
	"potluck/ui/words"
)

// What goes on between two people is seen whole on the narrowest card, in every
// language and size of text.
func TestCardsSayItWhole(t *testing.T) {
	book, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	running := func(d sharing.Direction, state sharing.State) sharing.Snapshot {
		return sharing.Snapshot{Transfers: []sharing.Transfer{{
			Direction: d, State: state, Peers: []sharing.Peer{{ID: anna, State: state, Done: 99, Total: 100}},
		}}}
	}
	states := []sharing.Snapshot{
		{},
		{Offers: []sharing.Offer{{From: anna}}},
		{Messages: []sharing.Message{{From: anna}}},
		{Pairings: []sharing.Pairing{{Peer: anna, State: sharing.PairingComparing}}},
	}
	for _, d := range []sharing.Direction{sharing.Sending, sharing.Receiving} {
		for _, state := range []sharing.State{sharing.Running, sharing.Waiting, sharing.Paused, sharing.Stuck, sharing.Finishing} {
			states = append(states, running(d, state))
		}
	}
	a := test.NewTempApp(t)
	for _, size := range []int{80, 100, 150, 200} {
		a.Settings().SetTheme(look.New(look.Options{TextSize: size}))
		for _, language := range book.Languages() {
			w := book.In(language.Tag)
			for _, trusted := range []bool{false, true} {
				for _, s := range states {
					s.Neighbours = []sharing.Neighbour{{ID: anna, Name: "Nguyễn Thị Minh Khai's very long name", Paired: trusted, Trusted: trusted, Kind: "laptop"}}
					shown := view.Of(s, view.Local{}, view.Choices{}, &view.Memory{}, now, w).Nearby.Cards[0]
					card := neighbour.NewCard(cardValue(shown, w))
					card.Resize(card.MinSize())
					card.MouseIn(&desktop.MouseEvent{})
					got := cardWords(card)
					want := shown.State
					if want == "" {
						want = shown.Hint
					}
					// Scripts without spaces are divided anywhere.
					squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
					if !strings.Contains(squeeze(strings.Join(got, "")), squeeze(want)) {
						t.Errorf("%s at %d %%: %q is cut: %q", language.Tag, size, want, got)
					}
					if !slices.Contains(got, shown.TrustText) {
						t.Errorf("%s at %d %%: %q is cut: %q", language.Tag, size, shown.TrustText, got)
					}
				}
			}
		}
	}
}

// cardWords are the texts seen on a card.
func cardWords(o fyne.Widget) []string {
	var list []string
	for _, o := range test.WidgetRenderer(o).Objects() {
		if text, ok := o.(*canvas.Text); ok && text.Visible() && text.Text != "" {
			list = append(list, text.Text)
		}
	}
	return list
}

// Numbers that count are never cut: for how long everybody sees this device, and
// how much is to be sent, in every language, in a small window with large text.
func TestNumbersAreWhole(t *testing.T) {
	book, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range book.Languages() {
		p := settingsOf("light", language.Tag, "150")
		p.values["visible"], p.values["openUntil"] = "paired", now.Add(10*time.Minute).Format(time.RFC3339)
		s := stage(t, quiet(), p, fyne.NewSize(640, 480))
		s.engine.amount = sharing.Amount{Files: 1205, Bytes: 3_400_000_000}
		s.local.Choose(view.Basket{Paths: []string{"/home/lan/Ảnh Đà Lạt", "/home/lan/slides.pdf"}})
		for range 4 {
			s.draw()
		}
		_, count, _ := strings.Cut(s.shown.Nearby.Bar.Text, " · ")
		for _, want := range []string{s.shown.Me.Visible, count} {
			if want == "" || !inSight(s, want) {
				t.Errorf("%s: %q is cut:\n%s", language.Tag, want, reading(s))
			}
		}
	}
}
