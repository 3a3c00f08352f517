package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"potluck/sharing/manifest"
)

// TestS09_NothingArrivesExecutable: what arrives cannot be run by a click, and
// carries the platform's mark where there is one (checked on Windows and macOS).
func TestS09_NothingArrivesExecutable(t *testing.T) {
	s := newFixture(t, map[string]int{"run.sh": 100, "empty.sh": 0, "dir/.bashrc": 3 * testPiece}).site(t)
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	for path := range s.expect(nil) {
		info, err := os.Lstat(filepath.Join(s.options.Folder, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if err := checkMark(filepath.Join(s.options.Folder, path)); info.Mode().IsRegular() && err != nil {
			t.Errorf("%s is not marked: %v", path, err)
		}
	}
}

// TestS10_LongNamesAndPaths: the longest names and the deepest folders arrive,
// though the whole path is longer than the system takes at once; and a long name
// that is taken gets its number.
func TestS10_LongNamesAndPaths(t *testing.T) {
	long := strings.Repeat("é", 125) + ".jpeg" // 255 bytes
	deep := strings.Repeat(strings.Repeat("d", 250)+"/", manifest.MaxDepth-1) + "file"
	s := newFixture(t, map[string]int{long: 70, deep: 200}).site(t)
	os.WriteFile(filepath.Join(s.options.Folder, long), []byte("mine"), 0o666)
	i := s.create(t)
	s.send(t, i)
	r := s.finish(t, i)
	for _, top := range r.Tops {
		name := filepath.Base(top.Path)
		if top.Name == long && (len(name) > 255 || !strings.HasSuffix(name, " (2).jpeg")) {
			t.Errorf("the second file of a long name is %q", name)
		}
	}
	s.checkReads(t, i)
	if b, err := os.ReadFile(filepath.Join(s.options.Folder, long)); string(b) != "mine" {
		t.Errorf("the first was touched: %v", err)
	}
	if err := i.Discard(); err != nil {
		t.Error(err)
	}
}

// TestS12_SwappedFolderDoesNotLeadAstray swaps folders in staging for links, while
// files are written into them: nothing appears where the links lead, and in
// the end all arrives.
func TestS12_SwappedFolderDoesNotLeadAstray(t *testing.T) {
	sizes := map[string]int{}
	for _, name := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		sizes["top/"+name+"/one"] = 40
		sizes["top/"+name+"/sub/two"] = 90
	}
	s := newFixture(t, sizes).site(t)
	outside := t.TempDir()
	inside := filepath.Join(s.options.Folder, "mine")
	os.MkdirAll(filepath.Join(outside, "sub"), 0o777)
	os.MkdirAll(filepath.Join(inside, "sub"), 0o777)
	i := s.create(t)
	tree := filepath.Join(s.options.Folder, i.notes.staging, treeName)

	stop := make(chan struct{})
	var swapper sync.WaitGroup
	swapper.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			for _, target := range []string{outside, inside, "../../../mine"} {
				name := filepath.Join(tree, "top", string(rune('a'+n%26)))
				if os.Rename(name, name+".away") == nil {
					os.Symlink(target, name)
				}
				os.Remove(name)
				os.Rename(name+".away", name)
			}
		}
	})
	for range 20 {
		for p := range s.pieces() {
			if i.Wanted(p) && !i.Complete(p) {
				s.sendBlocks(t, i, p)
				if err := i.Verify(p); err != nil {
					i.Retry()
				}
			}
		}
		i.disk.forget()
		i.recreated(0)
	}
	close(stop)
	swapper.Wait()
	s.finishPatiently(t, i)
	for _, folder := range []string{outside, inside} {
		if got := readTree(t, folder); len(got) != 1 {
			t.Errorf("%s was written to: %v", folder, got)
		}
	}
	got := readTree(t, filepath.Join(s.options.Folder, "top"))
	for path, content := range s.expect(nil) {
		if path, ok := strings.CutPrefix(path, "top/"); ok && path != "" && got[path] != content {
			t.Errorf("%s is missing or wrong", path)
		}
	}
}

