package sharing

import (
	"path/filepath"
	"testing"
	"time"

	"potluck/sharing/session"
)

// A device that has no room is asked again more and more seldom, and at once about
// something new.
func TestNoRoomIsAskedForMoreSeldom(t *testing.T) {
	d, l := &Device{}, newLink(session.Peer{})
	m := letter{share: ShareID{1}, version: 3}
	other := letter{share: ShareID{2}, version: 1}
	due := func(list ...letter) int {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(l.dueLocked(list))
	}
	for _, want := range []time.Duration{tellRetry, 2 * tellRetry, 4 * tellRetry, 8 * tellRetry, 16 * tellRetry, roomRetry, roomRetry} {
		before := time.Now()
		d.postpone(l, m)
		next, waits := d.nextLater(l)
		if got := next.Sub(before); !waits || got < want || got > want+time.Minute {
			t.Errorf("it waits %v, want %v", got, want)
		}
		if n := due(m, other); n != 1 {
			t.Errorf("%d letters are due, want the other one", n)
		}
	}
	m.version++
	if n := due(m); n != 1 {
		t.Error("what is new has to wait")
	}
	d.postpone(l, m)
	d.arrived(l, m)
	if _, waits := d.nextLater(l); waits || due(m) != 1 {
		t.Error("what has arrived is waited for")
	}
	d.postpone(l, m)
	due(other)
	if _, waits := d.nextLater(l); waits {
		t.Error("what there is no letter about any more is waited for")
	}
}

// More is offered than may wait: whenever something is answered, the next one comes.
func TestMoreOffersThanThereIsRoomFor(t *testing.T) {
	const more = 6
	ben, anna := pair(t, AcceptAsk)
	folder := t.TempDir()
	for i := range maxOffersOfPeer + more {
		path := filepath.Join(folder, string(rune('a'+i)))
		write(t, path, "x")
		send(t, ben, anna, path)
	}
	anna.until("as many as may be", func(s Snapshot) bool { return len(s.Offers) == maxOffersOfPeer })
	waiting := func() int {
		ben.mu.Lock()
		defer ben.mu.Unlock()
		return len(ben.links[anna.Snapshot().Self.ID].later)
	}
	for began := time.Now(); waiting() != more; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > waitLong {
			t.Fatalf("%d offers wait for room, want %d", waiting(), more)
		}
	}
	for i := range maxOffersOfPeer + more {
		s := anna.until("an offer", func(s Snapshot) bool { return len(s.Offers) > 0 })
		if i == 0 {
			if _, err := anna.Decline(t.Context(), s.Offers[0].Share.String()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if _, err := anna.Accept(t.Context(), s.Offers[0].Share.String(), AcceptOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	ben.until("the end", func(s Snapshot) bool {
		for _, one := range s.Transfers {
			if !one.State.Final() {
				return false
			}
		}
		return true
	})
}
