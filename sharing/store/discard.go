package store

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// FailEntry says that the sharer cannot send an entry. It is not wanted any more,
// nothing of it is delivered, and where it shares a piece with other entries its
// bytes are zeros from now on. Pieces that hold nothing else are not wanted any
// more. For an entry that has its final name, it does nothing. It
// waits for a Finish that is under way.
func (i *Item) FailEntry(entry int) {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	i.place.Lock()
	defer i.place.Unlock()
	l, d := i.layout, i.disk
	if entry < 0 || entry >= l.m.Len() || d.failed.has(entry) || d.places.done.has(l.top(entry)) {
		return
	}
	i.mu.Lock()
	closed := i.closed || i.notes.finished
	i.mu.Unlock()
	if closed {
		return
	}
	r := record{kind: kindFailed, number: entry}
	if err := i.journal.append(r); err != nil {
		i.fail(err)
	}
	first, last := l.span(entry)
	for p := first; p <= last; p++ {
		i.mu.Lock()
		i.countPiece(p, -1)
		i.mu.Unlock()
	}
	i.mu.Lock()
	i.notes.apply(r) // notes.failed and disk.failed are one
	for p := first; p <= last; p++ {
		i.countPiece(p, 1)
		if a := i.assemblies[p]; a != nil && !i.progress.wanted.has(p) {
			delete(i.assemblies, p)
			a.release(i.pool)
		}
	}
	i.mu.Unlock()
	if l.want.has(entry) && !l.m.Dir(entry) {
		d.files.drop(entry)
		if err := i.removeFile(entry); err != nil {
			i.log.Debug("failed file was not removed yet", "entry", entry, "err", err)
		}
	}
}

// countPiece adds a piece to the progress, or with sign -1 takes it out. It is
// called with place held alone, and mu.
func (i *Item) countPiece(piece int, sign int) {
	n := i.wantedBytes(piece)
	i.progress.wanted.clear(piece)
	if n == 0 {
		return
	}
	if sign > 0 {
		i.progress.wanted.set(piece)
	}
	i.progress.totalBytes += int64(sign) * n
	i.progress.totalPieces += sign
	if i.notes.complete.has(piece) {
		i.progress.haveBytes += int64(sign) * n
		i.progress.havePieces += sign
	}
}

// dropFailed removes what staging holds of entries that have failed, and folders
// that only they needed.
func (i *Item) dropFailed() error {
	m, d := i.layout.m, i.disk
	if d.failed.count() == 0 {
		return nil
	}
	needed := i.needed()
	for e := m.Len() - 1; e >= 0; e-- {
		if needed.has(e) || d.places.done.has(i.layout.top(e)) {
			continue
		}
		var err error
		if m.Dir(e) {
			err = i.removeFolder(e)
		} else if d.failed.has(e) {
			err = i.removeFile(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// removeFile removes an entry's file from staging, if it is there and ours.
func (i *Item) removeFile(e int) error {
	w := way{d: i.disk}
	defer w.close()
	return i.removeFileBy(&w, e)
}

func (i *Item) removeFileBy(w *way, e int) error {
	d := i.disk
	d.files.drop(e)
	parent, err := w.above(e)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	found, err := lstat(parent, d.name(e))
	if isMissing(err) || err == nil && (!found.mode.IsRegular() || !d.known(e, found.id) && !i.isSwapped(e, found.id)) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.sys.do("remove"); err != nil {
		return err
	}
	return parent.Remove(d.name(e))
}

// removeFolder removes an entry's folder from staging, if it is there and empty.
func (i *Item) removeFolder(e int) error {
	d := i.disk
	w := way{d: d}
	parent, err := w.above(e)
	defer w.close()
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	d.folders.drop(e)
	info, err := parent.Lstat(d.name(e))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.sys.do("remove"); err != nil {
		return err
	}
	if err := parent.Remove(d.name(e)); err != nil && !isNotEmpty(err) {
		return err
	}
	return nil
}

// removeStaging removes what was made in staging, and staging itself. What
// somebody else put there stays, and the error is a *ForeignError.
func (i *Item) removeStaging() error {
	d, m := i.disk, i.layout.m
	if d.staging == nil {
		return nil
	}
	d.forget()
	if d.removeTree() != nil {
		w := way{d: d}
		for e := m.Len() - 1; e >= 0; e-- {
			if d.places.done.has(i.layout.top(e)) {
				continue
			}
			var err error
			if m.Dir(e) {
				w.close()
				err = i.removeFolder(e)
			} else if i.layout.want.has(e) {
				err = i.removeFileBy(&w, e)
			}
			if err != nil {
				w.close()
				return folderError(i.o.Folder, err)
			}
		}
		w.close()
		d.forget()
		if err := d.removeTree(); err != nil {
			return i.leftover(err)
		}
	}
	for _, name := range []string{edgeName, markerName} {
		if err := d.sys.do("remove"); err != nil {
			return folderError(i.o.Folder, err)
		}
		found, err := d.staging.Lstat(name)
		if err != nil || !found.Mode().IsRegular() {
			continue
		}
		if err := d.staging.Remove(name); err != nil {
			return folderError(i.o.Folder, err)
		}
	}
	d.closeStaging() // Windows removes nothing that is open
	if err := d.sys.do("remove"); err != nil {
		return folderError(i.o.Folder, err)
	}
	info, err := d.download.Lstat(i.notes.staging)
	if err != nil || !info.IsDir() {
		return nil
	}
	return i.leftover(d.download.Remove(i.notes.staging))
}

// removeTree removes the empty tree.
func (d *disk) removeTree() error {
	if d.tree != nil {
		d.tree.Close()
	}
	err := d.sys.do("remove")
	if err == nil {
		err = d.staging.Remove(treeName)
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		d.tree = nil
		return nil
	}
	tree, openErr := openFolderAt(d.staging, treeName)
	if openErr != nil {
		d.tree = nil
		return errors.Join(err, openErr)
	}
	d.tree = tree
	return err
}

func (i *Item) leftover(err error) error {
	switch {
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return nil
	case isNotEmpty(err) || errors.Is(err, errForeign):
		return &ForeignError{Folder: filepath.Join(i.o.Folder, i.notes.staging)}
	default:
		return folderError(i.o.Folder, err)
	}
}

// clearStaging removes staging after all has its final name. What fails now is
// tried again when the item is opened.
func (i *Item) clearStaging() {
	i.disk.forget()
	if err := i.removeStaging(); err != nil {
		i.log.Warn("staging folder was not removed", "folder", i.notes.staging, "err", err)
	}
	i.disk.closeStaging()
}

// Discard ends an item: it removes the staging folder and the journal, and
// nothing else. What has its final name stays. The item is closed then, also if
// there is an error; Run must have returned, or its context be done.
//
// The error is a *ForeignError if somebody put something else into the staging
// folder, which is left with that, or a *FolderError, with which the journal
// stays, so that opening and discarding may be tried again.
func (i *Item) Discard() error {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	i.syncing.Lock()
	defer i.syncing.Unlock()
	i.place.Lock()
	defer i.place.Unlock()
	i.mu.Lock()
	closed := i.closed
	i.mu.Unlock()
	if closed {
		return ErrClosed
	}
	err := i.removeStaging()
	i.closeLocked()
	if foreign := (*ForeignError)(nil); err != nil && !errors.As(err, &foreign) {
		return err
	}
	if journalErr := i.removeJournal(); journalErr != nil {
		return i.journal.error(journalErr)
	}
	return err
}
