package sharing

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What is measured is what an offer of the same paths says.
func TestMeasure(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := t.TempDir()
	write(t, filepath.Join(root, "a.txt"), "twelve bytes")
	if err := os.Mkdir(filepath.Join(root, "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "photos", "b.txt"), "ten bytes.")
	if err := os.Symlink("/etc/passwd", filepath.Join(root, "photos", "link")); err != nil {
		t.Skip("no links here:", err)
	}
	paths := []string{filepath.Join(root, "a.txt"), filepath.Join(root, "photos"), filepath.Join(root, "photos", "b.txt")}
	got, err := ben.Measure(t.Context(), paths)
	if want := (Amount{Files: 2, Folders: 1, Bytes: 22}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	send(t, ben, anna, paths...)
	if o := next[OfferedEvent](anna, nil).Offer; o.Files != got.Files || o.Folders != got.Folders || o.Bytes != got.Bytes {
		t.Errorf("the offer says %d, %d, %d", o.Files, o.Folders, o.Bytes)
	}
	if _, err := ben.Measure(t.Context(), []string{filepath.Join(root, "gone")}); err == nil {
		t.Error("what is not there has a size")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ben.Measure(over, paths); !errors.Is(err, context.Canceled) {
		t.Errorf("given up, it says %v", err)
	}
}
