package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// recover finishes or undoes what a crash in the middle of [Item.Finish] left: an
// item that was about to get its final name either has it now, or is still in
// staging under its old one, or, where names are taken by other means, both.
func (i *Item) recover() error {
	if len(i.notes.intents) == 0 {
		return nil
	}
	m, err := i.newMover(context.Background())
	if err != nil {
		return err
	}
	defer m.close()
	var done []record
	for _, top := range slices.Sorted(maps.Keys(i.notes.intents)) {
		in := i.notes.intents[top]
		moved, err := m.resume(top, in)
		if err != nil {
			return err
		}
		if moved {
			done = append(done, m.doneRecord(top, in.name))
		}
	}
	if err := m.confirm(done); err != nil {
		return err
	}
	clear(i.notes.intents)
	return i.journal.rewrite(i.notes.records())
}

// resume reports whether an item has the name that was intended for it, after
// doing what is left to do if the name was taken for it already.
func (m *mover) resume(top int, in intent) (moved bool, err error) {
	i, d := m.i, m.i.disk
	name := d.plan.Name(top)
	old, oldErr := lstat(d.tree, name)
	now, nowErr := lstat(d.download, in.name)
	for _, err := range []error{oldErr, nowErr} {
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errForeign) {
			return false, err
		}
	}
	switch {
	case nowErr != nil:
		return false, nil
	case now.mode.IsDir() != d.layout.m.Dir(top):
		return false, nil
	case oldErr != nil:
		return m.isItem(top, in, now), nil
	case !now.mode.IsDir() && now.id != 0 && now.id == old.id: // two names for one file
		return true, d.tree.Remove(name)
	case in.made == 0 && m.isFresh(in, now):
		in.made = now.id
	}
	switch {
	case in.made == 0 || d.stable && now.id != in.made:
		return false, nil
	case now.mode.IsDir():
		return true, i.moveInto(name, in.name)
	case now.size == 0:
		return true, m.replaceMade(name, in.name, now.id)
	default:
		return false, nil
	}
}

// isItem reports whether what has the name that was intended is the item, which
// is not in staging any more.
func (m *mover) isItem(top int, in intent, now meta) bool {
	d := m.i.disk
	if !now.mode.IsDir() && now.size != d.layout.m.Size(top) {
		return false
	}
	return !d.stable || now.id.same(in.id) || now.id == in.made
}

// isFresh reports whether what has the name that was about to be taken, when a
// crash came between making something for that and recording which, is what was
// made: it is empty, and was made at that very time.
func (m *mover) isFresh(in intent, now meta) bool {
	since := now.mtime.Sub(time.Unix(0, in.making))
	if in.making == 0 || since < -2*time.Second || since > freshTime {
		return false
	}
	if !now.mode.IsDir() {
		return now.size == 0
	}
	folder, err := openFolderAt(m.i.disk.download, in.name)
	if err != nil {
		return false
	}
	defer folder.Close()
	empty, err := isEmpty(folder)
	return err == nil && empty
}

// freshTime is how long making an empty file or folder takes at most.
const freshTime = 10 * time.Second
