package lab

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Same fails t unless both trees are the same: names, kinds, sizes, bytes and
// times of everything in them, and nothing more in one than in the other. The
// trees' own names do not matter, and files are trees too.
func Same(t T, want, got string) {
	t.Helper()
	SameWithin(t, want, got, 0)
}

// SameWithin is [Same] for a file system that keeps times less precisely.
func SameWithin(t T, want, got string, precision time.Duration) {
	t.Helper()
	for i, d := range differences(want, got, precision) {
		if i == 20 {
			t.Errorf("... and more")
			return
		}
		t.Errorf("%s", d)
	}
}

// Names fails t unless dir holds exactly these names, and nothing else, hidden
// or not.
func Names(t T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got := []string{}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

// differences says in what the trees differ.
func differences(want, got string, precision time.Duration) []string {
	var list []string
	differ := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }

	wanted, err := entries(want)
	if err != nil {
		return []string{err.Error()}
	}
	have, err := entries(got)
	if err != nil {
		return []string{err.Error()}
	}
	for name := range have {
		if _, ok := wanted[name]; !ok {
			differ("%q should not be there", name)
		}
	}
	for name, w := range wanted {
		h, ok := have[name]
		switch {
		case !ok:
			differ("%q is missing", name)
			continue
		case w.Mode().Type() != h.Mode().Type():
			differ("%q is a %v, want %v", name, h.Mode().Type(), w.Mode().Type())
			continue
		case w.ModTime().Sub(h.ModTime()).Abs() > precision:
			differ("%q is of %v, want %v", name, h.ModTime(), w.ModTime())
		}
		if w.Mode().IsRegular() {
			if d := contents(filepath.Join(want, name), filepath.Join(got, name)); d != "" {
				differ("%q %s", name, d)
			}
		}
	}
	slices.Sort(list)
	return list
}

// entries returns everything in the tree, by name relative to its top.
func entries(top string) (map[string]fs.FileInfo, error) {
	all := map[string]fs.FileInfo{}
	err := filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		all[name], err = e.Info()
		return err
	})
	return all, err
}

// contents says how the files' bytes differ, or nothing.
func contents(want, got string) string {
	w, err := os.Open(want)
	if err != nil {
		return err.Error()
	}
	defer w.Close()
	g, err := os.Open(got)
	if err != nil {
		return err.Error()
	}
	defer g.Close()

	const step = 1 << 20
	a, b := make([]byte, step), make([]byte, step)
	for at := int64(0); ; at += step {
		n, errW := io.ReadFull(w, a)
		m, errG := io.ReadFull(g, b)
		if !bytes.Equal(a[:n], b[:m]) {
			for i := range min(n, m) {
				if a[i] != b[i] {
					return fmt.Sprintf("differs at byte %d", at+int64(i))
				}
			}
			return fmt.Sprintf("has another length from byte %d on", at+int64(min(n, m)))
		}
		switch {
		case errW == io.EOF || errW == io.ErrUnexpectedEOF:
			return ""
		case errW != nil:
			return errW.Error()
		case errG != nil:
			return errG.Error()
		}
	}
}
