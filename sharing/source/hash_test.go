package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"potluck/sharing/hashlist"
)

const pieceLength = 256 << 10 // of streams up to 512 MiB

// hashes calls Hash and returns what it delivers.
func hashes(t testing.TB, s *Source, from, workers int) [][32]byte {
	t.Helper()
	var all [][32]byte
	err := s.Hash(t.Context(), from, workers, func(i int, h [32]byte) error {
		if i != from+len(all) {
			t.Errorf("piece %d comes after %d others", i, len(all))
		}
		all = append(all, h)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hashesOf hashes the pieces of a stream in memory.
func hashesOf(stream []byte) [][32]byte {
	var all [][32]byte
	for piece := range slices.Chunk(stream, pieceLength) {
		all = append(all, hashlist.Sum(piece))
	}
	return all
}

func TestHash(t *testing.T) {
	files := map[string]string{"empty": "", "one": "1", "a/piece": randomString(pieceLength), "a/plus": randomString(pieceLength + 1)}
	for i := range 100 {
		files[fmt.Sprintf("small/%d", i)] = randomString(10_000)
	}
	s := scan(t, tree(t, files))
	all := stream(t, s)
	sums := hashesOf(all)
	if s.PieceCount() != len(sums) || hashlist.PieceLength(int64(len(all))) != pieceLength {
		t.Fatalf("%d pieces, want %d", s.PieceCount(), len(sums))
	}
	for _, workers := range []int{0, 1, 2, 100} {
		want(t, "hashes", hashes(t, s, 0, workers), sums...)
	}
	want(t, "hashes from 2", hashes(t, s, 2, 0), sums[2:]...)
	want(t, "hashes from the end", hashes(t, s, len(sums), 0))
	for i := range sums {
		if h, err := s.HashPiece(t.Context(), i); err != nil || h != sums[i] {
			t.Errorf("piece %d: %x, %v", i, h, err)
		}
	}
	for _, i := range []int{-1, len(sums)} {
		if _, err := s.HashPiece(t.Context(), i); err == nil {
			t.Errorf("piece %d exists", i)
		}
	}
	if err := s.Hash(t.Context(), -1, 0, nil); err == nil {
		t.Error("piece -1 exists")
	}
}

func TestHashOfNothing(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"empty": ""}))
	want(t, "hashes", hashes(t, s, 0, 0))
}

func TestHashStops(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"a": randomString(20 * pieceLength)}))
	stop := errors.New("stop")
	calls := 0
	err := s.Hash(t.Context(), 0, 4, func(int, [32]byte) error { calls++; return stop })
	if err != stop || calls != 1 {
		t.Errorf("%d calls, then %v", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = s.Hash(ctx, 0, 4, func(int, [32]byte) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	if _, err := s.HashPiece(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	s.Close()
	if err := s.Hash(t.Context(), 0, 4, func(int, [32]byte) error { return nil }); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after close: %v", err)
	}
}

// Files change before and while they are hashed. In the end, every hash must be
// that of what the stream reads as.
func TestHashOfWhatFails(t *testing.T) {
	files := map[string]string{"top/large": randomString(4*pieceLength + 77)}
	for i := range 200 {
		files[fmt.Sprintf("top/small/%03d", i)] = randomString(10_000)
	}
	for _, when := range []int{-1, 0, 3, 6} {
		t.Run(fmt.Sprintf("after piece %d", when), func(t *testing.T) {
			dir := tree(t, files)
			s := scan(t, dir, "top")
			again := make(map[int]bool)
			s.NotifyFail(func(e EntryError) {
				first, end := s.Pieces(e.Entry)
				for i := first; i < end; i++ {
					again[i] = true
				}
			})
			spoil := func() {
				remove(t, filepath.Join(dir, "top", "large"))
				for i := 0; i < 200; i += 3 {
					write(t, filepath.Join(dir, "top", "small", fmt.Sprintf("%03d", i)), "x")
				}
			}
			if when < 0 {
				spoil()
			}
			var sums [][32]byte
			err := s.Hash(t.Context(), 0, 1, func(i int, h [32]byte) error {
				sums = append(sums, h)
				if i == when {
					spoil()
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			now := make([]byte, s.Manifest().StreamLength())
			for n := 0; n < len(now); { // some are noticed only now
				m, err := s.ReadAt(now[n:], int64(n))
				var failed *EntryError
				if n += m; err != nil && !errors.As(err, &failed) {
					t.Fatal(err)
				}
			}
			now = stream(t, s)
			for i := range again {
				if sums[i], err = s.HashPiece(t.Context(), i); err != nil {
					t.Fatal(err)
				}
			}
			want(t, "hashes", sums, hashesOf(now)...)
			if got := len(s.Failures()); got != 68 {
				t.Errorf("%d failures", got)
			}
		})
	}
}

// A file that goes away in the middle of a piece must not leave its first half in
// the hash.
func TestHashHasNoHalfOfAFailedEntry(t *testing.T) {
	const size = 40 << 20 // pieces of 256 KiB would be hashed in one read
	dir := t.TempDir()
	path := filepath.Join(dir, "big")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(5 << 30); err != nil {
		t.Skip("no large sparse files here:", err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{1}, size), 0); err != nil {
		t.Fatal(err)
	}
	s := scan(t, dir, "big")
	h := newPieceHasher(s)
	h.sum = &spoiler{Hash: h.sum, after: 3, spoil: func() { os.Truncate(path, 0) }}
	got, err := h.hash(t.Context(), 0)
	if err != nil || got != s.zeroHash() {
		t.Errorf("hash is %x, %v", got, err)
	}
	if len(s.Failures()) != 1 {
		t.Error("the entry did not fail")
	}
	// All pieces are known now without reading.
	for i, h := range hashes(t, s, 1, 0) {
		if h != s.zeroHash() && i+2 != s.PieceCount() {
			t.Fatalf("piece %d is not of zeros", i+1)
		}
	}
}

// A spoiler changes the world after a number of writes.
type spoiler struct {
	hash.Hash
	after int
	spoil func()
}

func (s *spoiler) Write(p []byte) (int, error) {
	if s.after--; s.after == 0 {
		s.spoil()
	}
	return s.Hash.Write(p)
}

func TestZeroHash(t *testing.T) {
	for _, n := range []int64{0, 1, hashChunk, hashChunk + 1, 3 * hashChunk} {
		if hashZeros(n) != hashlist.Sum(make([]byte, n)) {
			t.Errorf("wrong hash of %d zeros", n)
		}
	}
}

func TestLargeSparseFile(t *testing.T) {
	dir := tree(t, map[string]string{"top/a": "first"})
	path := filepath.Join(dir, "top", "big")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	const size = 5<<30 + 3
	if _, err := f.WriteAt([]byte("end"), size-3); err != nil {
		t.Skip("no large sparse files here:", err)
	}
	f.Close()
	write(t, filepath.Join(dir, "top", "z"), "last")
	s := scan(t, dir, "top")
	if got := s.Manifest().StreamLength(); got != size+9 {
		t.Fatalf("stream of %d bytes", got)
	}
	p := make([]byte, 12)
	if _, err := s.ReadAt(p, size+9-12); err != nil || string(p) != "\x00\x00\x00\x00\x00endlast" {
		t.Errorf("%q, %v", p, err)
	}
	last := s.PieceCount() - 1
	if _, err := s.HashPiece(t.Context(), last); err != nil {
		t.Error(err)
	}
	if first, end := s.Pieces(entry(t, s, "top/big")); first != 0 || end != last+1 {
		t.Errorf("big is in pieces %d to %d of %d", first, end, last+1)
	}
}
