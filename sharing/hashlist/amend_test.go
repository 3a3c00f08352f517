package hashlist_test

import (
	"errors"
	"math"
	"testing"

	"potluck/sharing/hashlist"
)

func amend(t testing.TB, l *hashlist.List, piece int, h hashlist.Hash) hashlist.Amendment {
	t.Helper()
	a, err := l.Amend(anna, piece, h)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAmendments(t *testing.T) {
	sharer, runs := signedRuns(t, share, pieces(10), 10)
	original, _ := sharer.Digest()
	first := amend(t, sharer, 3, hash(103))
	once, _ := sharer.Digest()
	second := amend(t, sharer, 3, hash(203))
	third := amend(t, sharer, 9, hash(109))
	if first.Seq != 1 || third.Seq != 3 || sharer.AmendSeq() != 3 {
		t.Fatalf("numbers %d, %d, %d", first.Seq, third.Seq, sharer.AmendSeq())
	}

	// They may also come before the hashes they replace.
	taker := hashlist.New(share, pieces(10), anna.Public())
	wantErr(t, taker.AddAmendment(second), hashlist.ErrGap)
	for _, a := range []hashlist.Amendment{first, second, first, third, second} {
		if err := taker.AddAmendment(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := taker.Add(runs[0]); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]int{0: 0, 3: 203, 8: 8, 9: 109} {
		if h, ok := taker.Get(i); !ok || h != hash(want) {
			t.Errorf("piece %d has not hash %d", i, want)
		}
	}
	now, _ := sharer.Digest()
	for seq, want := range map[int]hashlist.Hash{0: original, 1: once, 3: now} {
		for _, l := range []*hashlist.List{sharer, taker} {
			if got, ok := l.DigestAt(seq); !ok || got != want {
				t.Errorf("the digest at %d is wrong", seq)
			}
		}
	}
	for _, seq := range []int{-1, 4, math.MaxInt} {
		if _, ok := taker.DigestAt(seq); ok {
			t.Errorf("there is a digest at %d", seq)
		}
	}
	for after, want := range map[int]int{math.MinInt: 3, 0: 3, 1: 2, 3: 0, math.MaxInt: 0} {
		if got := taker.Amendments(after); len(got) != want {
			t.Errorf("after %d: %d amendments", after, len(got))
		}
	}
}

func TestAmendmentsThatAreRefused(t *testing.T) {
	sharer, _ := signedRuns(t, share, pieces(10), 10)
	good := amend(t, sharer, 3, hash(103))
	foreign, _ := signedRuns(t, otherShare, pieces(10), 10)
	ofOther := amend(t, foreign, 3, hash(103))
	fork, _ := signedRuns(t, share, pieces(10), 10)
	contradicting := amend(t, fork, 4, hash(104))
	forkSecond := amend(t, fork, 5, hash(105))

	taker := hashlist.New(share, pieces(10), anna.Public())
	for name, c := range map[string]struct {
		a    hashlist.Amendment
		want error
	}{
		"number 0":         {hashlist.Amendment{Seq: 0, Piece: 3, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrInvalid},
		"negative number":  {hashlist.Amendment{Seq: math.MinInt, Piece: 3, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrInvalid},
		"negative piece":   {hashlist.Amendment{Seq: 1, Piece: -1, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrInvalid},
		"beyond the end":   {hashlist.Amendment{Seq: 1, Piece: 10, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrInvalid},
		"huge number":      {hashlist.Amendment{Seq: math.MaxInt, Piece: 3, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrGap},
		"of another piece": {hashlist.Amendment{Seq: 1, Piece: 4, Hash: good.Hash, Sig: good.Sig}, hashlist.ErrForged},
		"another hash":     {hashlist.Amendment{Seq: 1, Piece: 3, Hash: hash(1), Sig: good.Sig}, hashlist.ErrForged},
		"unsigned":         {hashlist.Amendment{Seq: 1, Piece: 3, Hash: good.Hash}, hashlist.ErrForged},
		"another share":    {ofOther, hashlist.ErrForged},
		"a gap":            {forkSecond, hashlist.ErrGap},
	} {
		if err := taker.AddAmendment(c.a); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if err := taker.AddAmendment(good); err != nil {
		t.Fatal(err)
	}
	wantErr(t, taker.AddAmendment(contradicting), hashlist.ErrConflict)
	if h, ok := taker.Get(4); ok {
		t.Errorf("piece 4 has hash %x", h)
	}
	forged := contradicting
	forged.Sig = good.Sig
	wantErr(t, taker.AddAmendment(forged), hashlist.ErrForged)

	for _, piece := range []int{-1, 10} {
		_, err := sharer.Amend(anna, piece, hash(1))
		wantErr(t, err, hashlist.ErrInvalid)
	}
}
