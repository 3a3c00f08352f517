package sharing

import (
	"os"
	"path/filepath"
	"testing"
)

// ask brings an offer of Ben's to Anna, who has set her downloads.
func ask(t *testing.T, home, downloads string) (anna *party, share ShareID, root string) {
	t.Helper()
	ben, anna := pair(t, AcceptAsk)
	anna.mu.Lock()
	s := anna.settings
	anna.mu.Unlock()
	s.Home, s.Downloads = home, downloads
	anna.SetSettings(s)
	root = tree(t, t.TempDir(), 1<<20)
	share = send(t, ben, anna, root)
	anna.until("the offer", func(s Snapshot) bool { return len(s.Offers) == 1 })
	return anna, share, root
}

// The first files that come to a new account make the folder they go to.
func TestDownloadFolderIsMade(t *testing.T) {
	home := t.TempDir()
	downloads := filepath.Join(home, "Downloads", "here", "Potluck")
	anna, share, root := ask(t, home, downloads)
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	anna.until("the end", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].State == Delivered })
	same(t, root, filepath.Join(downloads, filepath.Base(root)))
}

// What is not below the person's home, or was chosen, or has no home to be in, may be
// on a disk that is out, and is not made.
func TestDownloadFolderIsNotMade(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ home, downloads string }{
		"chosen":     {"", filepath.Join(home, "disk", "films")},
		"elsewhere":  {home, filepath.Join(dir, "disk", "films")},
		"no home":    {filepath.Join(dir, "nobody"), filepath.Join(dir, "nobody", "Downloads", "Potluck")},
		"above home": {home, filepath.Join(home, "..", "disk", "films")},
	} {
		t.Run(name, func(t *testing.T) {
			anna, share, _ := ask(t, c.home, c.downloads)
			if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err == nil {
				t.Error("it was accepted")
			}
			onlyIn(t, dir, "home")
			onlyIn(t, home)
		})
	}
}
