package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"potluck/sharing/manifest"
)

// tree makes files below a new folder, from their paths and contents. A path with
// a slash at its end is a folder.
func tree(t testing.TB, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for path, content := range files {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if strings.HasSuffix(path, "/") {
			mkdir(t, full)
			continue
		}
		mkdir(t, filepath.Dir(full))
		write(t, full, content)
	}
	return dir
}

func mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// scan scans paths below dir, or dir itself if there are none.
func scan(t testing.TB, dir string, paths ...string) *Source {
	t.Helper()
	for i := range paths {
		paths[i] = filepath.Join(dir, filepath.FromSlash(paths[i]))
	}
	if len(paths) == 0 {
		paths = []string{dir}
	}
	s, err := Scan(t.Context(), paths, ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// found returns the paths in the manifest, folders with a slash behind.
func found(s *Source) []string {
	var paths []string
	for _, e := range s.Manifest().All() {
		if e.Dir {
			e.Path += "/"
		}
		paths = append(paths, e.Path)
	}
	return paths
}

// want compares lists.
func want[T comparable](t testing.TB, what string, got []T, want ...T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// entry returns the index of a path in the manifest.
func entry(t testing.TB, s *Source, path string) int {
	t.Helper()
	for i, e := range s.Manifest().All() {
		if e.Path == path {
			return i
		}
	}
	t.Fatalf("no entry %q", path)
	return -1
}

// stream reads the whole stream.
func stream(t testing.TB, s *Source) []byte {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(s, 0, s.Manifest().StreamLength()))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wantFailure checks that err is the failure of an entry.
func wantFailure(t testing.TB, err error, path string, why ...Reason) {
	t.Helper()
	var failed *EntryError
	if !errors.As(err, &failed) {
		t.Fatalf("error is %v, want a failure of %q", err, path)
	}
	if failed.Path != path || !slices.Contains(why, failed.Why) {
		t.Errorf("failure is %+v, want one of %v of %q", *failed, why, path)
	}
}

func randomString(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return string(b)
}

func TestScanMixedPaths(t *testing.T) {
	dir := tree(t, map[string]string{
		"Photos/sea.jpg":      "sea",
		"Photos/empty/":       "",
		"Photos/empty.txt":    "",
		"Photos/deep/er/x":    "x",
		"notes.odt":           "notes",
		"Photos!/y":           "y",
		"Photos/deep!/z":      "z",
		"Photos/deep.txt":     "t",
		"Photos/deep0":        "0",
		"elsewhere/notes.odt": "other notes",
		"elsewhere/Photos/a":  "a",
	})
	s := scan(t, dir, "Photos", "notes.odt", "Photos!", "elsewhere/notes.odt", "elsewhere/Photos")
	want(t, "entries", found(s),
		"Photos/", "Photos (2)/", "Photos (2)/a", "Photos!/", "Photos!/y",
		"Photos/deep/", "Photos/deep!/", "Photos/deep!/z", "Photos/deep.txt",
		"Photos/deep/er/", "Photos/deep/er/x", "Photos/deep0", "Photos/empty/", "Photos/empty.txt",
		"Photos/sea.jpg", "notes (2).odt", "notes.odt")
	if got := string(stream(t, s)); got != "ayztx0seaother notesnotes" {
		t.Errorf("stream is %q", got)
	}
	for i := range s.Manifest().Len() {
		if err := s.Recheck(t.Context(), i); err != nil {
			t.Error(err)
		}
	}
	want(t, "paths", s.Paths(), filepath.Join(dir, "Photos"), filepath.Join(dir, "notes.odt"),
		filepath.Join(dir, "Photos!"), filepath.Join(dir, "elsewhere", "notes.odt"), filepath.Join(dir, "elsewhere", "Photos"))
	want(t, "renamed", s.Renamed(),
		manifest.Renamed{Entry: 1, From: "Photos", To: "Photos (2)"},
		manifest.Renamed{Entry: 15, From: "notes.odt", To: "notes (2).odt"})
}

func TestScanKeepsSizesAndTimes(t *testing.T) {
	dir := tree(t, map[string]string{"top/file": "12345", "top/sub/": ""})
	at := time.Date(2001, 2, 3, 4, 5, 6, 700, time.UTC)
	for _, path := range []string{"top/file", "top/sub"} {
		if err := os.Chtimes(filepath.Join(dir, path), at, at); err != nil {
			t.Fatal(err)
		}
	}
	s := scan(t, dir, "top")
	for _, e := range s.Manifest().All() {
		if e.Path != "top" && !e.ModTime.Equal(at) {
			t.Errorf("%s: time %v, want %v", e.Path, e.ModTime, at)
		}
		if size := int64(5); e.Path == "top/file" && e.Size != size {
			t.Errorf("size %d, want %d", e.Size, size)
		}
	}
}

func TestScanOverlappingPaths(t *testing.T) {
	dir := tree(t, map[string]string{"a/b/c": "1", "a/d": "2", "ab": "3"})
	s := scan(t, dir, "a/b/c", "a", "a/b", "a/../a", "ab", "a")
	want(t, "entries", found(s), "a/", "a/b/", "a/b/c", "a/d", "ab")
}

func TestScanRelativePath(t *testing.T) {
	t.Chdir(tree(t, map[string]string{"x/a": "1"}))
	s, err := Scan(t.Context(), []string{"x"}, ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Chdir(t.TempDir())
	if got := string(stream(t, s)); got != "1" {
		t.Errorf("stream is %q", got)
	}
}

func TestScanRefuses(t *testing.T) {
	dir := tree(t, map[string]string{"file": "1"})
	for name, paths := range map[string][]string{
		"missing":      {filepath.Join(dir, "file"), filepath.Join(dir, "nothing")},
		"through file": {filepath.Join(dir, "file", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Scan(t.Context(), paths, ScanOptions{})
			var at *PathError
			if !errors.As(err, &at) || at.Path != paths[len(paths)-1] {
				t.Fatalf("error is %v", err)
			}
			if !strings.Contains(err.Error(), filepath.Base(at.Path)) {
				t.Errorf("%q does not name the path", err)
			}
		})
	}
	for _, paths := range [][]string{nil, {""}} {
		if _, err := Scan(t.Context(), paths, ScanOptions{}); err == nil {
			t.Errorf("%q was accepted", paths)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Scan(ctx, []string{dir}, ScanOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error after cancel is %v", err)
	}
}

func TestScanProgress(t *testing.T) {
	dir := tree(t, nil)
	for i := range 10_000 {
		write(t, filepath.Join(dir, "file"+string(rune(0x4e00+i))), "12")
	}
	var entries []int
	var bytes int64
	s, err := Scan(t.Context(), []string{dir}, ScanOptions{Progress: func(n int, b int64) {
		entries, bytes = append(entries, n), b
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !slices.IsSorted(entries) || len(entries) < 3 || entries[len(entries)-1] != 10_001 || bytes != 20_000 {
		t.Errorf("progress was %v, %d bytes", entries, bytes)
	}
	if s.Manifest().Files() != 10_000 {
		t.Errorf("%d files", s.Manifest().Files())
	}
}

func TestReadAtEnds(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"a": "12", "b": "", "c": "345"}))
	for _, c := range []struct {
		off  int64
		n    int
		want string
		err  error
	}{
		{0, 5, "12345", nil},
		{0, 9, "12345", io.EOF},
		{1, 2, "23", nil},
		{5, 1, "", io.EOF},
		{99, 1, "", io.EOF},
		{5, 0, "", nil},
	} {
		p := make([]byte, c.n)
		n, err := s.ReadAt(p, c.off)
		if string(p[:n]) != c.want || err != c.err {
			t.Errorf("ReadAt(%d bytes, %d) gives %q, %v", c.n, c.off, p[:n], err)
		}
	}
	if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset was accepted")
	}
}

func TestReleaseAndClose(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"a": "12", "b": "345"}))
	p := make([]byte, 1)
	for range 3 {
		if _, err := s.ReadAt(p, 0); err != nil {
			t.Fatal(err)
		}
		s.Release()
		if len(s.files.files) != 0 {
			t.Error("files are open after Release")
		}
	}
	s.Close()
	s.Close()
	if _, err := s.ReadAt(p, 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
	if len(s.Failures()) > 0 {
		t.Error("an entry failed by closing")
	}
}

// Files are read in parallel, more than are kept open, while Release is called.
func TestReadAtInParallel(t *testing.T) {
	files := make(map[string]string)
	for i := range 3 * maxOpen {
		files["dir/"+string(rune('A'+i))] = randomString(100)
	}
	s := scan(t, tree(t, files))
	all := stream(t, s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			p := make([]byte, 250)
			for range 300 {
				from := rand.IntN(len(all) - len(p))
				if _, err := s.ReadAt(p, int64(from)); err != nil || !bytes.Equal(p, all[from:from+len(p)]) {
					t.Errorf("read at %d: %v", from, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			s.Release()
		}
	})
	wg.Wait()
	if n := len(s.files.files); n > maxOpen {
		t.Errorf("%d files are open", n)
	}
}
