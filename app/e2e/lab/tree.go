package lab

import (
	"bufio"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Piece is the length of a piece in shares of less than 512 MiB.
const Piece = 256 << 10

// Nasty fills dir with what is legal and rarely thought of: empty files and
// folders, sizes around that of a piece, names in many scripts, of 255 bytes,
// with dots and spaces where none are expected, and old and odd times.
func Nasty(t T, dir string) {
	t.Helper()
	w := writer{t: t, dir: dir, random: rand.New(rand.NewPCG(1, 2))}

	sizes := []struct {
		name string
		size int64
	}{
		{"zero", 0},
		{"one", 1},
		{"two", 2},
		{"piece less one", Piece - 1},
		{"piece", Piece},
		{"piece plus one", Piece + 1},
		{"two pieces", 2 * Piece},
		{"two pieces plus one", 2*Piece + 1},
		{"request plus one", 128<<10 + 1},
	}
	for _, s := range sizes {
		w.file("sizes/"+s.name, s.size)
	}
	names := []string{
		"Ảnh Đà Lạt/phở bò.jpg", "日本語/写真 一.txt", "emoji/🍲🥢👩‍🍳.txt", "rtl/שלום עולם.txt", "rtl/مرحبا.txt",
		"a/" + strings.Repeat("n", 255), "a/" + strings.Repeat("ế", 85),
		".hidden", "..double", "...", "a/.config/.x", "doc..pdf", "trailing.tar..gz",
		" leading space", "inner  spaces.txt", "-rf", "--help", "$HOME", "`id`", "semi;colon", "quote'\"s", "*?[x]", "%2e%2e", "percent%s%n",
		"e\u0301 decomposed", "é composed", "case/readme", "case/README", "case/Readme/inside",
		"back\\slash", "C:drive", "con", "aux.txt", "trailing dot.", "trailing space ", "<>|.txt",
	}
	for _, name := range names {
		w.file("names/"+name, 1+w.random.Int64N(2000))
	}
	w.folder("empty")
	w.folder("empty tree/a/b/c")
	w.file(strings.Repeat("d/", 40)+"deep", 10)

	w.file("times/old", 5)
	w.time("times/old", time.Date(1985, 10, 26, 1, 21, 0, 0, time.UTC))
	w.file("times/future", 5)
	w.time("times/future", time.Date(2100, 1, 1, 0, 0, 0, 123456789, time.UTC))
	w.foldersAged()
}

// Many fills dir with n files of the given size, 1,000 to a folder.
func Many(t T, dir string, n int, size int64) {
	t.Helper()
	w := writer{t: t, dir: dir, random: rand.New(rand.NewPCG(3, 4))}
	for i := range n {
		w.file(filepath.Join("folder "+number(i/1000), "file "+number(i)), size)
	}
	w.foldersAged()
}

// File makes a file of random bytes.
func File(t T, path string, size int64) {
	t.Helper()
	w := writer{t: t, dir: filepath.Dir(path), random: rand.New(rand.NewPCG(5, uint64(size)))}
	w.file(filepath.Base(path), size)
}

// Sparse makes a file that has some bytes at its beginning, middle and end, and
// nothing between them that would take memory.
func Sparse(t T, path string, size int64) {
	t.Helper()
	File(t, path, min(size, 1<<20))
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatalf("%v", err)
	}
	for _, at := range []int64{size / 2, size - 9} {
		if _, err := f.WriteAt([]byte("not empty"), at); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// A writer makes files below dir, the same ones every time.
type writer struct {
	t      T
	dir    string
	random *rand.Rand
}

func (w writer) folder(name string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Join(w.dir, filepath.FromSlash(name)), 0o755); err != nil {
		w.t.Fatalf("%v", err)
	}
}

func (w writer) file(name string, size int64) {
	w.t.Helper()
	w.folder(filepath.Dir(filepath.FromSlash(name)))
	f, err := os.Create(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	defer f.Close()
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(w.random.Uint32())
	}
	out := bufio.NewWriterSize(f, int(min(max(size, 1), 1<<20)))
	if _, err := io.CopyN(out, rand.NewChaCha8(seed), size); err != nil {
		w.t.Fatalf("%v", err)
	}
	if err := out.Flush(); err != nil {
		w.t.Fatalf("%v", err)
	}
	w.time(name, time.Unix(1_600_000_000+w.random.Int64N(100_000_000), w.random.Int64N(1e9)))
}

func (w writer) time(name string, at time.Time) {
	w.t.Helper()
	if err := os.Chtimes(filepath.Join(w.dir, filepath.FromSlash(name)), at, at); err != nil {
		w.t.Fatalf("%v", err)
	}
}

// foldersAged gives every folder a time of its own, once all is written.
func (w writer) foldersAged() {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		at := time.Unix(1_500_000_000+w.random.Int64N(100_000_000), 0)
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

// number writes i with leading zeros, so that names sort as numbers do.
func number(i int) string {
	digits := []byte("000000")
	for k := len(digits) - 1; i > 0; k, i = k-1, i/10 {
		digits[k] = byte('0' + i%10)
	}
	return string(digits)
}
