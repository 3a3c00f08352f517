package hashlist_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"

	"potluck/sharing/hashlist"
)

func TestWaitReturnsAtOnceIfThereIsNews(t *testing.T) {
	l, _ := signedRuns(t, share, pieces(10), 5)
	amend(t, l, 0, hash(100))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range [][2]int{{0, 0}, {4, 1}, {5, 0}, {-1, 5}} {
		if err := l.Wait(ctx, c[0], c[1]); err != nil {
			t.Errorf("%v: %v", c, err)
		}
	}
	wantErr(t, l.Wait(ctx, 5, 1), context.Canceled)
}

func TestWaitWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sharer, runs := signedRuns(t, share, pieces(10), 5, 5)
		a := amend(t, sharer, 0, hash(100))
		l := hashlist.New(share, pieces(10), anna.Public())
		ctx, cancel := context.WithCancel(t.Context())

		woken := make(chan string, 10)
		wait := func(who string, ctx context.Context, known, seq int) {
			go func() {
				if err := l.Wait(ctx, known, seq); err != nil {
					who += " gave up"
				}
				woken <- who
			}()
		}
		wait("for one", t.Context(), 0, 0)
		wait("for six", t.Context(), 5, 0)
		wait("for all", t.Context(), 9, 1)
		wait("for more than there is", ctx, 10, 1)
		wait("for an amendment", t.Context(), 10, 0)

		expect := func(what string, want ...string) {
			t.Helper()
			synctest.Wait()
			got := map[string]bool{}
			for len(woken) > 0 {
				got[<-woken] = true
			}
			if len(got) != len(want) {
				t.Errorf("%s: %v woke, want %v", what, got, want)
			}
			for _, w := range want {
				if !got[w] {
					t.Errorf("%s: %q did not wake", what, w)
				}
			}
		}
		expect("nothing")
		wantErr(t, l.Add(runs[1]), hashlist.ErrGap)
		expect("after a gap")
		if err := l.Add(runs[0]); err != nil {
			t.Fatal(err)
		}
		expect("after the first run", "for one")
		if err := l.Add(runs[0]); err != nil {
			t.Fatal(err)
		}
		expect("after the first run again")
		if err := l.AddAmendment(a); err != nil {
			t.Fatal(err)
		}
		expect("after an amendment", "for six", "for an amendment")
		if err := l.Add(runs[1]); err != nil {
			t.Fatal(err)
		}
		expect("after the second run", "for all")
		cancel()
		expect("at the end", "for more than there is gave up")
	})
}

// TestFromAllSides lets several goroutines at one list; the race detector and
// goleak look on.
func TestFromAllSides(t *testing.T) {
	const count = 400
	var g sync.WaitGroup
	source := hashlist.New(share, pieces(count), anna.Public())
	g.Go(func() {
		for source.Known() < count {
			n := min(1+rand.IntN(20), count-source.Known())
			if _, err := source.Append(anna, hashes(source.Known(), source.Known()+n)); err != nil {
				t.Error(err)
				return
			}
			if _, err := source.Amend(anna, rand.IntN(count), hash(rand.Int())); err != nil {
				t.Error(err)
				return
			}
		}
		// The last word, so that all can tell that there is no more.
		if _, err := source.Amend(anna, 0, hashlist.Hash{}); err != nil {
			t.Error(err)
		}
	})
	middle := hashlist.New(share, pieces(count), anna.Public())
	last := hashlist.New(share, pieces(count), anna.Public())
	follow := func(from, to *hashlist.List) {
		for {
			if h, ok := to.Get(0); ok && h == (hashlist.Hash{}) && to.Known() == count {
				return
			}
			known, seq := to.Known(), to.AmendSeq()
			if err := from.Wait(t.Context(), known, seq); err != nil {
				t.Error(err)
				return
			}
			for _, r := range from.Runs(known) {
				if err := to.Add(r); err != nil && !errors.Is(err, hashlist.ErrGap) {
					t.Error(err)
				}
			}
			for _, a := range from.Amendments(seq) {
				if err := to.AddAmendment(a); err != nil && !errors.Is(err, hashlist.ErrGap) {
					t.Error(err)
				}
			}
		}
	}
	for range 3 {
		g.Go(func() { follow(source, middle) })
		g.Go(func() { follow(middle, last) })
	}
	g.Wait()
	a, _ := source.Digest()
	if b, ok := last.Digest(); !ok || a != b {
		t.Error("the digests differ")
	}
}
