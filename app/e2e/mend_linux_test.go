package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// What was received can be checked long after, and what is damaged or missing comes
// again from whoever has it; a person's own work is never touched.

// rot writes over a byte of a file that keeps its time, as a bad disk does.
func rot(t *testing.T, path string, at int64) {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	dd := exec.Command("dd", "of="+path, "bs=1", "count=1", "conv=notrunc", "status=none", "oflag=seek_bytes", "seek="+strconv.FormatInt(at, 10))
	dd.Stdin = strings.NewReader("\xa5")
	before, err := os.ReadFile(path)
	check(t, err)
	if before[at] == 0xa5 {
		t.Fatal("that byte is so already")
	}
	check(t, dd.Run())
	check(t, os.Chtimes(path, time.Time{}, info.ModTime()))
}

// ours lists what Potluck has in a folder that is not final.
func ours(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(folder, ".potluck-*"))
	check(t, err)
	return list
}

func TestVerifyMends(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow})
	disk := lab.Disk(t, 150<<20)
	source := filepath.Join(t.TempDir(), "things")
	check(t, os.Mkdir(source, 0o755))
	lab.File(t, filepath.Join(source, "film"), 60*mega)
	lab.File(t, filepath.Join(source, "notes"), 3000)
	lab.File(t, filepath.Join(source, "letter"), 2000)
	lab.File(t, filepath.Join(source, "song"), 5*mega)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	ben.OK(t, "accept", share, "--into", disk)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Fatalf("send: exit code %d: %s", r.Code, r.Err)
	}
	got := filepath.Join(disk, "things")
	lab.Same(t, source, got)
	ben.OK(t, "verify", share)

	rot(t, filepath.Join(got, "film"), 17*mega)
	check(t, os.Remove(filepath.Join(got, "song")))
	check(t, os.WriteFile(filepath.Join(got, "notes"), []byte("my own work"), 0o600))

	// There is no room for it: that is said, and nothing is left behind.
	hog := filepath.Join(disk, "somebody else's")
	fill(t, hog)
	r := ben.Exit(t, 1, "verify", share)
	plain(t, r.Out, "make room", "film", "song", "notes")
	if left := ours(t, disk); len(left) > 0 {
		t.Errorf("staging is left: %q", left)
	}
	check(t, os.Remove(hog))

	// Nobody who has it is here.
	anna.Stop(t)
	plain(t, ben.Exit(t, 1, "verify", share).Out, "nobody who has it is here")
	anna.Start(t)
	sees(t, ben, "anna")

	// The device dies in the middle of it.
	checking := ben.Begin(t, "verify", share)
	lab.Eventually(t, time.Minute, "it is being mended", func() bool { return len(ours(t, disk)) > 0 })
	ben.Kill(t)
	checking.Signal(os.Kill) // or it would go on with a device of its own
	checking.Wait(t, time.Minute)
	ben.Start(t)
	if left := ours(t, disk); len(left) > 0 {
		t.Errorf("staging is left: %q", left)
	}
	sees(t, ben, "anna")

	r = ben.Exit(t, 1, "verify", share)
	plain(t, r.Out, "repaired: things/film", "repaired: things/song", "changed here, and left alone: things/notes")
	for _, name := range []string{"film", "song", "letter"} {
		lab.Same(t, filepath.Join(source, name), filepath.Join(got, name))
	}
	if b, err := os.ReadFile(filepath.Join(got, "notes")); err != nil || string(b) != "my own work" {
		t.Errorf("what was changed is %q, %v", b, err)
	}
	ben.OK(t, "verify", share, "--restore")
	lab.Same(t, filepath.Join(source, "notes"), filepath.Join(got, "notes (2)"))
	if b, err := os.ReadFile(filepath.Join(got, "notes")); err != nil || string(b) != "my own work" {
		t.Errorf("what was changed is %q, %v", b, err)
	}
	ben.OK(t, "verify", share)
	lab.Names(t, disk, "things")
	lab.Names(t, got, "film", "letter", "notes", "notes (2)", "song")
}
