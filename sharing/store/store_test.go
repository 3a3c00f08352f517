package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"potluck/sharing/manifest"
)

func TestReceive(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	if _, err := i.Finish(context.Background()); !errors.Is(err, ErrIncomplete) {
		t.Fatalf("Finish of nothing: %v", err)
	}
	s.send(t, i)
	have, pieces := i.Have()
	if total, n := i.Total(); have != total || pieces != n || total != s.m.StreamLength() || n != s.pieces() {
		t.Errorf("have %d in %d pieces, total %d in %d", have, pieces, total, n)
	}
	r := s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
	s.checkTimes(t)
	if r.Files != s.m.Files() || r.Bytes != s.m.StreamLength() || len(r.Failed) != 0 || len(r.Renamed) != 0 {
		t.Errorf("result is %+v", r)
	}
	if len(r.Tops) != 4 || r.Tops[0].Path != filepath.Join(s.options.Folder, "Photos") {
		t.Errorf("tops are %v", r.Tops)
	}
	if again := s.finish(t, i); !reflect.DeepEqual(again, r) {
		t.Errorf("Finish again: %+v", again)
	}
	s.checkReads(t, i)

	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	i = s.open(t)
	if again := s.finish(t, i); !reflect.DeepEqual(again, r) {
		t.Errorf("Finish after Open: %+v", again)
	}
	s.checkReads(t, i)
	if err := i.Discard(); err != nil {
		t.Fatal(err)
	}
	checkTree(t, s.options.Folder, s.expect(nil))
	if _, err := os.Lstat(s.options.State); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
}

