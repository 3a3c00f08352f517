package sharing

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// staging returns the staging folders in a folder.
func staging(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(folder, ".potluck-*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What was received of a share whose record was damaged is cleared away after a
// while, in the download folder and elsewhere, and nothing else is.
func TestStagingOfADamagedRecordIsClearedAway(t *testing.T) {
	for name, damage := range map[string]func(record []byte) []byte{
		"nothing can be read": func([]byte) []byte { return []byte("x") },
		"some can be read":    func(record []byte) []byte { return record[:len(record)-1] },
	} {
		t.Run(name, func(t *testing.T) {
			ben, anna := pair(t, AcceptAsk)
			anna.limit(0, 8<<20) // or it might be over before
			share := send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
			into := anna.downloads
			if name == "some can be read" {
				into = filepath.Join(t.TempDir(), "elsewhere \"ở đó\"")
			}
			accept(t, anna, share, AcceptOptions{Into: into})
			anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
			anna.stop()
			ben.stop()

			dir := anna.records.dir(share)
			file := filepath.Join(dir, "record.json")
			record, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(record), 0o600); err != nil {
				t.Fatal(err)
			}
			ours := staging(t, into)
			if len(ours) != 1 {
				t.Fatalf("staging: %q", ours)
			}
			// Of others: a folder that looks like ours, and a file of the person's.
			other := filepath.Join(into, ".potluck-0123456789abcdef")
			if err := os.MkdirAll(filepath.Join(other, "tree"), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(other, "tree", "theirs"), "theirs")
			write(t, filepath.Join(into, "mine"), "mine")

			anna = start(t, "Anna", anna.state, AcceptAsk) // sets the record aside
			anna.clearOrphans(t.Context(), time.Now().Add(orphanAfter-time.Hour))
			if n := len(staging(t, into)); n != 2 {
				t.Errorf("cleared away too early: %d left", n)
			}
			anna.clearOrphans(t.Context(), time.Now().Add(orphanAfter+time.Hour))
			onlyIn(t, into, "mine", ".potluck-0123456789abcdef")
			onlyIn(t, filepath.Join(other, "tree"), "theirs")
		})
	}
}

// What somebody put into the staging folder stays.
func TestAnOrphanWithSomethingOfThePersonsStays(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	anna.limit(0, 8<<20)
	share := send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	anna.stop()
	ben.stop()
	ours := staging(t, anna.downloads)[0]
	write(t, filepath.Join(ours, "tree", "mine"), "mine")
	write(t, filepath.Join(anna.records.dir(share), "record.json"), "x")
	anna = start(t, "Anna", anna.state, AcceptAsk)
	anna.clearOrphans(t.Context(), time.Now().Add(orphanAfter+time.Hour))
	onlyIn(t, filepath.Join(ours, "tree"), "mine")
}
