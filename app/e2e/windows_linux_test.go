package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Potluck for Windows and Potluck for Linux exchange files. Wine runs the
// former, so what is seen here is our program, and not Windows.

// precision is that of times on Windows.
const precision = 100 * time.Nanosecond

func TestWindows(t *testing.T) {
	network := lab.New(t, lab.Options{Hosts: 2})
	linus := network.Host(1).Device(t, "linus", "--accept", "everyone").Start(t)
	wendy := network.Host(2).Windows(t, "wendy", "--accept", "everyone").Start(t)

	t.Run("names", func(t *testing.T) {
		tree := filepath.Join(lab.Folder(t, "source"), "Ảnh")
		lab.Many(t, tree, 30, 100_000)
		for _, name := range []string{"con", "a:b", "trailing dot.", "what?", "back\\slash"} {
			lab.File(t, filepath.Join(tree, name), 100)
		}
		linus.OK(t, "send", tree, "--to", address(t, wendy))
		got := filepath.Join(wendy.Downloads, "Ảnh")
		lab.SameWithin(t, filepath.Join(tree, "folder 000000"), filepath.Join(got, "folder 000000"), precision)
		renamed := wendy.Wait(t, "delivered").Text("renamed")
		for _, name := range []string{"con", "a:b", "trailing dot.", "what?"} {
			if !strings.Contains(renamed, name) {
				t.Errorf("%q has not been given another name: %s", name, renamed)
			}
		}
	})
	t.Run("back", func(t *testing.T) {
		source := file(t, "film.mkv", 50*mega)
		wendy.OK(t, "send", lab.WindowsPath(source), "--to", "linus")
		lab.Names(t, linus.Downloads, "film.mkv")
		lab.SameWithin(t, source, arrived(linus, source), precision)
	})
	t.Run("seen", func(t *testing.T) {
		sees(t, linus, "wendy")
		sees(t, wendy, "linus")
	})
	t.Run("a second start", func(t *testing.T) {
		plain(t, wendy.Exit(t, 1, "serve").Err, "running on this state folder already")
		wendy.OK(t, "transfers", "--json")
	})
	wendy.Kill(t)
	lab.Eventually(t, 5*time.Second, "linus sees her go", func() bool { return len(names(t, linus)) == 0 })
}

// address returns where the device listens.
func address(t *testing.T, d *lab.Device) string {
	t.Helper()
	addr := d.Wait(t, "ready").Text("addr")
	return d.Host.Addr() + addr[strings.LastIndex(addr, ":"):]
}
