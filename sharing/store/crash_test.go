package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var errCrash = errors.New("crash")

// crashAt lets n changes on disk happen, and none after them. It returns what
// tells how many there were.
func (s *site) crashAt(n int) (steps func() int) {
	count := 0
	s.system().step = func(string) error {
		count++
		if count > n {
			return errCrash
		}
		return nil
	}
	return func() int { return count }
}

// refusing are file systems that cannot do everything.
var refusing = map[string]func(*system){
	"all":      func(*system) {},
	"noRename": func(s *system) { s.renameExcl = refuse },
	"noNames":  func(s *system) { s.renameExcl, s.link = refuse, refuse },
	"noSyncfs": func(s *system) { s.syncfs = nil },
}

func refuse(_ *os.File, _ string, _ *os.File, _ string) error {
	return &os.LinkError{Op: "rename", Err: refusedError}
}

// TestCrashInFinish stops Finish before every change it makes on disk, opens the
// item again, and lets it finish: nothing is lost, and nothing is there twice.
func TestCrashInFinish(t *testing.T) {
	f := newFixture(t, map[string]int{
		"Photos/a.jpg": 100, "Photos/sub/b.jpg": 30, "Photos/sub/empty": 0, "notes.odt": 80, "zero": 0, "only/": 0,
	})
	for name, change := range refusing {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				s := f.site(t)
				change(s.system())
				mine := filepath.Join(s.options.Folder, "notes.odt")
				os.WriteFile(mine, []byte("mine"), 0o666)
				i := s.create(t)
				s.send(t, i)
				s.crashAt(n)
				_, err := i.Finish(context.Background())
				s.system().step = nil
				i.Close()
				i, openErr := Open(s.options)
				if openErr != nil {
					t.Fatalf("step %d: %v", n, openErr)
				}
				if have, _ := i.Have(); have != s.m.StreamLength() {
					t.Fatalf("step %d: %d bytes are left", n, have)
				}
				s.finish(t, i)
				want := s.expect(nil)
				want["notes (2).odt"], want["notes.odt"] = want["notes.odt"], "mine"
				checkTree(t, s.options.Folder, want)
				i.Close()
				if t.Failed() {
					t.Fatalf("after a crash at step %d", n)
				}
				if err == nil {
					t.Logf("%d steps", n)
					break
				}
			}
		})
	}
}

// TestCrashWhileReceiving stops the item before every change it makes on disk.
func TestCrashWhileReceiving(t *testing.T) {
	f := photos(t)
	for _, pool := range []int64{0, 1 << 20} {
		for n := 0; ; n += 1 + n/20 {
			s := f.site(t)
			s.options.Pool = NewPool(pool)
			s.options.Want = f.want("Photos/a.jpg", "Photos/big.mov", "Photos/sub/two.bin", "zero")
			s.crashAt(n)
			crashed := false
			var done []int
			i, err := Create(s.options)
			if err != nil {
				crashed = true
			} else {
				for p := range s.pieces() {
					for off := 0; off < len(s.bytes(p)) && !crashed; off += 16 {
						_, err := i.WriteAt(p, s.bytes(p)[off:min(off+16, len(s.bytes(p)))], int64(off))
						crashed = err != nil
					}
					if crashed || i.Wanted(p) && i.Verify(p) != nil {
						crashed = true
						break
					}
					if i.Wanted(p) {
						done = append(done, p)
					}
				}
				i.Close()
			}
			s.system().step = nil
			i, err = Open(s.options)
			if errors.Is(err, ErrNothing) && len(done) == 0 {
				i, err = Create(s.options)
			}
			if err != nil {
				t.Fatalf("step %d: %v", n, err)
			}
			for _, p := range done {
				if !i.Complete(p) {
					t.Errorf("step %d: piece %d is to be fetched again", n, p)
				}
			}
			if len(i.Suspect()) > 0 {
				t.Errorf("step %d: pieces %v are to be hashed again", n, i.Suspect())
			}
			s.send(t, i)
			s.finish(t, i)
			checkTree(t, s.options.Folder, s.expect(s.options.Want))
			i.Close()
			if t.Failed() {
				t.Fatalf("after a crash at step %d", n)
			}
			if !crashed {
				break
			}
		}
	}
}

// copyTree replaces a folder by a copy of another.
func copyTree(t testing.TB, from, to string) {
	t.Helper()
	os.RemoveAll(to)
	if err := os.CopyFS(to, os.DirFS(from)); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}