// checkReads checks that all complete pieces can be passed on.
func (s *site) checkReads(t testing.TB, i *Item) {
	t.Helper()
	for p := range s.pieces() {
		if !i.Complete(p) {
			continue
		}
		b := make([]byte, len(s.bytes(p)))
		if _, err := i.ReadAt(p, b, 0); err != nil || !bytes.Equal(b, s.bytes(p)) {
			t.Errorf("piece %d: wrong bytes or %v", p, err)
		}
		if len(b) > 5 {
			if _, err := i.ReadAt(p, b[:2], 3); err != nil || !bytes.Equal(b[:2], s.bytes(p)[3:5]) {
				t.Errorf("part of piece %d: wrong bytes or %v", p, err)
			}
		}
	}
	err := i.checkAll(context.Background(), func(p int, ok bool) {
		if !ok {
			t.Errorf("check of piece %d failed", p)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReceiveInParallelAndOutOfOrder(t *testing.T) {
	for _, pool := range []int64{0, 3 * testPiece, 1 << 20} {
		s := photos(t).site(t)
		s.options.Pool = NewPool(pool)
		i := s.create(t)
		var wg sync.WaitGroup
		for p := s.pieces() - 1; p >= 0; p-- {
			wg.Go(func() {
				s.sendBlocks(t, i, p)
				s.sendBlocks(t, i, p) // everything twice
				if err := i.Verify(p); err != nil {
					t.Errorf("piece %d: %v", p, err)
				}
				s.sendBlocks(t, i, p) // and late
			})
		}
		wg.Wait()
		s.finish(t, i)
		checkTree(t, s.options.Folder, s.expect(nil))
		s.checkTimes(t)
	}
}

func TestVerifyRefusesWhatIsNotRight(t *testing.T) {
	for _, pool := range []int64{0, 1 << 20} {
		s := photos(t).site(t)
		s.options.Pool = NewPool(pool)
		i := s.create(t)
		bad := bytes.Repeat([]byte{7}, testPiece)
		i.WriteAt(2, bad, 0)
		if err := i.Verify(2); !errors.Is(err, ErrBadPiece) || i.Complete(2) {
			t.Errorf("a wrong piece: %v", err)
		}
		i.WriteAt(2, s.bytes(2)[:20], 0)
		if err := i.Verify(2); !errors.Is(err, ErrBadPiece) {
			t.Errorf("half a piece: %v", err)
		}
		if err := i.Verify(3); !errors.Is(err, ErrBadPiece) {
			t.Errorf("nothing of a piece: %v", err)
		}
		hash := s.hashes.list[4]
		delete(s.hashes.list, 4)
		s.sendBlocks(t, i, 4)
		if err := i.Verify(4); !errors.Is(err, ErrNoHash) {
			t.Errorf("a piece without hash: %v", err)
		}
		s.hashes.set(4, hash)
		if err := i.Verify(4); err != nil {
			t.Errorf("with its hash: %v", err)
		}
		if _, err := i.WriteAt(4, bad, 0); err != nil { // a late block changes nothing
			t.Error(err)
		}
		if err := i.Verify(4); err != nil {
			t.Errorf("again: %v", err)
		}
		if err := i.Err(); err != nil {
			t.Errorf("none of this is an error of the disk: %v", err)
		}
		for _, off := range []int64{-1, testPiece} {
			if _, err := i.WriteAt(0, bad[:1], off); err == nil {
				t.Errorf("block at %d was taken", off)
			}
		}
		if _, err := i.WriteAt(s.pieces(), bad, 0); err == nil {
			t.Error("block of no piece was taken")
		}
		s.send(t, i)
		s.finish(t, i)
		checkTree(t, s.options.Folder, s.expect(nil))
	}
}

func TestPartOfAShare(t *testing.T) {
	f := photos(t)
	for _, paths := range [][]string{
		{"Photos/a.jpg"},
		{"Photos/big.mov"},
		{"Photos/sub/one", "notes.odt"},
		{"Photos/none"},
		{"zero"},
		{"only"},
		{"Photos/b.jpg", "Photos/sub/two.bin", "Photos/empty.txt"},
	} {
		s := f.site(t)
		s.options.Want = f.want(paths...)
		i := s.create(t)
		s.send(t, i)
		s.checkReads(t, i) // with the edges
		staging := filepath.Join(s.options.Folder, i.notes.staging)
		if info, err := os.Stat(filepath.Join(staging, edgeName)); err == nil && info.Size() > int64(len(i.layout.edges))*testPiece {
			t.Errorf("%v: edge file has %d bytes for %d pieces", paths, info.Size(), len(i.layout.edges))
		}
		r := s.finish(t, i)
		checkTree(t, s.options.Folder, s.expect(s.options.Want))
		total, _ := i.Total()
		if have, _ := i.Have(); have != total || r.Bytes != total {
			t.Errorf("%v: have %d, total %d, delivered %d", paths, have, total, r.Bytes)
		}
		s.checkReads(t, i)
		i.Close()
		i = s.open(t)
		s.checkReads(t, i)
		if r2 := s.finish(t, i); !reflect.DeepEqual(r, r2) {
			t.Errorf("%v: %+v, then %+v", paths, r, r2)
		}
	}
}

func TestFailedEntries(t *testing.T) {
	f := photos(t)
	for _, when := range []string{"before", "halfway", "after"} {
		for _, path := range []string{"Photos/a.jpg", "Photos/big.mov", "Photos/sub/one", "notes.odt"} {
			t.Run(when+" "+path, func(t *testing.T) {
				s := f.site(t)
				s.fixture = s.clone()
				s.options.Hashes = s.hashes
				i := s.create(t)
				e := s.entry(path)
				switch when {
				case "halfway":
					s.send(t, i, 0, 3, 5)
				case "after":
					s.send(t, i)
				}
				i.FailEntry(e)
				i.FailEntry(e)
				s.zero(e)
				if i.Covered(e) {
					t.Error("a failed entry is covered")
				}
				if i.Close(); when != "before" {
					i = s.open(t)
				} else {
					i = s.open(t)
					i.FailEntry(e)
				}
				s.send(t, i)
				s.checkReads(t, i)
				r := s.finish(t, i)
				if !reflect.DeepEqual(r.Failed, []int{e}) {
					t.Errorf("failed are %v, want %d", r.Failed, e)
				}
				checkTree(t, s.options.Folder, s.expect(nil, e))
				s.checkReads(t, i)
				if total, _ := i.Total(); total != s.m.StreamLength()-s.m.Size(e) || r.Bytes != total {
					t.Errorf("total is %d, delivered %d", total, r.Bytes)
				}
			})
		}
	}
}

func (f *fixture) clone() *fixture {
	c := *f
	c.stream = bytes.Clone(f.stream)
	c.hash()
	return &c
}

// zero makes an entry one that has failed: the sharer amends the hashes of what
// it shares pieces with.
func (f *fixture) zero(e int) {
	clear(f.stream[f.m.Offset(e) : f.m.Offset(e)+f.m.Size(e)])
	mu := f.hashes.mu
	mu.Lock()
	old := f.hashes.list
	mu.Unlock()
	f.hash()
	for p, hash := range f.hashes.list {
		old[p] = hash
	}
	f.hashes = hashTable{mu, old}
}

func TestEverythingFails(t *testing.T) {
	s := newFixture(t, map[string]int{"a": 100, "b": 100}).site(t)
	i := s.create(t)
	i.FailEntry(0)
	i.FailEntry(1)
	r := s.finish(t, i)
	if len(r.Tops) != 0 || len(r.Failed) != 2 {
		t.Errorf("result is %+v", r)
	}
	checkTree(t, s.options.Folder, map[string]string{})
}

func TestDiscard(t *testing.T) {
	s := photos(t).site(t)
	os.WriteFile(filepath.Join(s.options.Folder, "mine"), []byte("mine"), 0o666)
	i := s.create(t)
	s.send(t, i, 0, 1, 5, 8)
	i.WriteAt(9, []byte("x"), 0)
	if err := i.Discard(); err != nil {
		t.Fatal(err)
	}
	checkTree(t, s.options.Folder, map[string]string{"mine": "mine"})
	if _, err := Open(s.options); !errors.Is(err, ErrNothing) {
		t.Errorf("Open after Discard: %v", err)
	}
	if _, err := i.WriteAt(1, []byte("x"), 0); !errors.Is(err, ErrClosed) {
		t.Errorf("WriteAt after Discard: %v", err)
	}
	if err := i.Discard(); !errors.Is(err, ErrClosed) {
		t.Errorf("Discard twice: %v", err)
	}
}

func TestCreateTwice(t *testing.T) {
	s := photos(t).site(t)
	s.create(t)
	if _, err := Create(s.options); !errors.Is(err, ErrExists) {
		t.Errorf("Create again: %v", err)
	}
}

func TestNamesThatDifferInCase(t *testing.T) {
	s := newFixture(t, map[string]int{"README": 3, "readme": 4, "d/A": 5, "d/a": 6}).site(t)
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	if (manifest.Traits{}) == unpackTraits(i.notes.traits) {
		checkTree(t, s.options.Folder, s.expect(nil))
	} else if n := len(readTree(t, s.options.Folder)); n != 5 {
		t.Errorf("%d items arrived, want 5", n)
	}
}

func TestIdleBlocksMakeRoom(t *testing.T) {
	s := photos(t).site(t)
	s.options.Pool = NewPool(2 * testPiece)
	i := s.create(t)
	i.WriteAt(0, s.bytes(0)[:10], 0)
	i.WriteAt(1, s.bytes(1)[:10], 0)
	used := i.assemblies[0].used
	if err := i.spill(used); err != nil {
		t.Fatal(err)
	}
	if i.assemblies[0].buf != nil || i.assemblies[1].buf == nil && !i.assemblies[1].used.Equal(used) {
		t.Error("idle pieces are still in memory")
	}
	s.send(t, i)
	s.finish(t, i)
	checkTree(t, s.options.Folder, s.expect(nil))
}

func TestRunSyncsAndStops(t *testing.T) {
	s := photos(t).site(t)
	i := s.create(t)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error)
	go func() { result <- i.Run(ctx) }()
	s.send(t, i, 0, 1, 2)
	cancel()
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	if n := i.notes.synced.count(); n != 3 {
		t.Errorf("%d pieces are synced, want 3", n)
	}
}
