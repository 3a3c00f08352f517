package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func fingerprintOf(i int) (f [32]byte) {
	copy(f[:], fmt.Sprint(i, "."))
	return f
}

// put puts a text.
func put(t testing.TB, m *Memory, i int, text string) {
	t.Helper()
	if err := m.Put(fingerprintOf(i), func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		t.Fatal(err)
	}
}

// get returns a text, "" for none.
func get(t testing.TB, m *Memory, i int) string {
	t.Helper()
	r, ok := m.Get(fingerprintOf(i))
	if !ok {
		return ""
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func openMemory(t testing.TB, dir string) (*Memory, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	m, err := OpenMemory(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return m, &log
}

func files(t testing.TB, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestMemory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hashes")
	m, log := openMemory(t, dir)
	if got := get(t, m, 1); got != "" {
		t.Errorf("an empty memory knows %q", got)
	}
	put(t, m, 1, "one")
	put(t, m, 2, "two")
	put(t, m, 1, "uno")
	m, _ = openMemory(t, dir)
	if one, two := get(t, m, 1), get(t, m, 2); one != "uno" || two != "two" {
		t.Errorf("it remembers %q and %q", one, two)
	}
	if len(files(t, dir)) != 2 || log.Len() > 0 {
		t.Errorf("files %v, log %s", files(t, dir), log)
	}
}

func TestMemoryPutFails(t *testing.T) {
	m, _ := openMemory(t, t.TempDir())
	put(t, m, 1, "one")
	broken := errors.New("broken")
	err := m.Put(fingerprintOf(1), func(w io.Writer) error {
		io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) || get(t, m, 1) != "one" {
		t.Errorf("after %v it remembers %q", err, get(t, m, 1))
	}
	if got := files(t, m.dir); len(got) != 1 {
		t.Errorf("files are %v", got)
	}
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	m, _ := openMemory(t, t.TempDir())
	start := time.Now().Add(-time.Hour)
	for i := range maxRemembered {
		put(t, m, i, fmt.Sprint("text ", i))
		at := start.Add(time.Duration(i) * time.Second)
		if err := os.Chtimes(m.path(fingerprintOf(i)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	get(t, m, 0) // now it is the youngest
	put(t, m, maxRemembered, "new")
	put(t, m, maxRemembered+1, "new")
	for i := range maxRemembered + 2 {
		if known := get(t, m, i) != ""; known != (i != 1 && i != 2) {
			t.Errorf("text %d: known is %v", i, known)
		}
	}
}

func TestMemoryDamaged(t *testing.T) {
	m, log := openMemory(t, t.TempDir())
	for i, damage := range []func(b []byte) []byte{
		func(b []byte) []byte { return nil },
		func(b []byte) []byte { return b[:len(b)-1] },
		func(b []byte) []byte { b[3] ^= 1; return b },
		func(b []byte) []byte { return append(b, 0) },
	} {
		put(t, m, i, "some text")
		path := m.path(fingerprintOf(i))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, string(damage(b)))
		log.Reset()
		if got := get(t, m, i); got != "" {
			t.Errorf("damage %d gives %q", i, got)
		}
		if !strings.Contains(log.String(), "damaged") {
			t.Errorf("damage %d is not reported: %s", i, log)
		}
		log.Reset()
		if get(t, m, i) != "" || log.Len() > 0 {
			t.Errorf("damage %d is found twice: %s", i, log)
		}
	}
	want(t, "files", files(t, m.dir), "hashes"+damagedSuffix)
	put(t, m, 0, "new")
	if get(t, m, 0) != "new" {
		t.Error("nothing can be put in the place of what was damaged")
	}
}

func TestMemoryRemovesWhatAKillLeft(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, tempPrefix+"123"), "half")
	m, _ := openMemory(t, dir)
	if got := files(t, m.dir); len(got) > 0 {
		t.Errorf("files are %v", got)
	}
}

func TestMemoryInParallel(t *testing.T) {
	m, log := openMemory(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				put(t, m, i%3, "text")
				if got := get(t, m, i%3); got != "text" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
	if log.Len() > 0 {
		t.Error(log)
	}
}

func TestOpenMemoryRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "")
	for _, path := range []string{"file", "no/parent"} {
		if _, err := OpenMemory(filepath.Join(dir, path), nil); err == nil {
			t.Errorf("%s was accepted", path)
		}
	}
}
