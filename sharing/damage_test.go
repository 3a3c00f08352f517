package sharing

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"potluck/sharing/source"
)

// hashedOffer has ben offer a folder to anna, and hash all of it.
func hashedOffer(t *testing.T, ben, anna *party, root string) ShareID {
	t.Helper()
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	ben.until("all hashed", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Hashed == s.Transfers[0].Bytes
	})
	return share
}

// notesFolder makes a folder of two small files.
func notesFolder(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "notes")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		write(t, filepath.Join(root, name), "some text")
	}
	return root
}

// What a disk did to a shared file is not called a change by its owner, on neither
// side, and nobody is cut off for it.
func TestAFileThatIsDamagedWhereItComesFrom(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 40<<20)
	share := hashedOffer(t, ben, anna, root)
	rotByte(t, filepath.Join(root, "big"), 20<<20)
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	got, sent := next[DeliveredEvent](anna, nil), next[DeliveredEvent](ben, nil)
	for side, failures := range map[string][]Note{"anna": got.Failures, "ben": sent.Failures} {
		if len(failures) != 1 || !strings.HasSuffix(failures[0].Path, "/big") || failures[0].Text != source.Damaged.String() {
			t.Errorf("%s is told %+v", side, failures)
		}
	}
	for _, p := range anna.Snapshot().Transfers[0].Peers {
		if p.State != Delivered || p.Error != "" {
			t.Errorf("anna shows %+v", p)
		}
	}
}

// Of small files that share a piece nobody can tell which one is damaged.
func TestSmallFilesThatAreDamagedWhereTheyComeFrom(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := notesFolder(t)
	share := hashedOffer(t, ben, anna, root)
	rotByte(t, filepath.Join(root, "a"), 3)
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, failures := range [][]Note{next[DeliveredEvent](anna, nil).Failures, next[DeliveredEvent](ben, nil).Failures} {
		if len(failures) != 2 || failures[0].Text != source.Suspect.String() || failures[1].Text != source.Suspect.String() {
			t.Errorf("told %+v", failures)
		}
	}
}

// A file that cannot be read takes no other one with it when its piece is doubted.
func TestADoubtFindsWhatCannotBeRead(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := notesFolder(t)
	share := hashedOffer(t, ben, anna, root)
	if err := os.Remove(filepath.Join(root, "a")); err != nil {
		t.Fatal(err)
	}
	ben.mu.Lock()
	o := ben.outgoing[share]
	ben.mu.Unlock()
	if changed, err := o.doubt(t.Context(), 0); err != nil || !changed {
		t.Errorf("%v, %v", changed, err)
	}
	if list := o.source.Failures(); len(list) != 1 || list[0].Path != "notes/a" || list[0].Why != source.Gone {
		t.Errorf("failed: %+v", list)
	}
}

// staged returns where a file of the one transfer on its way is received to.
func (p *party) staged(path string) string {
	p.t.Helper()
	list, err := filepath.Glob(filepath.Join(p.downloads, ".potluck-*", "tree", filepath.FromSlash(path)))
	if err != nil || len(list) != 1 {
		p.t.Fatalf("staged as %s: %q, %v", path, list, err)
	}
	return list[0]
}

// A bit that flips on the disk while a transfer is paused, or its device is down,
// is not delivered.
func TestWhatADiskSpoilsOnTheWayIsFetchedAgain(t *testing.T) {
	for _, how := range []string{"paused", "down"} {
		t.Run(how, func(t *testing.T) {
			ben, anna := pair(t, AcceptEveryone)
			anna.limit(0, 16<<20) // or it might be over before
			root := tree(t, t.TempDir(), 60<<20)
			share := send(t, ben, anna, root)
			anna.until("some bytes", func(s Snapshot) bool {
				return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 12<<20
			})
			if _, err := anna.Pause(t.Context(), share.String()); err != nil {
				t.Fatal(err)
			}
			anna.until("paused", func(s Snapshot) bool { return s.Transfers[0].State == Paused })
			if how == "down" {
				anna.stop()
			}
			rotByte(t, anna.staged(filepath.Base(root)+"/big"), 1<<20)
			if how == "down" {
				anna = start(t, "Anna", anna.state, AcceptEveryone)
				meet(ben, anna)
			}
			anna.limit(0, 0)
			mustResume(t, anna, share)
			same(t, root, next[DeliveredEvent](anna, nil).Path)
			next[DeliveredEvent](ben, nil)
		})
	}
}

// Two doubts of one piece at once find what one finds.
func TestDoubtsAtOnce(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := notesFolder(t)
	share := hashedOffer(t, ben, anna, root)
	rotByte(t, filepath.Join(root, "a"), 3)
	ben.mu.Lock()
	o := ben.outgoing[share]
	ben.mu.Unlock()
	var doubts sync.WaitGroup
	for range 8 {
		doubts.Go(func() {
			if _, err := o.doubt(t.Context(), 0); err != nil { // it may be right by now, under its new hash
				t.Error(err)
			}
		})
	}
	doubts.Wait()
	if n := len(o.source.Failures()); n != 2 {
		t.Errorf("%d files failed", n)
	}
	for _, f := range o.source.Failures() {
		if f.Why != source.Suspect {
			t.Errorf("failed: %+v", f)
		}
	}
}
