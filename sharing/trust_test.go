package sharing

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
)

// file makes a file of that name.
func file(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("for the test"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// takesWithoutAsking sends a file and reports whether it arrived without a
// question.
func takesWithoutAsking(t *testing.T, from, to *party, path string) bool {
	t.Helper()
	share := send(t, from, to, path)
	for {
		switch next[Event](to, func(e Event) bool {
			switch e := e.(type) {
			case OfferedEvent:
				return e.Share == share
			case DeliveredEvent:
				return e.Share == share
			}
			return false
		}).(type) {
		case OfferedEvent:
			if _, err := to.Decline(t.Context(), share.String()); err != nil {
				t.Fatal(err)
			}
			next(from, func(e AnsweredEvent) bool { return e.Share == share })
			return false
		case DeliveredEvent:
			// The same files sent again are the same share until this is known.
			next(from, func(e DeliveredEvent) bool { return e.Share == share })
			return true
		}
	}
}

func TestTrust(t *testing.T) {
	anna, ben := twoHere(t)
	notes, program := file(t, "notes.odt"), file(t, "notes.odt.exe")
	if err := anna.SetTrusted(t.Context(), ben.id(), true); !errors.Is(err, ErrState) {
		t.Errorf("a device that is not paired is trusted: %v", err)
	}
	if takesWithoutAsking(t, ben, anna, notes) {
		t.Error("a stranger's offer was accepted")
	}
	paired(t, anna, ben)
	if takesWithoutAsking(t, ben, anna, notes) {
		t.Error("paired is taken for trusted")
	}
	if err := anna.SetTrusted(t.Context(), ben.id(), true); err != nil {
		t.Fatal(err)
	}
	if n := anna.Snapshot().Neighbours[0]; !n.Trusted {
		t.Errorf("neighbour %+v", n)
	}
	if !takesWithoutAsking(t, ben, anna, notes) {
		t.Error("a trusted device's offer was asked for")
	}
	if takesWithoutAsking(t, ben, anna, program) {
		t.Error("a program was accepted without asking")
	}
	if takesWithoutAsking(t, anna, ben, notes) {
		t.Error("trust goes the other way, too")
	}

	anna.stop()
	again := start(t, "Anna", anna.state, AcceptAsk)
	if !again.knows(ben.id()).Trusted {
		t.Error("trust is forgotten after a restart")
	}
	ben.until("they meet again", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	if !takesWithoutAsking(t, ben, again, notes) {
		t.Error("a trusted device's offer was asked for after a restart")
	}
	if err := again.Unpair(t.Context(), ben.id()); err != nil {
		t.Fatal(err)
	}
	if k := again.knows(ben.id()); k.Paired || k.Trusted || !k.PairedAt.IsZero() {
		t.Errorf("unpaired: %+v", k)
	}
	if takesWithoutAsking(t, ben, again, notes) {
		t.Error("trust outlived the pairing")
	}
	if err := again.Unpair(t.Context(), ben.id()); !errors.Is(err, ErrNotFound) {
		t.Errorf("unpaired twice: %v", err)
	}
	if !ben.knows(again.id()).Paired {
		t.Error("what one side forgets is for that side alone")
	}
}

func TestAcceptPairedTakesOfPairedOnly(t *testing.T) {
	ben, anna := pair(t, AcceptPaired)
	carl := start(t, "Carl", t.TempDir(), AcceptAsk)
	meet(carl, anna)
	anna.until("both are here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	paired(t, anna, ben)
	notes := file(t, "notes.odt")
	if !takesWithoutAsking(t, ben, anna, notes) {
		t.Error("a paired device's offer was asked for")
	}
	if takesWithoutAsking(t, carl, anna, notes) {
		t.Error("a stranger's offer was accepted")
	}
	if err := anna.Unpair(t.Context(), ben.id()); err != nil {
		t.Fatal(err)
	}
	if takesWithoutAsking(t, ben, anna, notes) {
		t.Error("an unpaired device's offer was accepted")
	}
}

func TestBlockEndsTrust(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	if err := anna.SetTrusted(t.Context(), ben.id(), true); err != nil {
		t.Fatal(err)
	}
	anna.Block(ben.id())
	ben.until("anna is gone", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	if k := anna.knows(ben.id()); !k.Blocked || k.Trusted || k.Here {
		t.Errorf("blocked: %+v", k)
	}
	if err := anna.SetTrusted(t.Context(), ben.id(), true); !errors.Is(err, ErrState) {
		t.Errorf("a blocked device is trusted: %v", err)
	}
	anna.stop()
	again := start(t, "Anna", anna.state, AcceptEveryone)
	if !again.knows(ben.id()).Blocked {
		t.Error("the block is forgotten after a restart")
	}
	if _, err := ben.Reach(t.Context(), again.Snapshot().Self.Addr); err == nil && len(again.Snapshot().Neighbours) > 0 {
		t.Error("a blocked device got in")
	}
	if _, err := again.Reach(t.Context(), ben.Snapshot().Self.Addr); err == nil || !strings.Contains(err.Error(), "blocked here") {
		t.Errorf("calling a blocked device: %v", err)
	}
	again.Unblock(ben.id())
	meet(ben, again)
	again.until("it may come again", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	if k := again.knows(ben.id()); !k.Paired || k.Trusted {
		t.Errorf("unblocked: %+v", k)
	}
}

func TestAlias(t *testing.T) {
	anna, ben := twoHere(t)
	if err := anna.SetAlias(t.Context(), ben.id(), " My\u202e \x1bbrother "); err != nil {
		t.Fatal(err)
	}
	const alias = "My brother"
	if k, n := anna.knows(ben.id()), anna.Snapshot().Neighbours[0]; k.Alias != alias || k.Name != "Ben" || n.Alias != alias || n.Name != "Ben" {
		t.Errorf("known %+v, neighbour %+v", k, n)
	}
	if id, err := anna.Find("my brother"); err != nil || id != ben.id() {
		t.Errorf("Find: %v, %v", id, err)
	}
	share := send(t, ben, anna, file(t, "notes.odt"))
	if e := next(anna, func(e OfferedEvent) bool { return e.Share == share }); e.FromName != alias {
		t.Errorf("offered by %q", e.FromName)
	}
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	if e := next(anna, func(e DeliveredEvent) bool { return e.Share == share }); e.PeerName != alias {
		t.Errorf("delivered by %q", e.PeerName)
	}
	if s := anna.Snapshot(); s.Transfers[0].Peers[0].Name != alias {
		t.Errorf("transfer with %q", s.Transfers[0].Peers[0].Name)
	}
	anna.stop()
	again := start(t, "Anna", anna.state, AcceptAsk)
	if got := again.knows(ben.id()).Alias; got != alias {
		t.Errorf("after a restart: %q", got)
	}
	if err := again.SetAlias(t.Context(), ben.id(), ""); err != nil || again.knows(ben.id()).Alias != "" {
		t.Errorf("taken away: %v", err)
	}
	if err := again.SetAlias(t.Context(), identity.ID{1}, "Nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a device that nobody knows: %v", err)
	}
}

// Whoever takes the name of a paired device is told apart, and not found in its
// place.
func TestS28_Twin(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	if err := anna.SetAlias(t.Context(), ben.id(), "Brother"); err != nil {
		t.Fatal(err)
	}
	for name, twin := range map[string]bool{"Вen": true, "BEN": true, "bro ther": true, "Benny": false} {
		other := start(t, name, t.TempDir(), AcceptAsk)
		meet(other, anna)
		s := anna.until(name+" is here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
		for _, n := range s.Neighbours {
			if want := twin && n.ID == other.id(); n.Twin != want {
				t.Errorf("%q is another one: %v", n.Name, n.Twin)
			}
		}
		share := send(t, other, anna, file(t, "notes.odt"))
		if e := next(anna, func(e OfferedEvent) bool { return e.Share == share }); e.Twin != twin || e.Paired {
			t.Errorf("%q: offer %+v", name, e.Offer)
		}
		other.stop()
		anna.until(name+" is gone", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	}

	ben.stop()
	anna.until("ben is gone", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	other := start(t, "Ben", t.TempDir(), AcceptAsk)
	meet(other, anna)
	anna.until("somebody is here", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	var ambiguous *AmbiguousError
	if id, err := anna.Find("ben"); !errors.As(err, &ambiguous) {
		t.Errorf("ben is %s, %v", id.Short(), err)
	} else if !strings.Contains(err.Error(), "(verified)") {
		t.Errorf("it does not say who is who: %v", err)
	}
}

// Nothing that is heard of a device without a session changes what is known.
func TestS29_HearsayChangesNothing(t *testing.T) {
	anna, ben := twoHere(t)
	paired(t, anna, ben)
	before := anna.knows(ben.id())
	anna.Hint(ben.id().String(), nil)
	r := newRogue(t, anna, session.Hello{Name: "Ben"})
	if after := anna.knows(ben.id()); after.Name != before.Name || !after.Paired {
		t.Errorf("%+v became %+v", before, after)
	}
	if k := anna.knows(r.ID()); k.Paired {
		t.Errorf("a name made it paired: %+v", k)
	}
}

// Strangers do not push out what the person has said, nor grow the list.
func TestKnownDevicesAreBounded(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	now := time.Now()
	meetMany := func(first byte, change func(*knownDevice)) {
		for i := range maxKnown + 10 {
			id := identity.ID{first, byte(i), byte(i >> 8)}
			anna.mu.Lock()
			anna.meetLocked(session.Peer{ID: id, Hello: session.Hello{Name: "X"}}, now.Add(time.Duration(i)))
			if k := anna.known[id]; k != nil {
				change(k)
			}
			anna.mu.Unlock()
		}
	}
	meetMany(1, func(k *knownDevice) {})
	meetMany(2, func(k *knownDevice) { k.Alias = "mine" })
	if n := len(anna.Snapshot().Known); n != maxKnown {
		t.Errorf("%d devices are known, want %d", n, maxKnown)
	}
	meetMany(3, func(k *knownDevice) {})
	for _, k := range anna.Snapshot().Known {
		if k.Alias != "mine" {
			t.Fatalf("%s pushed out what the person has named", k.ID.Short())
		}
	}
}

func TestWhoMayOffer(t *testing.T) {
	anna, ben := twoHere(t)
	notes := file(t, "notes.odt")
	may := func(who Audience) {
		anna.SetSettings(Settings{Name: "Anna", Downloads: anna.downloads, Offers: who})
	}
	refused := func(what string) {
		t.Helper()
		share := send(t, ben, anna, notes)
		if e := next(ben, func(e AnsweredEvent) bool { return e.Share == share }); e.Accepted {
			t.Errorf("%s: it was accepted", what)
		}
		ben.until("the sender knows why", func(s Snapshot) bool {
			for _, x := range s.Transfers {
				if x.Share == share {
					return x.State == Declined && x.Error == "it takes no offers from this device"
				}
			}
			return false
		})
		if s := anna.Snapshot(); len(s.Offers)+len(s.Transfers) > 0 {
			t.Errorf("%s: anna sees something: %+v, %+v", what, s.Offers, s.Transfers)
		}
	}
	may(AudiencePaired)
	refused("a stranger, where only paired devices may")
	may(AudienceNobody)
	refused("where nobody may")
	paired(t, anna, ben)
	refused("a paired device, where nobody may")
	may(AudiencePaired)
	if takesWithoutAsking(t, ben, anna, notes) {
		t.Error("that it may offer does not mean that it need not ask")
	}
}
