package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// What goes wrong is said plainly on both sides, with the right exit code, and
// leaves no half file under a final name and nothing of the person's changed.

// plain fails t unless the sentence tells a person what was wrong.
func plain(t *testing.T, sentence string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(sentence), w) {
			t.Errorf("%q does not speak of %q", sentence, w)
		}
	}
	for _, jargon := range []string{"errno", "0x", "goroutine", "%!", "nil", "EOF", "stream", "torrent"} {
		if strings.Contains(sentence, jargon) {
			t.Errorf("%q is not a plain sentence: %q", sentence, jargon)
		}
	}
}

func TestDiskTooSmall(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	disk := lab.Disk(t, 20<<20)
	source := file(t, "film", 50*mega)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")

	r := ben.Exit(t, 1, "accept", share, "--into", disk)
	plain(t, r.Err, "free")
	lab.Names(t, disk)
	// It can be taken elsewhere.
	ben.OK(t, "accept", share)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	only(t, ben, source)
}

// What is taken without asking waits for room as well, and is taken when there is some.
func TestDiskTooSmallWithoutAsking(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	disk := lab.Disk(t, 60<<20)
	filler := filepath.Join(disk, "other")
	lab.File(t, filler, 40*mega)
	ben.OK(t, "settings", "set", "downloads", disk)
	source := file(t, "film", 50*mega)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	ben.Wait(t, "offered")
	plain(t, ben.Wait(t, "failed").Text("error"), "free")
	check(t, os.Remove(filler))
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	lab.Same(t, source, filepath.Join(disk, "film"))
}

// The disk is filled by somebody else while files arrive: the transfer waits
// with a sentence, and goes on when there is room again.
func TestDiskFillsUp(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow})
	disk := lab.Disk(t, 130<<20)
	source := file(t, "film", 100*mega)
	before := ben.Host.Received(t)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	ben.OK(t, "accept", share, "--into", disk)
	came(t, ben, before, 30*mega)

	hog := filepath.Join(disk, "somebody else's")
	fill(t, hog)
	stuck := state(t, ben, "stuck")
	plain(t, stuck.Error, "make room")
	plain(t, state(t, anna, "stuck").Error, "make room")
	if sending.Ended() {
		t.Error("the sender gave up")
	}
	check(t, os.Remove(hog))
	ben.OK(t, "resume", share)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	lab.Names(t, disk, "film")
	lab.Same(t, source, filepath.Join(disk, "film"))
}

// A disk fills up, and the transfer goes on in another folder, with what it has.
func TestMoveFromAFullDisk(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow})
	disk, other := lab.Disk(t, 130<<20), t.TempDir()
	const size = 100 * mega
	source := file(t, "film", size)
	before := ben.Host.Received(t)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	ben.OK(t, "accept", share, "--into", disk)
	came(t, ben, before, 30*mega)
	fill(t, filepath.Join(disk, "somebody else's"))
	state(t, ben, "stuck")
	ben.OK(t, "move", share, other)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	lab.Names(t, other, "film")
	lab.Same(t, source, filepath.Join(other, "film"))
	lab.Names(t, disk, "somebody else's")
	if got := ben.Host.Received(t) - before; got > size+size/4 {
		t.Errorf("%d MB came of %d: what was here was fetched again", got/mega, int64(size)/mega)
	}
	ben.OK(t, "verify", share)
}

// fill writes to path until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	check(t, err)
	defer f.Close()
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = f.Write(block)
	}
}

func TestFolderMissing(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	source := file(t, "notes", 1000)
	anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	r := ben.Exit(t, 1, "accept", share, "--into", filepath.Join(ben.Home, "no", "such", "folder"))
	plain(t, r.Err, "folder")
	ben.OK(t, "accept", share)
	ben.Wait(t, "delivered")
	only(t, ben, source)
}

func TestFolderReadOnly(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	disk := lab.Disk(t, 1<<20)
	lab.ReadOnly(t, disk, true)
	source := file(t, "notes", 1000)
	anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	r := ben.Exit(t, 1, "accept", share, "--into", disk)
	plain(t, r.Err, "read-only")
	ben.OK(t, "decline", share)
}

func TestNameTaken(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	mine := filepath.Join(ben.Downloads, "notes.txt")
	check(t, os.WriteFile(mine, []byte("mine"), 0o600))
	check(t, os.Mkdir(filepath.Join(ben.Downloads, "tree"), 0o700))
	dir := lab.Folder(t, "source")
	lab.File(t, filepath.Join(dir, "notes.txt"), 1000)
	lab.Many(t, filepath.Join(dir, "tree"), 3, 10)

	for range 2 {
		anna.OK(t, "send", filepath.Join(dir, "notes.txt"), filepath.Join(dir, "tree"), "--to", "ben")
	}
	lab.Names(t, ben.Downloads, "notes (2).txt", "notes (3).txt", "notes.txt", "tree", "tree (2)", "tree (3)")
	if text, _ := os.ReadFile(mine); string(text) != "mine" {
		t.Errorf("the file that was there is now %q", text)
	}
	lab.Names(t, filepath.Join(ben.Downloads, "tree"))
	for _, n := range []string{"notes (2).txt", "notes (3).txt"} {
		lab.Same(t, filepath.Join(dir, "notes.txt"), filepath.Join(ben.Downloads, n))
	}
	lab.Same(t, filepath.Join(dir, "tree"), filepath.Join(ben.Downloads, "tree (3)"))
}

