package sharing

import (
	"net/http"
	"testing"

	"potluck/sharing/session"
)

// ended waits until the one transfer of a person is over, and checks what is said
// of it.
func (p *party) ended(state State, sentence string) {
	p.t.Helper()
	s := p.until("the end", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].State.Final() })
	if got := s.Transfers[0].Peers[0]; got.State != state || got.Error != sentence {
		p.t.Errorf("it is shown as %q: %q", got.State, got.Error)
	}
}

// Who is blocked while a transfer runs learns that it is over, and nothing else.
func TestATransferEndsForWhoWasBlocked(t *testing.T) {
	for _, who := range []string{"the sharer", "the taker"} {
		t.Run(who+" blocks", func(t *testing.T) {
			ben, anna := pair(t, AcceptEveryone)
			anna.limit(0, 8<<20) // or it might be over before
			send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
			anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
			if who == "the sharer" {
				ben.Block(anna.id())
				anna.ended(Withdrawn, noLongerShares)
			} else {
				anna.Block(ben.id())
				ben.ended(Cancelled, noLongerShares)
			}
			for _, p := range []*party{anna, ben} {
				p.until("nobody is here", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
			}
		})
	}
}

// The same while it waits for an answer.
func TestAnOfferEndsForWhoWasBlocked(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	anna.Block(ben.id())
	ben.ended(Cancelled, noLongerShares)
}

// Who was not here when it was blocked is told when it comes, and is let in for
// that alone.
func TestWhoWasBlockedWhileAwayIsTold(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	anna.limit(0, 8<<20)
	send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	anna.stop()
	ben.until("anna is away", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	ben.Block(anna.id())
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(anna, ben)
	anna.ended(Withdrawn, noLongerShares)
	for _, p := range []*party{anna, ben} {
		p.until("nobody is here", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	}
	if ben.allowed(anna.id()) {
		t.Error("a blocked device that knows all is let in")
	}
}

// A blocked device that does not listen gets nothing of a share while it is told.
func TestABlockedDeviceFetchesNothing(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	const size = 300 << 10
	share, _ := bait(t, ben, r, size)
	r.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: size})
	path := "/v1/shares/" + share.String()
	hashes := path + "/hashes?from=0&amended=0&failed=0"
	if status, _ := r.do(ben, http.MethodGet, hashes, nil); status != http.StatusOK {
		t.Fatalf("hashes: %d", status)
	}
	deaf := make(chan struct{})
	r.mux.HandleFunc("PUT /v1/offers/"+share.String(), func(http.ResponseWriter, *http.Request) { <-deaf })
	ben.Block(r.ID())
	for _, what := range []string{hashes, path + "/manifest"} {
		if status, _ := r.do(ben, http.MethodGet, what, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", what, status)
		}
	}
	if status, _ := r.do(ben, http.MethodPost, path+"/doubt?piece=0", nil); status != http.StatusNotFound {
		t.Errorf("doubt: %d", status)
	}
	if status := r.file("more.txt", []byte("more")).offer(ben); status != http.StatusOK {
		t.Errorf("another offer: %d", status)
	}
	if n := len(ben.Snapshot().Offers); n > 0 || len(ben.Snapshot().Neighbours) > 0 {
		t.Error("a blocked device is to be seen")
	}
	ben.mu.Lock()
	if n := len(ben.incoming); n > 0 {
		t.Errorf("%d offers of a blocked device were taken down", n)
	}
	ben.mu.Unlock()
	close(deaf)
}
