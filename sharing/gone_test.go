package sharing

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Thousands of files that fail at once cost no more than their pieces.
func TestAllFilesAreGone(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := filepath.Join(t.TempDir(), "many")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 1500 {
		if err := os.WriteFile(filepath.Join(root, fmt.Sprint(i)), make([]byte, 3000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	ben.until("all hashed", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Hashed == s.Transfers[0].Bytes
	})
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	got := next[DeliveredEvent](anna, nil) // the folder itself
	if len(got.Failures) != maxFailures || got.Files != 0 || !strings.Contains(got.Failures[0].Text, "no longer there") {
		t.Errorf("%d files, %d failures, the first: %+v", got.Files, len(got.Failures), got.Failures[:min(len(got.Failures), 1)])
	}
	next[DeliveredEvent](ben, nil)
}
