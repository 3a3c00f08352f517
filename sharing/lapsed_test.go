package sharing

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Once others have all of a share, a file that changes at the sharer is no loss to those who
// do not have it yet: they take it from the others, as it was offered.
func TestAFileThatChangesWhenOthersHaveIt(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"rewritten": func(path string) error { return os.WriteFile(path, []byte("something else"), 0o600) },
		"deleted":   os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			sharer, takers := crowd(t, 2)
			b, c := takers[0], takers[1]
			c.limit(0, 1<<20)
			folder := tree(t, t.TempDir(), 6<<20)
			big := filepath.Join(folder, "big")
			want, err := os.ReadFile(big)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers)); err != nil {
				t.Fatal(err)
			}
			next[DeliveredEvent](b, nil)
			next[SpreadEvent](sharer, nil)
			if err := spoil(big); err != nil {
				t.Fatal(err)
			}
			c.limit(0, 0)
			got := next[DeliveredEvent](c, nil)
			if len(got.Failures) > 0 {
				t.Errorf("left out: %+v", got.Failures)
			}
			have, err := os.ReadFile(filepath.Join(got.Path, "big"))
			if err != nil || !bytes.Equal(have, want) {
				t.Errorf("what arrived is not what was offered: %v", err)
			}
			sharer.until("the end", func(s Snapshot) bool { return !s.Transfers[0].Ended.IsZero() })
			if f := sharer.Snapshot().Transfers[0].Failures; len(f) > 0 {
				t.Errorf("the sharer tells of %+v", f)
			}
		})
	}
}

// Where nobody can give it any more, what lapsed is told, and the transfer ends without it.
func TestWhatLapsedIsNeededAfterAll(t *testing.T) {
	sharer, takers := crowd(t, 2)
	b, c := takers[0], takers[1]
	c.limit(0, 1<<20)
	folder := tree(t, t.TempDir(), 6<<20)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers)); err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](b, nil)
	next[SpreadEvent](sharer, nil)
	if err := os.Remove(filepath.Join(folder, "big")); err != nil {
		t.Fatal(err)
	}
	b.stop()
	c.limit(0, 0)
	if got := next[DeliveredEvent](c, nil); len(got.Failures) != 1 {
		t.Errorf("left out: %+v", got.Failures)
	}
}
