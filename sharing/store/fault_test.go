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

// TestFullDisk fills a disk, real or pretended, and makes room again: what was
// verified stays.
func TestFullDisk(t *testing.T) {
	f := newFixture(t, map[string]int{"big": 600 << 10, "small/a": 100 << 10, "small/b": 100 << 10})
	f.piece = 64 << 10
	f.hash()
	s := f.site(t)
	ballast := fillDisk(t, s, 400<<10)
	i := s.create(t)
	ballast.grow()
	var kept []int
	for p := range s.pieces() {
		var err error
		if _, err = i.WriteAt(p, s.bytes(p), 0); err == nil {
			err = i.Verify(p)
		}
		if err == nil {
			kept = append(kept, p)
			continue
		}
		if full := (*NoSpaceError)(nil); !errors.As(err, &full) || full.Folder != s.options.Folder || full.Need <= 0 {
			t.Fatalf("piece %d: %v", p, err)
		}
		break
	}
	if len(kept) == 0 || len(kept) == s.pieces() {
		t.Fatalf("%d of %d pieces did fit", len(kept), s.pieces())
	}
	<-i.Failed()
	i.Retry()
	if full := (*NoSpaceError)(nil); !errors.As(i.Err(), &full) {
		t.Errorf("after Retry on a full disk: %v", i.Err())
	}
	i.sync(false)
	i.Close()
	ballast.shrink()
	s.options.BootID = "boot 2"
	i = s.open(t)
	for _, p := range i.Suspect() {
		i.Recheck(context.Background(), p)
	}
	for _, p := range kept {
		if !i.Complete(p) {
			t.Errorf("piece %d was lost", p)
		}
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestRetryAfterFullDisk goes on in the same process.
func TestRetryAfterFullDisk(t *testing.T) {
	s := photos(t).site(t)
	full := true
	s.system().step = func(what string) error {
		if full && what == "write" {
			return &os.PathError{Op: "write", Path: "x", Err: noSpaceError}
		}
		return nil
	}
	i := s.create(t)
	s.sendBlocks(t, i, 0)
	if err := (*NoSpaceError)(nil); !errors.As(i.Verify(0), &err) {
		t.Fatal("no error from a full disk")
	}
	full = false
	i.Retry()
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestSpaceIsWatched: too little space for the rest is an error before it is used
// up.
func TestSpaceIsWatched(t *testing.T) {
	s := newFixture(t, map[string]int{"a": 1000}).site(t)
	s.system()
	i := s.create(t)
	i.progress.totalBytes = 10 << 30
	free := int64(11 << 30)
	s.options.sys.free = func(string) (int64, error) { return free, nil }
	if err := i.shortOfSpace(); err != nil {
		t.Error(err)
	}
	free = 9 << 30
	if full := (*NoSpaceError)(nil); !errors.As(i.shortOfSpace(), &full) || full.Need != 10<<30 || full.Free != free {
		t.Errorf("error is %v", full)
	}
}

// TestFolderRemovedUnderUs: the sentence names the folder, and when it is back, or
// the transfer is tried again, all is fetched anew.
func TestFolderRemovedUnderUs(t *testing.T) {
	for _, what := range []string{"downloads", "staging", "tree"} {
		t.Run(what, func(t *testing.T) {
			s := photos(t).site(t)
			s.options.Pool = NewPool(0)
			i := s.create(t)
			s.send(t, i, 0, 1, 2)
			switch what {
			case "downloads":
				os.RemoveAll(s.options.Folder)
			case "staging":
				os.RemoveAll(filepath.Join(s.options.Folder, i.notes.staging))
			case "tree":
				os.RemoveAll(filepath.Join(s.options.Folder, i.notes.staging, treeName))
			}
			i.disk.forget()
			_, err := i.WriteAt(3, s.bytes(3), 0)
			if folder := (*FolderError)(nil); !errors.As(err, &folder) || folder.Folder != s.options.Folder {
				t.Fatalf("writing: %v", err)
			}
			if Lost(err) {
				t.Error("there is no point in trying again")
			}
			i.Retry()
			if what == "downloads" {
				if i.Err() == nil {
					t.Error("Retry without the folder")
				}
				if err := os.Mkdir(s.options.Folder, 0o777); err != nil {
					t.Fatalf("the folder was made again: %v", err)
				}
				i.Retry()
			}
			if err := i.Err(); err != nil {
				t.Fatalf("after Retry: %v", err)
			}
			if i.Losses() == 0 {
				t.Error("nobody is told that pieces are lost")
			}
			s.finishPatiently(t, i)
			checkTree(t, s.options.Folder, s.expect(nil))
		})
	}
}

// TestDiskNotConnected: an empty folder where a disk should be mounted is not
// taken for one from which everything was deleted.
func TestDiskNotConnected(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i, 0, 1, 2)
	i.notes.header.disk++ // as if it had been another disk
	i.journal.rewrite(i.notes.records())
	i.Close()
	away := s.options.Folder + "-away"
	os.Rename(s.options.Folder, away)
	for range 2 {
		_, err := Open(s.options)
		if folder := (*FolderError)(nil); !errors.As(err, &folder) || Lost(err) {
			t.Fatalf("without the disk: %v", err)
		}
		os.Mkdir(s.options.Folder, 0o777)
	}
	os.Remove(s.options.Folder)
	os.Rename(away, s.options.Folder)
	i = s.open(t)
	if _, have := i.Have(); have != 3 {
		t.Errorf("%d pieces are left", have)
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestStagingRemovedWhileAway: everything is fetched again.
func TestStagingRemovedWhileAway(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i, 0, 1, 2)
	i.Close()
	os.RemoveAll(filepath.Join(s.options.Folder, i.notes.staging))
	i = s.open(t)
	if _, have := i.Have(); have != 0 {
		t.Errorf("%d pieces are left", have)
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// TestChangedInStaging: what was deleted, shortened, changed or swapped is
// noticed by Finish, and only that is fetched again.
func TestChangedInStaging(t *testing.T) {
	for what, change := range map[string]func(path string) error{
		"deleted":   os.Remove,
		"shortened": func(path string) error { return os.Truncate(path, 0) },
		"lengthened": func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.Truncate(path, info.Size()+1))
		},
		"changed": func(path string) error {
			b, err := os.ReadFile(path)
			b[len(b)/2]++
			return errors.Join(err, os.WriteFile(path, b, 0o666))
		},
		"swapped": func(path string) error {
			info, err := os.Stat(path)
			err = errors.Join(err, os.WriteFile(path+".x", make([]byte, info.Size()), 0o666))
			return errors.Join(err, os.Chtimes(path+".x", time.Now(), info.ModTime()), os.Rename(path+".x", path))
		},
		"linked": func(path string) error {
			return errors.Join(os.Rename(path, path+".x"), os.Symlink(filepath.Base(path)+".x", path))
		},
		"touched": func(path string) error { return os.Chtimes(path, time.Now(), time.Now()) },
	} {
		for _, path := range []string{"Photos/big.mov", "Photos/sub/one", "notes.odt"} {
			t.Run(what+" "+path, func(t *testing.T) {
				s := photos(t).site(t)
				i := s.create(t)
				s.send(t, i)
				if err := change(filepath.Join(s.options.Folder, i.notes.staging, treeName, path)); err != nil {
					t.Fatal(err)
				}
				_, err := i.Finish(context.Background())
				if what == "touched" || what == "lengthened" {
					if err != nil {
						t.Fatal(err)
					}
					checkTree(t, s.options.Folder, s.expect(nil))
					s.checkTimes(t)
					return
				}
				lost := (*LostError)(nil)
				if !errors.As(err, &lost) {
					t.Fatalf("Finish: %v", err)
				}
				first, last := i.layout.span(s.entry(path))
				if slices.Min(lost.Pieces) < first || slices.Max(lost.Pieces) > last {
					t.Errorf("pieces %v are lost, the file has %d to %d", lost.Pieces, first, last)
				}
				s.finishPatiently(t, i)
				got := readTree(t, s.options.Folder)
				for path, content := range s.expect(nil) {
					if have, ok := got[path]; !ok || have != content {
						t.Errorf("%s is missing or wrong", path)
					}
				}
			})
		}
	}
}

// TestUnreadableIsNotPassedOn: a file that was changed after it was delivered is
// the person's own; what it held before is not passed on, and not said to be
// right.
func TestUnreadableIsNotPassedOn(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	path := filepath.Join(s.options.Folder, "notes.odt")
	if err := os.WriteFile(path, []byte("mine now"), 0o666); err != nil {
		t.Fatal(err)
	}
	first, last := i.layout.span(s.entry("notes.odt"))
	if _, err := i.ReadAt(last, make([]byte, 1), int64(len(s.bytes(last))-1)); err == nil || i.Complete(last) {
		t.Errorf("a changed file is passed on: %v", err)
	}
	err := i.checkAll(context.Background(), func(p int, ok bool) {
		if ok != (p < first || p > last) {
			t.Errorf("check of piece %d: %v", p, ok)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	i.Close()
	i = s.open(t)
	if err := i.Discard(); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "mine now" {
		t.Error("the person's file was changed")
	}
}

// TestSyncErrorLosesTheBatch: what the disk refused to confirm is fetched again.
func TestSyncErrorLosesTheBatch(t *testing.T) {
	s := photos(t).site(t)
	fail := true
	s.system().syncfs = func(*os.File) error {
		if fail {
			return os.ErrInvalid
		}
		return nil
	}
	i := s.create(t)
	s.send(t, i, 0, 1)
	if err := i.sync(false); err == nil {
		t.Fatal("no error")
	}
	if i.Err() == nil || i.Complete(0) || i.Complete(1) {
		t.Errorf("err is %v, pieces are complete: %v %v", i.Err(), i.Complete(0), i.Complete(1))
	}
	fail = false
	i.Retry()
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

// pretendFull is fillDisk where nothing can be mounted.
func pretendFull(s *site, room int64) ballast {
	writes, full := int64(0), false
	sys := s.system()
	sys.step = func(what string) error {
		if what == "write" {
			if writes++; full && writes*s.piece > room {
				return &os.PathError{Op: "write", Path: s.options.Folder, Err: noSpaceError}
			}
		}
		return nil
	}
	sys.free = func(folder string) (int64, error) {
		if full {
			return max(0, room-writes*s.piece), nil
		}
		return freeSpace(folder)
	}
	return ballast{grow: func() { full = true }, shrink: func() { full = false }}
}
