package discovery

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func TestS38_FloodOfMadeUpDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/8")), anna)
		run(t, a)
		run(t, newOn(e.radio(nic("eth0", "10.0.0.2/8")), bea))
		pass(10 * time.Second)
		changed, stop := a.Watch()
		defer stop()
		signals := make(chan int)
		done := make(chan struct{})
		go func() {
			n := 0
			for {
				select {
				case <-changed:
					n++
				case <-done:
					signals <- n
					return
				}
			}
		}()

		before := heap()
		began := time.Now()
		for n := range 60_000 { // six times 10,000
			e.shout(made(n % 10_000))
			if n%100 == 0 {
				pass(100 * time.Millisecond)
			}
		}
		took := time.Since(began)
		close(done)

		if n := len(a.Neighbours()); n != maxNeighbours {
			t.Errorf("%d neighbours, want %d", n, maxNeighbours)
		}
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002") // it was there before
		if n, most := <-signals, int(took/a.tempo.tell)+1; n > most {
			t.Errorf("%d signals in %v, want at most %d", n, took, most)
		}
		if grown := heap() - before; grown > 4<<20 {
			t.Errorf("the heap grew by %d bytes", grown)
		}
		pass(10 * time.Minute)
		if n := len(a.Neighbours()); n != 1 {
			t.Errorf("%d neighbours long after the flood, want 1", n)
		}
	})
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestS38_RoundEndsWhenFlooded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio(nic("eth0", "10.0.0.1/8"))
		a := newOn(wire, anna)
		run(t, a)
		pass(10 * time.Second)

		for n := range maxAnswers + 1 {
			e.shout(made(n))
		}
		synctest.Wait()
		if n := len(a.Neighbours()); n != maxNeighbours {
			t.Errorf("%d neighbours, want %d", n, maxNeighbours)
		}
		wire.set(func(r *radio) {
			if len(r.ears) > 0 {
				t.Error("still listening")
			}
		})
		pass(a.tempo.flood)
		wire.set(func(r *radio) {
			if len(r.ears) != 1 {
				t.Errorf("%d ears a while later, want 1", len(r.ears))
			}
		})
	})
}

func TestS38_FloodThatGoesOnIsHeardLessAndLess(t *testing.T) {
	var got []time.Duration
	for n := range 7 {
		got = append(got, defaultTempo.duck(n+1))
	}
	if want := "[2s 4s 8s 16s 30s 30s 30s]"; fmt.Sprint(got) != want {
		t.Errorf("pauses %v, want %v", got, want)
	}
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/8")), anna)
		run(t, a)
		pass(10 * time.Second)
		before := e.asked()
		for range 60 {
			for n := range maxAnswers + 1 {
				e.shout(made(n))
			}
			a.Refresh() // does not help whoever floods
			pass(time.Second)
		}
		if n := e.asked() - before; n > 8 {
			t.Errorf("%d rounds in a minute of flood", n)
		}
		pass(10 * time.Minute) // those made up are forgotten by then
		before = e.asked()
		pass(5 * time.Minute)
		if n := e.asked() - before; n < 19 || n > 26 {
			t.Errorf("%d rounds in five minutes after the flood", n)
		}
	})
}

func TestS38_FullTableKeepsThoseItKnows(t *testing.T) {
	tab := newTable()
	now := time.Now()
	sight := func(n int) sighting {
		s, err := made(n).check(place{nic("eth0", "10.0.0.1/8")})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for n := range maxNeighbours {
		tab.note(sight(n), now)
	}
	now = now.Add(settling)
	for n := range maxNeighbours / 2 {
		tab.note(sight(n), now)
	}
	for n := range 10 * maxNeighbours {
		if !tab.note(sight(maxNeighbours+n), now) {
			t.Fatal("a newcomer is refused though others are new too")
		}
	}
	kept := make(map[string]bool)
	for _, n := range tab.list() {
		kept[n.ID] = true
	}
	for n := range maxNeighbours / 2 {
		if !kept[id(fmt.Sprintf("f%05d", n))] {
			t.Fatalf("%d was known for a while, and was pushed out", n)
		}
	}
	if len(kept) != maxNeighbours {
		t.Errorf("%d neighbours, want %d", len(kept), maxNeighbours)
	}

	now = now.Add(settling)
	for _, n := range tab.list() {
		e := tab.known[n.ID]
		e.last = now
	}
	if tab.note(sight(50_000), now) {
		t.Error("a newcomer pushed out somebody known for a while")
	}
}

func TestOneAnswerDoesNotHoldMoreThanItsWeight(t *testing.T) {
	passed := 0
	b := newBudget(func(claim) { passed++ })
	c := made(1)
	c.weight = maxAnswers / 2
	for range 5 {
		b.hear(c)
	}
	if passed != 2 || len(b.spent) != 1 {
		t.Errorf("%d heavy answers passed, spent %d, want 2 and 1", passed, len(b.spent))
	}
}
