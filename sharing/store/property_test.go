package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAnyHistoryGivesTheSame receives random shares in random order, with bad
// and repeated blocks, crashes, power failures and restarts, and compares what
// arrives with what was sent.
func TestAnyHistoryGivesTheSame(t *testing.T) {
	base := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dir := filepath.Join(base, fmt.Sprint(n))
		defer os.RemoveAll(dir)
		h := newHistory(t, rt, dir)
		defer func() { h.item.Close() }()
		for range rapid.IntRange(0, 60).Draw(rt, "steps") {
			h.step()
		}
		h.complete()
		r, err := h.item.Finish(context.Background())
		if err != nil {
			rt.Fatalf("Finish: %v", err)
		}
		h.check(r)
	})
}

type history struct {
	*site
	rt     *rapid.T
	t      *testing.T
	item   *Item
	boot   int
	failed []int
	power  bool
	image  string // what is on the disk after a power failure
}

func newHistory(t *testing.T, rt *rapid.T, dir string) *history {
	names := []string{"a", "b.txt", "dir/c", "dir/d", "dir/sub/e", "dir/sub/f", "dir2/", "dir/none/", "g", "ü", "dir-h"}
	sizes := map[string]int{}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, len(names), rapid.ID).Draw(rt, "names") {
		if name[len(name)-1] == '/' {
			sizes[name] = 0
		} else {
			sizes[name] = rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 3), rapid.IntRange(50, 200),
				rapid.Just(testPiece)).Draw(rt, name)
		}
	}
	f := newFixture(t, sizes)
	s := &site{f, Options{
		Folder: filepath.Join(dir, "Downloads"), State: filepath.Join(dir, "state"), Share: [32]byte{9}, Manifest: f.m,
		Hashes: f.hashes, BootID: "boot 0", pieceLen: f.piece,
		Pool: NewPool(rapid.SampledFrom([]int64{0, testPiece, 3 * testPiece, 1 << 20}).Draw(rt, "pool")),
	}}
	sys := s.system()
	refusing[rapid.SampledFrom(slices.Sorted(maps.Keys(refusing))).Draw(rt, "system")](sys)
	if rapid.Bool().Draw(rt, "some") {
		s.options.Want = make([]bool, f.m.Len())
		for e := range s.options.Want {
			if rapid.Bool().Draw(rt, "want") {
				for e := e; e >= 0; e = f.m.Parent(e) {
					s.options.Want[e] = true
				}
			}
		}
	}
	if err := os.MkdirAll(s.options.Folder, 0o777); err != nil {
		rt.Fatal(err)
	}
	h := &history{site: s, rt: rt, t: t, image: filepath.Join(dir, "image")}
	if h.power = sys.syncfs != nil && rapid.Bool().Draw(rt, "power failures"); h.power {
		// A removed file that is back after that is not the same in this test.
		sys.keepsIDs = func(*os.File) bool { return false }
		sys.syncfs = func(*os.File) error { h.snapshot(); return nil }
	}
	var err error
	if h.item, err = Create(s.options); err != nil {
		rt.Fatal(err)
	}
	h.snapshot()
	return h
}

func (h *history) snapshot() { copyTree(h.t, h.options.Folder, h.image) }

