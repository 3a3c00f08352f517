package store

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"potluck/sharing/manifest"
)

// errTaken means that somebody has the name that was to be taken.
var errTaken = errors.New("the name is taken")

// moveTo gives an item the final name of an intent, only if nobody has it:
//
//   - The system is asked to rename it without replacing anything.
//   - Where that is refused, a file gets the name as a second one and loses the
//     first; where there are no second names, the name is taken by an empty
//     file, made exclusively, which is then replaced.
//   - A folder of that name is made exclusively, and what is in the old one
//     is moved into it.
//
// What is made to take a name is recorded, so that a crash leaves nothing behind.
func (m *mover) moveTo(intent record) error {
	i, d := m.i, m.i.disk
	name := d.plan.Name(intent.number)
	if err := i.sys.do("rename"); err != nil {
		return err
	}
	err := i.sys.renameExcl(m.from, name, m.to, intent.text)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err == nil || !isRefused(err) {
		return err
	}
	if d.layout.m.Dir(intent.number) {
		return m.moveFolder(intent, name)
	}
	return m.moveFile(intent, name)
}

func (m *mover) moveFile(intent record, name string) error {
	i, d := m.i, m.i.disk
	err := linkAway(i.sys, d.tree, m.from, name, m.to, intent.text)
	if err == nil || !isRefused(err) {
		return err
	}
	if err := m.noteMaking(intent.number); err != nil {
		return err
	}
	if err := i.sys.do("make file"); err != nil {
		return err
	}
	f, err := d.download.OpenFile(intent.text, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	made, err := statFile(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := m.noteMade(intent.number, made.id); err != nil {
		return err
	}
	return m.replaceMade(name, intent.text, made.id)
}

// linkAway gives a file a new name, only if nobody has it, and takes the old one.
func linkAway(sys *system, folder *os.Root, from *os.File, name string, to *os.File, newName string) error {
	if err := sys.do("link"); err != nil {
		return err
	}
	err := sys.link(from, name, to, newName)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	if err := sys.do("unlink"); err != nil {
		return err
	}
	return folder.Remove(name)
}

// replaceMade puts a file in the place of the empty one that was made for it.
func (m *mover) replaceMade(name, newName string, made fileID) error {
	i, d := m.i, m.i.disk
	if err := i.sys.do("replace"); err != nil {
		return err
	}
	found, err := lstat(d.download, newName)
	if err != nil || found.size != 0 || !found.mode.IsRegular() || found.id != made {
		return errTaken // somebody is quick
	}
	return renameOver(m.from, name, m.to, newName)
}

// noteMaking and noteMade record that something is about to be made, and was
// made, to take a name.
func (m *mover) noteMaking(top int) error {
	return m.noteSynced(record{kind: kindMaking, number: top, id: uint64(time.Now().UnixNano())})
}

func (m *mover) noteMade(top int, id fileID) error {
	return m.noteSynced(record{kind: kindMade, number: top, id: uint64(id)})
}

func (m *mover) noteSynced(r record) error {
	if err := m.i.note(r); err != nil {
		return err
	}
	return m.i.journal.sync()
}

func (m *mover) moveFolder(intent record, name string) error {
	i, d := m.i, m.i.disk
	if err := m.noteMaking(intent.number); err != nil {
		return err
	}
	if err := i.sys.do("make folder"); err != nil {
		return err
	}
	err := d.download.Mkdir(intent.text, 0o777)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	made, err := lstat(d.download, intent.text)
	if err != nil {
		return err
	}
	if err := m.noteMade(intent.number, made.id); err != nil {
		return err
	}
	return i.moveInto(name, intent.text)
}

// moveInto moves what is in a folder of the tree into one that was made in the
// download folder, and removes the old one. It may have been interrupted before.
func (i *Item) moveInto(name, newName string) error {
	d := i.disk
	to, err := openFolderAt(d.download, newName)
	if err != nil {
		return err
	}
	defer to.Close()
	return i.moveChildren(d.tree, name, to)
}

// moveChildren empties a folder of the tree into another, and removes it. The
// other gets its time.
func (i *Item) moveChildren(parent *os.Root, name string, to *os.Root) error {
	from, err := openFolderAt(parent, name)
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat(".")
	if err != nil {
		return err
	}
	fromFile, err := from.Open(".")
	if err != nil {
		return err
	}
	defer fromFile.Close()
	toFile, err := to.Open(".")
	if err != nil {
		return err
	}
	defer toFile.Close()
	list, err := fromFile.ReadDir(-1)
	if err != nil {
		return err
	}
	for _, child := range list {
		if child.IsDir() {
			err = i.moveSubfolder(from, to, child.Name())
		} else {
			err = i.moveChild(from, fromFile, to, toFile, child.Name())
		}
		if err != nil {
			return err
		}
	}
	if err := syncFolder(toFile); err != nil {
		return err
	}
	fromFile.Close()
	from.Close()
	if err := i.sys.do("remove"); err != nil {
		return err
	}
	if err := to.Chtimes(".", info.ModTime(), info.ModTime()); err != nil {
		i.log.Debug("folder keeps no time", "err", err)
	}
	return parent.Remove(name)
}

func (i *Item) moveSubfolder(from, to *os.Root, name string) error {
	if err := i.sys.do("make folder"); err != nil {
		return err
	}
	if err := to.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	sub, err := openFolderAt(to, name)
	if err != nil {
		return err
	}
	defer sub.Close()
	return i.moveChildren(from, name, sub)
}

// moveChild moves a file into a folder that we have made. Only a crash can have
// left something of that name there: a second name for the file, or an empty one.
func (i *Item) moveChild(from *os.Root, fromFile *os.File, to *os.Root, toFile *os.File, name string) error {
	source, err := lstat(from, name)
	if err != nil {
		return err
	}
	switch there, err := lstat(to, name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case there.id == source.id && there.id != 0:
		return from.Remove(name)
	default:
		return &FolderError{Folder: i.o.Folder, Why: "somebody put " + manifest.Printable(name) + " where it is being received"}
	}
	err = linkAway(i.sys, from, fromFile, name, toFile, name)
	if err == nil || !isRefused(err) {
		return err
	}
	// There are no second names here. The folder is ours and new, and nothing of
	// that name was in it.
	if err := i.sys.do("replace"); err != nil {
		return err
	}
	return renameOver(fromFile, name, toFile, name)
}
