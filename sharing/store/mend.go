package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// Stage makes everything ready that [Item.Finish] would give its final name, and
// has the disk confirm it, so that a [Mender] can put it among what was delivered
// before. Its errors are those of Finish.
func (i *Item) Stage(ctx context.Context) error {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	i.place.Lock()
	i.place.Unlock() //lint:ignore SA2001 as in Finish
	done, err := i.use()
	if err != nil {
		return err
	}
	err = i.prepare(ctx)
	done()
	if err != nil {
		return err
	}
	return i.sync(true)
}

// A Mender puts what an item has staged, one entry at a time, in its place among
// what was delivered before into the same folder. It is for one goroutine, between
// [Item.Stage] and [Item.Discard], and is to be closed.
//
// Each entry has its place from one moment to the next: there is no time at which
// half a file stands under a final name. A process that dies in between leaves
// some entries mended and some not; opening the item and discarding it leaves
// nothing else.
type Mender struct {
	i      *Item
	mover  *mover
	name   func(entry int) string
	folder int      // the entry that the folder below is, or -1
	at     *os.Root // of entries in that folder; nil before the first
	file   *os.File // the same
}

// A Mended says what became of an entry.
type Mended int

// What became of it.
const (
	Whole    Mended = iota // there was nothing to mend
	Replaced               // the damaged file was replaced
	Placed                 // it has its old place again
	Beside                 // it was put under another name, since its own is taken
	Changed                // somebody has changed it meanwhile, and it was left alone
)

// Mender returns a Mender; name says what entries are called, as [Delivered.Name]
// does.
func (i *Item) Mender(ctx context.Context, name func(entry int) string) (*Mender, error) {
	m, err := i.newMover(ctx)
	if err != nil {
		return nil, i.failDisk(err)
	}
	return &Mender{i: i, mover: m, name: name, folder: -1}, nil
}

// Replace puts an entry's file in the place of a damaged one, if that has still
// the size and the time that it was found to have, and other bytes. The disk has
// the new file before the damaged one goes.
func (m *Mender) Replace(entry int, size int64, mtime time.Time) (Mended, error) {
	i := m.i
	i.place.Lock()
	defer i.place.Unlock()
	i.disk.forget()
	if err := m.enter(entry, false); isMissing(err) {
		return Changed, nil
	} else if err != nil {
		return Whole, i.failDisk(err)
	}
	name := m.name(entry)
	old, info, err := openFileAt(m.at, name, os.O_RDONLY)
	switch {
	case isMissing(err):
		return Changed, nil
	case err != nil:
		return Whole, i.failDisk(err)
	}
	defer old.Close()
	if info.size != size || !info.mtime.Equal(mtime) {
		return Changed, nil
	}
	from, staged, err := m.staged(entry)
	if err != nil {
		return Whole, i.failDisk(err)
	}
	defer from.Close()
	same, err := sameContent(m.mover.ctx, old, staged)
	keepMode(staged, info.mode)
	staged.Close() // Windows renames nothing that is open
	old.Close()
	if err != nil || same {
		return Whole, i.failDisk(err)
	}
	return m.exchange(entry, from, name, info)
}

// exchange replaces the file that is known to be there.
func (m *Mender) exchange(entry int, from *os.File, name string, known meta) (Mended, error) {
	i := m.i
	staged := i.disk.plan.Name(entry)
	if i.sys.exchange != nil {
		if err := m.mover.noteSynced(record{kind: kindSwap, number: entry, id: uint64(i.disk.lasting(known.id))}); err != nil {
			return Whole, i.fail(err)
		}
		if err := i.sys.do("exchange"); err != nil {
			return Whole, i.failDisk(err)
		}
		err := i.sys.exchange(from, staged, m.file, name)
		switch {
		case err == nil:
			return m.confirm(entry, from, name, known)
		case isMissing(err):
			return Changed, nil
		case !isRefused(err):
			return Whole, i.failDisk(err)
		}
	}
	if found, err := lstat(m.at, name); err != nil || !found.is(known) {
		return Changed, nil
	}
	if err := i.sys.do("replace"); err != nil {
		return Whole, i.failDisk(err)
	}
	err := m.mover.patiently(func() error { return renameOver(from, staged, m.file, name) })
	if err != nil {
		return Whole, i.failDisk(err)
	}
	return Replaced, nil
}

// confirm looks at what came into staging in exchange for an entry's file: if it is
// not what was known to be there, somebody was quick, and gets it back.
func (m *Mender) confirm(entry int, from *os.File, name string, known meta) (Mended, error) {
	i := m.i
	w := way{d: i.disk}
	defer w.close()
	tree, err := w.above(entry)
	if err != nil {
		return Replaced, i.failDisk(err)
	}
	staged := i.disk.plan.Name(entry)
	if got, err := lstat(tree, staged); err == nil && got.is(known) {
		return Replaced, nil
	}
	if err := i.sys.exchange(from, staged, m.file, name); err != nil {
		return Changed, i.failDisk(err)
	}
	return Changed, nil
}

