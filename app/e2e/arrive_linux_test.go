package e2e_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// What is sent arrives as it was: names, bytes, times, empty files and folders,
// and nothing besides.

func TestNastyTreeArrives(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	tree := filepath.Join(lab.Folder(t, "source"), "Ảnh & 写真")
	lab.Nasty(t, tree)
	anna.OK(t, "send", tree, "--to", "ben")
	only(t, ben, tree)

	done := state(t, ben, "delivered")
	if len(done.Renamed) > 0 {
		t.Errorf("names that are legal here arrived under others: %v", done.Renamed)
	}
	ben.OK(t, "verify", done.Share)
}

func TestTenThousandSmallFilesArrive(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	tree := filepath.Join(lab.Folder(t, "source"), "many")
	lab.Many(t, tree, 10_000, 3_000)
	anna.OK(t, "send", tree, "--to", "ben")
	only(t, ben, tree)
}

func TestFileOverFourGiBArrives(t *testing.T) {
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	big := filepath.Join(lab.Folder(t, "source"), "big")
	lab.Sparse(t, big, 4<<30+12345)
	anna.OK(t, "send", big, "--to", "ben")
	only(t, ben, big)
	for _, d := range []*lab.Device{anna, ben} {
		t.Logf("%s had %d MB resident at most", d.Name, d.PeakRSS(t)/mega)
	}
}

func TestFilesAndFoldersTogether(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	one, two, three := lab.Folder(t, "one"), lab.Folder(t, "two"), lab.Folder(t, "three")
	lab.File(t, filepath.Join(one, "notes.odt"), 5*mega)
	lab.File(t, filepath.Join(two, "notes.odt"), 10)
	lab.Many(t, filepath.Join(three, "Photos"), 20, 100_000)

	anna.OK(t, "send", filepath.Join(one, "notes.odt"), filepath.Join(three, "Photos"), filepath.Join(two, "notes.odt"), "--to", "ben")
	lab.Names(t, ben.Downloads, "Photos", "notes (2).odt", "notes.odt")
	lab.Same(t, filepath.Join(one, "notes.odt"), filepath.Join(ben.Downloads, "notes.odt"))
	lab.Same(t, filepath.Join(two, "notes.odt"), filepath.Join(ben.Downloads, "notes (2).odt"))
	lab.Same(t, filepath.Join(three, "Photos"), filepath.Join(ben.Downloads, "Photos"))
}

func TestWhatIsNoFileStaysBehind(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	tree := filepath.Join(lab.Folder(t, "source"), "tree")
	lab.Many(t, tree, 3, 1000)
	secret := file(t, "secret", 100)
	check(t, os.Symlink(secret, filepath.Join(tree, "link to a file")))
	check(t, os.Symlink(filepath.Dir(secret), filepath.Join(tree, "link to a folder")))
	check(t, syscall.Mkfifo(filepath.Join(tree, "pipe"), 0o600))
	l, err := net.Listen("unix", filepath.Join(tree, "socket"))
	check(t, err)
	defer l.Close()

	r := anna.OK(t, "send", tree, "--to", "ben")
	lab.Names(t, arrived(ben, tree), "folder 000000")
	if left := last(t, anna).LeftOut; len(left) != 4 {
		t.Errorf("left out: %v, want four things", left)
	}
	if !strings.Contains(r.Err, "link to a file") {
		t.Errorf("the sender is not told what was left out, but %q", r.Err)
	}
}

func TestPartOfAShare(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	tree := filepath.Join(lab.Folder(t, "source"), "tree")
	lab.Many(t, filepath.Join(tree, "wanted"), 10, 10_000)
	lab.Many(t, filepath.Join(tree, "unwanted"), 10, 10_000)
	lab.File(t, filepath.Join(tree, "z picture.jpg"), 300_000)
	lab.File(t, filepath.Join(tree, "z text.txt"), 300_000)

	sending := anna.Begin(t, "send", tree, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	into := lab.Folder(t, "elsewhere")
	ben.OK(t, "accept", share, "--only", "tree/wanted", "--only", "*.jpg", "--into", into)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	lab.Names(t, into, "tree")
	lab.Names(t, filepath.Join(into, "tree"), "wanted", "z picture.jpg")
	lab.Same(t, filepath.Join(tree, "wanted"), filepath.Join(into, "tree", "wanted"))
	lab.Same(t, filepath.Join(tree, "z picture.jpg"), filepath.Join(into, "tree", "z picture.jpg"))
	lab.Names(t, ben.Downloads)
}

func TestSeveralReceivers(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Hosts: 3}, "--accept", "everyone")
	cleo := ben.Host.LAN().Host(3).Device(t, "cleo", "--accept", "everyone").Start(t)
	sees(t, anna, "cleo")
	f := file(t, "film", 30*mega)
	anna.OK(t, "send", f, "--to", "ben", "--to", "cleo")
	only(t, ben, f)
	only(t, cleo, f)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
