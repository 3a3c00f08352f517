package sharing

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"potluck/sharing/identity"
)

func TestWhatTheTakersComeTo(t *testing.T) {
	for _, c := range []struct {
		want State
		of   []State
	}{
		{Running, []State{Declined, Running}},
		{Running, []State{Delivered, Running, Waiting}},
		{Waiting, []State{Declined, Waiting, Delivered}},
		{Stuck, []State{Waiting, Stuck, Failed}},
		{Finishing, []State{Finishing, Paused}},
		{Delivered, []State{Declined, Delivered}},
		{Delivered, []State{Failed, Delivered, Cancelled}},
		{Delivered, []State{Delivered, Delivered}},
		{Failed, []State{Declined, Failed}},
		{Declined, []State{Declined, Declined}},
		{Offering, nil},
	} {
		var peers []Peer
		for _, s := range c.of {
			peers = append(peers, Peer{State: s, Error: "why " + string(s)})
		}
		got, why := overall(peers)
		if got != c.want || len(peers) > 0 && why != "why "+string(c.want) {
			t.Errorf("%v: %s, %q", c.of, got, why)
		}
	}
	for _, s := range []State{
		Preparing, Offering, Waiting, Running, Paused, Stuck, Finishing, Delivered, Declined, Cancelled, Withdrawn, Failed,
	} {
		if got, _ := overall([]Peer{{State: s}}); got != s {
			t.Errorf("%s alone: %s", s, got)
		}
	}
}

// One person's no is not the end for the others.
func TestOneOfSeveralDeclines(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	carla := start(t, "Carla", t.TempDir(), AcceptAsk)
	meet(ben, carla)
	ben.until("both are there", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	share, err := ben.Send(t.Context(), []string{tree(t, t.TempDir(), 1<<20)}, []identity.ID{anna.id(), carla.id()})
	if err != nil {
		t.Fatal(err)
	}
	next[OfferedEvent](carla, nil)
	if _, err := carla.Decline(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	next[AnsweredEvent](ben, nil)
	if s := ben.Snapshot().Transfers[0].State; s != Offering && s != Waiting {
		t.Errorf("while Anna thinks: %s", s)
	}
	accept(t, anna, share, AcceptOptions{})
	next[DeliveredEvent](ben, nil)
	ben.until("the end", func(s Snapshot) bool { return s.Transfers[0].State == Delivered && !s.Transfers[0].Ended.IsZero() })
	ben.stop()
	ben = start(t, "Ben", ben.state, AcceptAsk)
	if s := ben.Snapshot().Transfers[0].State; s != Delivered {
		t.Errorf("after a restart: %s", s)
	}
}

// Names that cannot travel as they are on disk are told to the sharer, too.
func TestNamesThatTravelUnderAnother(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("file names here are always valid text")
	}
	ben, anna := pair(t, AcceptEveryone)
	root := filepath.Join(t.TempDir(), "odd")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "caf\xe9.txt"), "latin")
	write(t, filepath.Join(root, "café.txt"), "text")
	send(t, ben, anna, root)
	got := next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, got.Path, "caf%E9.txt", "café.txt")
	check := func(what string, s Snapshot) {
		t.Helper()
		notes := s.Transfers[0].Renamed
		if len(notes) != 1 || notes[0].Text != "odd/caf%E9.txt" {
			t.Errorf("%s: %+v", what, notes)
		}
		clean(t, notes)
	}
	check("at the sharer", ben.Snapshot())
	ben.stop()
	ben = start(t, "Ben", ben.state, AcceptAsk)
	check("after a restart", ben.Snapshot())
}
