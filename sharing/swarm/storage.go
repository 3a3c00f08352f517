package swarm

import (
	"context"
	"errors"
	"io"

	"github.com/anacrolix/torrent/metainfo"
	"github.com/anacrolix/torrent/storage"
)

// Storage holds the bytes of one share. Its methods are called from many
// goroutines at once, and must not call back into this package.
type Storage interface {
	// ReadAt reads from a piece that is complete, to serve it. When it fails
	// the piece counts as incomplete, until it is verified again or
	// [Torrent.Changed] is called for it.
	ReadAt(piece int, b []byte, off int64) (int, error)

	// WriteAt takes bytes of a piece that is not complete; each byte can come
	// more than once. An error unwants the piece.
	WriteAt(piece int, b []byte, off int64) (int, error)

	// Verify is called when all bytes of a piece were written. It returns nil
	// if the piece is right and kept, an error that satisfies Options.IsBad if
	// its bytes are not those that belong there, and any other error if that
	// cannot be told or the piece cannot be kept.
	Verify(piece int) error

	// Complete reports whether a piece is there and right. It does no I/O:
	// everything waits for it.
	Complete(piece int) bool
}

// ErrBadPiece is, or is wrapped by, what [Storage.Verify] returns for a piece
// with other bytes than those that belong there, unless Options.IsBad says
// otherwise.
var ErrBadPiece = errors.New("swarm: piece does not match its hash")

var (
	errDropped = errors.New("swarm: torrent dropped")
	errBroken  = errors.New("swarm: piece could not be read")
)

// An opener lets the library at the storage of a torrent.
type opener struct{ *Torrent }

// OpenTorrent is called under the client's lock.
func (o opener) OpenTorrent(context.Context, *metainfo.Info, metainfo.Hash) (storage.TorrentImpl, error) {
	return storage.TorrentImpl{
		Piece: func(p metainfo.Piece) storage.PieceImpl { return &o.pieces[p.Index()] },
		Close: func() error { return nil },
	}, nil
}

// A piece is one piece of a torrent's storage, as the library wants it.
//
// The library calls SelfHash while it holds a lock that [torrent.Torrent.Drop]
// waits for under the client's lock; so nothing in there may call into it.
// The other methods, except Completion, are called without any lock.
type piece struct {
	torrent *Torrent
	index   int

	// Guarded by Torrent.mu.

	wanted  bool  // by the caller
	parked  bool  // not asked for, wanted or not: the storage failed
	broken  bool  // could not be read, whatever the storage says
	changes int   // how often [Torrent.Changed] was called for it
	filled  int64 // bytes written since it was last verified
}

var _ interface {
	storage.PieceImpl
	storage.SelfHashing
} = (*piece)(nil)

// ReadAt serves another device.
func (p *piece) ReadAt(b []byte, off int64) (int, error) {
	t := p.torrent
	done, err := t.use()
	if err != nil {
		return 0, err
	}
	defer done()
	changes, broken := t.condition(p)
	if broken {
		return 0, errBroken
	}
	n, err := t.storage.ReadAt(p.index, b, off)
	if n == len(b) {
		return n, nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	t.readFailed(p, changes, err)
	return 0, err
}

// WriteAt takes a chunk.
func (p *piece) WriteAt(b []byte, off int64) (int, error) {
	t := p.torrent
	done, err := t.use()
	if err != nil {
		return 0, err
	}
	defer done()
	t.swarm.backlog.hold(t.leaving)
	n, err := t.storage.WriteAt(p.index, b, off)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err == nil {
		t.filled(p, int64(n))
	} else {
		t.park(p, "piece not written", err)
		t.leave(p)
	}
	return n, err
}

// notPlaceholder is never the hash of a piece.
var notPlaceholder = metainfo.Hash{0xFF}

// SelfHash checks the piece and returns what the info dictionary says its hash
// is if it is right, else another hash and an error: without the error the
// library would ban whoever sent the piece, by its own lights.
func (p *piece) SelfHash() (metainfo.Hash, error) {
	t := p.torrent
	done, err := t.use()
	if err != nil {
		return notPlaceholder, err
	}
	defer done()
	defer t.emptied(p)
	if t.has(p) {
		t.blame.forget(p.index)
		return placeholder, nil
	}
	if err := t.storage.Verify(p.index); err != nil {
		t.failed(p, err)
		return notPlaceholder, err
	}
	t.passed(p)
	return placeholder, nil
}

// MarkComplete has nothing to do: Verify did.
func (p *piece) MarkComplete() error { return nil }

// MarkNotComplete is called when SelfHash returned an error, before the piece
// is asked for again: the moment to prevent that.
func (p *piece) MarkNotComplete() error {
	p.torrent.leave(p)
	return nil
}

// Completion is called under the client's lock. A piece whose state is not Ok
// would never be asked for.
func (p *piece) Completion() storage.Completion {
	return storage.Completion{
		Ok:       true,
		Complete: p.torrent.has(p),
	}
}
