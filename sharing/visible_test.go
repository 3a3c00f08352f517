package sharing

import (
	"errors"
	"slices"
	"testing"

	"potluck/sharing/identity"
)

// see sets who finds a device.
func (p *party) see(who Audience) {
	s := p.Snapshot()
	p.SetSettings(Settings{Name: s.Self.Name, Downloads: p.downloads, Visible: who})
}

func (p *party) alone() {
	p.t.Helper()
	p.until("nobody is here", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
}

func (p *party) with(others ...*party) {
	p.t.Helper()
	p.until("the others are here", func(s Snapshot) bool {
		here := make(map[identity.ID]bool)
		for _, n := range s.Neighbours {
			here[n.ID] = true
		}
		for _, o := range others {
			if !here[o.id()] {
				return false
			}
		}
		return len(here) == len(others)
	})
}

func TestPairedDevicesFindOneThatIsHidden(t *testing.T) {
	anna, ben := twoHere(t)
	carl := start(t, "Carl", t.TempDir(), AcceptAsk)
	meet(carl, anna)
	anna.with(ben, carl)
	paired(t, anna, ben)
	clearAway(t, anna, ben)

	anna.see(AudiencePaired)
	anna.with(ben)
	carl.alone()
	if _, err := carl.Reach(t.Context(), anna.Snapshot().Self.Addr); err == nil {
		t.Error("a stranger reached it by its address")
	}
	// Carl knows the ID from before, which gets him an answer and no session.
	if _, err := carl.hub.Connect(t.Context(), anna.id(), anna.Snapshot().Self.Addr); err == nil && len(carl.Snapshot().Neighbours) > 0 {
		t.Error("a stranger who knows it got a session")
	}
	meet(anna, carl) // anna hears of Carl, and does not show herself to him

	// It is found without any announcement: Ben remembers where Anna was.
	ben.stop()
	anna.alone()
	again := start(t, "Ben", ben.state, AcceptAsk)
	anna.with(again)
	if len(carl.Snapshot().Neighbours) > 0 {
		t.Error("Carl sees somebody")
	}

	if err := anna.Unpair(t.Context(), again.id()); err != nil {
		t.Fatal(err)
	}
	anna.alone()
	anna.see(AudienceEveryone)
	anna.with(again, carl) // whom it has heard of, it calls now
}

func TestNobodyFindsOneThatIsHidden(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	clearAway(t, anna, ben)
	anna.see(AudienceNobody)
	anna.alone()
	ben.alone()
	if _, err := ben.hub.Connect(t.Context(), anna.id(), anna.Snapshot().Self.Addr); err == nil && len(ben.Snapshot().Neighbours) > 0 {
		t.Error("a paired device got a session")
	}
	// The person may call by an address, and be seen by the one that is called.
	if _, err := anna.Reach(t.Context(), ben.Snapshot().Self.Addr); err != nil {
		t.Fatal(err)
	}
	anna.with(ben)
	anna.see(AudiencePaired)
	anna.with(ben)
}

// Whoever announces a paired device at another place does not keep it from being
// found where it is.
func TestS28_PairedDeviceAnnouncedElsewhere(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	anna.mu.Lock()
	defer anna.mu.Unlock()
	elsewhere := &hint{addrs: []string{"127.0.0.1:9"}}
	was := ben.Snapshot().Self.Addr
	if got := anna.addrsLocked(ben.identity.ID(), elsewhere); !slices.Equal(got, []string{"127.0.0.1:9", was}) {
		t.Errorf("it is dialled at %q", got)
	}
	if got := anna.addrsLocked(identity.ID{1}, elsewhere); len(got) != 1 || len(elsewhere.addrs) != 1 {
		t.Errorf("a stranger is dialled at %q", got)
	}
}

// What is going on with a stranger goes on when the device hides.
func TestHidingEndsNoTransfer(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 8<<20))
	next(anna, func(e OfferedEvent) bool { return e.Share == share })
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	anna.see(AudienceNobody)
	next(anna, func(e DeliveredEvent) bool { return e.Share == share })
	next(ben, func(e DeliveredEvent) bool { return e.Share == share })
}

func TestSettingsOfAudiences(t *testing.T) {
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	base := Options{Identity: id, State: t.TempDir(), Settings: Settings{Name: "Anna", Downloads: t.TempDir()}}
	for _, change := range []func(*Settings){
		func(s *Settings) { s.Visible = "all" },
		func(s *Settings) { s.Offers = "ask" },
		func(s *Settings) { s.Accept = "sometimes" },
	} {
		o := base
		change(&o.Settings)
		if _, err := New(o); err == nil {
			t.Errorf("made with %+v", o.Settings)
		}
	}
	d, err := New(base)
	if err != nil {
		t.Fatal(err)
	}
	if s := d.settings; s.Visible != AudienceEveryone || s.Offers != AudienceEveryone || s.Accept != AcceptAsk {
		t.Errorf("by default %+v", s)
	}
	if err := d.Unpair(t.Context(), identity.ID{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Unpair: %v", err)
	}
}

// Who still sees a device that hides, for what goes on between the two, is named, and
// stops to see it when that is over, not only when somebody hides again. Everybody
// else stops at once.
func TestWhoStillSeesOneThatHides(t *testing.T) {
	for _, who := range []Audience{AudiencePaired, AudienceNobody} {
		t.Run(string(who), func(t *testing.T) {
			ben, anna := pair(t, AcceptAsk)
			carl := start(t, "Carl", t.TempDir(), AcceptAsk)
			meet(carl, anna)
			anna.with(ben, carl)
			share := send(t, ben, anna, file(t, "notes"))
			next(anna, func(e OfferedEvent) bool { return e.Share == share })

			anna.see(who)
			carl.alone()
			anna.with(ben)
			if s := anna.Snapshot(); !s.Neighbours[0].Lingers {
				t.Errorf("it does not say that Ben still sees it: %+v", s.Neighbours)
			}
			if s := ben.Snapshot(); s.Neighbours[0].Lingers {
				t.Errorf("Ben, who hides from nobody, says %+v", s.Neighbours)
			}
			if _, err := anna.Decline(t.Context(), share.String()); err != nil {
				t.Fatal(err)
			}
			next(ben, func(e AnsweredEvent) bool { return e.Share == share })
			anna.alone()
			ben.alone()
			ben.until("the end was told", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Told })
		})
	}
}

// The same for something that was accepted: its receipt arrives before the session
// ends.
func TestHiddenWhenATransferIsOver(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next(anna, func(e OfferedEvent) bool { return e.Share == share })
	ben.see(AudienceNobody) // the sharer hides
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	next(anna, func(e DeliveredEvent) bool { return e.Share == share })
	next(ben, func(e DeliveredEvent) bool { return e.Share == share })
	ben.alone()
	anna.alone()
	anna.until("the end was told", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Told })
}
