package sharing

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// rot changes every 4096th byte of the largest file that p is receiving.
func rot(t *testing.T, p *party) {
	t.Helper()
	var largest string
	var most int64
	err := filepath.WalkDir(p.downloads, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil && info.Size() > most {
			largest, most = path, info.Size()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(largest)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(largest, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := 0; i < len(data); i += 4096 {
		if data[i] == 0 { // not there yet, most likely
			continue
		}
		if _, err := f.WriteAt([]byte{data[i] ^ 1}, int64(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// What somebody else writes into a file that is on its way is noticed by the device
// that has it: nobody else gets it, nobody is blamed, and both have all as it was sent.
// Who sends what is wrong knowingly is named: see package soak.
func TestWhatIsSpoiledIsNotPassedOn(t *testing.T) {
	sharer, takers := crowd(t, 2)
	slow(sharer, 2<<20)
	spoiled, other := takers[0], takers[1]
	folder := tree(t, t.TempDir(), 24<<20)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers[:1])); err != nil {
		t.Fatal(err)
	}
	spoiled.until("a good part of it is there", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 8<<20
	})
	rot(t, spoiled)
	if _, err := sharer.Send(t.Context(), []string{folder}, everybody(takers[1:])); err != nil {
		t.Fatal(err)
	}
	slow(sharer, 0)
	for _, p := range takers {
		next[DeliveredEvent](p, nil)
		same(t, folder, filepath.Join(p.downloads, filepath.Base(folder)))
	}
	for _, s := range other.Snapshot().Transfers[0].Peers[0].Sources {
		if s.Refused {
			t.Errorf("%s is blamed", s.Name)
		}
	}
}
