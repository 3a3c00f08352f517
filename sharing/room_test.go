package sharing

import (
	"runtime"
	"testing"
	"time"
)

// A disk that does not answer keeps nobody waiting: what can be seen is seen, and
// the room on the disk when it is known.
func TestRoomOnADiskThatHangs(t *testing.T) {
	a, b := pair(t, AcceptAsk)
	answers := make(chan int64)
	b.askRoom(roomLook, func(string) int64 { return <-answers })

	share := send(t, a, b, file(t, "notes"))
	next[OfferedEvent](b, nil)
	for range 3 {
		if s := b.Snapshot(); len(s.Offers) != 1 || s.Offers[0].Share != share || s.Offers[0].Free != -1 {
			t.Fatalf("while the disk hangs: %+v", s.Offers)
		}
	}
	answers <- 123
	b.until("the room is known", func(s Snapshot) bool { return len(s.Offers) == 1 && s.Offers[0].Free == 123 })
}

// askRoom has what is free told by f.
func (p *party) askRoom(every time.Duration, f func(string) int64) {
	p.rooms.mu.Lock()
	defer p.rooms.mu.Unlock()
	p.rooms.ask, p.rooms.every = f, every
}

// While an offer waits and nothing else happens, what is free is looked at again. Only
// a change that can be seen is signalled, and when no offer waits, nobody looks.
func TestRoomWhileAnOfferWaits(t *testing.T) {
	a, b := pair(t, AcceptAsk)
	answers := make(chan int64)
	b.askRoom(time.Millisecond, func(string) int64 {
		select {
		case n := <-answers:
			return n
		case <-t.Context().Done():
			return -1
		}
	})
	changed, stop := b.Watch()
	defer stop()
	tell := func(n int64) (signalled bool) {
		for len(changed) > 0 {
			<-changed
		}
		for range 2 { // when the second is asked for, what came of the first is over
			answers <- n
		}
		return len(changed) > 0
	}
	shows := func(n int64) {
		t.Helper()
		if o := b.Snapshot().Offers; len(o) != 1 || o[0].Free != n {
			t.Fatalf("it shows %+v", o)
		}
	}

	share := send(t, a, b, file(t, "notes"))
	next[OfferedEvent](b, nil)
	b.Snapshot()
	tell(22_400_000_000)
	shows(22_400_000_000)
	quiet := 0
	for i := range int64(100) { // other things may be signalled
		if !tell(22_400_000_001 + i) {
			quiet++
		}
	}
	if quiet == 0 {
		t.Error("a change that cannot be seen is signalled")
	}
	for _, n := range []int64{21_000_000_000, 3, 0} {
		if !tell(n) {
			t.Errorf("that %d bytes are free is not signalled", n)
		}
		shows(n)
	}

	if _, err := b.Decline(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	tends := func() bool {
		b.rooms.mu.Lock()
		defer b.rooms.mu.Unlock()
		return b.rooms.tends
	}
	for late := time.After(time.Minute); tends(); {
		select {
		case answers <- 1:
		case <-late:
			t.Fatal("it looks though no offer waits")
		default:
			runtime.Gosched()
		}
	}
}

func TestWhatIsSeenOfRoom(t *testing.T) {
	for _, c := range []struct {
		told, free int64
		want       bool
	}{
		{22_400_000_000, 22_410_000_000, false},
		{22_400_000_000, 22_500_000_000, true},
		{22_400_000_000, 22_400_000_000, false},
		{-1, -1, false},
		{-1, 5, true},
		{5, -1, true},
		{0, 1, true},
		{999, 1000, true},
		{5_000_000_001, 4_999_999_999, true}, // one more has no room
		{5_000_000_002, 5_000_000_001, false},
	} {
		if got := looksOther(c.told, c.free, []int64{7, 5_000_000_000}); got != c.want {
			t.Errorf("%d, then %d: %v", c.told, c.free, got)
		}
	}
}
