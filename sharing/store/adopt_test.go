package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func always() bool { return true }

// TestAdopt moves a share that is half here to another folder: nothing is fetched
// again, and nothing is left.
func TestAdopt(t *testing.T) {
	f := photos(t)
	for name, want := range map[string][]bool{"all": nil, "a part": f.want("Photos/a.jpg", "Photos/sub/two.bin", "notes.odt")} {
		t.Run(name, func(t *testing.T) {
			from, to := f.site(t), f.site(t)
			from.options.Want, to.options.Want = want, want
			old := from.create(t)
			half := slices.DeleteFunc([]int{0, 2, 3, 7, f.pieces() - 1}, func(p int) bool { return !old.Wanted(p) })
			from.send(t, old, half...)
			i := to.create(t)
			if err := i.Adopt(context.Background(), old, always); err != nil {
				t.Fatal(err)
			}
			for p := range f.pieces() {
				if i.Complete(p) != old.Complete(p) {
					t.Errorf("piece %d: complete is %v", p, i.Complete(p))
				}
			}
			if err := old.Discard(); err != nil {
				t.Fatal(err)
			}
			checkTree(t, from.options.Folder, nil)
			i.Close()
			to.options.BootID = "after a power failure" // what was copied had been synced
			i = to.open(t)
			if list := i.Suspect(); len(list) > 0 {
				t.Errorf("pieces %v were not synced", list)
			}
			to.send(t, i)
			to.finish(t, i)
			checkTree(t, to.options.Folder, f.expect(want))
			to.checkTimes(t)
		})
	}
}

// TestAdoptDamaged leaves behind what is not right any more, or cannot be read.
func TestAdoptDamaged(t *testing.T) {
	f := photos(t)
	from, to := f.site(t), f.site(t)
	old := from.create(t)
	from.send(t, old)
	staging, err := filepath.Glob(filepath.Join(from.options.Folder, ".potluck-*", "tree"))
	if err != nil || len(staging) != 1 {
		t.Fatalf("staging %q, %v", staging, err)
	}
	big := filepath.Join(staging[0], "Photos", "big.mov")
	content, err := os.ReadFile(big)
	if err != nil {
		t.Fatal(err)
	}
	content[3*testPiece] ^= 1
	if err := os.WriteFile(big, content, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(staging[0], "notes.odt")); err != nil {
		t.Fatal(err)
	}
	i := to.create(t)
	if err := i.Adopt(context.Background(), old, always); err != nil {
		t.Fatal(err)
	}
	missing := 0
	for p := range f.pieces() {
		if i.Wanted(p) && !i.Complete(p) {
			missing++
		}
	}
	if missing == 0 || missing > 4 {
		t.Errorf("%d pieces are missing", missing)
	}
	to.send(t, i)
	to.finish(t, i)
	checkTree(t, to.options.Folder, f.expect(nil))
}

// TestAdoptOntoAFullDisk fails, and the old place has lost nothing.
func TestAdoptOntoAFullDisk(t *testing.T) {
	f := photos(t)
	from, to := f.site(t), f.site(t)
	old := from.create(t)
	from.send(t, old)
	writes := 0
	to.system().step = func(what string) error {
		if what == "write" {
			writes++
		}
		if writes > 3 {
			return &os.PathError{Op: "write", Path: "x", Err: noSpaceError}
		}
		return nil
	}
	i := to.create(t)
	if err := (*NoSpaceError)(nil); !errors.As(i.Adopt(context.Background(), old, always), &err) {
		t.Fatal("no error from a full disk")
	}
	to.system().step = nil
	if err := i.Discard(); err != nil {
		t.Fatal(err)
	}
	checkTree(t, to.options.Folder, nil)
	from.finish(t, old)
	checkTree(t, from.options.Folder, f.expect(nil))
}

func TestAdoptEndsWhenItIsToldTo(t *testing.T) {
	f := photos(t)
	from, to := f.site(t), f.site(t)
	old := from.create(t)
	from.send(t, old)
	i := to.create(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := i.Adopt(gone, old, always); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is done: %v", err)
	}
	asked := 0
	if err := i.Adopt(context.Background(), old, func() bool { asked++; return asked < 3 }); !errors.Is(err, ErrIncomplete) {
		t.Errorf("with a no: %v", err)
	}
	if _, have := i.Have(); have != 2 {
		t.Errorf("%d pieces were copied before the no", have)
	}
}

func TestPlaced(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i)
	if i.Placed() {
		t.Error("something has its final name before the end")
	}
	s.finish(t, i)
	if !i.Placed() {
		t.Error("nothing has its final name after the end")
	}
}

func TestParts(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	n := s.pieces()
	if got := i.Parts(256); len(got) != n || slices.Max(got) != 0 {
		t.Errorf("in the beginning: %v", got)
	}
	s.send(t, i, 0, 1, n-1)
	got := i.Parts(256)
	if got[0] != 255 || got[1] != 255 || got[2] != 0 || got[n-1] != 255 {
		t.Errorf("three of %d: %v", n, got)
	}
	if got := i.Parts(2); len(got) != 2 || got[0] == 0 || got[0] == 255 || got[1] == 0 || got[1] == 255 {
		t.Errorf("in two: %v", got)
	}
	s.send(t, i)
	for _, parts := range []int{1, 3, n, 256} {
		if got := i.Parts(parts); len(got) != min(parts, n) || slices.Min(got) != 255 {
			t.Errorf("in the end, in %d: %v", parts, got)
		}
	}
	if got := i.Parts(0); got != nil {
		t.Errorf("in none: %v", got)
	}
}

// Every place is in the run that it is counted in, whatever the numbers.
func TestRunOf(t *testing.T) {
	for total := 1; total < 60; total++ {
		for n := 1; n <= total; n++ {
			for at := range total {
				if run := runOf(at, n, total); at < run*total/n || at >= (run+1)*total/n {
					t.Fatalf("%d of %d is in run %d of %d", at, total, run, n)
				}
			}
		}
	}
}

func TestPartsOfAPart(t *testing.T) {
	f := photos(t)
	s := f.site(t)
	s.options.Want = f.want("Photos/sub/two.bin")
	i := s.create(t)
	_, wanted := i.Total()
	if got := i.Parts(256); len(got) != wanted {
		t.Errorf("%d parts of %d wanted pieces", len(got), wanted)
	}
	s.send(t, i)
	if got := i.Parts(256); slices.Min(got) != 255 {
		t.Errorf("in the end: %v", got)
	}
}