// finishPatiently finishes, fetching again what turns out to be lost.
func (s *site) finishPatiently(t *testing.T, i *Item) Result {
	t.Helper()
	for range 10 {
		i.Retry()
		s.send(t, i)
		r, err := i.Finish(context.Background())
		if lost := (*LostError)(nil); errors.As(err, &lost) || errors.Is(err, ErrIncomplete) || i.Err() != nil {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	t.Fatalf("never finished: %v", i.Err())
	return Result{}
}

// TestS12_DownloadFolderItselfMayBeALink: that is the person's choice.
func TestS12_DownloadFolderItselfMayBeALink(t *testing.T) {
	s := photos(t).site(t)
	link := s.options.Folder + "-link"
	if err := os.Symlink(s.options.Folder, link); err != nil {
		t.Skip("no links here: ", err) // Windows without the right to make one
	}
	real := s.options.Folder
	s.options.Folder = link
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, real, s.expect(nil))
}

// TestS14_LinkInThePlaceOfAFile: a link, a pipe, a folder and a second name of
// somebody's file, put where a file is about to be written or was, are not
// written through, and stay.
func TestS14_LinkInThePlaceOfAFile(t *testing.T) {
	for _, when := range []string{"before", "between"} {
		for _, what := range []string{"link", "hard link", "folder", "file", "dangling"} {
			t.Run(when+" "+what, func(t *testing.T) {
				s := newFixture(t, map[string]int{"top/big": 5*testPiece + 1, "top/small": 10}).site(t)
				mine := filepath.Join(filepath.Dir(s.options.Folder), "mine")
				os.WriteFile(mine, []byte("mine"), 0o644)
				i := s.create(t)
				if when == "between" {
					s.send(t, i, 0, 1)
				} else {
					s.send(t, i, 5) // makes the folder, and both files
				}
				top := filepath.Join(s.options.Folder, i.notes.staging, treeName, "top")
				for _, name := range []string{"big", "small"} {
					path := filepath.Join(top, name)
					os.Remove(path)
					var err error
					switch what {
					case "link":
						err = os.Symlink(mine, path)
					case "dangling":
						err = os.Symlink(mine+"-not", path)
					case "hard link":
						err = os.Link(mine, path)
					case "folder":
						err = os.Mkdir(path, 0o755)
					case "file":
						err = os.WriteFile(path, []byte("theirs"), 0o644)
					}
					if err != nil {
						t.Skip("this system cannot do that: ", err)
					}
				}
				i.disk.forget()
				i.Close()
				i = s.open(t)
				s.send(t, i)
				s.finishPatiently(t, i)
				got := readTree(t, s.options.Folder)
				for path, content := range s.expect(nil) {
					if have, ok := got[path]; !ok || have != content {
						t.Errorf("%s is missing or wrong", path)
					}
				}
				if b, err := os.ReadFile(mine); string(b) != "mine" {
					t.Errorf("my file was written to: %q, %v", b, err)
				}
				if _, err := os.Lstat(mine + "-not"); err == nil {
					t.Error("a file was made where a link led")
				}
			})
		}
	}
}

// TestS18_OnlyOurOwnIsRemoved: a folder of our name that is not ours is not used,
// and what somebody put into our staging folder survives cancelling.
func TestS18_OnlyOurOwnIsRemoved(t *testing.T) {
	s := photos(t).site(t)
	taken := filepath.Join(s.options.Folder, stagingName(s.options.Share, 1))
	os.MkdirAll(filepath.Join(taken, treeName), 0o777)
	os.WriteFile(filepath.Join(taken, treeName, "theirs"), []byte("theirs"), 0o666)
	before := readTree(t, s.options.Folder)
	i := s.create(t)
	if i.notes.staging == filepath.Base(taken) {
		t.Fatal("a folder that is not ours was taken")
	}
	s.send(t, i, 0, 1, 2, 3)
	i.Close()
	i = s.open(t)
	if err := i.Discard(); err != nil {
		t.Error(err)
	}
	checkTree(t, s.options.Folder, before)

	i = s.create(t)
	s.send(t, i, 0, 1, 2, 3, 4)
	staging := filepath.Join(s.options.Folder, i.notes.staging)
	theirs := []string{"theirs", "tree/theirs", "tree/Photos/theirs", "tree/notes.odt/theirs", "edge/theirs"}
	outside := filepath.Join(filepath.Dir(s.options.Folder), "outside")
	os.MkdirAll(outside, 0o777)
	os.WriteFile(filepath.Join(outside, "a.jpg"), []byte("mine"), 0o666)
	for _, name := range theirs {
		path := filepath.Join(staging, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(path), 0o777)
		if err := os.WriteFile(path, []byte("theirs"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	os.Symlink(outside, filepath.Join(staging, treeName, "Photos", "sub-link"))
	os.RemoveAll(filepath.Join(staging, treeName, "Photos", "sub"))
	os.Symlink(outside, filepath.Join(staging, treeName, "Photos", "sub"))
	err := i.Discard()
	if foreign := (*ForeignError)(nil); !errors.As(err, &foreign) || foreign.Folder != staging {
		t.Errorf("Discard with something else in staging: %v", err)
	}
	for _, name := range theirs {
		if b, err := os.ReadFile(filepath.Join(staging, filepath.FromSlash(name))); string(b) != "theirs" {
			t.Errorf("%s is gone: %v", name, err)
		}
	}
	checkTree(t, outside, map[string]string{"a.jpg": "mine"})
	if _, err := os.Lstat(filepath.Join(staging, treeName, "Photos", "a.jpg")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("our own file is still there: %v", err)
	}
}

// TestS19_NamesAreNeverTakenTwice: shares with the same names arrive side by side,
// at the same time.
func TestS19_NamesAreNeverTakenTwice(t *testing.T) {
	for name, change := range refusing {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, map[string]int{"notes.odt": 80, "Photos/a.jpg": 90, "x.tar.gz": 3})
			base := f.site(t)
			os.WriteFile(filepath.Join(base.options.Folder, "notes (2).odt"), []byte("mine"), 0o666)
			const items = 8
			var all []*Item
			for n := range items {
				s := &site{f, base.options}
				s.options.Share[9] = byte(n)
				s.options.State = filepath.Join(t.TempDir(), "state")
				sys := realSystem()
				change(&sys)
				s.options.sys = &sys
				i := s.create(t)
				s.send(t, i)
				all = append(all, i)
			}
			var wg sync.WaitGroup
			var mu sync.Mutex
			seen := map[string]bool{}
			for _, i := range all {
				wg.Go(func() {
					r, err := i.Finish(context.Background())
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					for _, top := range r.Tops {
						if seen[top.Path] {
							t.Errorf("%s was taken twice", top.Path)
						}
						seen[top.Path] = true
					}
				})
			}
			wg.Wait()
			got := readTree(t, base.options.Folder)
			if len(got) != items*4+1 || got["notes (2).odt"] != "mine" || got["x (8).tar.gz"] != f.content(f.entry("x.tar.gz")) {
				t.Errorf("%d items arrived: %v", len(got), seen)
			}
			for path, content := range got {
				if strings.HasSuffix(path, ".jpg") && content != f.content(f.entry("Photos/a.jpg")) {
					t.Errorf("%s is not what was sent", path)
				}
			}
		})
	}
}

// TestS22_NoSpaceAndNoFolder: what cannot be received is refused before anything
// is written, in a sentence.
func TestS22_NoSpaceAndNoFolder(t *testing.T) {
	var b manifest.Builder
	b.Add(manifest.Entry{Path: "huge", Size: 1 << 52})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := (&fixture{m: m, piece: 16 << 20}).site(t)
	s.options.Hashes = hashTable{new(sync.Mutex), nil}
	_, err = Create(s.options)
	if full := (*NoSpaceError)(nil); !errors.As(err, &full) || full.Need != 1<<52 || full.Free <= 0 {
		t.Errorf("a share larger than the disk: %v", err)
	}
	checkTree(t, s.options.Folder, map[string]string{})

	p := photos(t)
	for what, prepare := range map[string]func(s *site){
		"missing with the folder above": func(s *site) { s.options.Folder = filepath.Join(s.options.Folder, "a", "b") },
		"a file":                        func(s *site) { os.Remove(s.options.Folder); os.WriteFile(s.options.Folder, nil, 0o666) },
		"read-only": func(s *site) {
			s.system().step = func(what string) error {
				if what == "mkdir staging" {
					return &fs.PathError{Op: "mkdir", Path: s.options.Folder, Err: readOnlyError}
				}
				return nil
			}
		},
	} {
		s := p.site(t)
		prepare(s)
		_, err := Create(s.options)
		if folder := (*FolderError)(nil); !errors.As(err, &folder) || folder.Folder != s.options.Folder {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Lstat(filepath.Join(s.options.State, journalName)); err == nil {
			t.Errorf("%s: a journal was left", what)
		}
	}
	s = p.site(t)
	s.options.Folder = filepath.Join(s.options.Folder, "new")
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}
