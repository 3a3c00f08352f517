package sharing

import (
	"errors"
	"slices"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pairing"
)

// pairingWith returns what p shows of its pairing with a device.
func (p *party) pairingWith(id identity.ID) (Pairing, bool) {
	s := p.Snapshot()
	i := slices.IndexFunc(s.Pairings, func(x Pairing) bool { return x.Peer == id })
	if i < 0 {
		return Pairing{}, false
	}
	return s.Pairings[i], true
}

// reaches waits until the pairing with a device is in that state.
func (p *party) reaches(id identity.ID, state PairingState) Pairing {
	p.t.Helper()
	p.until("the pairing is "+string(state), func(Snapshot) bool {
		x, ok := p.pairingWith(id)
		if ok && x.State.Final() && !state.Final() {
			p.t.Fatalf("the pairing is %+v", x)
		}
		return ok && x.State == state
	})
	x, _ := p.pairingWith(id)
	return x
}

// knows returns what p knows of a device.
func (p *party) knows(id identity.ID) KnownDevice {
	p.t.Helper()
	s := p.Snapshot()
	i := slices.IndexFunc(s.Known, func(k KnownDevice) bool { return k.ID == id })
	if i < 0 {
		p.t.Fatalf("%s does not know %s", s.Self.Name, id.Short())
	}
	return s.Known[i]
}

// dishesWith returns what p shows to be compared.
func (p *party) dishesWith(id identity.ID) [pairing.Places]identity.Dish {
	x, ok := p.pairingWith(id)
	if !ok || x.State == PairingStarting {
		p.t.Fatalf("there is nothing to compare: %+v", x)
	}
	return x.Dishes
}

