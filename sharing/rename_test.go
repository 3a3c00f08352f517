package sharing

import (
	"testing"

	"potluck/sharing/identity"
)

// rename has a device call itself something else.
func (p *party) rename(name string) {
	p.SetSettings(Settings{Name: name, Downloads: p.downloads})
}

// A device that is renamed has its new name everywhere at once: on its card, its offers
// and messages, and what goes on with it or is over.
func TestRenamedInTheMiddle(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, file(t, "notes"))
	next(anna, func(e OfferedEvent) bool { return e.Share == share })
	if err := ben.SendText(t.Context(), "hello", []identity.ID{anna.id()}); err != nil {
		t.Fatal(err)
	}
	ben.rename("Benno")
	anna.until("all of it is Benno's", func(s Snapshot) bool {
		return len(s.Offers) == 1 && s.Offers[0].FromName == "Benno" && len(s.Messages) == 1 && s.Messages[0].FromName == "Benno" &&
			s.Neighbours[0].Name == "Benno" && s.Known[0].Name == "Benno"
	})
	anna.rename("Anne")
	ben.until("it waits for Anne", func(s Snapshot) bool { return s.Transfers[0].Peers[0].Name == "Anne" })

	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	if e := next(anna, func(e DeliveredEvent) bool { return e.Share == share }); e.PeerName != "Benno" {
		t.Errorf("it is delivered by %q", e.PeerName)
	}
	ben.rename("Ben the third")
	anna.until("it came from Ben the third", func(s Snapshot) bool { return s.Transfers[0].Peers[0].Name == "Ben the third" })
	ben.stop()
	anna.alone()
	if got := anna.Snapshot().Transfers[0].Peers[0].Name; got != "Ben the third" {
		t.Errorf("now that it has left, it came from %q", got)
	}
}

// Who takes the name of somebody verified after it has offered something is an other
// device from then on.
func TestTwinByAName(t *testing.T) {
	anna, ben := twoHere(t)
	carl := start(t, "Carl", t.TempDir(), AcceptAsk)
	meet(carl, anna)
	anna.with(ben, carl)
	paired(t, anna, ben)
	share := send(t, carl, anna, file(t, "notes"))
	next(anna, func(e OfferedEvent) bool { return e.Share == share })
	twin := func(want bool) {
		t.Helper()
		anna.until("it is seen", func(s Snapshot) bool { return len(s.Offers) == 1 && s.Offers[0].Twin == want })
	}
	twin(false)
	carl.rename("BEN")
	twin(true)
	carl.rename("Carl")
	twin(false)
}
