package hashlist_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const mib = 1 << 20

var (
	share      = [32]byte{1}
	otherShare = [32]byte{2}
	anna       = device()
	mallory    = device()
)

func device() *identity.Identity {
	d, err := identity.New()
	if err != nil {
		panic(err)
	}
	return d
}

// hash returns a hash that stands for piece i.
func hash(i int) hashlist.Hash { return sha256.Sum256(fmt.Append(nil, "piece ", i)) }

func hashes(from, to int) []hashlist.Hash {
	var all []hashlist.Hash
	for i := from; i < to; i++ {
		all = append(all, hash(i))
	}
	return all
}

// pieces returns the length of a stream of n pieces, of 16 MiB each if they are
// more than 2,048.
func pieces(n int64) int64 {
	if n <= 2048 {
		return n * mib / 4
	}
	return n * 16 * mib
}

// signedRuns returns the list of a sharer that appended runs of the given
// lengths, and the runs.
func signedRuns(t testing.TB, of [32]byte, stream int64, lengths ...int) (*hashlist.List, []hashlist.Run) {
	t.Helper()
	l := hashlist.New(of, stream, anna.Public())
	var runs []hashlist.Run
	for _, n := range lengths {
		r, err := l.Append(anna, hashes(l.Known(), l.Known()+n))
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	return l, runs
}

func wantKnown(t testing.TB, l *hashlist.List, n int) {
	t.Helper()
	if l.Known() != n {
		t.Fatalf("%d hashes are known, want %d", l.Known(), n)
	}
	for i := range n {
		if h, ok := l.Get(i); !ok || h != hash(i) {
			t.Fatalf("hash %d is wrong", i)
		}
	}
	if _, ok := l.Get(n); ok {
		t.Fatalf("hash %d is known", n)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestPieceLength(t *testing.T) {
	const kib, gib, tib = 1 << 10, 1 << 30, 1 << 40
	for _, c := range []struct {
		stream, length int64
		count          int
	}{
		{0, 256 * kib, 0},
		{1, 256 * kib, 1},
		{256 * kib, 256 * kib, 1},
		{256*kib + 1, 256 * kib, 2},
		{512 * mib, 256 * kib, 2048},
		{512*mib + 1, 512 * kib, 1025},
		{gib, 512 * kib, 2048},
		{32 * gib, 16 * mib, 2048},
		{32*gib + 1, 16 * mib, 2049},
		{tib, 16 * mib, 65536},
		{1<<53 - 1, 16 * mib, 1 << 29},
		{-1, 256 * kib, 0},
		{math.MinInt64, 256 * kib, 0},
		{math.MaxInt64, 16 * mib, int(min(1<<39, int64(math.MaxInt)))},
	} {
		if hashlist.PieceLength(c.stream) != c.length || hashlist.Count(c.stream) != c.count {
			t.Errorf("%d bytes: %d pieces of %d bytes", c.stream, hashlist.Count(c.stream), hashlist.PieceLength(c.stream))
		}
	}
}

func TestHashesBecomeKnown(t *testing.T) {
	sharer, runs := signedRuns(t, share, pieces(2048), 1, 2, 1000, 1024, 21)
	taker := hashlist.New(share, pieces(2048), anna.Public())
	if taker.Len() != 2048 {
		t.Fatalf("%d pieces", taker.Len())
	}
	for _, r := range runs {
		wantKnown(t, taker, r.First)
		for range 2 { // the second time it is known, and no error
			if err := taker.Add(r); err != nil {
				t.Fatal(err)
			}
		}
		_, done := taker.Digest()
		if done != (taker.Known() == 2048) {
			t.Fatalf("a digest of %d", taker.Known())
		}
	}
	wantKnown(t, taker, 2048)
	a, _ := sharer.Digest()
	b, _ := taker.Digest()
	var flat []byte
	for _, h := range hashes(0, 2048) {
		flat = append(flat, h[:]...)
	}
	if a != b || a != sha256.Sum256(flat) {
		t.Error("the digests differ")
	}
}

func TestEmptyStream(t *testing.T) {
	l := hashlist.New(share, 0, anna.Public())
	if d, ok := l.Digest(); !ok || d != sha256.Sum256(nil) || l.Len() != 0 || len(l.Runs(0)) != 0 {
		t.Error("not empty")
	}
	_, err := l.Append(anna, hashes(0, 1))
	wantErr(t, err, hashlist.ErrInvalid)
}

func TestGapsAndReordering(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(30), 10, 10, 10)
	taker := hashlist.New(share, pieces(30), anna.Public())
	wantErr(t, taker.Add(runs[1]), hashlist.ErrGap)
	wantErr(t, taker.Add(runs[2]), hashlist.ErrGap)
	if err := taker.Add(runs[0]); err != nil {
		t.Fatal(err)
	}
	wantErr(t, taker.Add(runs[2]), hashlist.ErrGap)
	for _, r := range []hashlist.Run{runs[1], runs[0], runs[2], runs[1]} {
		if err := taker.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	wantKnown(t, taker, 30)
}

func TestBounds(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(5000), 1000)
	good := runs[0]
	for name, change := range map[string]func(*hashlist.Run){
		"negative":            func(r *hashlist.Run) { r.First = -1 },
		"very negative":       func(r *hashlist.Run) { r.First = math.MinInt },
		"beyond the end":      func(r *hashlist.Run) { r.First = 4001 },
		"overflowing":         func(r *hashlist.Run) { r.First = math.MaxInt },
		"empty":               func(r *hashlist.Run) { r.Hashes = nil },
		"empty, at the end":   func(r *hashlist.Run) { r.First, r.Hashes = 5000, nil },
		"longer than allowed": func(r *hashlist.Run) { r.Hashes = hashes(0, hashlist.MaxRun+1) },
	} {
		r := good
		change(&r)
		l := hashlist.New(share, pieces(5000), anna.Public())
		if err := l.Add(r); !errors.Is(err, hashlist.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
		wantKnown(t, l, 0)
	}

	l := hashlist.New(share, pieces(5), anna.Public())
	for _, h := range [][]hashlist.Hash{nil, hashes(0, 6), hashes(0, 1025)} {
		_, err := l.Append(anna, h)
		wantErr(t, err, hashlist.ErrInvalid)
	}
}

func TestForgeries(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(40), 10, 10)
	_, foreign := signedRuns(t, otherShare, pieces(40), 10, 10)
	for name, forged := range map[string]hashlist.Run{
		"of another share":   foreign[1],
		"of another place":   {First: 5, Hashes: runs[1].Hashes, Prev: runs[1].Prev, Sig: runs[1].Sig},
		"with other hashes":  {First: 10, Hashes: hashes(11, 21), Prev: runs[1].Prev, Sig: runs[1].Sig},
		"cut":                {First: 10, Hashes: hashes(10, 19), Prev: runs[1].Prev, Sig: runs[1].Sig},
		"extended":           {First: 10, Hashes: hashes(10, 21), Prev: runs[1].Prev, Sig: runs[1].Sig},
		"with another past":  {First: 10, Hashes: hashes(10, 20), Prev: hash(7), Sig: runs[1].Sig},
		"with the first sig": {First: 10, Hashes: hashes(10, 20), Prev: runs[1].Prev, Sig: runs[0].Sig},
		"unsigned":           {First: 10, Hashes: hashes(10, 20), Prev: runs[1].Prev},
		"short signature":    {First: 10, Hashes: hashes(10, 20), Prev: runs[1].Prev, Sig: runs[1].Sig[:63]},
		"zero signature":     {First: 10, Hashes: hashes(10, 20), Prev: runs[1].Prev, Sig: make([]byte, 64)},
	} {
		taker := hashlist.New(share, pieces(40), anna.Public())
		if err := taker.Add(runs[0]); err != nil {
			t.Fatal(err)
		}
		if err := taker.Add(forged); !errors.Is(err, hashlist.ErrForged) {
			t.Errorf("%s: got %v", name, err)
		}
		wantKnown(t, taker, 10)
	}

	l := hashlist.New(share, pieces(40), anna.Public())
	_, err := l.Append(mallory, hashes(0, 3))
	wantErr(t, err, hashlist.ErrForged)
	wantKnown(t, l, 0)
	_, err = l.Amend(mallory, 0, hash(9))
	wantErr(t, err, hashlist.ErrForged)

	theirs := hashlist.New(share, pieces(40), mallory.Public())
	r, err := theirs.Append(mallory, hashes(0, 3))
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, l.Add(r), hashlist.ErrForged)
}

func TestKeyThatIsNone(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(3), 3)
	wantErr(t, hashlist.New(share, pieces(3), nil).Add(runs[0]), hashlist.ErrForged)
}