// step lets one thing happen.
func (h *history) step() {
	pieces := h.pieces()
	kind := rapid.IntRange(0, 11).Draw(h.rt, "step")
	if pieces == 0 && kind < 8 {
		return
	}
	var p int
	if pieces > 0 {
		p = rapid.IntRange(0, pieces-1).Draw(h.rt, "piece")
	}
	switch kind {
	case 0, 1, 2, 3:
		h.sendAll(p)
	case 4: // some bytes of a piece
		b := h.bytes(p)
		from := rapid.IntRange(0, len(b)-1).Draw(h.rt, "from")
		to := rapid.IntRange(from, len(b)).Draw(h.rt, "to")
		if _, err := h.item.WriteAt(p, b[from:to], int64(from)); err != nil {
			h.rt.Fatalf("WriteAt: %v", err)
		}
	case 5: // a bad piece
		was := h.item.Complete(p)
		if _, err := h.item.WriteAt(p, bytes.Repeat([]byte{1}, len(h.bytes(p))), 0); err != nil {
			h.rt.Fatalf("WriteAt: %v", err)
		}
		if err := h.item.Verify(p); err == nil != was || err != nil && !errors.Is(err, ErrBadPiece) && !errors.Is(err, ErrNotWanted) {
			h.rt.Fatalf("Verify of a bad piece, complete before: %v: %v", was, err)
		}
	case 6:
		if h.item.Complete(p) {
			b := make([]byte, len(h.bytes(p)))
			if _, err := h.item.ReadAt(p, b, 0); err != nil || !bytes.Equal(b, h.bytes(p)) {
				h.rt.Fatalf("ReadAt(%d): wrong bytes or %v", p, err)
			}
		}
	case 7:
		h.item.spill(time.Now())
	case 8:
		if err := h.item.sync(false); err != nil {
			h.rt.Fatalf("sync: %v", err)
		}
	case 9:
		e := rapid.IntRange(0, h.m.Len()-1).Draw(h.rt, "entry")
		if rapid.IntRange(0, 3).Draw(h.rt, "fails") == 0 && !h.m.Dir(e) && !slices.Contains(h.failed, e) {
			h.item.FailEntry(e)
			h.zero(e)
			h.failed = append(h.failed, e)
		}
	case 10:
		h.restart()
	case 11:
		if h.power {
			h.powerFailure()
		}
	}
}

func (h *history) sendAll(p int) {
	b := h.bytes(p)
	half := len(b) / 2
	if _, err := h.item.WriteAt(p, b[half:], int64(half)); err != nil {
		h.rt.Fatalf("WriteAt: %v", err)
	}
	if _, err := h.item.WriteAt(p, b[:half], 0); err != nil {
		h.rt.Fatalf("WriteAt: %v", err)
	}
	if err := h.item.Verify(p); err != nil && h.item.Wanted(p) {
		h.rt.Fatalf("Verify(%d): %v", p, err)
	}
}

// restart is a crash without a reboot: no piece is hashed or fetched again.
func (h *history) restart() {
	var complete []int
	for p := range h.pieces() {
		if h.item.Complete(p) {
			complete = append(complete, p)
		}
	}
	suspects := h.item.Suspect()
	h.reopen()
	for _, p := range complete {
		if !h.item.Complete(p) {
			h.rt.Fatalf("piece %d is not complete after a restart", p)
		}
	}
	if !slices.Equal(h.item.Suspect(), suspects) {
		h.rt.Fatalf("suspects are %v, were %v", h.item.Suspect(), suspects)
	}
}

// powerFailure loses what was not synced, and starts the system again.
func (h *history) powerFailure() {
	h.item.Close()
	restoreTree(h.t, h.image, h.options.Folder)
	h.boot++
	h.options.BootID = fmt.Sprint("boot ", h.boot)
	h.reopen()
	for _, p := range h.item.Suspect() {
		if rapid.Bool().Draw(h.rt, "recheck") {
			if _, err := h.item.Recheck(context.Background(), p); err != nil {
				h.rt.Fatalf("Recheck: %v", err)
			}
		}
	}
}

func (h *history) reopen() {
	h.item.Close()
	item, err := Open(h.options)
	if err != nil {
		h.rt.Fatalf("Open: %v", err)
	}
	h.item = item
}

// complete brings all that is missing.
func (h *history) complete() {
	for _, p := range h.item.Suspect() {
		if _, err := h.item.Recheck(context.Background(), p); err != nil {
			h.rt.Fatalf("Recheck: %v", err)
		}
	}
	for p := range h.pieces() {
		if h.item.Wanted(p) && !h.item.Complete(p) {
			h.sendAll(p)
		}
	}
}

func (h *history) check(r Result) {
	want := h.expect(h.options.Want, h.failed...)
	got := readTree(h.t, h.options.Folder)
	if !maps.Equal(got, want) {
		h.rt.Fatalf("arrived %q, want %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	if have, _ := h.item.Have(); have != r.Bytes {
		h.rt.Fatalf("have %d, delivered %d", have, r.Bytes)
	}
	err := h.item.checkAll(context.Background(), func(p int, ok bool) {
		if !ok {
			h.rt.Fatalf("piece %d is wrong after Finish", p)
		}
	})
	if err != nil {
		h.rt.Fatal(err)
	}
}
