package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"potluck/sharing/manifest"
)

// Open goes on with a share after a restart. What an interrupted [Item.Finish]
// left is finished or undone.
//
// The error is ErrNothing if the state folder holds no journal; a *JournalError
// if the journal cannot be used, which sets it aside if it is damaged; a *FolderError if the download folder cannot, in
// which case trying later may help. [Lost] tells them apart.
func Open(o Options) (*Item, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	i := newItem(o, o.sys)
	i.journal = &journal{path: filepath.Join(o.State, journalName), sys: o.sys}
	damaged, err := i.replay()
	if err != nil {
		if journal := (*JournalError)(nil); errors.As(err, &journal) && journal.Err == nil {
			os.Rename(i.journal.path, i.journal.path+".damaged") // for whoever wants to know why
		}
		return nil, err
	}
	if i.notes.header.share != o.Share || i.notes.header.manifest != o.Manifest.Hash() {
		return nil, &JournalError{Path: i.journal.path, Why: "they are about another share"}
	}
	if damaged {
		i.log.Warn("journal was damaged; all of the share is hashed again", "journal", i.journal.path)
	}
	i.trust(damaged)
	i.layout = newLayout(o.Manifest, i.notes.header.want, o.pieceLen)
	i.disk = newDisk(i.layout, o.sys)
	i.disk.recreated, i.disk.opened = i.recreated, i.opened
	i.disk.failed = i.notes.failed
	i.disk.places = i.notes.places
	if i.notes.ready {
		i.disk.plan = manifest.Localize(o.Manifest, unpackTraits(i.notes.traits))
	}
	if err := i.open(); err != nil {
		i.closeLocked()
		return nil, err
	}
	i.doubt()
	return i, nil
}

// Lost reports whether err means that what was received of a share before cannot
// be used any more, so that there is no point in trying again later.
func Lost(err error) bool {
	journal := (*JournalError)(nil)
	return errors.Is(err, ErrNothing) || errors.Is(err, ErrClosed) || errors.As(err, &journal) && journal.Err == nil
}

// replay reads the journal.
func (i *Item) replay() (damaged bool, err error) {
	entries, pieces := i.o.Manifest.Len(), i.o.pieces()
	i.notes = newNotes(entries, pieces)
	first := true
	i.journal.mark, damaged, err = readJournal(i.journal.path, func(kind byte, payload []byte) error {
		r, err := parseRecord(kind, payload, entries, pieces)
		if err == nil && first != (kind == kindHeader) {
			err = errRecord
		}
		if err == nil {
			first = false
			i.notes.apply(r)
		}
		return err
	})
	if first && err == nil {
		err = &JournalError{Path: i.journal.path, Why: "they are damaged"}
	}
	return damaged, err
}

// trust decides which pieces count. After a crash everything that was verified is
// on the disk, or will be; after a power failure only what was synced; and
// after damage to the journal nothing does without a look at it.
func (i *Item) trust(damaged bool) {
	n := i.notes
	if n.finished {
		return // only after all was synced
	}
	sameBoot := n.header.boot != "" && n.header.boot == i.o.BootID
	n.header.boot = i.o.BootID
	if sameBoot && !damaged {
		n.complete.members(func(p int) {
			if !n.synced.has(p) {
				i.unsynced = append(i.unsynced, p)
			}
		})
		return
	}
	n.suspect.add(n.complete)
	n.complete = newBitset(i.o.pieces())
	if !damaged {
		n.synced.members(func(p int) {
			n.complete.set(p)
			n.suspect.clear(p)
		})
	} else {
		n.synced = newBitset(i.o.pieces())
	}
}

// open finds the files, ends what a crash interrupted, and writes the journal
// anew.
func (i *Item) open() error {
	d := i.disk
	if _, err := i.openDownload(false); err != nil {
		return err
	}
	anew, err := i.openStaging()
	if errors.Is(err, fs.ErrNotExist) {
		err = i.adoptStaging()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return folderError(i.o.Folder, err)
	}
	for file, id := range i.notes.files {
		d.learn(file, id)
	}
	missing := err != nil
	if missing && i.notes.ready && !i.notes.finished {
		if err := i.sameDisk(); err != nil {
			return err
		}
	}
	i.count()
	if err := i.journal.rewrite(i.notes.records()); err != nil {
		return err
	}
	switch {
	case i.notes.finished:
		if !missing {
			i.clearStaging()
		} else {
			d.download.Remove(i.notes.staging) // an empty folder, if our mark went last
		}
		return nil
	case missing:
		return i.restage()
	case !i.notes.ready:
		return i.learnTraits()
	}
	if err := i.recover(); err != nil || !anew {
		return folderError(i.o.Folder, err)
	}
	return i.loseStaged()
}

