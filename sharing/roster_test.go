package sharing

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"potluck/sharing/identity"
)

func TestRosterIsChecked(t *testing.T) {
	a, errA := identity.New()
	b, errB := identity.New()
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	share := ShareID{1}
	good := func() *roster {
		r := &roster{Version: 3, Takers: ids(5)}
		r.sign(a, share)
		return r
	}
	if err := good().check(share, a.Public()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*roster){
		"another version": func(r *roster) { r.Version++ },
		"one more taker":  func(r *roster) { r.Takers = ids(6) },
		"another signer":  func(r *roster) { r.sign(b, share) },
		"another share":   func(r *roster) { r.sign(a, ShareID{2}) },
		"no version":      func(r *roster) { r.Version = 0; r.sign(a, share) },
		"not in order":    func(r *roster) { r.Takers[0], r.Takers[1] = r.Takers[1], r.Takers[0]; r.sign(a, share) },
		"too long":        func(r *roster) { r.Takers = ids(maxRoster + 1); r.sign(a, share) },
	} {
		r := good()
		spoil(r)
		if r.check(share, a.Public()) == nil {
			t.Errorf("%s: it passes", name)
		}
	}
}

// signed returns a roster of takers.
func signed(by *identity.Identity, version int, takers packed) *roster {
	r := &roster{Version: version, Takers: takers}
	r.sign(by, ShareID{1})
	return r
}

func TestRosterIsToldByWhatIsNew(t *testing.T) {
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	all := ids(40)
	old := signed(id, 3, all[:30])
	for name, c := range map[string]struct {
		takers packed
		since  int
	}{
		"some came":          {all[:33], 3},
		"one left":           {all[1:30], 3},
		"some came and left": {all[5:34], 3},
		"nobody":             {all[:30], 3},
		"all left":           {nil, 0},
		"all are others":     {all[30:], 0},
	} {
		r := signed(id, 7, c.takers)
		text, err := json.Marshal(r.since(old))
		if err != nil {
			t.Fatal(err)
		}
		var doc rosterDoc
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		got, err := doc.over(old, ShareID{1}, id.Public())
		if err != nil || got.Version != 7 || len(got.Takers) != len(c.takers) || len(c.takers) > 0 && !reflect.DeepEqual(got.Takers, c.takers) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if doc.Since != c.since {
			t.Errorf("%s: told since %d", name, doc.Since)
		}
		if whole, _ := json.Marshal(r.since(nil)); len(text) > len(whole)+20 {
			t.Errorf("%s: %d bytes instead of %d", name, len(text), len(whole))
		}
	}

	doc := signed(id, 7, all[:33]).since(old)
	for _, other := range []*roster{nil, signed(id, 4, all[:30])} {
		if r, err := doc.over(other, ShareID{1}, id.Public()); !errors.Is(err, errOtherRoster) {
			t.Errorf("over version %d: %+v, %v", other.version(), r, err)
		}
	}
	for name, spoil := range map[string]func(*rosterDoc){
		"one more":         func(d *rosterDoc) { d.Takers = all[30:34] },
		"one less":         func(d *rosterDoc) { d.Takers = all[30:32] },
		"one taken away":   func(d *rosterDoc) { d.Left = all[:1] },
		"another version":  func(d *rosterDoc) { d.Version++ },
		"far too many":     func(d *rosterDoc) { d.Takers = ids(maxRoster) },
		"twice the same":   func(d *rosterDoc) { d.Takers = all[29:33] },
		"another's":        func(d *rosterDoc) { d.Sig = nil },
		"less than no one": func(d *rosterDoc) { d.Since = -1 },
	} {
		doc := signed(id, 7, all[:33]).since(old)
		spoil(doc)
		if r, err := doc.over(old, ShareID{1}, id.Public()); err == nil {
			t.Errorf("%s: it passes: %+v", name, r)
		}
	}
}

// What is new is told to those who have one of the last rosters, all of it to others.
func TestWhoHasAnOldRosterIsToldAllOfIt(t *testing.T) {
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	all := ids(100)
	var c circle
	if doc := c.newsFromLocked(0); doc != nil {
		t.Errorf("there is none, and it is told: %+v", doc)
	}
	for version := 1; version <= pastRosters+5; version++ {
		c.setRosterLocked(signed(id, version, all[:50+version]))
	}
	for version, want := range map[int]int{0: 0, 1: 0, 4: 0, 5: 5, pastRosters + 4: pastRosters + 4, pastRosters + 9: 0} {
		if doc := c.newsFromLocked(version); doc.Since != want || doc.Version != pastRosters+5 {
			t.Errorf("who has version %d is told what is new since %d in version %d", version, doc.Since, doc.Version)
		}
	}
}

// Who turns out to have another roster than it was told the changes of is told all of it.
func TestChangesOfAnotherRosterAreFollowedByAllOfIt(t *testing.T) {
	sharer, takers := crowd(t, 3)
	slow(sharer, 1<<20)
	share, err := sharer.Send(t.Context(), []string{tree(t, t.TempDir(), 12<<20)}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	a, b := takers[0], takers[1]
	var c *circle
	sharer.until("it is known that all three are in the roster there", func(Snapshot) bool {
		sharer.mu.Lock()
		defer sharer.mu.Unlock()
		c = &sharer.outgoing[share].circle
		return len(c.roster.takers()) == 3 && c.fellows[a.id()].roster == c.roster.version()
	})
	sharer.mu.Lock()
	other := signed(sharer.identity, -7, c.roster.Takers)
	c.past = append(c.past, other)
	c.fellows[a.id()] = fellow{roster: -7, active: true}
	latest := &roster{Version: c.roster.version() + 1, Takers: packed{a.id(), b.id()}}
	slices.SortFunc(latest.Takers, identity.ID.Compare)
	latest.sign(sharer.identity, share)
	c.setRosterLocked(latest)
	m := c.letterLocked(a.id())
	sharer.mu.Unlock()
	if doc := m.body.(swarmDoc); doc.Roster.Since != -7 {
		t.Fatalf("it is told %+v", doc.Roster)
	}
	if err := sharer.deliver(t.Context(), a.id(), m); err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if knows := a.incoming[share].circle.roster; knows.version() != latest.Version || len(knows.takers()) != 2 {
		t.Errorf("it knows %+v", knows)
	}
}

// Who has just been given everything takes part while it writes down which files those
// are, which takes a while if they are many: it is told only once who has said yes since.
func TestWhoHasJustBeenGivenAllTakesPart(t *testing.T) {
	sharer, takers := crowd(t, 1)
	b := takers[0]
	root := filepath.Join(t.TempDir(), "many")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 3000 {
		if err := os.WriteFile(filepath.Join(root, strconv.Itoa(i)), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	share := send(t, sharer, b, root)
	next[DeliveredEvent](b, nil)
	b.mu.Lock()
	takesPart := b.circleLocked(share) != nil
	b.mu.Unlock()
	if !takesPart {
		t.Error("it would answer that it takes no part")
	}
	b.until("it is served from here, and nothing is about to be", func(Snapshot) bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		in := b.incoming[share]
		return b.keptLocked(share) != nil && !in.keeping
	})
}
