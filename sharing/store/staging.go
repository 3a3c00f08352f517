package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"potluck/sharing/manifest"
)

// maxStaging is how many names are tried for the staging folder.
const maxStaging = 100

// stagingName returns the nth name for the staging folder of a share.
func stagingName(share [32]byte, n int) string {
	if n == 1 {
		return fmt.Sprintf(".potluck-%x", share[:8])
	}
	return fmt.Sprintf(".potluck-%x-%d", share[:8], n)
}

// marker is the text of the file that makes a staging folder ours.
func (i *Item) marker() string {
	return "This folder belongs to Potluck, which is receiving files. They move to the folder\n" +
		"above when they are complete. To stop, cancel the transfer in Potluck.\n\n" +
		fmt.Sprintf("share %x\nmark %x\n", i.o.Share, i.journal.mark)
}

// makeStaging makes a staging folder, under a name that nobody has, and finds
// out what the file system is like. The name is in the journal before the
// folder is made.
func (i *Item) makeStaging() error {
	d := i.disk
	for n := 1; ; n++ {
		if n > maxStaging {
			return &FolderError{Folder: i.o.Folder, Why: "too many folders named " + stagingName(i.o.Share, 1) + " are in the way"}
		}
		name := stagingName(i.o.Share, n)
		if _, err := d.download.Lstat(name); err == nil {
			continue
		}
		if err := i.note(record{kind: kindStaging, text: name}); err != nil {
			return err
		}
		if err := i.journal.sync(); err != nil {
			return err
		}
		if err := i.sys.do("mkdir staging"); err != nil {
			return folderError(i.o.Folder, err)
		}
		err := d.download.Mkdir(name, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = i.fillStaging(name)
		}
		if err != nil {
			return folderError(i.o.Folder, err)
		}
		break
	}
	return i.learnTraits()
}

// learnTraits finds out what the file system is like, and records that staging
// is ready.
func (i *Item) learnTraits() error {
	d := i.disk
	if d.plan != nil { // staging was made anew, on the same disk
		return i.note(record{kind: kindTraits, number: i.notes.traits})
	}
	traits, err := probe(d.staging)
	if err != nil {
		return folderError(i.o.Folder, err)
	}
	d.plan = manifest.Localize(i.o.Manifest, traits)
	return i.note(record{kind: kindTraits, number: packTraits(traits)})
}

// fillStaging puts our mark into a new staging folder, and opens it.
func (i *Item) fillStaging(name string) error {
	d := i.disk
	staging, err := openFolderAt(d.download, name)
	if err != nil {
		return err
	}
	if err := i.sys.do("mark staging"); err != nil {
		staging.Close()
		return err
	}
	if err := writeExcl(staging, markerName, i.marker()); err != nil {
		staging.Close()
		d.download.Remove(name) // only if it is empty
		return err
	}
	if err = staging.Mkdir(treeName, 0o777); err == nil {
		d.tree, err = openFolderAt(staging, treeName)
	}
	if err != nil {
		staging.Remove(treeName)
		staging.Remove(markerName)
		staging.Close()
		d.download.Remove(name)
		return err
	}
	d.staging = staging
	return nil
}

// adoptStaging goes on where a crash interrupted makeStaging: between making the
// folder and marking it. The mark is made exclusively, so if the folder is
// somebody else's after all, only one of us gets it.
func (i *Item) adoptStaging() error {
	if i.notes.ready || i.notes.staging == "" {
		return fs.ErrNotExist
	}
	staging, err := openFolderAt(i.disk.download, i.notes.staging)
	if err != nil {
		return fs.ErrNotExist
	}
	defer staging.Close()
	if i.isHalfMarked(staging) {
		staging.Remove(markerName)
	}
	if empty, err := isEmpty(staging); err != nil || !empty {
		return fs.ErrNotExist
	}
	if i.fillStaging(i.notes.staging) != nil {
		return fs.ErrNotExist
	}
	return nil
}

// isHalfMarked reports whether a folder holds the beginning of our mark, which is
// what is there when a crash came in the middle of making it.
func (i *Item) isHalfMarked(staging *os.Root) bool {
	f, found, err := openFileAt(staging, markerName, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer f.Close()
	mark := i.marker()
	if found.size >= int64(len(mark)) {
		return false
	}
	text, err := io.ReadAll(io.LimitReader(f, found.size))
	return err == nil && strings.HasPrefix(mark, string(text))
}

func isEmpty(folder *os.Root) (bool, error) {
	f, err := folder.Open(".")
	if err != nil {
		return false, err
	}
	defer f.Close()
	if _, err = f.ReadDir(1); err == io.EOF {
		return true, nil
	}
	return false, err
}

// note appends a record to the journal, and to what it comes to.
func (i *Item) note(r record) error {
	if err := i.journal.append(r); err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.notes.apply(r)
	return nil
}

// openStaging opens the staging folder that the journal names, if it is there
// and ours; else the error is fs.ErrNotExist. It reports whether it had to make
// the tree in it anew.
func (i *Item) openStaging() (anew bool, err error) {
	d, name := i.disk, i.notes.staging
	if name == "" {
		return false, fs.ErrNotExist
	}
	staging, err := openFolderAt(d.download, name)
	if errors.Is(err, errForeign) {
		return false, fs.ErrNotExist
	}
	if err != nil {
		return false, err
	}
	if !i.isMarked(staging) {
		staging.Close()
		return false, fs.ErrNotExist
	}
	tree, err := openFolderAt(staging, treeName)
	if isMissing(err) {
		anew = true
		d.staging = staging
		if err = d.mkdir(staging, treeName); err == nil {
			tree, err = openFolderAt(staging, treeName)
		}
		d.staging = nil
	}
	if err != nil {
		staging.Close()
		return false, err
	}
	d.staging, d.tree = staging, tree
	return anew, nil
}

// isMarked reports whether a folder holds the mark of this journal.
func (i *Item) isMarked(staging *os.Root) bool {
	f, _, err := openFileAt(staging, markerName, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	return err == nil && strings.Contains(string(text), fmt.Sprintf("mark %x\n", i.journal.mark))
}

func writeExcl(folder *os.Root, name, text string) error {
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// probe finds out which names the file system of an empty folder of ours takes,
// and which it takes for the same.
func probe(staging *os.Root) (t manifest.Traits, err error) {
	const name = "probe"
	if err := staging.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // left by a crash
		return t, err
	}
	defer staging.Remove(name)
	folder, err := openFolderAt(staging, name)
	if err != nil {
		return t, err
	}
	defer folder.Close()
	same := func(a, b string) bool {
		folder.Remove(a)
		folder.Remove(b)
		if writeExcl(folder, a, "") != nil {
			return false
		}
		defer folder.Remove(a)
		_, err := folder.Lstat(b)
		return err == nil
	}
	t.FoldsCase = same("probe-a", "PROBE-A")
	t.FoldsForms = same("probe-\u00e9", "probe-e\u0301")
	t.Windows = onWindows
	for _, odd := range []string{"probe:b", "probe?", "probe. "} {
		folder.Remove(odd)
		if writeExcl(folder, odd, "") != nil {
			t.Windows = true
			continue
		}
		folder.Remove(odd)
	}
	return t, nil
}

func packTraits(t manifest.Traits) (n int) {
	for bit, has := range []bool{t.Windows, t.FoldsCase, t.FoldsForms} {
		if has {
			n |= 1 << bit
		}
	}
	return n
}

func unpackTraits(n int) manifest.Traits {
	return manifest.Traits{Windows: n&1 != 0, FoldsCase: n&2 != 0, FoldsForms: n&4 != 0}
}
