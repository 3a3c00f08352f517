package sharing

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
)

func TestS42_QuestionsThatComeToNothing(t *testing.T) {
	var p prompts
	now := time.Unix(1000, 0)
	id, other := identity.ID{1}, identity.ID{2}
	ask := func(id identity.ID) time.Duration { return p.wait(id, false, now) }
	for range freeQuestions + 1 {
		if w := ask(id); w != 0 {
			t.Fatalf("waits %v in the beginning", w)
		}
		p.answered(id, false, now)
	}
	last := time.Duration(0)
	for range 20 {
		w := ask(id)
		if w < last || w < minPause || w > maxPause {
			t.Fatalf("waits %v after %v", w, last)
		}
		if ask(other) != 0 {
			t.Error("another one waits too")
		}
		now, last = now.Add(w), w
		if w := ask(id); w != 0 {
			t.Errorf("still has to wait %v", w)
		}
		p.answered(id, false, now)
	}
	if last != maxPause {
		t.Errorf("the last pause was %v", last)
	}
	p.answered(id, true, now)
	if w := ask(id); w != 0 {
		t.Errorf("waits %v after a yes", w)
	}
	for range 10 {
		p.answered(id, false, now)
	}
	now = now.Add(forgiveAfter + 1)
	if w := ask(id); w != 0 || len(p.askers) != 0 {
		t.Errorf("waits %v after a long time", w)
	}
	for i := range 2 * maxAskers {
		p.answered(identity.ID{3, byte(i), byte(i >> 8)}, false, now.Add(time.Duration(i)))
	}
	if len(p.askers) > maxAskers {
		t.Errorf("%d are remembered", len(p.askers))
	}
}

func TestS42_ManyStrangers(t *testing.T) {
	var p prompts
	now := time.Unix(1000, 0)
	asked := 0
	for i := range 1000 {
		if p.wait(identity.ID{1, byte(i), byte(i >> 8)}, true, now) == 0 {
			asked++
		}
	}
	if asked != maxStrangers {
		t.Errorf("%d asked at once", asked)
	}
	if p.wait(identity.ID{2}, false, now) != 0 {
		t.Error("a friend has to wait for strangers")
	}
	w := p.wait(identity.ID{3}, true, now)
	if w <= 0 || p.wait(identity.ID{3}, true, now.Add(w)) != 0 {
		t.Errorf("it was to be after %v", w)
	}
}

// Whoever offers and takes back, again and again, is not shown for long.
func TestS42_OffersThatFlap(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	for range freeQuestions + 1 {
		l := r.lure(lineOf("a", 1), 1)
		l.offer(anna)
		next(anna, func(e OfferedEvent) bool { return e.Share == l.id })
		l.withdraw(anna, "")
		next(anna, func(e OfferGoneEvent) bool { return e.Share == l.id })
	}
	l := r.lure(lineOf("a", 1), 1)
	l.offer(anna)
	anna.until("the list is here", func(Snapshot) bool {
		anna.notifier.changed() // look again
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return anna.incoming[l.id].manifest != nil
	})
	other := newRogue(t, anna, session.Hello{})
	honest := other.lure(lineOf("b", 1), 1)
	honest.offer(anna)
	next(anna, func(e OfferedEvent) bool {
		if e.Share == l.id {
			t.Error("it was shown once more")
		}
		return e.Share == honest.id
	})
	if n := len(anna.Snapshot().Offers); n != 1 {
		t.Errorf("%d offers are shown", n)
	}
	anna.mu.Lock()
	anna.prompts.askers[r.ID()].last = time.Now().Add(-maxPause)
	anna.incoming[l.id].poke()
	anna.mu.Unlock()
	next(anna, func(e OfferedEvent) bool { return e.Share == l.id })
}

// Several offers of one device are told, but the person is to be called once.
func TestS42_OneCallForADevice(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	calls := func(want bool) {
		t.Helper()
		l := r.lure(lineOf("a", 1), 1)
		l.offer(anna)
		e := next(anna, func(e OfferedEvent) bool { return e.Share == l.id })
		if e.More == want {
			t.Errorf("more: %v", e.More)
		}
	}
	calls(true)
	calls(false)
	calls(false)
	other := newRogue(t, anna, session.Hello{}).lure(lineOf("a", 1), 1)
	other.offer(anna)
	if e := next(anna, func(e OfferedEvent) bool { return e.Share == other.id }); e.More {
		t.Error("another device was not called for")
	}
	for _, o := range anna.Snapshot().Offers {
		if _, err := anna.Decline(t.Context(), o.Share.String()); err != nil {
			t.Fatal(err)
		}
	}
	calls(true)
}

// No is no, also for a sharer that has forgotten it and after a restart.
func TestS42_DeclinedStaysDeclined(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("a", 1), 1)
	l.offer(anna)
	next[OfferedEvent](anna, nil)
	if _, err := anna.Decline(t.Context(), l.id.String()); err != nil {
		t.Fatal(err)
	}
	again := func(r *rogue, p *party) {
		t.Helper()
		var doc takeDoc
		status, reply := r.do(p, http.MethodPut, "/v1/offers/"+l.id.String(), l.doc)
		if status != http.StatusOK || json.Unmarshal(reply, &doc) != nil || doc.State != takeDeclined {
			t.Errorf("status %d: %+v", status, doc)
		}
		if n := len(p.Snapshot().Offers); n != 0 {
			t.Errorf("%d offers", n)
		}
	}
	again(r, anna)
	anna.until("it is forgotten", func(Snapshot) bool { return anna.shares() == 0 })
	again(r, anna)
	r.stop()
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptAsk)
	again(newRogueAs(t, r.Identity, anna, session.Hello{}), anna)
	if anna.shares() != 0 {
		t.Error("it is back")
	}
}
