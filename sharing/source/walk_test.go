package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"potluck/sharing/manifest"
)

func TestScanOfTooMany(t *testing.T) {
	dir := tree(t, map[string]string{"top/a/b/c": "1", "top/d/e": "2"})
	w := walker{ctx: t.Context(), names: make(map[int]string), entries: manifest.MaxEntries - 3}
	err := w.walk([]top{{path: filepath.Join(dir, "top"), dir: true, asked: "top", name: "top"}})
	if err != errTooMany {
		t.Errorf("error is %v", err)
	}
}

// A scan that is stopped anywhere leaves nothing open.
func TestScanLeavesNothingOpen(t *testing.T) {
	if _, err := os.ReadDir("/proc/self/fd"); err != nil {
		t.Skip("it cannot be seen here what is open")
	}
	files := make(map[string]string)
	for i := range 300 {
		files[fmt.Sprintf("top/%d/%d/%d", i%7, i%11, i)] = "x"
		files[fmt.Sprintf("top/%d!/%d", i%7, i)] = "y"
	}
	dir := tree(t, files)
	before := openCount(t)
	for stop := range 40 {
		w := walker{ctx: &endingContext{Context: t.Context(), calls: 10 * stop}, names: make(map[int]string)}
		err := w.walk([]top{{path: filepath.Join(dir, "top"), dir: true, asked: "top", name: "top"}})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if after := openCount(t); after != before {
			t.Fatalf("stopped after %d steps: %d files are open, before it were %d", 10*stop, after, before)
		}
	}
	s := scan(t, dir, "top")
	stream(t, s)
	s.Close()
	if after := openCount(t); after != before {
		t.Errorf("after Close %d files are open, before it were %d", after, before)
	}
}

func openCount(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// An endingContext is done after a number of questions whether it is.
type endingContext struct {
	context.Context
	calls int
}

func (c *endingContext) Err() error {
	if c.calls--; c.calls < 0 {
		return context.Canceled
	}
	return nil
}

func TestOrderOfSubtrees(t *testing.T) {
	for _, c := range []struct {
		folder, sibling string
		before          bool // what is in the folder comes before the sibling
	}{
		{"a", "a!", false},
		{"a", "a-", false},
		{"a", "a.txt", false},
		{"a", "a0", true},
		{"a", "aa", true},
		{"a", "b", true},
		{"ab", "a", false},
		{"b", "a", false},
		{"a!", "a!!", false},
		{"a", "ä", true},
	} {
		if got := cmpSubtree(c.folder, c.sibling) < 0; got != c.before {
			t.Errorf("what is in %q comes before %q: %v", c.folder, c.sibling, got)
		}
		if got := c.folder+"/x" < c.sibling; got != c.before {
			t.Errorf("the test is wrong about %q and %q", c.folder, c.sibling)
		}
	}
}
