package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// crowd is a device with 500 neighbours and a history of 10,000 transfers.
func crowd() *engine {
	e := quiet()
	e.snapshot.Neighbours = nil
	for i := range 500 {
		e.snapshot.Neighbours = append(e.snapshot.Neighbours, sharing.Neighbour{
			ID: identity.ID{byte(i), byte(i >> 8), 7}, Name: fmt.Sprintf("Somebody's laptop %03d", i), Kind: "laptop", Since: now,
		})
	}
	for i := range 10_000 {
		who := e.snapshot.Neighbours[i%500]
		ended := now.Add(-time.Duration(10_000-i) * time.Hour)
		e.snapshot.Transfers = append(e.snapshot.Transfers, sharing.Transfer{
			Share: sharing.ShareID{byte(i), byte(i >> 8)}, Direction: sharing.Receiving, Title: fmt.Sprintf("Pictures of day %d", i), Bytes: 34_000_000,
			State: sharing.Delivered, Started: ended, Ended: ended, Peers: []sharing.Peer{{ID: who.ID, Name: who.Name, State: sharing.Delivered}},
		})
	}
	return e
}

// The wheel is turned by a notch: what the window does for it before it is
// painted. A frame has 16 ms for both.
func BenchmarkScroll(b *testing.B) {
	for name, page := range map[string]view.Page{"500 neighbours": view.Nearby, "10,000 lines of history": view.Transfers} {
		b.Run(name, func(b *testing.B) {
			s := stage(b, crowd(), english(), usual)
			s.do(func(l *view.Local) { l.Go(page) })
			s.draw()
			wheel := map[view.Page]fyne.Scrollable{
				view.Nearby:    s.screen.pages[view.Nearby].(*nearbyPage).grid.Scroll(),
				view.Transfers: s.screen.pages[view.Transfers].(*transfersPage).list.Scroll(),
			}[page]
			for i := 0; b.Loop(); i++ {
				way := float32(-40)
				if i/100%2 == 1 {
					way = 40 // back again
				}
				wheel.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: way}})
			}
		})
	}
}

// Somebody among 500 changes while the page is seen: what the window does for it
// before it is painted.
func BenchmarkChange(b *testing.B) {
	e := crowd()
	s := stage(b, e, english(), usual)
	for i := 0; b.Loop(); i++ {
		e.snapshot.Neighbours[3].Name = fmt.Sprintf("Somebody else %d", i%10)
		s.draw()
	}
}
