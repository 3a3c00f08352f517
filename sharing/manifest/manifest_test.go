package manifest_test

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"potluck/sharing/manifest"
)

func TestManifestTellsWhatWasAdded(t *testing.T) {
	m := build(t,
		file("b/large", 1000), folder("b"), file("b/none", 0), folder("b/empty"), file("a", 5), file("b!", 7), file("b/z", 1))

	want := []struct {
		manifest.Entry
		offset int64
		parent int
	}{
		{file("a", 5), 0, -1},
		{folder("b"), 5, -1},
		{file("b!", 7), 5, -1},
		{folder("b/empty"), 12, 1},
		{file("b/large", 1000), 12, 1},
		{file("b/none", 0), 1012, 1},
		{file("b/z", 1), 1012, 1},
	}
	if m.Len() != len(want) || m.Files() != 5 || m.Folders() != 2 || m.StreamLength() != 1013 {
		t.Fatalf("got %d entries, %d files, %d folders, %d bytes", m.Len(), m.Files(), m.Folders(), m.StreamLength())
	}
	for i, w := range want {
		if m.Entry(i) != w.Entry || m.Offset(i) != w.offset || m.Parent(i) != w.parent ||
			m.Path(i) != w.Path || m.Size(i) != w.Size || m.Dir(i) != w.Dir {
			t.Errorf("entry %d: got %v at %d in %d, want %v", i, m.Entry(i), m.Offset(i), m.Parent(i), w)
		}
	}
	if got := m.Top(); !slices.Equal(got, []string{"a", "b", "b!"}) || m.TopCount() != 3 {
		t.Errorf("top: got %q, %d", got, m.TopCount())
	}
	for off, w := range map[int64]int{-1: -1, 0: 0, 4: 0, 5: 2, 11: 2, 12: 4, 1011: 4, 1012: 6, 1013: -1, math.MaxInt64: -1} {
		if got := m.At(off); got != w {
			t.Errorf("At(%d): got %d, want %d", off, got, w)
		}
	}
}

func TestAllEndsWhenAsked(t *testing.T) {
	for i := range build(t, file("a", 1), file("b", 1)).All() {
		if i > 0 {
			t.Fatal("went on")
		}
		break
	}
}

func TestTimesAtTheEnds(t *testing.T) {
	for _, c := range []struct{ given, want time.Time }{
		{noon, noon},
		{time.Time{}, time.Unix(0, 0)},
		{time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(0, math.MinInt64)},
		{time.Date(2446, 5, 10, 0, 0, 0, 0, time.UTC), time.Unix(0, math.MaxInt64)},
	} {
		m := build(t, manifest.Entry{Path: "a", ModTime: c.given})
		if got := m.Entry(0).ModTime; !got.Equal(c.want) {
			t.Errorf("%v: got %v, want %v", c.given, got, c.want)
		}
	}
}

func TestBuilderLeavesOutWhatItRefuses(t *testing.T) {
	var b manifest.Builder
	for _, e := range []manifest.Entry{
		file("", 0), file("../x", 0), file("a//b", 0), file("x", -1), {Path: "d", Dir: true, Size: 1},
	} {
		if err := b.Add(e); err == nil {
			t.Errorf("%q was taken", e.Path)
		}
	}
	if err := b.Add(file("good", 1)); err != nil {
		t.Fatal(err)
	}
	m, err := b.Build()
	if err != nil || m.Len() != 1 {
		t.Fatalf("got %v, %v", m, err)
	}
	_, err = b.Build()
	wantInvalid(t, err, "empty")
}

func TestBuilderRefusesContradictions(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []manifest.Entry
		why     string
	}{
		{"file twice", []manifest.Entry{file("a", 1), file("a", 2)}, "twice"},
		{"folder twice", []manifest.Entry{folder("a"), folder("a")}, "twice"},
		{"file and folder", []manifest.Entry{file("a", 1), folder("a")}, "twice"},
		{"file as folder", []manifest.Entry{file("a", 1), file("a/b", 1)}, "also there as a file"},
		{"no folder", []manifest.Entry{file("a/b", 1)}, "not there"},
		{"no folder between", []manifest.Entry{folder("a"), file("a/b/c", 1)}, "not there"},
		{"too much", []manifest.Entry{file("a", manifest.MaxStream), file("b", 1)}, "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryBuild(c.entries)
			wantInvalid(t, err, c.why)
		})
	}
}

func TestOrderOfAddingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawTree(t)
		m, err := tryBuild(all)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(all).Draw(t, "order")
		again, err := tryBuild(shuffled)
		if err != nil || again.Hash() != m.Hash() {
			t.Fatalf("in order %v: %v", shuffled, err)
		}
		slices.SortFunc(all, func(a, b manifest.Entry) int { return cmp.Compare(a.Path, b.Path) })
		if got := entries(m); !slices.Equal(got, all) {
			t.Fatalf("got %v, want %v", got, all)
		}
	})
}

func TestAtAgreesWithOffset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, err := tryBuild(drawTree(t))
		if err != nil {
			t.Fatal(err)
		}
		var next int64
		for i, e := range m.All() {
			if m.Offset(i) != next {
				t.Fatalf("entry %d begins at %d, not %d", i, m.Offset(i), next)
			}
			next += e.Size
			if e.Size > 0 && (m.At(next-e.Size) != i || m.At(next-1) != i) {
				t.Fatalf("At misses entry %d", i)
			}
		}
		if next != m.StreamLength() || m.At(next) != -1 {
			t.Fatalf("the stream ends at %d, not %d", next, m.StreamLength())
		}
	})
}

func TestThroughTheWire(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m, err := tryBuild(drawTree(rt))
		if err != nil {
			rt.Fatal(err)
		}
		packed := encode(t, m)
		back, err := manifest.Decode(iotestOneByte{bytes.NewReader(packed)})
		if err != nil {
			rt.Fatal(err)
		}
		if back.Hash() != m.Hash() || !slices.Equal(entries(back), entries(m)) || !slices.Equal(back.Top(), m.Top()) {
			rt.Fatal("not the same")
		}
		if !bytes.Equal(encode(t, back), packed) {
			rt.Fatal("not written as before")
		}
	})
}

// iotestOneByte reads byte by byte, so that every boundary is met.
type iotestOneByte struct{ r io.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestEncodeReportsFailingWriter(t *testing.T) {
	want := errors.New("no more paper")
	if err := build(t, file("a", 1)).Encode(failingWriter{want}); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestTopIsBounded(t *testing.T) {
	var b manifest.Builder
	for i := range 150 {
		if err := b.Add(file("f"+strconv.Itoa(1000+i), 1)); err != nil {
			t.Fatal(err)
		}
	}
	m, err := b.Build()
	if err != nil || len(m.Top()) != 100 || m.TopCount() != 150 || m.Top()[99] != "f1099" {
		t.Errorf("got %q, %v", m.Top(), err)
	}
}

func TestErrorIsOneShortLine(t *testing.T) {
	long := strings.Repeat("x\n\u202e/", 2000)
	_, err := tryBuild([]manifest.Entry{file(long, 1)})
	if err == nil || len(err.Error()) > 600 || strings.ContainsAny(err.Error(), "\n\u202e") {
		t.Errorf("got %v", err)
	}
}