// Place puts an entry where nothing is: at its old place, if that is free and
// beside is false, else under the next free name. It returns the name it has now.
// Folders on the way are made where they are missing. An entry that is a folder
// is only made.
func (m *Mender) Place(entry int, beside bool) (Mended, string, error) {
	i := m.i
	i.place.Lock()
	defer i.place.Unlock()
	i.disk.forget()
	name := m.name(entry)
	if err := m.enter(entry, true); err != nil {
		return Whole, name, i.failDisk(err)
	}
	if i.layout.m.Dir(entry) {
		err := m.at.Mkdir(name, 0o777)
		if errors.Is(err, fs.ErrExist) {
			return Whole, name, nil
		}
		return Placed, name, i.failDisk(err)
	}
	from, staged, err := m.staged(entry)
	if err != nil {
		return Whole, name, i.failDisk(err)
	}
	staged.Close()
	defer from.Close()
	for n := 1; ; n++ {
		got := numbered(name, n, false)
		if n == 1 && beside {
			continue
		}
		err := m.mover.patiently(func() error { return m.take(entry, from, got) })
		switch {
		case errors.Is(err, errTaken):
			continue
		case err != nil:
			return Whole, name, i.failDisk(err)
		case n == 1:
			return Placed, got, nil
		}
		return Beside, got, nil
	}
}

// take gives a staged file a name among the others, if nobody has it.
func (m *Mender) take(entry int, from *os.File, name string) error {
	i := m.i
	staged := i.disk.plan.Name(entry)
	if _, err := m.at.Lstat(name); err == nil {
		return errTaken
	}
	if err := i.sys.do("rename"); err != nil {
		return err
	}
	err := i.sys.renameExcl(from, staged, m.file, name)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err == nil || !isRefused(err) {
		return err
	}
	w := way{d: i.disk}
	defer w.close()
	tree, err := w.above(entry)
	if err != nil {
		return err
	}
	err = linkAway(i.sys, tree, from, staged, m.file, name)
	if err == nil || !isRefused(err) {
		return err
	}
	// There are no second names here: an empty file takes the name.
	f, err := m.at.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return renameOver(from, staged, m.file, name)
}

// enter opens the folder that an entry belongs in. It is open until the next call.
func (m *Mender) enter(entry int, create bool) error {
	names := m.i.layout.m
	parent := names.Parent(entry)
	if m.at != nil && m.folder == parent {
		return nil
	}
	if err := m.leave(); err != nil {
		return err
	}
	at, err := openFolderAt(m.i.disk.download, ".")
	if err != nil {
		return err
	}
	var chain []int
	for e := parent; e >= 0; e = names.Parent(e) {
		chain = append(chain, e)
	}
	for n := len(chain) - 1; n >= 0; n-- {
		next, err := m.step(at, m.name(chain[n]), create)
		at.Close()
		if err != nil {
			return err
		}
		at = next
	}
	file, err := at.Open(".")
	if err != nil {
		at.Close()
		return err
	}
	m.at, m.file, m.folder = at, file, parent
	return nil
}

func (m *Mender) step(at *os.Root, name string, create bool) (*os.Root, error) {
	next, err := openFolderAt(at, name)
	if !create || !errors.Is(err, fs.ErrNotExist) {
		return next, err
	}
	if err := m.i.sys.do("make folder"); err != nil {
		return nil, err
	}
	if err := at.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := syncRoot(at); err != nil {
		return nil, err
	}
	return openFolderAt(at, name)
}

// leave has the disk confirm the names in the folder at hand, and closes it.
func (m *Mender) leave() error {
	if m.at == nil {
		return nil
	}
	err := errors.Join(syncFolder(m.file), m.file.Close(), m.at.Close())
	m.at, m.file = nil, nil
	return err
}

// Close has the disk confirm what was done last, and lets go of everything.
func (m *Mender) Close() error {
	m.mover.close()
	return m.i.failDisk(m.leave())
}

// staged opens the folder of an entry's file in staging, and that file.
func (m *Mender) staged(entry int) (folder, file *os.File, err error) {
	w := way{d: m.i.disk}
	defer w.close()
	tree, err := w.above(entry)
	if err != nil {
		return nil, nil, err
	}
	if folder, err = tree.Open("."); err != nil {
		return nil, nil, err
	}
	if file, _, err = openFileAt(tree, m.i.disk.plan.Name(entry), os.O_RDONLY); err != nil {
		folder.Close()
		return nil, nil, err
	}
	return folder, file, nil
}

// is reports whether b describes the same file, unchanged, as far as can be told.
func (a meta) is(b meta) bool {
	return a.mode.IsRegular() && a.id.same(b.id) && a.size == b.size && a.mtime.Equal(b.mtime)
}

// keepMode gives a file the permissions that the one before had. Where that is
// not possible it is no reason to leave a damaged file damaged.
func keepMode(f *os.File, mode fs.FileMode) { _ = f.Chmod(mode.Perm()) }

// sameContent compares two files. What cannot be read of the old one is different.
func sameContent(ctx context.Context, old, staged *os.File) (bool, error) {
	a, b := make([]byte, 256<<10), make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, errA := io.ReadFull(old, a)
		k, errB := io.ReadFull(staged, b)
		if errB != nil && errB != io.EOF && errB != io.ErrUnexpectedEOF {
			return false, errB
		}
		if n != k || !bytes.Equal(a[:n], b[:k]) {
			return false, nil
		}
		if errA != nil {
			return errA == errB, nil
		}
	}
}

// isSwapped reports whether a file in staging is the damaged one that came there in
// exchange for an entry's.
func (i *Item) isSwapped(entry int, id fileID) bool {
	swapped, ok := i.notes.swapped[entry]
	return ok && swapped.same(i.disk.lasting(id))
}
