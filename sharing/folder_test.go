package sharing

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// begun starts a transfer that goes on when Anna resumes it: some bytes are there.
func begun(t *testing.T) (ben, anna *party, share ShareID, root string) {
	t.Helper()
	ben, anna = pair(t, AcceptEveryone)
	anna.limit(0, 8<<20) // or it might be over before the pause
	root = tree(t, t.TempDir(), 120<<20)
	share = send(t, ben, anna, root)
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	if _, err := anna.Pause(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	anna.until("the pause", func(s Snapshot) bool { return s.Transfers[0].State == Paused })
	anna.limit(0, 0)
	return ben, anna, share, root
}

// limit sets the speed limits.
func (p *party) limit(up, down int64) {
	p.mu.Lock()
	s := p.settings
	p.mu.Unlock()
	s.UpLimit, s.DownLimit = up, down
	p.SetSettings(s)
}

func stuck(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].State == Stuck }

func TestWhatWasReceivedIsDeletedMeanwhile(t *testing.T) {
	ben, anna, share, root := begun(t)
	if err := os.RemoveAll(anna.downloads); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(anna.downloads, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads, filepath.Base(root))
}

func TestARestartWithoutTheDownloadFolder(t *testing.T) {
	ben, anna, share, root := begun(t)
	anna.stop()
	away := anna.downloads + " away"
	if err := os.Rename(anna.downloads, away); err != nil {
		t.Fatal(err)
	}
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(ben, anna)
	anna.until("stuck", stuck)
	ben.until("stuck", stuck)
	if why := ben.Snapshot().Transfers[0].Error; why == "" || strings.Contains(why, anna.state) {
		t.Errorf("the sharer is told %q", why)
	}
	if err := os.Rename(away, anna.downloads); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads, filepath.Base(root))
}

func TestACancelWithoutTheDownloadFolder(t *testing.T) {
	ben, anna, share, _ := begun(t)
	anna.stop()
	away := anna.downloads + " away"
	if err := os.Rename(anna.downloads, away); err != nil {
		t.Fatal(err)
	}
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(ben, anna)
	anna.until("stuck", stuck)
	if _, err := anna.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	ben.until("the end", func(s Snapshot) bool { return s.Transfers[0].State.Final() })
	anna.stop()
	if err := os.Rename(away, anna.downloads); err != nil {
		t.Fatal(err)
	}
	anna = start(t, "Anna", anna.state, AcceptEveryone) // clears away
	onlyIn(t, anna.downloads)
	if _, err := os.Stat(anna.records.file(share, "manifest")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the manifest is kept: %v", err)
	}
}

func TestAnAcceptanceThatFailsLeavesNothing(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	nowhere := filepath.Join(anna.state, "no", "such", "folder")
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{Into: nowhere}); err == nil {
		t.Fatal("accepted into a folder that cannot be")
	}
	onlyIn(t, anna.records.folder)
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](anna, nil)
}

// A device that dies between making the staging folder and writing down that it
// has accepted asks again, and leaves no staging behind.
func TestDeathWhileAccepting(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	anna.mu.Lock()
	in := anna.incoming[share]
	anna.mu.Unlock()
	c, err := in.choose(in.getManifest(), anna.downloads, AcceptOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c.item.Close()
	anna.stop()
	if list, _ := fs.Glob(os.DirFS(anna.downloads), ".potluck-*"); len(list) != 1 {
		t.Fatalf("staging: %q", list)
	}
	anna = start(t, "Anna", anna.state, AcceptAsk)
	onlyIn(t, anna.downloads)
	meet(ben, anna)
	accept(t, anna, share, AcceptOptions{})
	next[DeliveredEvent](anna, nil)
	next(ben, func(e DeliveredEvent) bool { return e.To == anna.id() })
}

func TestACancelLasts(t *testing.T) {
	ben, anna, share, _ := begun(t)
	for _, p := range []*party{anna, ben} {
		if _, err := p.Cancel(t.Context(), share.String()); err != nil && !errors.Is(err, ErrState) {
			t.Fatal(err)
		}
		rec, err := p.records.read(share) // as it would be if the device died now
		if err != nil {
			t.Fatal(err)
		}
		if rec.Direction == Receiving && rec.State != Cancelled || rec.Direction == Sending && !rec.Takers[0].State.Final() {
			t.Errorf("%s: %+v", rec.Direction, rec)
		}
	}
}
