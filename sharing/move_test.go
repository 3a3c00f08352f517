package sharing

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"potluck/sharing/store"
)

func mustResume(t *testing.T, p *party, share ShareID) {
	t.Helper()
	if _, err := p.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
}

func TestMoveToAnotherFolder(t *testing.T) {
	ben, anna, share, root := begun(t)
	other := t.TempDir()
	before := anna.Snapshot().Transfers[0].Peers[0].Done
	if err := anna.MoveTo(t.Context(), share.String(), other); err != nil {
		t.Fatal(err)
	}
	moved := anna.Snapshot().Transfers[0]
	if moved.Peers[0].Done < before || before == 0 || moved.Into != other || moved.State != Paused {
		t.Errorf("of %d bytes there are %d in %s, %s", before, moved.Peers[0].Done, moved.Into, moved.State)
	}
	onlyIn(t, anna.downloads)
	mustResume(t, anna, share)
	got := next[DeliveredEvent](anna, nil)
	if filepath.Dir(got.Path) != other {
		t.Errorf("delivered to %s, not to %s", got.Path, other)
	}
	same(t, root, got.Path)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads)
	onlyIn(t, other, filepath.Base(root))
	if v, err := anna.Verify(t.Context(), share.String(), VerifyOptions{}); err != nil || !v.OK {
		t.Errorf("verify: %+v, %v", v, err)
	}
	if err := anna.MoveTo(t.Context(), share.String(), anna.downloads); !errors.Is(err, ErrState) {
		t.Errorf("what was delivered was moved: %v", err)
	}
}

func TestAMoveLastsAcrossARestart(t *testing.T) {
	ben, anna, share, root := begun(t)
	other, third := t.TempDir(), t.TempDir()
	for _, folder := range []string{other, third, other} {
		if err := anna.MoveTo(t.Context(), share.String(), folder); err != nil {
			t.Fatal(err)
		}
	}
	done := anna.Snapshot().Transfers[0].Peers[0].Done
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	anna.until("what was there", func(s Snapshot) bool { return s.Transfers[0].Peers[0].Done == done && done > 0 })
	meet(ben, anna)
	mustResume(t, anna, share)
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	onlyIn(t, anna.downloads)
	onlyIn(t, third)
	onlyIn(t, other, filepath.Base(root))
}

// A folder that is gone is no obstacle; what is in it is cleared when it is back.
func TestMoveFromAFolderThatIsGone(t *testing.T) {
	ben, anna, share, root := begun(t)
	anna.stop()
	away := anna.downloads + " away"
	if err := os.Rename(anna.downloads, away); err != nil {
		t.Fatal(err)
	}
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(ben, anna)
	anna.until("stuck", stuck)
	other := t.TempDir()
	if err := anna.MoveTo(t.Context(), share.String(), other); err != nil {
		t.Fatal(err)
	}
	mustResume(t, anna, share)
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	onlyIn(t, other, filepath.Base(root))
	anna.stop()
	if err := os.Rename(away, anna.downloads); err != nil {
		t.Fatal(err)
	}
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	onlyIn(t, anna.downloads)
	if rec, err := anna.records.read(share); err != nil || len(rec.Leftover) != 0 {
		t.Errorf("left: %+v, %v", rec.Leftover, err)
	}
}

func TestAMoveThatFailsChangesNothing(t *testing.T) {
	ben, anna, share, root := begun(t)
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := anna.Snapshot().Transfers[0].Peers[0].Done
	for _, folder := range []string{file, filepath.Join(file, "x"), filepath.Join(t.TempDir(), "no", "such", "folder")} {
		if err := anna.MoveTo(t.Context(), share.String(), folder); err == nil {
			t.Errorf("moved to %s", folder)
		}
	}
	if err := anna.MoveTo(t.Context(), share.String(), anna.downloads); !errors.Is(err, ErrState) {
		t.Errorf("moved to where it is: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	other := filepath.Join(t.TempDir(), "new")
	if err := anna.MoveTo(gone, share.String(), other); !errors.Is(err, context.Canceled) {
		t.Errorf("moved although nobody wanted it any more: %v", err)
	}
	anna.mu.Lock()
	in := anna.incoming[share]
	anna.mu.Unlock()
	m := &move{ctx: gone, folder: other, done: make(chan error, 1)}
	anna.mu.Lock()
	in.moving = m
	anna.mu.Unlock()
	in.poke()
	if err := <-m.done; !errors.Is(err, context.Canceled) {
		t.Errorf("copied although nobody wanted it any more: %v", err)
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("the new folder was left behind")
	}
	if err := anna.MoveTo(t.Context(), "0000", other); !errors.Is(err, ErrNotFound) {
		t.Errorf("moved nothing: %v", err)
	}
	if now := anna.Snapshot().Transfers[0]; now.Peers[0].Done < before || now.Into != anna.downloads {
		t.Errorf("%d bytes in %s now, %d before", now.Peers[0].Done, now.Into, before)
	}
	rec, err := anna.records.read(share)
	if err != nil || len(rec.Leftover) != 0 {
		t.Errorf("left: %+v, %v", rec.Leftover, err)
	}
	mustResume(t, anna, share)
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads, filepath.Base(root))
}

// A device that dies while it copies goes on in the old folder, and clears the new
// one away.
func TestDeathWhileMoving(t *testing.T) {
	ben, anna, share, root := begun(t)
	other := t.TempDir()
	anna.mu.Lock()
	in := anna.incoming[share]
	anna.mu.Unlock()
	c := &choice{into: other, journal: in.freeJournal()}
	if err := in.changePlaces(func() { in.leftover = append(in.leftover, c.place()) }); err != nil {
		t.Fatal(err)
	}
	item, err := store.Create(in.storeOptions(in.getManifest(), c, in.choice.hashes))
	if err != nil {
		t.Fatal(err)
	}
	item.Close()
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	onlyIn(t, other)
	meet(ben, anna)
	mustResume(t, anna, share)
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
}

func TestACancelWhileMoving(t *testing.T) {
	_, anna, share, _ := begun(t)
	other := t.TempDir()
	moved := make(chan error, 1)
	go func() { moved <- anna.MoveTo(context.Background(), share.String(), other) }()
	if _, err := anna.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	<-moved // before the end, or because of it
	anna.until("the end", func(s Snapshot) bool { return s.Transfers[0].State.Final() })
	anna.stop()
	onlyIn(t, anna.downloads)
	onlyIn(t, other)
}

func TestAPartIsMovedWithItsEdges(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	anna.limit(0, 8<<20)
	root := tree(t, t.TempDir(), 60<<20)
	share := send(t, ben, anna, root)
	accept(t, anna, share, AcceptOptions{Only: []string{"big", "one"}})
	anna.until("some bytes", func(s Snapshot) bool { return s.Transfers[0].Peers[0].Done > 0 })
	other := t.TempDir()
	if err := anna.MoveTo(t.Context(), share.String(), other); err != nil {
		t.Fatal(err)
	}
	anna.limit(0, 0)
	got := next[DeliveredEvent](anna, nil)
	if got.Files != 2 || filepath.Dir(got.Path) != other {
		t.Errorf("delivered %+v", got)
	}
	onlyIn(t, got.Path, "big", "one")
	next[DeliveredEvent](ben, nil)
	onlyIn(t, other, filepath.Base(root))
	onlyIn(t, anna.downloads)
}
