package store

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
)

// Options are what [Create] and [Open] need.
type Options struct {
	Folder   string             // required: the download folder, absolute
	State    string             // required: a folder for the journal of this share alone
	Share    [32]byte           // required: the share's ID
	Manifest *manifest.Manifest // required
	Want     []bool             // for each entry whether it was chosen; nil for all. Open uses what Create was given
	Hashes   Hashes             // required
	BootID   string             // what changes when the system is started; "" to ask it
	Pool     *Pool              // nil for one of 32 MiB that is shared by all items
	Log      *slog.Logger       // nil to log nothing

	sys      *system // tests only, as is pieceLen
	pieceLen int64   // 0 for the one that the stream's length gives
}

// Hashes tells the hashes of pieces. Its method is called from any goroutine.
type Hashes interface {
	// Get returns the hash of a piece, if it is known.
	Get(piece int) ([32]byte, bool)
}

// check fills in what may be left out.
func (o *Options) check() error {
	switch {
	case o.Folder == "" || o.State == "":
		return errors.New("store: Options without folders")
	case o.Manifest == nil || o.Hashes == nil:
		return errors.New("store: Options without manifest or hashes")
	case o.Want != nil && len(o.Want) != o.Manifest.Len():
		return errors.New("store: Options.Want is not as long as the manifest")
	}
	if o.pieceLen == 0 {
		o.pieceLen = hashlist.PieceLength(o.Manifest.StreamLength())
	}
	if o.BootID == "" {
		o.BootID = bootID()
	}
	if o.Pool == nil {
		o.Pool = sharedPool
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.sys == nil {
		sys := realSystem()
		o.sys = &sys
	}
	return nil
}

// wanted returns the chosen entries as a set.
func (o *Options) wanted() bitset {
	want := newBitset(o.Manifest.Len())
	for e := range o.Manifest.Len() {
		if o.Want == nil || o.Want[e] {
			want.set(e)
		}
	}
	return want
}

// pieces returns how many pieces the share has.
func (o *Options) pieces() int { return int((o.Manifest.StreamLength() + o.pieceLen - 1) / o.pieceLen) }

// Create begins to receive a share. It is to be called only after the person has
// said yes, because it makes the download folder, if that is missing but the
// folder above it is not, and the staging folder in it.
//
// The error is a *NoSpaceError or a *FolderError if the share cannot be received
// there, ErrExists if the state folder holds a journal, or a *JournalError.
// Then nothing is left behind,
// unless the disk refuses that as well.
func Create(o Options) (*Item, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	i := newItem(o, o.sys)
	i.journal = &journal{path: filepath.Join(o.State, journalName), sys: o.sys, mark: newMark()}
	if _, err := os.Lstat(i.journal.path); err == nil {
		return nil, ErrExists
	}
	want := o.wanted()
	if err := o.checkSpace(want); err != nil {
		return nil, err
	}
	i.layout = newLayout(o.Manifest, want, o.pieceLen)
	i.disk = newDisk(i.layout, o.sys)
	i.notes = newNotes(o.Manifest.Len(), i.layout.pieces)
	i.disk.recreated, i.disk.opened = i.recreated, i.opened
	i.disk.failed, i.disk.places = i.notes.failed, i.notes.places

	made, err := i.openDownload(true)
	if err != nil {
		return nil, err
	}
	err = i.create()
	if err != nil {
		if i.removeStaging() != nil { // for Open and Discard to try again
			i.closeLocked()
			return nil, err
		}
		i.closeLocked()
		i.removeJournal()
		if made {
			os.Remove(o.Folder)
		}
		return nil, err
	}
	return i, nil
}

// checkSpace returns an error if what is wanted does not fit. It looks at the
// manifest only, which may tell of more than any disk holds.
func (o *Options) checkSpace(want bitset) error {
	var need int64
	want.members(func(e int) { need += o.Manifest.Size(e) })
	folder := o.Folder
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		folder = filepath.Dir(folder)
	}
	free, err := o.sys.room(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return &FolderError{Folder: o.Folder, Why: "there is no such folder, nor the one above it", Err: err}
	}
	if err != nil {
		return folderError(o.Folder, err)
	}
	if need > free {
		return &NoSpaceError{Folder: o.Folder, Need: need, Free: free}
	}
	return nil
}

func (i *Item) create() error {
	i.count()
	free, err := i.sys.room(i.o.Folder)
	if err != nil {
		return folderError(i.o.Folder, err)
	}
	if need := i.progress.totalBytes + i.layout.edgeLen; need > free {
		return &NoSpaceError{Folder: i.o.Folder, Need: need, Free: free}
	}
	folder, err := i.disk.downloadID()
	if err != nil {
		return folderError(i.o.Folder, err)
	}
	i.notes.header = header{
		share: i.o.Share, manifest: i.o.Manifest.Hash(), boot: i.o.BootID, disk: folder, want: i.layout.want,
	}
	if err := os.MkdirAll(i.o.State, 0o700); err != nil {
		return i.journal.error(err)
	}
	if err := i.journal.rewrite(i.notes.records()); err != nil {
		return err
	}
	return i.makeStaging()
}

// openDownload opens the download folder. It reports whether it was made.
func (i *Item) openDownload(create bool) (made bool, err error) {
	if create {
		if err := i.sys.do("mkdir"); err != nil {
			return false, folderError(i.o.Folder, err)
		}
		err := os.Mkdir(i.o.Folder, 0o777)
		made = err == nil
		if err != nil && !errors.Is(err, fs.ErrExist) {
			if errors.Is(err, fs.ErrNotExist) {
				return false, &FolderError{Folder: i.o.Folder, Why: "there is no such folder, nor the one above it", Err: err}
			}
			return false, folderError(i.o.Folder, err)
		}
	}
	info, err := os.Stat(i.o.Folder)
	if err != nil {
		return made, folderError(i.o.Folder, err)
	}
	if !info.IsDir() {
		return made, &FolderError{Folder: i.o.Folder, Why: "it is not a folder"}
	}
	if i.disk.download, err = os.OpenRoot(i.o.Folder); err != nil {
		return made, folderError(i.o.Folder, err)
	}
	if i.disk.mount, err = i.disk.download.Open("."); err != nil {
		return made, folderError(i.o.Folder, err)
	}
	i.disk.stable = i.sys.keepsIDs(i.disk.mount)
	i.disk.meddled = i.doubtFile
	return made, nil
}

func (i *Item) removeJournal() error {
	if err := i.sys.do("remove journal"); err != nil {
		return err
	}
	err := os.Remove(i.journal.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	os.Remove(i.journal.path + ".new")
	os.Remove(i.o.State) // only if nothing else is in it
	return err
}
