package sharing

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/source"
)

// pieces is a sharer's side of the swarm: the stream of its files, cut into
// pieces that are there once they are hashed.
type pieces struct {
	o      *outgoing
	length int64
	size   int64 // of a piece

	mu      sync.Mutex   // guards the rest
	broken  map[int]bool // pieces whose content is not what their hash says
	amends  map[int]bool // those of them that are to get new hashes
	mending bool         // mend is at it
}

// keepHashesEvery is how often a growing hash list is written down.
const keepHashesEvery = time.Second

var errNotHere = errors.New("the piece is not here")

// ReadAt reads from a piece that is complete.
func (p *pieces) ReadAt(piece int, b []byte, off int64) (int, error) {
	if !p.Complete(piece) {
		return 0, errNotHere
	}
	n, err := p.o.source.ReadAt(b, int64(piece)*p.size+off)
	if err == nil && !p.Complete(piece) { // it failed meanwhile: these are zeros
		return 0, errNotHere
	}
	return n, err
}

// WriteAt refuses: a sharer has everything.
func (p *pieces) WriteAt(int, []byte, int64) (int, error) {
	return 0, errors.New("a sharer does not receive its own share")
}

// Verify reports whether the piece is there.
func (p *pieces) Verify(piece int) error {
	if !p.Complete(piece) {
		return errNotHere
	}
	return nil
}

// Complete reports whether the piece is hashed, and its files unchanged as far
// as is known.
func (p *pieces) Complete(piece int) bool {
	if piece >= p.o.hashes.Known() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.broken[piece]
}

func (p *pieces) setBroken(piece int, broken bool) {
	p.mu.Lock()
	if broken {
		p.broken[piece] = true
	} else {
		delete(p.broken, piece)
	}
	p.mu.Unlock()
	p.o.pieceChanged(piece)
}

func (o *outgoing) pieceChanged(piece int) {
	o.d.mu.Lock()
	t := o.torrent
	o.d.mu.Unlock()
	if t != nil {
		t.Changed(piece)
	}
}