// restoreTree makes a folder what its copy is. Files that are there keep their
// identities, as they do when a disk loses power.
func restoreTree(t testing.TB, image, folder string) {
	t.Helper()
	want, have := readTree(t, image), readTree(t, folder)
	paths := slices.Sorted(maps.Keys(have))
	slices.Reverse(paths) // what is in a folder before it
	for _, path := range paths {
		if _, ok := want[path]; !ok {
			if err := os.Remove(filepath.Join(folder, path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		to := filepath.Join(folder, path)
		if path[len(path)-1] == '/' {
			os.Mkdir(to, 0o777)
			continue
		}
		info, err := os.Stat(filepath.Join(image, path))
		if err == nil {
			err = os.WriteFile(to, []byte(want[path]), 0o666)
		}
		if err == nil {
			err = os.Chtimes(to, info.ModTime(), info.ModTime())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPowerFailure drops everything that was written to the download folder after
// the last sync, while the whole journal, or only the synced part of it, is left.
func TestPowerFailure(t *testing.T) {
	f := photos(t)
	for _, keepJournal := range []bool{true, false} {
		for synced := range f.pieces() {
			s := f.site(t)
			image := t.TempDir()
			sys := s.system()
			sys.syncfs = func(*os.File) error {
				copyTree(t, s.options.Folder, filepath.Join(image, "folder"))
				return nil
			}
			i := s.create(t)
			copyTree(t, s.options.Folder, filepath.Join(image, "folder"))
			for p := range f.pieces() {
				s.send(t, i, p)
				if p == synced {
					if err := i.sync(false); err != nil {
						t.Fatal(err)
					}
					copyTree(t, s.options.State, filepath.Join(image, "state"))
				}
			}
			i.Close()

			restoreTree(t, filepath.Join(image, "folder"), s.options.Folder)
			if !keepJournal {
				copyTree(t, filepath.Join(image, "state"), s.options.State)
			}
			s.options.BootID = "boot 2"
			sys.syncfs = func(*os.File) error { return nil }
			i = s.open(t)
			for p := range f.pieces() {
				if got := i.Complete(p); got != (p <= synced) {
					t.Errorf("synced up to %d: complete(%d) is %v", synced, p, got)
				}
			}
			suspects := i.Suspect()
			if want := f.pieces() - synced - 1; keepJournal && len(suspects) != want || !keepJournal && len(suspects) != 0 {
				t.Errorf("suspects are %v", suspects)
			}
			for _, p := range suspects {
				if ok, err := i.Recheck(context.Background(), p); ok || err != nil {
					t.Errorf("piece %d was not lost: %v, %v", p, ok, err)
				}
			}
			s.send(t, i)
			s.finish(t, i)
			checkTree(t, s.options.Folder, s.expect(nil))
			i.Close()
			if t.Failed() {
				t.Fatalf("synced up to %d, journal kept: %v", synced, keepJournal)
			}
		}
	}
}

// TestRebootWithoutLoss: what was not synced but has survived is hashed, not
// fetched.
func TestRebootWithoutLoss(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i, 0, 1, 2, 3)
	i.sync(false)
	s.send(t, i, 4, 5, 6)
	i.Close()
	s.options.BootID = "boot 2"
	i = s.open(t)
	if got := i.Suspect(); !slices.Equal(got, []int{4, 5, 6}) {
		t.Fatalf("suspects are %v", got)
	}
	i.Close()
	i = s.open(t) // the same boot, but still suspect
	if got := i.Suspect(); !slices.Equal(got, []int{4, 5, 6}) {
		t.Fatalf("suspects are %v after another start", got)
	}
	if i.Complete(4) || !i.Complete(3) {
		t.Error("suspect pieces are complete, or synced ones are not")
	}
	for _, p := range i.Suspect() {
		if ok, err := i.Recheck(context.Background(), p); !ok || err != nil {
			t.Errorf("piece %d: %v, %v", p, ok, err)
		}
	}
	if len(i.Suspect()) != 0 || !i.Complete(6) {
		t.Error("pieces are suspect after they were found right")
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestPowerFailureInFinish: the moves are on the disk before they are said to be.
func TestPowerFailureInFinish(t *testing.T) {
	f := newFixture(t, map[string]int{"Photos/a.jpg": 100, "notes.odt": 80})
	for n := 0; ; n++ {
		s := f.site(t)
		i := s.create(t)
		s.send(t, i)
		steps := s.crashAt(n)
		_, err := i.Finish(context.Background())
		i.Close()
		s.system().step = nil
		s.options.BootID = "boot 2"
		i = s.open(t)
		for _, p := range i.Suspect() {
			if ok, err := i.Recheck(context.Background(), p); !ok || err != nil {
				t.Errorf("step %d, piece %d: %v, %v", n, p, ok, err)
			}
		}
		s.finish(t, i)
		checkTree(t, s.options.Folder, s.expect(nil))
		i.Close()
		if err == nil {
			t.Logf("%d steps", steps())
			break
		}
	}
}

func TestDamagedJournal(t *testing.T) {
	f := photos(t)
	s := f.site(t)
	i := s.create(t)
	s.send(t, i)
	i.Close()
	path := filepath.Join(s.options.State, journalName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("torn", func(t *testing.T) {
		for cut := 1; cut < 60; cut += 3 {
			put(good[:len(good)-cut])
			i := s.open(t)
			if n := len(i.Suspect()); n != 0 {
				t.Errorf("cut by %d: %d pieces are suspect", cut, n)
			}
			if _, have := i.Have(); have < f.pieces()-1-cut/8 || have >= f.pieces() {
				t.Errorf("cut by %d: %d pieces are left", cut, have)
			}
			i.Close()
		}
	})
	t.Run("garbage after", func(t *testing.T) {
		put(append(slices.Clone(good), make([]byte, 5000)...))
		i := s.open(t)
		if _, have := i.Have(); have != f.pieces() {
			t.Errorf("%d pieces are left", have)
		}
		i.Close()
	})
	t.Run("middle", func(t *testing.T) {
		b := slices.Clone(good)
		b[len(b)-60] ^= 1
		put(b)
		i := s.open(t)
		if _, have := i.Have(); have != 0 || len(i.Suspect()) < 5 {
			t.Errorf("%d pieces are trusted, %d are suspect", have, len(i.Suspect()))
		}
		for _, p := range i.Suspect() {
			if ok, err := i.Recheck(context.Background(), p); !ok || err != nil {
				t.Errorf("piece %d: %v, %v", p, ok, err)
			}
		}
		i.Close()
	})
	t.Run("head", func(t *testing.T) {
		for at := range 30 {
			b := slices.Clone(good)
			b[at] ^= 1
			put(b)
			_, err := Open(s.options)
			if journal := (*JournalError)(nil); !errors.As(err, &journal) || !Lost(err) {
				t.Errorf("byte %d: %v", at, err)
			}
		}
	})
	t.Run("other share", func(t *testing.T) {
		put(good)
		o := s.options
		o.Share[0]++
		if _, err := Open(o); err == nil || !Lost(err) {
			t.Errorf("the journal of another share: %v", err)
		}
	})
	put(good)
	i = s.open(t)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

func TestJournalErrorPauses(t *testing.T) {
	s := photos(t).site(t)
	sys := s.system()
	i := s.create(t)
	s.send(t, i, 0, 1)
	failing := true
	sys.step = func(what string) error {
		if failing && what == "journal" {
			return &os.PathError{Op: "write", Path: "journal", Err: fs.ErrInvalid}
		}
		return nil
	}
	s.sendBlocks(t, i, 2)
	select {
	case <-i.Failed():
		t.Fatal("failed without reason")
	default:
	}
	err := i.Verify(2)
	if journal := (*JournalError)(nil); !errors.As(err, &journal) || i.Complete(2) {
		t.Fatalf("Verify without journal: %v", err)
	}
	<-i.Failed()
	if fmt.Sprint(i.Err()) != fmt.Sprint(err) {
		t.Errorf("Err is %v, not %v", i.Err(), err)
	}
	if _, err := i.WriteAt(3, s.bytes(3), 0); err == nil {
		t.Error("blocks are taken while the journal cannot be written")
	}
	i.Retry()
	if i.Err() == nil {
		t.Error("Retry cleared an error that is still there")
	}
	failing = false
	i.Retry()
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-i.Failed():
		t.Error("still failed after Retry")
	default:
	}
	s.send(t, i)
	i.Close()
	i = s.open(t)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestCrashWhileMarking: a crash comes between making the staging folder and the
// last letter of its mark. It is ours all the same, and goes when it is discarded.
func TestCrashWhileMarking(t *testing.T) {
	for _, written := range []int{-1, 0, 1, 100} {
		s := photos(t).site(t)
		dead := false
		s.system().step = func(what string) error {
			if dead = dead || what == "mark staging"; dead {
				return errCrash
			}
			return nil
		}
		if _, err := Create(s.options); err == nil {
			t.Fatal("it was not stopped")
		}
		s.system().step = nil
		staging := filepath.Join(s.options.Folder, stagingName(s.options.Share, 1))
		i := &Item{o: s.options, journal: &journal{path: filepath.Join(s.options.State, journalName), sys: s.system()}}
		if _, err := i.replay(); err != nil {
			t.Fatal(err)
		}
		if written >= 0 {
			if err := os.WriteFile(filepath.Join(staging, markerName), []byte(i.marker())[:written], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.open(t).Discard(); err != nil {
			t.Errorf("%d bytes: %v", written, err)
		}
		checkTree(t, s.options.Folder, map[string]string{})
	}
}

// TestCrashInDiscard stops Discard before every change that it makes on disk; the
// next one leaves nothing.
func TestCrashInDiscard(t *testing.T) {
	f := newFixture(t, map[string]int{"Photos/a.jpg": 100, "Photos/sub/b.jpg": 30, "notes.odt": 80})
	for n := 0; ; n++ {
		s := f.site(t)
		s.system()
		i := s.create(t)
		s.send(t, i, 0, 1)
		s.crashAt(n)
		err := i.Discard()
		s.system().step = nil
		if err == nil {
			t.Logf("%d steps", n)
			return
		}
		if err := s.open(t).Discard(); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
		checkTree(t, s.options.Folder, map[string]string{})
		if t.Failed() {
			t.Fatalf("after a crash at step %d", n)
		}
	}
}
