package store

import "path/filepath"

// DiscardLeft is [Open] and [Item.Discard] of an item that nobody knows any more,
// if its staging folder is in o.Folder. It is for the notes of a share of which the
// rest is lost: that the journal names the staging folder, and the mark in there
// is that of the journal, proves that the two belong together.
//
// The error is ErrNothing if there is no journal, or no such staging folder; then
// nothing was changed.
func DiscardLeft(o Options) error {
	here, err := isStagedIn(o)
	if err != nil {
		return err
	}
	if !here {
		return ErrNothing
	}
	item, err := Open(o)
	if err != nil {
		return err
	}
	return item.Discard()
}

// isStagedIn reports whether the staging folder that the journal names is in the
// download folder, and ours.
func isStagedIn(o Options) (bool, error) {
	if err := o.check(); err != nil {
		return false, err
	}
	i := newItem(o, o.sys)
	i.journal = &journal{path: filepath.Join(o.State, journalName), sys: o.sys}
	if _, err := i.replay(); err != nil {
		return false, err
	}
	if i.notes.header.share != o.Share || i.notes.header.manifest != o.Manifest.Hash() || i.notes.staging == "" {
		return false, nil
	}
	i.layout = newLayout(o.Manifest, i.notes.header.want, o.pieceLen)
	i.disk = newDisk(i.layout, o.sys)
	defer i.disk.close()
	if _, err := i.openDownload(false); err != nil {
		return false, err
	}
	staging, err := openFolderAt(i.disk.download, i.notes.staging)
	if isMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer staging.Close()
	return i.isMarked(staging), nil
}
