package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

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

	// stable says that files keep their identities here. FAT makes them up.
	stable bool

	folders *cache[*os.Root] // by entry
	files   *cache[*os.File] // by entry, or edgeFile

	making sync.Mutex // held while a file of several pieces is made

	mu      sync.Mutex // guards what follows
	ids     []fileID   // of the files made or opened since the start; nil before the first
	noTimes bool       // this file system does not keep times
	noMarks bool       // nor marks
}

func newDisk(l *layout, sys *system) *disk {
	return &disk{
		layout:  l,
		sys:     sys,
		places:  places{done: newBitset(l.m.Len()), name: map[int]string{}},
		failed:  newBitset(l.m.Len()),
		folders: newCache[*os.Root](maxOpenFolders),
		files:   newCache[*os.File](maxOpenFiles),
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

// openFileAt opens a plain file that has no name elsewhere, and no link to one.
func openFileAt(parent *os.Root, name string, flag int) (*os.File, meta, error) {
	before, err := parent.Lstat(name)
	if err != nil {
		return nil, meta{}, err
	}
	if !before.Mode().IsRegular() {
		return nil, meta{}, fmt.Errorf("%s: %w", name, errForeign)
	}
	f, err := parent.OpenFile(name, flag|openFlags, 0)
	if err != nil {
		return nil, meta{}, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) {
		f.Close()
		return nil, meta{}, fmt.Errorf("%s: %w", name, errors.Join(errForeign, err))
	}
	m, err := statFile(f)
	if err != nil {
		f.Close()
		return nil, meta{}, err
	}
	return f, m, nil
}

// create makes a file in staging, or opens the one that was made before.
func (d *disk) create(parent *os.Root, name string) (f *os.File, m meta, made bool, err error) {
	for range 3 {
		if err := d.sys.do("create"); err != nil {
			return nil, meta{}, false, err
		}
		f, err = parent.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			m, err = statFile(f)
			if err != nil {
				f.Close()
			}
			return f, m, true, err
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, meta{}, false, err
		}
		f, m, err = openFileAt(parent, name, os.O_RDWR)
		if err == nil && m.links <= 1 {
			return f, m, false, nil
		}
		if err == nil {
			// Writing to it would change the file of its other name.
			f.Close()
		} else if !errors.Is(err, errForeign) {
			return nil, meta{}, false, err
		}
		if err := d.putAside(parent, name); err != nil {
			return nil, meta{}, false, err
		}
	}
	return nil, meta{}, false, errForeign
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

// openFile returns an entry's file, or the edge file.
func (d *disk) openFile(file int, create bool) (*handle[*os.File], error) {
	return d.files.take(file, func() (*os.File, error) {
		if file == edgeFile {
			if d.staging == nil {
				return nil, fs.ErrNotExist
			}
			return d.openFileIn(d.staging, edgeName, file, create)
		}
		w := way{d: d, create: create}
		defer w.close()
		parent, err := w.above(file)
		if err != nil {
			return nil, err
		}
		return d.openFileIn(parent, d.name(file), file, create)
	})
}

func (d *disk) openFileIn(parent *os.Root, name string, file int, create bool) (*os.File, error) {
	if file != edgeFile && d.places.done.has(d.layout.top(file)) {
		f, _, err := openFileAt(parent, name, os.O_RDONLY)
		return f, err
	}
	if !create {
		f, m, err := openFileAt(parent, name, os.O_RDWR)
		if err == nil && !d.known(file, m.id) {
			f.Close()
			return nil, fmt.Errorf("%s: %w", name, errForeign)
		}
		return f, err
	}
	d.making.Lock()
	defer d.making.Unlock()
	f, m, made, err := d.create(parent, name)
	if err != nil {
		return nil, err
	}
	if !made && !d.known(file, m.id) {
		f.Close()
		if err := d.putAside(parent, name); err != nil {
			return nil, err
		}
		if f, m, made, err = d.create(parent, name); err != nil {
			return nil, err
		}
	}
	if made || !d.learned(file) {
		if err := d.opened(file, d.lasting(m.id)); err != nil {
			f.Close()
			return nil, err
		}
	}
	d.learn(file, m.id)
	if made {
		d.recreated(file)
		makeSparse(f) // merely saves room
	}
	return f, nil
}

// known reports whether a file with this ID can be the one that was made or
// opened first; learn says that it is.
func (d *disk) known(file int, id fileID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ids == nil || d.ids[file+1].same(d.lasting(id))
}

// lasting returns an ID if it is worth remembering.
func (d *disk) lasting(id fileID) fileID {
	if !d.stable {
		return 0
	}
	return id
}

func (d *disk) learned(file int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ids != nil && d.ids[file+1] != 0
}

func (d *disk) learn(file int, id fileID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ids == nil {
		d.ids = make([]fileID, d.layout.m.Len()+1)
	}
	d.ids[file+1] = d.lasting(id)
}

// write puts bytes of a piece in their place in staging.
func (d *disk) write(w *way, p part, b []byte) error {
	if p.zero {
		return nil
	}
	if p.file != edgeFile && p.off == 0 && int64(len(b)) == d.layout.m.Size(p.entry) {
		return d.writeWhole(w, p.entry, b)
	}
	h, err := d.openFile(p.file, true)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	if err := d.sys.do("write"); err != nil {
		return err
	}
	_, err = h.v.WriteAt(b, p.off)
	return err
}

// writeWhole writes a file that is all there at once.
func (d *disk) writeWhole(w *way, e int, b []byte) error {
	d.files.drop(e)
	parent, err := w.above(e)
	if err != nil {
		return err
	}
	name := d.name(e)
	f, m, made, err := d.create(parent, name)
	if err != nil {
		return err
	}
	defer f.Close()
	d.learn(e, m.id)
	if err := d.sys.do("write"); err != nil {
		return err
	}
	if !made && m.size != int64(len(b)) {
		if err := f.Truncate(int64(len(b))); err != nil {
			return err
		}
	}
	if len(b) > 0 {
		if _, err := f.WriteAt(b, 0); err != nil {
			return err
		}
	}
	return d.stamp(parent, e, f)
}

// stamp gives a file that is all there its mark and its time.
func (d *disk) stamp(parent *os.Root, e int, f *os.File) error {
	d.mu.Lock()
	noTimes, noMarks := d.noTimes, d.noMarks
	d.mu.Unlock()
	if !noMarks {
		if err := markForeign(f); err != nil {
			noMarks = true
		}
	}
	if t := d.layout.m.Entry(e).ModTime; !noTimes && !t.IsZero() {
		if err := setTime(parent, d.name(e), f, t); err != nil {
			noTimes = true
		}
	}
	d.mu.Lock()
	d.noTimes, d.noMarks = noTimes, noMarks
	d.mu.Unlock()
	return nil
}

// stampOpen stamps a file that was written in several pieces.
func (d *disk) stampOpen(e int) error {
	h, err := d.openFile(e, false)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	w := way{d: d}
	defer w.close()
	parent, err := w.above(e)
	if err != nil {
		return err
	}
	return d.stamp(parent, e, h.v)
}

// read fills b with the bytes of p from p's beginning. What was received whole
// and is in its final place belongs to the person now: unless raw, the error is
// errForeign if it looks changed.
func (d *disk) read(p part, b []byte, raw bool) error {
	if p.zero {
		clear(b)
		return nil
	}
	h, err := d.openFile(p.file, false)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	if !raw && p.file != edgeFile && d.places.done.has(d.layout.top(p.entry)) {
		if err := d.unchanged(p.entry, h.v); err != nil {
			return err
		}
	}
	n, err := h.v.ReadAt(b, p.off)
	if n == len(b) {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (d *disk) unchanged(e int, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	want := d.layout.m.Entry(e)
	d.mu.Lock()
	noTimes := d.noTimes
	d.mu.Unlock()
	if info.Size() != want.Size || !noTimes && timesDiffer(info.ModTime(), keepable(want.ModTime, info)) {
		return errForeign
	}
	return nil
}

// keepable returns the time that a file gets when it is given t. A time the
// file system cannot hold has to pass for the one it was given instead.
func keepable(t time.Time, info fs.FileInfo) time.Time {
	if t.Year() < 1980 || t.Year() > 2037 {
		return info.ModTime()
	}
	return t
}

func (d *disk) keepsTimes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.noTimes
}

// path returns where an entry is at present, in the tree or the download folder.
func (d *disk) path(e int) string {
	path := d.name(e)
	for e = d.layout.m.Parent(e); e >= 0; e = d.layout.m.Parent(e) {
		path = d.name(e) + "/" + path
	}
	return path
}

// shorten cuts a file off where it should end.
func (d *disk) shorten(e int) error {
	h, err := d.openFile(e, true)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	return h.v.Truncate(d.layout.m.Size(e))
}
