package sharing

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"potluck/sharing/identity"
)

// firewall keeps p from reaching the others for pieces.
func firewall(p *party, others ...identity.ID) {
	dial := p.dialPieces
	p.dialPieces = func(ctx context.Context, id identity.ID) (net.Conn, error) {
		for _, other := range others {
			if id == other {
				return nil, errors.New("nobody is let in there")
			}
		}
		return dial(ctx, id)
	}
}

// Who is through with a share, and lets nobody in, gives it on all the same: it is asked to
// dial, and makes ready again what it has let rest.
func TestWhoLetsNobodyInGivesOn(t *testing.T) {
	sharer, takers := crowd(t, 2)
	b, c := takers[0], takers[1]
	firewall(c, b.id())
	c.limit(0, 1<<20)
	folder := tree(t, t.TempDir(), 6<<20)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers)); err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](b, nil)
	c.until("b is here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	sharer.stop()
	c.limit(0, 0)
	same(t, folder, next[DeliveredEvent](c, nil).Path)
}

// Nobody is dialled for a share that the asker may not have, and a long list is refused.
func TestAskingToDial(t *testing.T) {
	sharer, takers := crowd(t, 2)
	b, stranger := takers[0], takers[1]
	share := send(t, sharer, b, tree(t, t.TempDir(), 1<<20))
	next[DeliveredEvent](b, nil)
	meet(b, stranger)
	stranger.until("b is here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	ask := func(list []ShareID) int {
		t.Helper()
		_, status, err := stranger.call(t.Context(), b.id(), http.MethodPost, "/v1/dial", dialDoc{Shares: list})
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	if status := ask([]ShareID{share, {1}}); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	b.mu.Lock()
	if k := b.keptLocked(share); k == nil || k.torrent != nil {
		t.Error("it is made ready for somebody who may not have it")
	}
	b.mu.Unlock()
	if status := ask(make([]ShareID, maxDialShares+1)); status != http.StatusBadRequest {
		t.Errorf("too many: status %d", status)
	}
}
