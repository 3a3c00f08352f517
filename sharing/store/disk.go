package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"potluck/sharing/manifest"
)

const (
	// maxOpenFiles and maxOpenFolders bound the handles an item keeps.
	maxOpenFiles   = 48
	maxOpenFolders = 48

	treeName   = "tree"
	edgeName   = "edge"
	markerName = "about.txt"
)

// A disk reads and writes the bytes of an item, wherever they are: in staging or
// in their final places. Everything is opened from the folder above it, and no
// link is followed. Its methods are safe to call from any goroutine, except
// while [Item.place] is held alone.
type disk struct {
	layout *layout
	plan   *manifest.Plan
	sys    *system

	download *os.Root // the download folder
	mount    *os.File // the same, for what os.Root has no call
	staging  *os.Root // nil once all is in its final place
	tree     *os.Root // in staging
	places   places
	failed   bitset // entries that are not to be had; guarded by Item.place

	// recreated is called when a file, or the edge file, is made anew. What
	// the journal says of its content is not true any more.
	recreated func(file int)

	// opened is called when a file of several pieces, or the edge file, is made
	// or first opened, so that its identity is remembered.
	opened func(file int, id fileID) error

	// meddled is called when somebody else has written to a file, or the edge file.
	meddled func(file int)

	// stable says that files keep their identities here. FAT makes them up.
	stable bool

	folders *cache[*os.Root] // by entry
	files   *cache[*os.File] // by entry, or edgeFile

	making sync.Mutex // held while a file of several pieces is made

	mu      sync.Mutex     // guards what follows
	watches map[int]*watch // over files of several pieces, and the edge file
	ids     []fileID       // of the files made or opened since the start; nil before the first
	noTimes bool           // this file system does not keep times
	noMarks bool           // nor marks
}

func newDisk(l *layout, sys *system) *disk {
	return &disk{
		layout:  l,
		sys:     sys,
		places:  places{done: newBitset(l.m.Len()), name: map[int]string{}},
		failed:  newBitset(l.m.Len()),
		folders: newCache[*os.Root](maxOpenFolders),
		files:   newCache[*os.File](maxOpenFiles),
		watches: map[int]*watch{},
	}
}

// forget closes all handles but those of the download and the staging folder.
func (d *disk) forget() {
	d.files.purge()
	d.folders.purge()
}

func (d *disk) close() {
	d.forget()
	d.closeStaging()
	if d.download != nil {
		d.download.Close()
	}
	if d.mount != nil {
		d.mount.Close()
	}
}

func (d *disk) closeStaging() {
	for _, root := range []*os.Root{d.tree, d.staging} {
		if root != nil {
			root.Close()
		}
	}
	d.tree, d.staging = nil, nil
}

// downloadID tells the disk that the download folder is on from others.
func (d *disk) downloadID() (uint64, error) { return diskOf(d.mount) }

// name returns the name that an entry has in its folder at present.
func (d *disk) name(e int) string {
	name := d.plan.Name(e)
	if d.layout.m.Parent(e) < 0 && d.places.done.has(e) {
		return d.places.of(e, name)
	}
	return name
}

// A way leads to the folders of entries, and keeps the last one open, as the
// next entry is mostly in the same.
type way struct {
	d      *disk
	create bool // make folders that are missing
	folder int
	held   *handle[*os.Root]
}

// above returns the folder that an entry is in. It is open until the next call.
func (w *way) above(e int) (*os.Root, error) {
	parent := w.d.layout.m.Parent(e)
	if parent < 0 {
		if w.d.places.done.has(e) {
			return w.d.download, nil
		}
		if w.d.tree == nil {
			return nil, fs.ErrNotExist
		}
		return w.d.tree, nil
	}
	if w.held != nil && w.folder == parent {
		return w.held.v, nil
	}
	w.close()
	held, err := w.d.openFolder(parent, w.create)
	if err != nil {
		return nil, err
	}
	w.held, w.folder = held, parent
	return held.v, nil
}

func (w *way) close() {
	if w.held != nil {
		w.d.folders.release(w.held)
		w.held = nil
	}
}

// openFolder returns the folder that entry e is.
func (d *disk) openFolder(e int, create bool) (*handle[*os.Root], error) {
	return d.folders.take(e, func() (*os.Root, error) {
		w := way{d: d, create: create}
		defer w.close()
		parent, err := w.above(e)
		if err != nil {
			return nil, err
		}
		name := d.name(e)
		if create && !d.places.done.has(d.layout.top(e)) {
			if err := d.mkdir(parent, name); err != nil {
				return nil, err
			}
		}
		return openFolderAt(parent, name)
	})
}

// mkdir makes a folder in staging. What is there but not a folder is put aside.
func (d *disk) mkdir(parent *os.Root, name string) error {
	for range 3 {
		if err := d.sys.do("mkdir"); err != nil {
			return err
		}
		err := parent.Mkdir(name, 0o777)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		info, err := parent.Lstat(name)
		if err == nil && info.IsDir() {
			return nil
		}
		if err := d.putAside(parent, name); err != nil {
			return err
		}
	}
	return errForeign
}

// openFolderAt opens a folder, and only a folder: no link to one.
func openFolderAt(parent *os.Root, name string) (*os.Root, error) {
	before, err := parent.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !before.IsDir() {
		return nil, fmt.Errorf("%s: %w", name, errForeign)
	}
	root, err := parent.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	after, err := root.Stat(".")
	if err != nil || !os.SameFile(before, after) {
		root.Close()
		return nil, fmt.Errorf("%s: %w", name, errors.Join(errForeign, err))
	}
	return root, nil
}

// putAside moves what somebody else put in the place of something of ours to
// the top of the staging folder, where it stays.
func (d *disk) putAside(parent *os.Root, name string) error {
	from, err := parent.Open(".")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := d.staging.Open(".")
	if err != nil {
		return err
	}
	defer to.Close()
	for n := 1; n < 1000; n++ {
		if err := d.sys.do("put aside"); err != nil {
			return err
		}
		aside := fmt.Sprintf("foreign-%d", n)
		err := d.sys.renameExcl(from, name, to, aside)
		if err != nil && isRefused(err) {
			if _, err = d.staging.Lstat(aside); err == nil {
				continue
			}
			err = renameOver(from, name, to, aside)
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return errors.Join(errForeign, err)
		}
	}
	return errForeign
}

// path returns where an entry is at present, in the tree or the download folder.
func (d *disk) path(e int) string {
	path := d.name(e)
	for e = d.layout.m.Parent(e); e >= 0; e = d.layout.m.Parent(e) {
		path = d.name(e) + "/" + path
	}
	return path
}
