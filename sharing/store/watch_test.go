package store

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// tick is longer than the steps in which file systems tell the time.
const tick = 20 * time.Millisecond

// meddle spoils a piece of a file in staging as another program would, once what we
// wrote is a moment old; rotStaged puts the time back that is said to be the file's.
func (s *site) meddle(t *testing.T, i *Item, path string, piece int) {
	t.Helper()
	if _, ok := stampOf(i.disk.mount); !ok || !i.disk.stable {
		t.Skip("times do not tell of changes here")
	}
	time.Sleep(tick)
	e := s.entry(path)
	s.rotStaged(t, i, path, int64(piece)*s.piece-s.m.Offset(e)+5)
	time.Sleep(tick)
}

// Somebody else writes to a file that is still on its way: what was spoiled is not
// delivered, whenever it was.
func TestMeddlingIsNotDelivered(t *testing.T) {
	const path = "Photos/big.mov"
	s := photos(t)
	first, last := s.site(t).create(t).layout.span(s.entry(path))
	for name, after := range map[string]int{"at its beginning": first + 1, "in its middle": first + 3, "when all but one piece is here": last - 1, "when it is whole": last} {
		t.Run(name, func(t *testing.T) {
			s := photos(t).site(t)
			i := s.create(t)
			for p := range s.pieces() {
				s.send(t, i, p)
				if p == after {
					s.meddle(t, i, path, first+1)
				}
			}
			lost := (*LostError)(nil)
			if _, err := i.Finish(context.Background()); !errors.As(err, &lost) || len(lost.Pieces) != 1 || lost.Pieces[0] != first+1 {
				t.Fatalf("Finish: %v, %+v", err, lost)
			}
			s.finishPatiently(t, i)
			checkTree(t, s.options.Folder, s.expect(nil))
		})
	}
}

// What is not wanted but shares pieces with what is, is watched over, too.
func TestMeddlingBesideWhatIsWanted(t *testing.T) {
	s := photos(t).site(t)
	want := make([]bool, s.m.Len())
	for e := range want {
		want[e] = s.m.Path(e) != "Photos/a.jpg" && s.m.Path(e) != "Photos/sub/one"
	}
	s.options.Want = want
	i := s.create(t)
	s.send(t, i)
	e := s.entry("Photos/a.jpg")
	piece, _ := i.layout.span(e)
	time.Sleep(tick)
	h, err := i.disk.openFile(edgeFile, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.v.WriteAt([]byte("spoiled"), 0); err != nil {
		t.Fatal(err)
	}
	i.disk.files.release(h)
	if _, err := i.ReadAt(piece, make([]byte, 10), 0); !errors.Is(err, ErrIncomplete) {
		t.Errorf("what was spoiled is passed on: %v", err)
	}
	s.finishPatiently(t, i)
	checkTree(t, s.options.Folder, s.expect(want))
}

// What was spoiled is not passed on either, and what was not is.
func TestMeddlingIsNotPassedOn(t *testing.T) {
	const path = "Photos/big.mov"
	s := photos(t).site(t)
	i := s.create(t)
	first, last := i.layout.span(s.entry(path))
	for p := range last {
		s.send(t, i, p)
	}
	s.meddle(t, i, path, first+2)
	for p := first; p < last; p++ {
		got := make([]byte, len(s.bytes(p)))
		_, err := i.ReadAt(p, got, 0)
		if spoiled := p == first+2; spoiled != errors.Is(err, ErrIncomplete) || !spoiled && !bytes.Equal(got, s.bytes(p)) {
			t.Errorf("piece %d: %v", p, err)
		}
	}
	if i.Losses() != 1 {
		t.Errorf("%d losses", i.Losses())
	}
	s.finishPatiently(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// Nobody is taken for somebody else: while pieces are written and read by many at the
// same time, nothing comes into doubt.
func TestNobodyMeddles(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	var all sync.WaitGroup
	for p := range s.pieces() {
		all.Go(func() {
			s.send(t, i, p)
			for range 20 {
				got := make([]byte, len(s.bytes(p)))
				if _, err := i.ReadAt(p, got, 0); err != nil || !bytes.Equal(got, s.bytes(p)) {
					t.Errorf("piece %d: %v", p, err)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	all.Wait()
	if i.Unproven() != 0 || i.Losses() != 0 {
		t.Errorf("in doubt: %d, lost %d times", i.Unproven(), i.Losses())
	}
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}
