package ui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/request"
	"potluck/ui/view"
)

// lineBelow returns the line above the buttons of a request that says what is still to
// be read, as it is drawn and as it is spoken; "" if there is none.
func lineBelow(c *request.Card) (drawn, spoken string) {
	line := c.Held()[1].(*fyne.Container).Objects[0]
	if !c.Visible() || !line.Visible() {
		return "", ""
	}
	for _, o := range test.LaidOutObjects(line) {
		if text, is := o.(*canvas.Text); is {
			drawn = text.Text
		}
	}
	return drawn, line.(fyne.Accessible).AccessibilityLabel()
}

// Whatever offers come, change and go, and whatever is scrolled: what a request warns
// of, or says about its folder, is its own.
func TestRequestsWarnOfTheirOwn(t *testing.T) {
	sizes := []float32{640, 900}
	lines := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 0))
		s := stage(t, quiet(), english(), fyne.NewSize(sizes[seed%2], 480))
		var offers []sharing.Offer
		for n := range 30 {
			offers = slices.Clone(offers)
			switch do := r.IntN(9); {
			case do < 2 || len(offers) == 0:
				from := around()[r.IntN(6)]
				o := photos()
				o.Share, o.From, o.FromName, o.Paired, o.Twin = sharing.ShareID{byte(n + 1)}, from.ID, from.Name, from.Paired, from.Twin
				o.Title, o.Into, o.Free = fmt.Sprintf("offer %d", n), fmt.Sprintf("/home/lan/%d", n), int64(1+n)*200_000_000
				o.Programs, o.Renamed, o.Connected = r.IntN(2), r.IntN(2)*(n+2), r.IntN(3) > 0
				offers = append(offers, o)
			case do == 2:
				i := r.IntN(len(offers))
				offers = slices.Delete(offers, i, i+1)
			case do == 3:
				offers[r.IntN(len(offers))].Free = int64(1+n) * int64(1+r.IntN(9)) * 100_000_000
			case do == 4:
				s.screen.now.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: float32(r.IntN(800) - 400)}})
			case do == 5:
				pages := []view.Page{view.Nearby, view.Transfers, view.Settings}
				s.local.Go(pages[r.IntN(len(pages))])
			case do == 6:
				s.local.PutOff(offers[r.IntN(len(offers))].Share)
			case do == 7:
				s.local.Recall(offers[r.IntN(len(offers))].Share)
			default:
				s.window.Resize(fyne.NewSize(sizes[r.IntN(2)], 320+float32(r.IntN(400))))
			}
			s.engine.snapshot.Offers = offers
			s.clock = s.clock.Add(time.Second)
			s.snapshot = s.engine.snapshot
			s.runTasks()
			s.render() // once: nothing may stay until the next time
			for _, c := range s.screen.now.cards {
				if c.Visible() && s.screen.now.root.Visible() {
					answersInSight(t, s, c)
				}
				drawn, spoken := lineBelow(c)
				if spoken == "" {
					continue
				}
				lines++
				v := c.Value()
				own := []string{v.Folder, v.Folder + " · " + v.Free}
				for _, note := range v.Notes {
					own = append(own, note.Text)
				}
				if !slices.Contains(own, spoken) || drawn == "" || !strings.HasPrefix(spoken, strings.TrimSuffix(drawn, "…")) {
					t.Errorf("%d, %d: %q says %q, drawn as %q", seed, n, v.Title, spoken, drawn)
				}
			}
		}
	}
	if lines < 50 {
		t.Errorf("only %d lines were seen", lines)
	}
}

// answersInSight checks the place of the buttons of a request: they are in sight as soon
// as there is room for them below who it is from and what it is, and never over these.
func answersInSight(t *testing.T, s *scene, c *request.Card) {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	top := func(o fyne.CanvasObject) float32 { return driver.AbsolutePositionForObject(o).Y }
	what, pinned := c.First().(fyne.CanvasObject), c.Held()[1]
	scroll := s.screen.now.scroll
	edge, begin, end := top(scroll)+scroll.Size().Height, top(pinned), top(pinned)+pinned.Size().Height
	least := top(what) + what.Size().Height
	if begin < least {
		t.Errorf("the answers to %q begin at %v, over what it is, which ends at %v", c.Value().Title, begin, least)
	}
	if least < edge && end > edge && begin > least+20 {
		t.Errorf("the answers to %q end at %v, below the edge at %v, with room from %v on", c.Value().Title, end, edge, least)
	}
}

// However much a request warns of, all answers to it are in sight, in every look.
func TestManyWarnings(t *testing.T) {
	for _, l := range looks {
		s := stage(t, quiet(), settingsOf(l.theme, l.language, l.text), l.size)
		o := program()
		o.Files, o.Folders, o.Renamed, o.Title = 3005, 1, 1, "line break.pdf, many +3"
		s.engine.snapshot.Offers = []sharing.Offer{o}
		for range 3 {
			s.draw()
		}
		for _, text := range []string{s.words.L("Decline"), s.words.L("Later")} {
			if !inSight(s, text) {
				t.Errorf("%s: %q is not in sight", l.name, text)
			}
		}
	}
}
