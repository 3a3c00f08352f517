package sharing

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// crowd starts a sharer and takers that know nothing of one another but where the
// sharer is.
func crowd(t *testing.T, takers int) (sharer *party, list []*party) {
	sharer = start(t, "anna", t.TempDir(), AcceptNobody)
	for i := range takers {
		p := start(t, string(rune('b'+i)), t.TempDir(), AcceptEveryone)
		meet(p, sharer)
		list = append(list, p)
	}
	sharer.until("all meet", func(s Snapshot) bool { return len(s.Neighbours) == takers })
	return sharer, list
}

// slow bounds what p sends, in bytes a second.
func slow(p *party, up int64) {
	p.mu.Lock()
	s := p.settings
	p.mu.Unlock()
	s.UpLimit = up
	p.SetSettings(s)
}

// slowCrowd is a sharer that sends 4 MiB a second, and three takers that pass on so many
// bytes of the folder that they have been sent.
func slowCrowd(t *testing.T, each int64) (sharer *party, takers []*party, folder string, share ShareID) {
	t.Helper()
	sharer, takers = crowd(t, 3)
	slow(sharer, 4<<20)
	for _, p := range takers {
		slow(p, each)
	}
	folder = tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	return sharer, takers, folder, share
}

func everybody(list []*party) (ids []identity.ID) {
	for _, p := range list {
		ids = append(ids, p.id())
	}
	return ids
}

// sources returns what has come to p from others than the sharer.
func fromFellows(p *party, sharer identity.ID) (bytes int64) {
	for _, t := range p.Snapshot().Transfers {
		for _, s := range t.Peers[0].Sources {
			if s.ID != sharer {
				bytes += s.Bytes
			}
		}
	}
	return bytes
}

func TestTakersPassOnWhatTheyHave(t *testing.T) {
	sharer, takers := crowd(t, 3)
	slow(sharer, 4<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	sharer.until("it is seen who serves whom", func(s Snapshot) bool {
		for _, p := range s.Transfers[0].Peers {
			if len(p.Sources) >= 2 {
				return true
			}
		}
		return false
	})
	var passed int64
	for _, p := range takers {
		next[DeliveredEvent](p, nil)
		same(t, folder, filepath.Join(p.downloads, filepath.Base(folder)))
		passed += fromFellows(p, sharer.id())
	}
	for range takers {
		next[DeliveredEvent](sharer, func(e DeliveredEvent) bool { return e.Share == share })
	}
	if passed < 12<<20 {
		t.Errorf("only %d bytes were passed on", passed)
	}
}

func TestATakerThatIsBlockedIsNotServedByTheOthers(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 1<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers)); err != nil {
		t.Fatal(err)
	}
	out := takers[0].id()
	takers[1].until("they exchange", func(Snapshot) bool { return fromFellows(takers[1], sharer.id()) > 0 })
	sharer.Block(out)
	slow(sharer, 64<<10)
	takers[1].until("it is let go", func(s Snapshot) bool {
		for _, f := range s.Transfers[0].Peers[0].Sources {
			if f.ID == out && f.Connected {
				return false
			}
		}
		return true
	})
	takers[1].mu.Lock()
	var infoHash [20]byte
	for _, in := range takers[1].incoming {
		infoHash = in.infoHash
	}
	takers[1].mu.Unlock()
	if takers[1].mayHave(out, infoHash) {
		t.Error("a device that was shut out may still have it from others")
	}
	if !takers[1].mayHave(sharer.id(), infoHash) {
		t.Error("the sharer is shut out")
	}
}

// When the sharer has left, and the one who has everything has it no longer as it
// was, it is said that nobody is here who has the rest.
func TestNobodyIsHereWhoHasTheRest(t *testing.T) {
	sharer, takers := crowd(t, 2)
	fast, late := takers[0], takers[1]
	for _, p := range takers {
		p.stallAfter = time.Second
	}
	late.limit(0, 512<<10)
	folder := tree(t, t.TempDir(), 24<<20)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers)); err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](fast, nil)
	big := filepath.Join(fast.downloads, filepath.Base(folder), "big")
	if err := os.Truncate(big, 1000); err != nil {
		t.Fatal(err)
	}
	if s := late.Snapshot(); s.Transfers[0].Away {
		t.Error("nobody is here, it says, while something comes")
	}
	sharer.stop()
	late.limit(0, 0)
	s := late.until("it is said that nobody has the rest", func(s Snapshot) bool {
		return s.Transfers[0].Away && s.Transfers[0].State == Running
	})
	for _, source := range s.Transfers[0].Peers[0].Sources {
		if source.Connected {
			t.Errorf("pieces can come from %+v", source)
		}
	}
}

func TestALateTakerIsToldOfTheOthers(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 2<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers[:1]))
	if err != nil {
		t.Fatal(err)
	}
	takers[0].until("half of it is there", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 4<<20
	})
	again, err := sharer.Send(t.Context(), []string{folder}, everybody(takers[1:]))
	if err != nil || again != share {
		t.Fatalf("it became share %v: %v", again, err)
	}
	next[DeliveredEvent](takers[1], nil)
	if fromFellows(takers[1], sharer.id()) == 0 {
		t.Error("nothing came from the one who had it")
	}
}