func TestSharerThatContradictsItself(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(40), 10, 10)
	two := hashlist.New(share, pieces(40), anna.Public())
	other, err := two.Append(anna, hashes(1, 21)) // another hash for each piece
	if err != nil {
		t.Fatal(err)
	}
	otherSecond, err := two.Append(anna, hashes(20, 30))
	if err != nil {
		t.Fatal(err)
	}
	taker := hashlist.New(share, pieces(40), anna.Public())
	for _, r := range runs {
		if err := taker.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	wantErr(t, taker.Add(other), hashlist.ErrConflict)
	// Its hashes would fit, but it goes with a past that is not ours.
	wantErr(t, taker.Add(otherSecond), hashlist.ErrConflict)
	wantKnown(t, taker, 20)
}

// TestOtherPortionsAfterACrash shows that a sharer that forgot its newest runs
// and signs the same hashes in other portions is understood, also by those to
// whom both are passed on.
func TestOtherPortionsAfterACrash(t *testing.T) {
	_, before := signedRuns(t, share, pieces(60), 10, 15)
	_, after := signedRuns(t, share, pieces(60), 10, 10, 30, 10)
	taker := hashlist.New(share, pieces(60), anna.Public())
	for _, r := range slices.Concat(before, after) {
		if err := taker.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	wantKnown(t, taker, 60)

	for from := range 61 {
		next := hashlist.New(share, pieces(60), anna.Public())
		if from > 0 {
			_, start := signedRuns(t, share, pieces(60), from)
			if err := next.Add(start[0]); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range taker.Runs(from) {
			if err := next.Add(r); err != nil {
				t.Fatalf("from %d: %v", from, err)
			}
		}
		wantKnown(t, next, 60)
	}
}

func TestRunsAreBounded(t *testing.T) {
	lengths := slices.Repeat([]int{1000}, 6)
	sharer, runs := signedRuns(t, share, pieces(6000), lengths...)
	if got := sharer.Runs(0); len(got) != 4 || got[0].First != 0 {
		t.Errorf("%d runs", len(got))
	}
	for from, want := range map[int]int{-1: 0, 0: 0, 999: 0, 1000: 1, 5999: 5} {
		if got := sharer.Runs(from); len(got) == 0 || got[0].First != runs[want].First {
			t.Errorf("from %d: got %v", from, got)
		}
	}
	if got := sharer.Runs(6000); got != nil {
		t.Errorf("beyond the end: %d runs", len(got))
	}
	// A taker that asks again and again gets it all.
	taker := hashlist.New(share, pieces(6000), anna.Public())
	for taker.Known() < 6000 {
		for _, r := range sharer.Runs(taker.Known()) {
			if err := taker.Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAnyMixOfRuns(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(1, 50).Draw(rt, "pieces")
		var pool []hashlist.Run
		for range 2 {
			l := hashlist.New(share, pieces(int64(count)), anna.Public())
			for l.Known() < count {
				n := rapid.IntRange(1, count-l.Known()).Draw(rt, "run")
				r, err := l.Append(anna, hashes(l.Known(), l.Known()+n))
				if err != nil {
					rt.Fatal(err)
				}
				pool = append(pool, r)
			}
		}
		taker := hashlist.New(share, pieces(int64(count)), anna.Public())
		for _, r := range rapid.SliceOf(rapid.SampledFrom(pool)).Draw(rt, "order") {
			known := taker.Known()
			err := taker.Add(r)
			switch {
			case r.First > known && !errors.Is(err, hashlist.ErrGap):
				rt.Fatalf("a gap: %v", err)
			case r.First <= known && (err != nil || taker.Known() != max(known, r.First+len(r.Hashes))):
				rt.Fatalf("no gap: %v, %d known", err, taker.Known())
			}
		}
		for i := range taker.Known() {
			if h, _ := taker.Get(i); h != hash(i) {
				rt.Fatalf("hash %d is wrong", i)
			}
		}
	})
}
