package sharing

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"potluck/sharing/identity"
)

// A stranger who knows everything that is not secret about a share gets neither
// pieces nor names from those who take it.
func TestAStrangerGetsNothingFromTakers(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 1<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	a := takers[0]
	a.until("it is on its way", func(Snapshot) bool { return fromFellows(a, sharer.id()) > 0 })
	a.mu.Lock()
	in := a.incoming[share]
	infoHash, current := in.infoHash, *in.circle.roster
	a.mu.Unlock()

	stranger := start(t, "mallory", t.TempDir(), AcceptNobody)
	meet(stranger, a)
	stranger.until("they meet", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	say := func(doc swarmDoc) (int, swarmDoc) {
		t.Helper()
		reply, status, err := stranger.call(t.Context(), a.id(), http.MethodPut, "/v1/swarms/"+share.String(), doc)
		if err != nil {
			t.Fatal(err)
		}
		var back swarmDoc
		_ = json.Unmarshal(reply, &back) // a refusal is no document
		return status, back
	}
	forged := func(change func(*roster), sign *identity.Identity) *rosterDoc {
		r := current
		r.Version++
		r.Takers = append(packed{}, r.Takers...)
		r.Takers = append(r.Takers, stranger.id())
		change(&r)
		if sign != nil {
			r.sign(sign, share)
		}
		return r.since(nil)
	}
	keep := func(*roster) {}
	many := swarmDoc{Active: true}
	for range maxHolders + 1 {
		many.Holders = append(many.Holders, holderDoc{ID: stranger.id()})
	}
	for name, doc := range map[string]swarmDoc{
		"nothing":                   {Active: true},
		"the roster as it is":       {Active: true, Roster: current.since(nil)},
		"one signed by itself":      {Active: true, Roster: forged(keep, stranger.identity)},
		"one with the old one's":    {Active: true, Roster: forged(keep, nil)},
		"one of a far version":      {Active: true, Roster: forged(func(r *roster) { r.Version = 1 << 40 }, stranger.identity)},
		"where others are":          {Active: true, Holders: []holderDoc{{ID: sharer.id(), Addrs: []string{"127.0.0.1:1"}}}},
		"more than there may be":    many,
		"that it has a later one":   {Active: true, Version: 1 << 40},
		"that all is over and done": {Done: true, Version: -1},
	} {
		if status, back := say(doc); status == http.StatusOK || back.Roster != nil || len(back.Holders) > 0 {
			t.Errorf("who says %s is told %d: %+v", name, status, back)
		}
	}
	for _, p := range []*party{sharer, a, takers[1]} {
		if p.mayHave(stranger.id(), infoHash) {
			t.Errorf("%s would serve it", p.Snapshot().Self.Name)
		}
	}
	a.mu.Lock()
	version := in.circle.roster.version()
	a.mu.Unlock()
	if version >= current.Version+1<<30 {
		t.Errorf("the roster is now version %d", version)
	}
	if _, status, _ := stranger.call(t.Context(), a.id(), http.MethodGet, "/v1/shares/"+share.String()+"/hashes?from=0&amended=0&failed=0", nil); status != http.StatusNotFound {
		t.Errorf("it is told the hashes: status %d", status)
	}
}

// A device that was taken out of the roster does not come back with an old one.
func TestAnOldRosterDoesNotCountAnyMore(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 1<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	a, b := takers[0], takers[1]
	a.until("they exchange", func(Snapshot) bool { return fromFellows(a, sharer.id()) > 0 })
	a.mu.Lock()
	in := a.incoming[share]
	old, infoHash := *in.circle.roster, in.infoHash
	a.mu.Unlock()
	if !old.has(b.id()) {
		t.Fatalf("a roster without %s", b.id().Short())
	}
	if _, err := b.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	a.until("it is taken out", func(Snapshot) bool { return !a.mayHave(b.id(), infoHash) })
	doc := swarmDoc{Version: old.Version, Roster: old.since(nil), Active: true}
	if _, status, err := b.call(t.Context(), a.id(), http.MethodPut, "/v1/swarms/"+share.String(), doc); err != nil || status != http.StatusNotFound {
		t.Errorf("with an old roster it is told %d, %v", status, err)
	}
	if a.mayHave(b.id(), infoHash) {
		t.Error("it is served again")
	}
	for _, what := range []string{"manifest", "hashes?from=0&amended=0&failed=0"} {
		for _, p := range []*party{sharer, a} {
			if _, status, err := b.call(t.Context(), p.id(), http.MethodGet, "/v1/shares/"+share.String()+"/"+what, nil); err != nil || status != http.StatusNotFound {
				t.Errorf("%s tells it the %s: %d, %v", p.Snapshot().Self.Name, what, status, err)
			}
		}
	}
}

func FuzzSwarmDoc(f *testing.F) {
	id, err := identity.New()
	if err != nil {
		f.Fatal(err)
	}
	old, r := &roster{Version: 1, Takers: ids(4)}, &roster{Version: 2, Takers: ids(5)}
	old.sign(id, ShareID{1})
	r.sign(id, ShareID{1})
	for _, doc := range []*rosterDoc{r.since(nil), r.since(old)} {
		good, _ := json.Marshal(swarmDoc{Version: 2, Roster: doc, Active: true, Holders: []holderDoc{{ID: id.ID(), Addrs: []string{"1.2.3.4:5"}}}})
		f.Add(good)
	}
	f.Add([]byte(`{"roster":{"version":1,"takers":"AA==","sig":""}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var doc swarmDoc
		if json.Unmarshal(data, &doc) != nil || doc.Roster == nil {
			return
		}
		got, err := doc.Roster.over(old, ShareID{1}, id.Public())
		if err == nil && !bytes.Equal(got.text(ShareID{1}), r.text(ShareID{1})) && !bytes.Equal(got.text(ShareID{1}), old.text(ShareID{1})) {
			t.Errorf("a roster passes that nobody signed: %+v", got)
		}
		if len(doc.Roster.Takers) > maxRoster {
			t.Errorf("%d takers", len(doc.Roster.Takers))
		}
	})
}
