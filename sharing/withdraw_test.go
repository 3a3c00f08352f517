package sharing

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"potluck/sharing/identity"
)

// A share is withdrawn from one of three: from the one who thinks it over, and from one
// in the middle of it, who keeps nothing. The third gets all of it.
func TestWithdrawFromOne(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	carl, dora := start(t, "Carl", t.TempDir(), AcceptAsk), start(t, "Dora", t.TempDir(), AcceptAsk)
	for _, p := range []*party{carl, dora} {
		meet(ben, p)
	}
	ben.until("all of them", func(s Snapshot) bool { return len(s.Neighbours) == 3 })
	root := tree(t, t.TempDir(), 24<<20)
	share, err := ben.Send(t.Context(), []string{root}, []identity.ID{anna.id(), carl.id(), dora.id()})
	if err != nil {
		t.Fatal(err)
	}
	ref := share.String()
	carl.limit(0, 1<<20) // or it might be over before
	accept(t, carl, share, AcceptOptions{})
	carl.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	next(dora, func(e OfferedEvent) bool { return e.Share == share })

	for _, p := range []*party{dora, carl} {
		if got, err := ben.Withdraw(t.Context(), ref, p.id()); err != nil || got != share {
			t.Fatal(got, err)
		}
		rec, err := ben.records.read(share) // as it would be if the device died now
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(rec.Takers, func(r takerRecord) bool { return r.ID == p.id() }); rec.Takers[i].State != Withdrawn {
			t.Errorf("written down: %+v", rec.Takers[i])
		}
		if _, err := ben.Withdraw(t.Context(), ref, p.id()); !errors.Is(err, ErrState) {
			t.Errorf("once more: %v", err)
		}
	}
	if e := next[OfferGoneEvent](dora, nil); !e.Withdrawn || e.Share != share {
		t.Errorf("%+v", e)
	}
	next(carl, func(e FailedEvent) bool { return e.Final })
	onlyIn(t, carl.downloads)
	accept(t, anna, share, AcceptOptions{})
	next[DeliveredEvent](anna, nil)
	same(t, root, filepath.Join(anna.downloads, filepath.Base(root)))
	ben.until("the end", func(s Snapshot) bool { return s.Transfers[0].State == Delivered })

	if _, err := ben.Withdraw(t.Context(), ref, anna.id()); !errors.Is(err, ErrState) {
		t.Errorf("of what is over: %v", err)
	}
	if _, err := ben.Withdraw(t.Context(), "ffff", anna.id()); !errors.Is(err, ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

// Only a share from here can be withdrawn, and only from those whom it was offered to.
func TestWithdrawFromNobody(t *testing.T) {
	ben, anna, share, _ := begun(t)
	if _, err := anna.Withdraw(t.Context(), share.String(), ben.id()); !errors.Is(err, ErrState) {
		t.Errorf("by the taker: %v", err)
	}
	if _, err := ben.Withdraw(t.Context(), share.String(), ben.id()); !errors.Is(err, ErrNotFound) {
		t.Errorf("from somebody else: %v", err)
	}
	anna.until("that nothing has changed", func(s Snapshot) bool { return s.Transfers[0].State == Paused })
}
