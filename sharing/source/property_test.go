package source

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawTree makes random files below dir, with names that sort in all ways around
// the slash, and returns the contents by path.
func drawTree(t *rapid.T, dir string) map[string]string {
	files := make(map[string]string)
	name := rapid.StringMatching(`[a-c!0-][a-c!0-]?`)
	for range rapid.IntRange(1, 30).Draw(t, "files") {
		parts := rapid.SliceOfN(name, 1, 3).Draw(t, "path")
		path := filepath.Join(dir, "top", filepath.Join(parts...))
		if os.MkdirAll(filepath.Dir(path), 0o777) != nil {
			continue // a file is in the way
		}
		content := strings.Repeat(rapid.StringMatching(`[a-z]`).Draw(t, "content"), rapid.IntRange(0, 40).Draw(t, "size"))
		if os.WriteFile(path, []byte(content), 0o666) != nil {
			continue // a folder is
		}
		files["top/"+strings.Join(parts, "/")] = content
	}
	return files
}

func TestStreamIsTheFilesInOrderOfTheirPaths(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp("", "source")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		if err := os.Mkdir(filepath.Join(dir, "top"), 0o777); err != nil {
			t.Fatal(err)
		}
		files := drawTree(r, dir)
		s, err := Scan(t.Context(), []string{filepath.Join(dir, "top")}, ScanOptions{})
		if err != nil {
			r.Fatal(err)
		}
		defer s.Close()

		var paths []string
		var whole []byte
		for path := range files {
			paths = append(paths, path)
		}
		slices.Sort(paths)
		for _, path := range paths {
			whole = append(whole, files[path]...)
		}
		var got []string
		for i, e := range s.Manifest().All() {
			if !e.Dir {
				got = append(got, e.Path)
			}
			if err := s.Recheck(t.Context(), i); err != nil { // so identities are in order
				r.Error(err)
			}
		}
		if !slices.Equal(got, paths) {
			r.Fatalf("files are %q, want %q", got, paths)
		}
		for range 20 {
			from := rapid.IntRange(0, len(whole)).Draw(r, "from")
			to := rapid.IntRange(from, len(whole)).Draw(r, "to")
			p := make([]byte, to-from)
			if _, err := s.ReadAt(p, int64(from)); err != nil || !bytes.Equal(p, whole[from:to]) {
				r.Fatalf("read from %d to %d: %q, %v, want %q", from, to, p, err, whole[from:to])
			}
		}
	})
}

// What fails reads as zeros, whatever is read around it.
func TestFailedEntriesAreZeros(t *testing.T) {
	files := make(map[string]string)
	for i := range 20 {
		files[fmt.Sprintf("top/%02d", i)] = strings.Repeat(string(rune('a'+i)), i)
	}
	s := scan(t, tree(t, files), "top")
	rapid.Check(t, func(r *rapid.T) {
		whole := stream(t, s)
		victim := rapid.IntRange(1, s.Manifest().Len()-1).Draw(r, "victim")
		s.Fail(victim, Changed)
		from := s.Manifest().Offset(victim)
		clear(whole[from : from+s.Manifest().Size(victim)])
		if !bytes.Equal(stream(t, s), whole) {
			r.Fatal("the stream is otherwise")
		}
	})
}