// hash fills the hash list: from memory if these files were hashed before, else
// by reading them.
func (o *outgoing) hash(ctx context.Context) {
	if o.pieces.length == 0 {
		return
	}
	if o.hashes.Known() == o.hashes.Len() {
		return // before a restart
	}
	defer o.keepHashes()
	if o.recall() {
		return
	}
	var batch [][32]byte
	var last, kept time.Time
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := o.publish(batch)
		batch, last = nil, time.Now()
		if last.Sub(kept) > keepHashesEvery {
			o.keepHashes()
			kept = last
		}
		return err
	}
	err := o.source.Hash(ctx, o.hashes.Known(), runtime.NumCPU(), func(i int, h [32]byte) error {
		batch = append(batch, h)
		if len(batch) < 16 && time.Since(last) < 20*time.Millisecond {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	switch {
	case stopped(ctx, err):
	case err != nil:
		o.d.log.Error("hashing failed", "share", o.id.Short(), "err", err)
	default:
		o.remember()
	}
}

// publish adds hashes to the list and tells the swarm that their pieces are here.
func (o *outgoing) publish(batch [][32]byte) error {
	first := o.hashes.Known()
	for part := range slices.Chunk(batch, 1024) {
		if _, err := o.hashes.Append(o.d.identity, part); err != nil {
			return err
		}
	}
	o.d.mu.Lock()
	o.hashed = o.hashes.Known()
	t, failures := o.torrent, slices.Clone(o.failures)
	o.d.mu.Unlock()
	for _, f := range failures { // these pieces may have been read before it failed
		if o.manifest.Offset(f.Entry)+o.manifest.Size(f.Entry) > int64(first)*o.pieces.size {
			o.retract(f.Entry, first, true)
		}
	}
	if t != nil {
		for i := range batch {
			t.Changed(first + i)
		}
	}
	o.announceNews()
	o.d.notifier.changed()
	return nil
}

// recall takes the hashes from memory and reports whether it had all of them.
func (o *outgoing) recall() bool {
	if o.hashes.Known() > 0 || len(o.source.Failures()) > 0 {
		return false
	}
	f, found := o.d.memory.Get(o.source.Fingerprint())
	if !found {
		return false
	}
	defer f.Close()
	hashes := make([][32]byte, o.hashes.Len())
	for i := range hashes {
		if _, err := io.ReadFull(f, hashes[i][:]); err != nil {
			return false
		}
	}
	return o.publish(hashes) == nil
}

// remember keeps the hashes for the next time these files are shared.
func (o *outgoing) remember() {
	if len(o.source.Failures()) > 0 {
		return
	}
	err := o.d.memory.Put(o.source.Fingerprint(), func(w io.Writer) error {
		for i := range o.hashes.Len() {
			h, _ := o.hashes.Get(i)
			if _, err := w.Write(h[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.d.log.Warn("hashes could not be kept for the next time", "err", err)
	}
}

// keepHashes writes down the hash list, so that after a restart it goes on as it
// was signed.
func (o *outgoing) keepHashes() {
	if err := replaceFile(o.d.records.file(o.id, "hashes"), o.hashes.Save, false); err != nil {
		o.d.log.Warn("the hashes of a share could not be kept", "share", o.id.Short(), "err", err)
	}
}

// entryFailed is called once for each file that turns out to have changed, or
// that cannot be read. The rest of the share goes on.
func (o *outgoing) entryFailed(e source.EntryError) {
	o.d.mu.Lock()
	lapses := o.lapsesLocked(e)
	o.d.mu.Unlock()
	if !lapses {
		o.failEntry(e)
		return
	}
	o.d.log.Info("a shared file can no longer be sent, but others have it", "share", o.id.Short(), "why", string(e.Why))
	o.retract(e.Entry, 0, false)
}

// failEntry tells everybody that a file failed: it reads as zeros now, and the pieces that
// it shares with others get new hashes.
func (o *outgoing) failEntry(e source.EntryError) {
	o.d.mu.Lock()
	o.failures = append(o.failures, failureDoc{Entry: e.Entry, Why: string(e.Why)})
	o.d.mu.Unlock()
	o.d.log.Warn("a shared file can no longer be sent", "share", o.id.Short(), "why", string(e.Why))
	o.retract(e.Entry, 0, true)
	o.announceNews()
	o.poke()
}

// retract takes back the pieces from number `from` on that hold bytes of a failed
// entry, and, if they are to be amended, gives new hashes to those that hold other bytes too.
func (o *outgoing) retract(entry, from int, amend bool) {
	start := o.manifest.Offset(entry)
	end := start + o.manifest.Entry(entry).Size
	if start == end {
		return
	}
	var edges []int
	known := o.hashes.Known()
	from = max(int(start/o.pieces.size), from)
	for i := from; i <= int((end-1)/o.pieces.size) && i < known; i++ {
		o.pieces.setBroken(i, true)
		if amend && (int64(i)*o.pieces.size < start || min(int64(i+1)*o.pieces.size, o.pieces.length) > end) {
			edges = append(edges, i)
		}
	}
	if from >= known {
		return
	}
	o.pieces.mu.Lock()
	defer o.pieces.mu.Unlock()
	for _, i := range edges {
		o.pieces.amends[i] = true
	}
	if !o.pieces.mending {
		o.pieces.mending = o.d.tasks.run(o.mend)
	}
}

// mend gives new hashes to the pieces that need them, one after another: when a
// whole folder is gone, thousands of files fail at once.
func (o *outgoing) mend(ctx context.Context) {
	for {
		piece, found := o.pieces.nextAmend()
		if !found {
			break
		}
		o.amend(ctx, piece)
		o.announceNews()
	}
	o.reconnect()
}

// nextAmend returns a piece that needs a new hash; if there is none, mending is
// over.
func (p *pieces) nextAmend() (piece int, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for piece = range p.amends {
		delete(p.amends, piece)
		return piece, true
	}
	p.mending = false
	return 0, false
}

// reconnect cuts the piece connections, which come back at once: BitTorrent has
// no message that takes a Have back, and a receiver whose request was refused
// waits for ever.
func (o *outgoing) reconnect() {
	o.d.mu.Lock()
	torrent := o.torrent
	var peers []identity.ID
	for id, t := range o.takers {
		if t.mayFetch() {
			peers = append(peers, id)
		}
	}
	o.d.mu.Unlock()
	if torrent == nil {
		return
	}
	for _, id := range peers {
		torrent.Disconnect(id)
	}
}

// amend gives a piece the hash of its present content.
func (o *outgoing) amend(ctx context.Context, piece int) {
	h, err := o.source.HashPiece(ctx, piece)
	if old, _ := o.hashes.Get(piece); err == nil && h != old {
		_, err = o.hashes.Amend(o.d.identity, piece, h)
	}
	if err != nil {
		o.d.log.Warn("a piece could not be hashed again", "share", o.id.Short(), "err", err)
		return
	}
	o.keepHashes()
	o.pieces.setBroken(piece, false)
}

// doubt looks again at a piece that a receiver found wrong, and reports whether
// its files are not what they were. What nobody changed, as size and time say, and
// is something else all the same, is found here.
func (o *outgoing) doubt(ctx context.Context, piece int) (changed bool, err error) {
	want, known := o.hashes.Get(piece)
	if !known {
		return false, nil
	}
	o.doubting.Lock() // two at once would each blame what the other has left
	defer o.doubting.Unlock()
	if now, _ := o.hashes.Get(piece); now != want || !o.pieces.Complete(piece) {
		return true, nil
	}
	h, err := o.source.HashPiece(ctx, piece)
	if !o.pieces.Complete(piece) { // reading it has shown what is wrong
		return true, nil
	}
	if now, _ := o.hashes.Get(piece); err != nil || h == want || h == now {
		return now != want, err
	}
	o.d.memory.Forget(o.source.Fingerprint()) // or whoever is sent this next gets wrong hashes too
	list := o.contentOf(piece)
	why := source.Damaged
	if len(list) > 1 {
		why = source.Suspect
	}
	for _, entry := range list {
		o.source.Fail(entry, why)
	}
	return true, nil
}

// contentOf returns the entries that have bytes in a piece and have not failed.
func (o *outgoing) contentOf(piece int) (entries []int) {
	from, to := int64(piece)*o.pieces.size, min(int64(piece+1)*o.pieces.size, o.pieces.length)
	for i := o.manifest.At(from); i >= 0 && i < o.manifest.Len() && o.manifest.Offset(i) < to; i++ {
		if e := o.manifest.Entry(i); !e.Dir && e.Size > 0 && o.source.Failure(i) == nil {
			entries = append(entries, i)
		}
	}
	return entries
}

// failureNotesLocked returns the failures for people.
func (o *outgoing) failureNotesLocked() []Note {
	if o.manifest == nil {
		return o.rec.FailureNotes
	}
	return failureNotes(o.manifest, o.failures)
}

func failureNotes(m *manifest.Manifest, failures []failureDoc) []Note {
	var notes []Note
	for _, f := range failures[:min(len(failures), maxFailures)] {
		if f.Entry < 0 || f.Entry >= m.Len() {
			continue
		}
		notes = append(notes, Note{Path: manifest.Printable(m.Entry(f.Entry).Path), Text: foreignSentence(source.Reason(f.Why).String())})
	}
	return notes
}
