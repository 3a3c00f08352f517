package e2e_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// A device leaves nothing behind: no port, no descriptor, no temporary file.
// [lab.Device.Stop] checks that it stops in order and in time.

func TestStopsInMidTransfer(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	addr := ben.Wait(t, "ready").Text("addr")
	begun(t, anna, ben, 100*mega, 0.3)
	ben.Stop(t)
	anna.Stop(t)
	_, port, err := net.SplitHostPort(addr)
	check(t, err)
	for _, d := range []*lab.Device{anna, ben} {
		if err := d.Host.Do(func() error {
			l, err := net.Listen("tcp", ":"+port)
			if err == nil {
				l.Close()
			}
			return err
		}); err != nil {
			t.Errorf("%s: port %s is still taken: %v", d.Name, port, err)
		}
	}
}

func TestNothingGrows(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	tree := filepath.Join(lab.Folder(t, "source"), "tree")
	lab.Many(t, tree, 50, 20_000)
	anna.OK(t, "send", tree, "--to", "ben") // the first one opens what stays open
	type count struct{ open, threads int }
	counts := map[*lab.Device]count{}
	for _, d := range []*lab.Device{anna, ben} {
		counts[d] = count{len(d.Descriptors(t)), d.Threads(t)}
	}
	for range 10 {
		anna.OK(t, "send", tree, "--to", "ben")
	}
	for d, before := range counts {
		lab.Eventually(t, 10*time.Second, d.Name+" has closed what it opened", func() bool {
			return len(d.Descriptors(t)) <= before.open+2
		})
	}
	if entries, _ := os.ReadDir(ben.Downloads); len(entries) != 11 {
		t.Errorf("%d entries in the download folder, want 11", len(entries))
	}
}

func TestNoTemporaryFiles(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	source := file(t, "film", 20*mega)
	anna.OK(t, "send", source, "--to", "ben")
	anna.Stop(t)
	ben.Stop(t)
	only(t, ben, source)
	for _, d := range []*lab.Device{anna, ben} {
		err := filepath.WalkDir(d.Home, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if strings.HasSuffix(e.Name(), ".tmp") || strings.Contains(e.Name(), ".part") || e.Type()&fs.ModeSocket != 0 {
				t.Errorf("%s left %s behind", d.Name, path)
			}
			if info, err := e.Info(); err == nil && e.Type().IsRegular() && info.Size() > mega && !strings.HasPrefix(path, d.Downloads) {
				t.Errorf("%s keeps %d bytes in %s", d.Name, info.Size(), path)
			}
			return nil
		})
		check(t, err)
	}
}