func TestTheSharerMayLeaveWhenTheOthersHaveEverything(t *testing.T) {
	sharer, takers, folder, _ := slowCrowd(t, 4<<20)
	next[SpreadEvent](sharer, nil)
	sharer.stop()
	for _, p := range takers {
		next(p, func(e DeliveredEvent) bool { return e.Direction == Receiving })
		same(t, folder, filepath.Join(p.downloads, filepath.Base(folder)))
	}
}

// One that has paused needs the sharer no more than others do.
func TestTheSharerMayLeaveWhileOneHasPaused(t *testing.T) {
	sharer, takers, folder, share := slowCrowd(t, 4<<20)
	pausing := takers[0]
	pausing.until("something comes from the others", func(Snapshot) bool { return fromFellows(pausing, sharer.id()) > 0 })
	if _, err := pausing.Pause(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	next[SpreadEvent](sharer, nil)
	sharer.stop()
	for _, p := range takers[1:] {
		next(p, func(e DeliveredEvent) bool { return e.Direction == Receiving })
	}
	if _, err := pausing.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	for _, p := range takers {
		if p == pausing {
			next(p, func(e DeliveredEvent) bool { return e.Direction == Receiving })
		}
		same(t, folder, filepath.Join(p.downloads, filepath.Base(folder)))
	}
}

// Who was told that it may leave is told when that does not hold any more, and again
// when it does.
func TestTheSharerIsToldToStay(t *testing.T) {
	sharer, takers, folder, share := slowCrowd(t, 512<<10)
	next[SpreadEvent](sharer, nil)
	if _, err := takers[0].Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	if e := next[StayEvent](sharer, nil); e.Share != share || e.Unfinished != 2 {
		t.Errorf("%+v", e)
	}
	sharer.until("that is to be seen", func(s Snapshot) bool { return !s.Transfers[0].Free })
	next[SpreadEvent](sharer, nil)
	sharer.stop()
	for _, p := range takers[1:] {
		slow(p, 0)
		next(p, func(e DeliveredEvent) bool { return e.Direction == Receiving })
		same(t, folder, filepath.Join(p.downloads, filepath.Base(folder)))
	}
}

// The sharer is gone, one taker has everything and was started anew, the other
// one goes on: with that one, whom nobody introduces to it again.
func TestTheRestComesFromOneWhoHasIt(t *testing.T) {
	sharer, takers := crowd(t, 2)
	a, b := takers[0], takers[1]
	slow(sharer, 2<<20)
	folder := tree(t, t.TempDir(), 12<<20)
	share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	b.until("it is begun", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	if _, err := b.Pause(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	slow(sharer, 0)
	next[DeliveredEvent](a, nil)
	sharer.until("it knows", func(s Snapshot) bool {
		for _, p := range s.Transfers[0].Peers {
			if p.State == Delivered {
				return true
			}
		}
		return false
	})
	b.stop()
	sharer.stop()
	a.stop()
	a = start(t, "b", a.state, AcceptEveryone)
	b = start(t, "c", b.state, AcceptEveryone)
	meet(a, b)
	if _, err := b.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	next(b, func(e DeliveredEvent) bool { return e.Direction == Receiving })
	same(t, folder, filepath.Join(b.downloads, filepath.Base(folder)))
}

// The same, where nobody introduces them again and the one who has it all is somewhere
// else now: it looks for those who may need it.
func TestWhoHasItComesBackFromElsewhere(t *testing.T) {
	for _, restarts := range []bool{true, false} {
		sharer, takers := crowd(t, 2)
		a, b := takers[0], takers[1]
		slow(sharer, 2<<20)
		folder := tree(t, t.TempDir(), 12<<20)
		share, err := sharer.Send(t.Context(), []string{folder}, everybody(takers))
		if err != nil {
			t.Fatal(err)
		}
		b.until("it is begun", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
		if _, err := b.Pause(t.Context(), share.String()); err != nil {
			t.Fatal(err)
		}
		slow(sharer, 0)
		next[DeliveredEvent](a, nil)
		a.writtenDown(b.Snapshot().Self.Addr)
		at := b.Snapshot().Self.Addr
		b.stop()
		sharer.stop()
		if restarts {
			a.stop()
			a = start(t, "b", a.state, AcceptEveryone)
		} else if err := a.Listen("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		b = startAt(t, "c", b.state, AcceptEveryone, at)
		if !restarts {
			a.Moved()
		}
		if _, err := b.Resume(t.Context(), share.String()); err != nil {
			t.Fatal(err)
		}
		next(b, func(e DeliveredEvent) bool { return e.Direction == Receiving })
		same(t, folder, filepath.Join(b.downloads, filepath.Base(folder)))
	}
}

func TestWhoMayHaveItIsKnownAfterARestart(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 1<<20)
	a, b := takers[0], takers[1]
	share, err := sharer.Send(t.Context(), []string{tree(t, t.TempDir(), 12<<20)}, everybody(takers))
	if err != nil {
		t.Fatal(err)
	}
	b.until("they exchange", func(Snapshot) bool { return fromFellows(b, sharer.id()) > 0 })
	b.stop()
	b = start(t, "c", b.state, AcceptEveryone)
	b.mu.Lock()
	known := b.incoming[share] != nil && b.incoming[share].circle.hasLocked(a.id())
	b.mu.Unlock()
	if !known {
		t.Error("the other taker is not known any more")
	}
}