// sameDisk returns an error if the download folder is not on the disk that it
// was on: then that is probably not connected, and what is received may still be
// on it.
func (i *Item) sameDisk() error {
	disk, err := i.disk.downloadID()
	if err != nil {
		return folderError(i.o.Folder, err)
	}
	if disk != i.notes.header.disk {
		return &FolderError{Folder: i.o.Folder, Why: "the disk that was received onto before is not connected"}
	}
	return nil
}

// restage makes a new staging folder, in place of one that somebody has removed
// or that was never finished. All that is not in its final place is lost.
func (i *Item) restage() error {
	if i.notes.ready {
		i.log.Warn("staging folder was removed; receiving again", "folder", i.notes.staging)
	}
	i.disk.closeStaging()
	if info, err := i.disk.download.Lstat(i.notes.staging); err == nil && info.IsDir() {
		i.disk.download.Remove(i.notes.staging) // an empty folder, if a crash came while it was discarded
	}
	if err := i.makeStaging(); err != nil {
		return err
	}
	clear(i.notes.intents)
	return i.loseStaged()
}

// loseStaged notes that what was in staging is lost.
func (i *Item) loseStaged() error {
	var lost []int
	for p := range i.layout.pieces {
		if i.isStaged(p) && (i.notes.complete.has(p) || i.notes.suspect.has(p)) {
			lost = append(lost, p)
		}
	}
	return i.lose(lost)
}

// isStaged reports whether some bytes of a piece belong in the staging folder.
func (i *Item) isStaged(piece int) bool {
	for p := range i.layout.parts(piece, i.disk.failed) {
		if !p.zero && (p.file == edgeFile || !i.disk.places.done.has(i.layout.top(p.entry))) {
			return true
		}
	}
	return false
}

// recreated notes that a file was made: what its pieces held is lost, if they
// held anything.
func (i *Item) recreated(file int) {
	var lost []int
	i.mu.Lock()
	note := func(p int) {
		if i.notes.complete.has(p) {
			lost = append(lost, p)
		}
	}
	if file == edgeFile {
		for _, e := range i.layout.edges {
			for p := range i.layout.parts(e.piece, i.disk.failed) {
				if p.file == edgeFile && !p.zero {
					note(e.piece)
					break
				}
			}
		}
	} else {
		first, last := i.layout.span(file)
		for p := first; p <= last; p++ {
			note(p)
		}
	}
	i.mu.Unlock()
	if err := i.lose(lost); err != nil {
		i.fail(err)
	}
}

// opened records the identity of a file of several pieces.
func (i *Item) opened(file int, id fileID) error {
	if id == 0 {
		return nil
	}
	if file != edgeFile {
		if first, last := i.layout.span(file); first == last {
			return nil // it is complete with its piece
		}
	}
	return i.note(record{kind: kindFile, number: file + 1, id: uint64(id)})
}

// mend is what Retry does to find out whether things are better now.
func (i *Item) mend() error {
	i.finishing.Lock()
	defer i.finishing.Unlock()
	i.syncing.Lock()
	defer i.syncing.Unlock()
	i.place.Lock()
	defer i.place.Unlock()
	i.mu.Lock()
	closed, finished := i.closed, i.notes.finished
	i.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if err := i.enoughToGoOn(); err != nil {
		return err
	}
	if !finished {
		i.disk.close()
		i.disk.download, i.disk.mount = nil, nil
		if _, err := i.openDownload(false); err != nil {
			return err
		}
		switch anew, err := i.openStaging(); {
		case errors.Is(err, fs.ErrNotExist):
			if err := i.sameDisk(); err != nil {
				return err
			}
			if err := i.journal.rewrite(i.notes.records()); err != nil {
				return err
			}
			if err := i.restage(); err != nil {
				return err
			}
		case err != nil:
			return folderError(i.o.Folder, err)
		case anew:
			if err := i.loseStaged(); err != nil {
				return err
			}
		}
	}
	return i.journal.rewrite(i.notes.records())
}

// enoughToGoOn returns the error anew if the disk was full and still is.
func (i *Item) enoughToGoOn() error {
	i.mu.Lock()
	full, ok := i.err.(*NoSpaceError)
	need := i.progress.totalBytes - i.progress.haveBytes
	i.mu.Unlock()
	if !ok || full.Folder != i.o.Folder {
		return nil
	}
	free, err := i.sys.room(i.o.Folder)
	if err != nil {
		return folderError(i.o.Folder, err)
	}
	if free < min(need, roomToGoOn) || free+slack < need {
		return &NoSpaceError{Folder: i.o.Folder, Need: need, Free: free}
	}
	return nil
}

// roomToGoOn is how much has to be free on a disk that was full, unless less is
// needed.
const roomToGoOn = 16 << 20
