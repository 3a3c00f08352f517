package ui

import (
	"context"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// A Source is as much of the engine as the window shows and commands. Its
// methods are those of [sharing.Device].
type Source interface {
	Snapshot() sharing.Snapshot
	Watch() (changed <-chan struct{}, stop func())
	Subscribe() (events <-chan sharing.Event, stop func())

	Measure(ctx context.Context, paths []string) (sharing.Amount, error)
	Send(ctx context.Context, paths []string, to []identity.ID) (sharing.ShareID, error)
	SendText(ctx context.Context, text string, to []identity.ID) error
	CloseMessage(ctx context.Context, id string) error

	Contents(ctx context.Context, ref string) (*manifest.Manifest, error)
	Free(ctx context.Context, folder string) int64
	Accept(ctx context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error)
	Decline(ctx context.Context, ref string) (sharing.ShareID, error)

	Pause(ctx context.Context, ref string) (sharing.ShareID, error)
	Resume(ctx context.Context, ref string) (sharing.ShareID, error)
	Cancel(ctx context.Context, ref string) (sharing.ShareID, error)
	Withdraw(ctx context.Context, ref string, id identity.ID) (sharing.ShareID, error)
	Retry(ctx context.Context, ref string) (sharing.ShareID, error)
	PauseAll(ctx context.Context) error
	ResumeAll(ctx context.Context) error
	Forget(ctx context.Context, ref string) error
	ForgetAll(ctx context.Context) error
	Parts(ref string) ([]uint8, error)
	Verify(ctx context.Context, ref string, o sharing.VerifyOptions) (sharing.Verified, error)

	Reach(ctx context.Context, addr string) (identity.ID, error)

	Pair(ctx context.Context, id identity.ID) error
	AnswerPairing(ctx context.Context, id identity.ID, same bool) error
	CancelPairing(ctx context.Context, id identity.ID) error
	Unpair(ctx context.Context, id identity.ID) error
	SetAlias(ctx context.Context, id identity.ID, alias string) error
	SetTrusted(ctx context.Context, id identity.ID, on bool) error
	Link() (sharing.DeviceLink, error)
	Block(id identity.ID)
	Unblock(id identity.ID)
}

// A mover is a Source that can bring a transfer into another folder. Not every
// engine can.
type mover interface {
	MoveTo(ctx context.Context, ref, folder string) error
}

// Preferences are the settings. Their methods are safe to call from any goroutine,
// and may read and write a disk.
type Preferences interface {
	// Values returns the settings in use, by their keys. A key that is missing
	// does not exist.
	Values() map[string]string

	// Set changes one. An error says in a sentence why the value is refused.
	Set(key, value string) error

	// ResetAll puts all back as they were at first.
	ResetAll() error

	// Watch signals when a value has changed.
	Watch() (changed <-chan struct{}, stop func())
}

// A Desktop is what the window needs of the system around it. Its methods may
// take as long as the person does, and are called from goroutines of their own.
type Desktop interface {
	// ChooseFiles has the person choose files, several at once. The error is
	// ErrNoChooser where the system has no way to; nothing chosen is nothing.
	ChooseFiles(ctx context.Context, title string) ([]string, error)

	// ChooseFolder has the person choose a folder, beginning with one. The errors are
	// those of ChooseFiles.
	ChooseFolder(ctx context.Context, title, at string) (string, error)

	// List returns what is in a folder, or in that of the person if none is named:
	// for the window's own way to choose, where the system has none.
	List(ctx context.Context, folder string) (Listing, error)

	// MakeFolder makes a folder in another one, and returns its full path. The error is
	// fs.ErrExist if there is something of that name.
	MakeFolder(ctx context.Context, in, name string) (string, error)

	// CopiedFiles returns the files that were copied in a file manager.
	CopiedFiles(ctx context.Context, clipboard string) []string

	// Show opens the folder that holds a file, with the file selected where that
	// can be had.
	Show(ctx context.Context, path string) error

	// Open opens a file, as a click on it would, or a folder. A program is refused.
	Open(ctx context.Context, path string) error

	// Browse opens a link in the browser.
	Browse(ctx context.Context, link string) error
}

// A Listing is what is in a folder, hidden things left away.
type Listing struct {
	Folder  string // its full path
	Entries []Listed
}

// A Listed is one thing in a folder.
type Listed struct {
	Name   string
	Folder bool
}