// A shared file changes before it was read: that file fails, the rest arrives,
// both sides are told.
func TestSharedFilesChange(t *testing.T) {
	t.Parallel()
	faults := map[string]func(path string) error{
		"deleted":    os.Remove,
		"truncated":  func(path string) error { return os.Truncate(path, 10) },
		"changed":    func(path string) error { return os.WriteFile(path, make([]byte, 400_000), 0o600) },
		"grown":      func(path string) error { return os.WriteFile(path, []byte("no longer empty"), 0o600) },
		"unreadable": func(path string) error { return os.Chmod(path, 0) },
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna, ben := two(t, lab.Options{})
			tree := filepath.Join(lab.Folder(t, "source"), "tree")
			for _, f := range []string{"a", "m", "z"} {
				lab.File(t, filepath.Join(tree, f), 400_000)
			}
			bad := filepath.Join(tree, "m")
			if name == "grown" {
				check(t, os.Truncate(bad, 0))
			}
			if name == "unreadable" {
				check(t, fault(bad))
			}
			sending := anna.Begin(t, "send", tree, "--to", "ben")
			share := ben.Wait(t, "offered").Text("share")
			if name != "unreadable" {
				check(t, fault(bad))
			}
			ben.OK(t, "accept", share)
			done := ben.Wait(t, "delivered")
			lab.Names(t, arrived(ben, tree), "a", "z")
			for _, f := range []string{"a", "z"} {
				lab.Same(t, filepath.Join(tree, f), filepath.Join(arrived(ben, tree), f))
			}
			if !strings.Contains(done.Text("failures"), "tree/m") {
				t.Errorf("the receiver is not told which file failed: %s", done.Raw)
			}
			r := sending.Wait(t, time.Minute)
			if r.Code != 1 {
				t.Errorf("send: exit code %d, want 1: one file was not delivered", r.Code)
			}
			plain(t, r.Out+r.Err, "tree/m")
		})
	}
}

// A shared file changes in mid-transfer.
func TestSharedFileChangesOnTheWay(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	source, sending := begun(t, anna, ben, 100*mega, 0.3)
	f, err := os.OpenFile(source, os.O_WRONLY, 0)
	check(t, err)
	_, err = f.WriteAt([]byte("changed"), 90*mega)
	check(t, err)
	check(t, f.Close())
	if r := sending.Wait(t, time.Minute); r.Code != 1 {
		t.Errorf("send: exit code %d, want 1: %s", r.Code, r.Err)
	} else {
		plain(t, r.Out, "changed")
	}
	lab.Names(t, ben.Downloads)
}

func TestReceiverCancels(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	_, sending := begun(t, anna, ben, 100*mega, 0.3)
	ben.OK(t, "cancel", last(t, ben).Share)
	r := sending.Wait(t, time.Minute)
	if r.Code != 1 {
		t.Errorf("send: exit code %d, want 1", r.Code)
	}
	plain(t, r.Out, "cancel")
	state(t, anna, "cancelled")
	lab.Names(t, ben.Downloads)
}

func TestSenderCancels(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	_, sending := begun(t, anna, ben, 100*mega, 0.3)
	anna.OK(t, "cancel", last(t, anna).Share)
	if r := sending.Wait(t, time.Minute); r.Code != 1 {
		t.Errorf("send: exit code %d, want 1", r.Code)
	}
	lost := state(t, ben, "withdrawn")
	plain(t, lost.Error)
	lab.Eventually(t, time.Minute, "what had come to be cleared away", func() bool { return len(ours(t, ben.Downloads)) == 0 })
	lab.Names(t, ben.Downloads)
}

func TestOfferDeclined(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	sending := anna.Begin(t, "send", file(t, "notes", 1000), "--to", "ben")
	ben.OK(t, "decline", ben.Wait(t, "offered").Text("share"))
	r := sending.Wait(t, time.Minute)
	if r.Code != 3 {
		t.Errorf("send: exit code %d, want 3", r.Code)
	}
	plain(t, r.Out, "declined")
	lab.Names(t, ben.Downloads)
}

func TestNobodyIsAccepted(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "nobody")
	anna.Exit(t, 3, "send", file(t, "notes", 1000), "--to", "ben")
	lab.Names(t, ben.Downloads)
}

func TestOfferWithdrawn(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	sending := anna.Begin(t, "send", file(t, "notes", 1000), "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	anna.OK(t, "cancel", share)
	ben.Wait(t, "offerGone")
	if r := sending.Wait(t, time.Minute); r.Code != 1 {
		t.Errorf("send: exit code %d, want 1", r.Code)
	}
	if offers := ben.OK(t, "offers", "--json").Objects(); len(offers) > 0 {
		t.Errorf("the offer is still there: %s", offers[0].Raw)
	}
	r := ben.Exit(t, 1, "accept", share)
	plain(t, r.Err)
}
