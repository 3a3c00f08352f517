package control_test

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"potluck/app/control"
	"potluck/app/control/controltest"
	"potluck/sharing"
	"potluck/sharing/identity"
)

var allEvents = []sharing.Event{
	sharing.OfferedEvent{Offer: sharing.Offer{Share: controltest.Share("a"), FromName: "anna", Title: "Photos\u202e", Files: 3}},
	sharing.OfferGoneEvent{Share: controltest.Share("a"), Reason: "withdrawn"},
	sharing.AnsweredEvent{Share: controltest.Share("a"), Accepted: true},
	sharing.DeliveredEvent{Share: controltest.Share("a"), Path: "/x\ny", Paths: []string{"/x\ny"}, Seconds: 1.5},
	sharing.FailedEvent{Share: controltest.Share("a"), Error: "disk full", Final: true},
	sharing.NeighbourEvent{ID: controltest.ID("anna"), Name: "anna", Present: true},
	sharing.PairingEvent{Pairing: sharing.Pairing{
		Peer: controltest.ID("anna"), Name: "anna", State: sharing.PairingComparing, Ours: true,
		Dishes: [4]identity.Dish{identity.DishFromIndex(7), identity.DishFromIndex(0), identity.DishFromIndex(959), identity.DishFromIndex(500)},
	}},
	sharing.PairedEvent{Peer: controltest.ID("anna"), Name: "anna"},
	sharing.SpreadEvent{Share: controltest.Share("a"), Title: "Photos", Unfinished: 3, Unanswered: 1},
	sharing.StayEvent{Share: controltest.Share("a"), Title: "Photos", Unfinished: 2},
	sharing.BadHolderEvent{Share: controltest.Share("a"), Peer: controltest.ID("anna"), PeerName: "anna"},
	sharing.VerifiedEvent{Verified: sharing.Verified{
		Share: controltest.Share("a"), Files: 3, Damaged: sharing.Entries{Count: 1, Paths: []string{"a"}}, Error: "the disk is full",
	}},
}

func TestEventsArriveInOrder(t *testing.T) {
	s := serve(t)
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	s.Engine.Tell(allEvents...)
	for _, want := range allEvents {
		if got := nextEvent(t, events); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
}

func nextEvent(t *testing.T, events *control.Events) sharing.Event {
	t.Helper()
	for {
		u, err := events.Next()
		if err != nil {
			t.Fatal(err)
		}
		if u.Event != nil {
			return u.Event
		}
	}
}

func TestChangesTick(t *testing.T) {
	s := serve(t)
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	for range 3 {
		s.Engine.Meet("anna")
		if u, err := events.Next(); err != nil || u.Event != nil {
			t.Fatalf("got %+v, %v", u, err)
		}
	}
}

// Somebody suspends a command that follows the events: the device goes on, and
// the command learns that it has missed something.
func TestS45_SlowReaderIsCutOff(t *testing.T) {
	s := serve(t)
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	long := sharing.FailedEvent{Error: strings.Repeat("x", 4000)}
	for s.Engine.Followers() > 0 {
		s.Engine.Tell(long)
	}
	for {
		u, err := events.Next()
		if err == nil {
			if u.Event != nil && !reflect.DeepEqual(u.Event, long) {
				t.Fatalf("got %+v", u.Event)
			}
			continue
		}
		if err == io.EOF || control.CodeOf(err) != control.Failed || !strings.Contains(err.Error(), "missed") {
			t.Errorf("the stream ended with %v", err)
		}
		return
	}
}

// Hundreds of commands can follow what goes on, and one too many is told so.
func TestManyCommandsAtOnce(t *testing.T) {
	s := serve(t)
	var refused error
	for n := 0; refused == nil; n++ {
		events, err := s.Events(t.Context())
		if err != nil {
			refused = err
			if n < 500 {
				t.Errorf("refused after %d: %v", n, err)
			}
			break
		}
		defer events.Close()
		if n == 450 {
			if _, err := s.Client.Snapshot(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if n > 1000 {
			t.Fatal("nothing bounds them")
		}
	}
	if refused != nil && !strings.Contains(refused.Error(), "too many commands") {
		t.Errorf("refused with %v", refused)
	}
}

func TestEventsEndWhenClosed(t *testing.T) {
	s := serve(t)
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events.Close()
	for deadline := time.Now().Add(10 * time.Second); s.Engine.Followers() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the device still tells the one that went away")
		}
		s.Engine.Tell(allEvents[0])
	}
}

func TestEncodeEvent(t *testing.T) {
	got, err := control.EncodeEvent(allEvents[4])
	if err != nil || !strings.HasPrefix(string(got), `{"event":"failed","share":"`) || !strings.Contains(string(got), `"error":"disk full"`) {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := control.NamedObject("ready", struct{}{}); err != nil || string(got) != `{"event":"ready"}` {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := control.NamedObject("ready", 7); err == nil {
		t.Error("a number became an object")
	}
}
