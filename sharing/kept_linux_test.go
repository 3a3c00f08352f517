package sharing

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
	"potluck/sharing/swarm"
)

func infoHashOf(share ShareID, length int64) [20]byte {
	k := (&Device{}).newKept(share, length, time.Now(), nil)
	return k.infoHash
}

// loadedKept reports whether a share that is kept is in the swarm.
func (p *party) loadedKept(share ShareID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.keptLocked(share)
	return k != nil && k.torrent != nil
}

// A share that is over is not in the swarm and holds nothing open, on either side;
// it comes back for whoever may have it, and for nobody else.
func TestAKeptShareAtRest(t *testing.T) {
	ben, anna, share, root, got := sentAndOver(t, AcceptOptions{})
	ben.mu.Lock()
	infoHash := infoHashOf(share, ben.outgoing[share].pieces.length)
	ben.mu.Unlock()
	atRest := func() {
		t.Helper()
		for p, folder := range map[*party]string{ben: root, anna: got} {
			p.until("it rests", func(Snapshot) bool {
				p.notifier.changed() // look again
				return !p.loadedKept(share) && len(openBelow(t, folder)) == 0
			})
		}
	}
	atRest()
	r := newRogue(t, anna, session.Hello{})
	silent(t, "a stranger at Anna's", r.knock(anna, infoHash))
	atRest()

	ctx := t.Context()
	anna.mu.Lock()
	k := anna.keptLocked(share)
	anna.mu.Unlock()
	torrent, err := k.load(ctx)
	if err != nil {
		t.Fatal(err)
	}
	torrent.SetHolders([]identity.ID{ben.id()})
	ben.until("Ben has it ready for Anna", func(Snapshot) bool {
		ben.notifier.changed() // look again
		return ben.loadedKept(share)
	})
	if !anna.loadedKept(share) {
		t.Error("it is not loaded at Anna's")
	}
	for _, p := range []*party{anna, ben} {
		p.mu.Lock()
		k := p.keptLocked(share)
		k.used = time.Now().Add(-2 * p.idleAfter)
		p.mu.Unlock()
		p.wakeKeeper()
	}
	atRest()

	if err := anna.Forget(ctx, share.String()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.load(ctx); err == nil || anna.loadedKept(share) {
		t.Error("what was forgotten is served")
	}
}

// What the person has changed is not served; what is left of the share is.
func TestAKeptShareOfWhichSomethingChanged(t *testing.T) {
	_, anna, share, root, got := sentAndOver(t, AcceptOptions{})
	edit(t, filepath.Join(got, "sub", "doc..pdf"))
	rotByte(t, filepath.Join(got, "big"), 3<<20)
	anna.mu.Lock()
	k := anna.keptLocked(share)
	anna.mu.Unlock()
	if _, err := k.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := k.pieces
	m := p.source.Manifest()
	served, refused := 0, 0
	want, err := os.ReadFile(filepath.Join(root, "big"))
	if err != nil {
		t.Fatal(err)
	}
	for e := range m.Len() {
		first, end := p.source.Pieces(e)
		for piece := first; piece < end; piece++ {
			b := make([]byte, min(p.size, p.length-int64(piece)*p.size))
			_, err := p.ReadAt(piece, b, 0)
			edited := m.Path(e) == filepath.Base(root)+"/sub/doc..pdf"
			switch {
			case err != nil:
				refused++
				if p.Complete(piece) {
					t.Errorf("piece %d is refused, and complete", piece)
				}
			case edited:
				t.Errorf("piece %d of what was changed is served", piece)
			case m.Name(e) == "big":
				served++
				at := int64(piece)*p.size - m.Offset(e)
				if at >= 0 && at+p.size <= int64(len(want)) && string(b) != string(want[at:at+p.size]) {
					t.Errorf("piece %d is served, and not as it was sent", piece)
				}
			}
		}
	}
	if served < 20 || refused < 2 {
		t.Errorf("%d served, %d refused", served, refused)
	}
	// A change that comes now is noticed before anything is served.
	edit(t, filepath.Join(got, "big"))
	if _, err := p.ReadAt(2, make([]byte, 10), 0); err == nil {
		t.Error("what has just been changed is served")
	}
	k.bar()
}

// What was found wrong when it was read, and found right when all was checked again,
// is served again: somebody may have put it right by other means.
func TestAKeptShareIsServedAnew(t *testing.T) {
	_, anna, share, _, got := sentAndOver(t, AcceptOptions{})
	path := filepath.Join(got, "big")
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	rotByte(t, path, 3<<20)
	anna.mu.Lock()
	k := anna.keptLocked(share)
	anna.mu.Unlock()
	load := func() (refused int) {
		t.Helper()
		if _, err := k.load(t.Context()); err != nil {
			t.Fatal(err)
		}
		for piece := range k.pieces.gone {
			if _, err := k.pieces.ReadAt(piece, make([]byte, 1), 0); err != nil {
				refused++
			}
		}
		return refused
	}
	if n := load(); n != 1 {
		t.Errorf("%d pieces are refused while one is wrong", n)
	}
	if err := os.WriteFile(path, right, info.Mode()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK || v.Repaired.Count != 0 {
		t.Errorf("%+v", v)
	}
	if n := load(); n != 0 {
		t.Errorf("%d pieces are refused after all was found right", n)
	}
	k.bar()
}

// A share is served for so long and no longer, and not after a restart either.
func TestAKeptShareEnds(t *testing.T) {
	ben, anna, share, _, _ := sentAndOver(t, AcceptOptions{})
	for _, p := range []*party{anna, ben} {
		p.mu.Lock()
		p.keptLocked(share).until = time.Now()
		p.mu.Unlock()
		p.wakeKeeper()
		p.until("it is not kept", func(Snapshot) bool {
			p.notifier.changed() // look again
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.keptLocked(share) == nil
		})
	}
	if _, err := os.Stat(ben.records.file(share, "source")); !os.IsNotExist(err) {
		t.Errorf("Ben's notes: %v", err)
	}
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK {
		t.Errorf("%+v", v)
	}
	ben.stop()
	ben = start(t, "Ben", ben.state, AcceptAsk)
	ben.mu.Lock()
	k := ben.keptLocked(share)
	ben.mu.Unlock()
	if k != nil {
		t.Error("it is kept again")
	}
	if (&Device{}).newKept(share, 1, time.Now().Add(-keptFor), nil) != nil {
		t.Error("what ended long ago is kept")
	}
}

var _ swarm.Storage = (*keptPieces)(nil)
