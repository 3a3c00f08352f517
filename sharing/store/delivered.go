package store

import (
	"os"
	"path/filepath"

	"potluck/sharing/manifest"
)

// A Delivered tells where what an item has delivered was put: what its journal
// says, and nothing of what became of it since. It holds nothing open and does not
// change.
type Delivered struct {
	o      Options
	layout *layout
	plan   *manifest.Plan
	notes  *notes
}

// ReadDelivered reads the journal of an item that has finished. It changes nothing.
//
// The error is ErrNothing if the state folder holds no journal, ErrIncomplete if
// the item has not finished, or a *JournalError.
func ReadDelivered(o Options) (*Delivered, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	i := newItem(o, o.sys)
	i.journal = &journal{path: filepath.Join(o.State, journalName), sys: o.sys}
	damaged, err := i.replay()
	switch {
	case err != nil:
		return nil, err
	case damaged:
		return nil, &JournalError{Path: i.journal.path, Why: "they are damaged"}
	case i.notes.header.share != o.Share || i.notes.header.manifest != o.Manifest.Hash():
		return nil, &JournalError{Path: i.journal.path, Why: "they are about another share"}
	case !i.notes.finished || !i.notes.ready:
		return nil, ErrIncomplete
	}
	return &Delivered{
		o: o, notes: i.notes, layout: newLayout(o.Manifest, i.notes.header.want, o.pieceLen),
		plan: manifest.Localize(o.Manifest, unpackTraits(i.notes.traits)),
	}, nil
}

// Name returns the name under which an entry was delivered, in its folder.
func (d *Delivered) Name(entry int) string {
	name := d.plan.Name(entry)
	if d.layout.m.Parent(entry) < 0 {
		return d.notes.places.of(entry, name)
	}
	return name
}

// Has reports whether an entry was delivered: whether the receipt covers it.
func (d *Delivered) Has(entry int) bool {
	return d.layout.want.has(entry) && !d.notes.failed.has(entry)
}

// Kept returns the hash of what was kept of a piece, if that is not all of it.
func (d *Delivered) Kept(piece int) (hash [32]byte, known bool) {
	hash, known = d.notes.kept[piece]
	return hash, known
}

// Reachable returns a *FolderError unless the folder is there. It reports whether
// that is on the disk it was on, as far as can be told: after a restart of the
// system some disks seem to be others.
func (d *Delivered) Reachable() (sameDisk bool, err error) {
	f, err := os.Open(d.o.Folder)
	if err != nil {
		return false, folderError(d.o.Folder, err)
	}
	defer f.Close()
	disk, err := diskOf(f)
	if err != nil {
		return false, folderError(d.o.Folder, err)
	}
	return disk == d.notes.header.disk, nil
}