// twoHere starts two devices that have a session.
func twoHere(t *testing.T) (anna, ben *party) {
	t.Helper()
	ben, anna = pair(t, AcceptAsk)
	for _, p := range []*party{anna, ben} {
		p.until("the other is here", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	}
	return anna, ben
}

// clearAway takes away what is shown of pairings that are over.
func clearAway(t *testing.T, list ...*party) {
	t.Helper()
	for _, p := range list {
		for _, x := range p.Snapshot().Pairings {
			if err := p.CancelPairing(t.Context(), x.Peer); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// paired lets two devices pair.
func paired(t *testing.T, anna, ben *party) {
	t.Helper()
	clearAway(t, anna, ben)
	if err := anna.Pair(t.Context(), ben.id()); err != nil {
		t.Fatal(err)
	}
	anna.reaches(ben.id(), PairingComparing)
	ben.reaches(anna.id(), PairingComparing)
	if err := errors.Join(
		anna.AnswerPairing(t.Context(), ben.id(), true), ben.AnswerPairing(t.Context(), anna.id(), true),
	); err != nil {
		t.Fatal(err)
	}
	anna.reaches(ben.id(), PairingDone)
	ben.reaches(anna.id(), PairingDone)
}

func TestTwoPeoplePair(t *testing.T) {
	anna, ben := twoHere(t)
	if err := anna.Pair(t.Context(), ben.id()); err != nil {
		t.Fatal(err)
	}
	next(anna, func(e PairingEvent) bool { return e.State == PairingComparing && e.Ours && e.Peer == ben.id() })
	next(ben, func(e PairingEvent) bool { return e.State == PairingComparing && !e.Ours && e.Peer == anna.id() })
	if a, b := anna.dishesWith(ben.id()), ben.dishesWith(anna.id()); a != b {
		t.Errorf("anna sees %v, ben %v", a, b)
	}
	if x, _ := anna.pairingWith(ben.id()); time.Until(x.Until) < 30*time.Second {
		t.Errorf("there is no time to compare: %+v", x)
	}
	if err := anna.AnswerPairing(t.Context(), ben.id(), true); err != nil {
		t.Fatal(err)
	}
	anna.reaches(ben.id(), PairingWaiting)
	if anna.knows(ben.id()).Paired || ben.knows(anna.id()).Paired {
		t.Error("paired after one yes")
	}
	if err := ben.AnswerPairing(t.Context(), anna.id(), true); err != nil {
		t.Fatal(err)
	}
	next(anna, func(e PairedEvent) bool { return e.Peer == ben.id() && e.Name == "Ben" })
	next(ben, func(e PairedEvent) bool { return e.Peer == anna.id() && e.Name == "Anna" })
	for _, k := range []KnownDevice{anna.knows(ben.id()), ben.knows(anna.id())} {
		if !k.Paired || k.PairedAt.IsZero() || k.Trusted || k.Blocked || !k.Here {
			t.Errorf("known as %+v", k)
		}
	}
	if n := anna.Snapshot().Neighbours[0]; !n.Paired || n.Twin {
		t.Errorf("neighbour %+v", n)
	}

	// It lasts, without the other side and without discovery.
	anna.stop()
	again := start(t, "Anna", anna.state, AcceptAsk)
	if k := again.knows(ben.id()); !k.Paired || k.PairedAt.IsZero() {
		t.Errorf("after a restart: %+v", k)
	}
	ben.until("they meet where they met last", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
}

func TestPairingThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		do         func(t *testing.T, anna, ben *party) error
		anna, ben  string // what each is told
		annasGone  bool   // anna has cleared hers away
		beforehand func(anna, ben *party)
	}{
		"no": {
			do:   func(t *testing.T, anna, ben *party) error { return anna.AnswerPairing(t.Context(), ben.id(), false) },
			anna: "the dishes were not the same; somebody may be in between, so try again on another network",
			ben:  foreignEnds[endDifferent],
		},
		"no after the other's yes": {
			do: func(t *testing.T, anna, ben *party) error {
				if err := ben.AnswerPairing(t.Context(), anna.id(), true); err != nil {
					return err
				}
				ben.reaches(anna.id(), PairingWaiting)
				return anna.AnswerPairing(t.Context(), ben.id(), false)
			},
			anna: "the dishes were not the same; somebody may be in between, so try again on another network",
			ben:  foreignEnds[endDifferent],
		},
		"cancelled": {
			do:        func(t *testing.T, anna, ben *party) error { return anna.CancelPairing(t.Context(), ben.id()) },
			ben:       foreignEnds[endCancelled],
			annasGone: true,
		},
		"blocked": {
			do:        func(_ *testing.T, anna, ben *party) error { anna.Block(ben.id()); return nil },
			ben:       "*", // the end, or that the connection was lost
			annasGone: true,
		},
		"too late": {
			do:         func(*testing.T, *party, *party) error { return nil },
			anna:       "nobody answered in time; try again",
			ben:        foreignEnds[endLate],
			beforehand: func(anna, _ *party) { anna.patience.compare = 100 * time.Millisecond },
		},
		"the session ends": {
			do: func(_ *testing.T, anna, ben *party) error {
				anna.hub.Drop(ben.id(), "for the test")
				return nil
			},
			anna: "the connection was lost; try again",
			ben:  "the connection was lost; try again",
		},
		"the session ends after one yes": {
			do: func(t *testing.T, anna, ben *party) error {
				if err := anna.AnswerPairing(t.Context(), ben.id(), true); err != nil {
					return err
				}
				ben.until("ben has heard it", func(Snapshot) bool {
					ben.mu.Lock()
					defer ben.mu.Unlock()
					return ben.pacts[anna.id()].theirs
				})
				anna.hub.Drop(ben.id(), "for the test")
				return nil
			},
			anna: "the connection was lost; try again",
			ben:  "the connection was lost; try again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna, ben := twoHere(t)
			if test.beforehand != nil {
				test.beforehand(anna, ben)
			}
			if err := anna.Pair(t.Context(), ben.id()); err != nil {
				t.Fatal(err)
			}
			next(anna, func(e PairingEvent) bool { return e.State == PairingComparing })
			next(ben, func(e PairingEvent) bool { return e.State == PairingComparing })
			if err := test.do(t, anna, ben); err != nil {
				t.Fatal(err)
			}
			failed := next(ben, func(e PairingEvent) bool { return e.State == PairingFailed })
			if failed.Error != test.ben && test.ben != "*" {
				t.Errorf("ben is told %q", failed.Error)
			}
			if test.annasGone {
				if x, ok := anna.pairingWith(ben.id()); ok {
					t.Errorf("anna still shows %+v", x)
				}
			} else if x := anna.reaches(ben.id(), PairingFailed); x.Error != test.anna {
				t.Errorf("anna is told %q", x.Error)
			}
			if anna.knows(ben.id()).Paired || ben.knows(anna.id()).Paired {
				t.Error("they are paired")
			}
			if err := ben.AnswerPairing(t.Context(), anna.id(), true); !errors.Is(err, ErrState) {
				t.Errorf("an answer afterwards: %v", err)
			}
			if err := ben.CancelPairing(t.Context(), anna.id()); err != nil {
				t.Errorf("clearing it away: %v", err)
			}
			if _, ok := ben.pairingWith(anna.id()); ok {
				t.Error("it was not cleared away")
			}
		})
	}
}

// Both may begin at the same moment: one pairing comes of it.
func TestBothBegin(t *testing.T) {
	for range 10 {
		anna, ben := twoHere(t)
		begin := make(chan struct{})
		errs := make(chan error, 2)
		for _, p := range [][2]*party{{anna, ben}, {ben, anna}} {
			go func() {
				<-begin
				errs <- p[0].Pair(t.Context(), p[1].id())
			}()
		}
		close(begin)
		if err := errors.Join(<-errs, <-errs); err != nil {
			t.Fatal(err)
		}
		anna.reaches(ben.id(), PairingComparing)
		ben.reaches(anna.id(), PairingComparing)
		if a, b := anna.dishesWith(ben.id()), ben.dishesWith(anna.id()); a != b {
			t.Fatalf("anna sees %v, ben %v", a, b)
		}
		if err := errors.Join(
			anna.AnswerPairing(t.Context(), ben.id(), true), ben.AnswerPairing(t.Context(), anna.id(), true),
		); err != nil {
			t.Fatal(err)
		}
		anna.reaches(ben.id(), PairingDone)
		ben.reaches(anna.id(), PairingDone)
		anna.stop()
		ben.stop()
	}
}

func TestPairingIsForgotten(t *testing.T) {
	anna, ben := twoHere(t)
	anna.patience.show = 50 * time.Millisecond
	paired(t, anna, ben)
	anna.until("it is no longer shown", func(s Snapshot) bool { return len(s.Pairings) == 0 })
	if !anna.knows(ben.id()).Paired {
		t.Error("and forgotten altogether")
	}
}

func TestPairingWithNobody(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	nobody := identity.ID{1}
	if err := anna.Pair(t.Context(), nobody); !errors.Is(err, ErrState) {
		t.Errorf("Pair: %v", err)
	}
	if err := anna.AnswerPairing(t.Context(), nobody, true); !errors.Is(err, ErrNotFound) {
		t.Errorf("AnswerPairing: %v", err)
	}
	if err := anna.CancelPairing(t.Context(), nobody); !errors.Is(err, ErrNotFound) {
		t.Errorf("CancelPairing: %v", err)
	}
}

// To pair again with a paired device does no harm, whatever comes of it: the key
// is the same.
func TestPairAgain(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	if err := ben.Unpair(t.Context(), anna.id()); err != nil {
		t.Fatal(err)
	}
	clearAway(t, anna, ben)
	if err := ben.Pair(t.Context(), anna.id()); err != nil {
		t.Fatal(err)
	}
	anna.reaches(ben.id(), PairingComparing)
	if err := anna.AnswerPairing(t.Context(), ben.id(), false); err != nil {
		t.Fatal(err)
	}
	ben.reaches(anna.id(), PairingFailed)
	if !anna.knows(ben.id()).Paired || ben.knows(anna.id()).Paired {
		t.Error("a pairing that failed changed what is known")
	}
	paired(t, ben, anna)
	if !ben.knows(anna.id()).Paired {
		t.Error("not paired again")
	}
}
