package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// rotStaged flips a bit of a file in staging, and leaves its time as it was.
func (s *site) rotStaged(t *testing.T, i *Item, path string, at int64) {
	t.Helper()
	name := filepath.Join(s.options.Folder, i.notes.staging, treeName, path)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 4
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(b[at:at+1], at)
	if err := errors.Join(err, f.Close(), os.Chtimes(name, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
}

// What a disk has spoiled while nothing ran is fetched again, and nothing else is,
// whether all was here or a part of it.
func TestRotInStagingIsNotDelivered(t *testing.T) {
	for what, missing := range map[string]int{"all here": 0, "a part here": 2} {
		for _, boot := range []string{"boot 1", "boot 2"} {
			t.Run(what+" "+boot, func(t *testing.T) {
				s := photos(t).site(t)
				s.options.BootID = "boot 1"
				i := s.create(t)
				for p := range s.pieces() - missing {
					s.sendBlocks(t, i, p)
					if err := i.Verify(p); err != nil {
						t.Fatal(err)
					}
				}
				if err := i.sync(true); err != nil {
					t.Fatal(err)
				}
				i.Close()
				s.rotStaged(t, i, "Photos/big.mov", 3*testPiece)
				s.options.BootID = boot
				i = s.open(t)
				if _, have := i.Have(); have != s.pieces()-missing || i.Unproven() == 0 {
					t.Errorf("after the restart %d pieces count, %d hashes are needed", have, i.Unproven())
				}
				for p := range s.pieces() {
					if !i.Complete(p) {
						s.sendBlocks(t, i, p)
						if err := i.Verify(p); err != nil {
							t.Fatal(err)
						}
					}
				}
				lost := (*LostError)(nil)
				if _, err := i.Finish(context.Background()); !errors.As(err, &lost) || len(lost.Pieces) != 1 {
					t.Fatalf("Finish: %v", err)
				}
				s.finishPatiently(t, i)
				checkTree(t, s.options.Folder, s.expect(nil))
			})
		}
	}
}

// It is found beside everything else, without anybody asking for the end.
func TestRotIsFoundBesideTheRest(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Run(ctx) }()
	s.rotStaged(t, i, "Photos/big.mov", 3*testPiece)
	i.Rest()
	if i.doubt(); i.nextToProve(0) >= 0 {
		t.Error("something is hashed while nothing goes on")
	}
	i.Doubt()
	for i.Unproven() > 0 {
		time.Sleep(time.Millisecond)
	}
	var lost []int
	for p := range s.pieces() {
		if !i.Complete(p) {
			lost = append(lost, p)
		}
	}
	first, last := i.layout.span(s.entry("Photos/big.mov"))
	if len(lost) != 1 || lost[0] < first || lost[0] > last || i.Losses() != 1 {
		t.Errorf("lost: %v", lost)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	s.finishPatiently(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// What has its final name belongs to the person.
func TestWhatIsDeliveredIsNotDoubted(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	i.Doubt()
	i.Close()
	if again := s.open(t); i.Unproven() != 0 || again.Unproven() != 0 {
		t.Error("what was delivered is in doubt")
	}
}

func TestNextAndLast(t *testing.T) {
	b := newBitset(200)
	if b.next(0) != -1 || b.last() != -1 {
		t.Error("members of nothing")
	}
	for _, n := range []int{0, 63, 64, 130} {
		b.set(n)
	}
	var got []int
	for n := b.next(0); n >= 0; n = b.next(n + 1) {
		got = append(got, n)
	}
	if !slices.Equal(got, []int{0, 63, 64, 130}) || b.last() != 130 || b.next(131) != -1 {
		t.Errorf("%v, last %d", got, b.last())
	}
}
