package sharing

import (
	"bytes"
	"crypto/sha256"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"potluck/sharing/hashlist"
	"potluck/sharing/session"
)

// content returns n bytes that are no zeros.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i>>10) | 1
	}
	return b
}

func right(int, []byte, int64) {}

// A sharer that sends something else than it signed for ends the transfer,
// whatever it says when it is asked, and nothing gets a final name.
func TestS48_SharerThatSendsRubbish(t *testing.T) {
	for name, changed := range map[string]bool{"it knows of nothing": false, "it always has an excuse": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
			r := newRogue(t, anna, session.Hello{})
			l := r.file("rubbish", content(3<<20))
			l.answer(l.honest, changed)
			l.serve(anna, func(_ int, b []byte, _ int64) { b[len(b)/2] ^= 1 })
			l.offer(anna)
			e := next(anna, func(e FailedEvent) bool { return e.Final })
			if e.State != Failed || !strings.Contains(e.Error, "not what was offered") {
				t.Errorf("%+v", e)
			}
			anna.until("it is cleared away", func(Snapshot) bool {
				anna.mu.Lock()
				defer anna.mu.Unlock()
				return anna.incoming[l.id].settled
			})
			onlyIn(t, anna.downloads)
		})
	}
}

// Hashes that are forged, of other shares, out of order, in conflict, or of
// things that are not there do no harm; the right ones are heard after them.
func TestS39_HashesThatCannotBe(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	data := content(1 << 20)
	l, other := r.file("good", data), r.file("other", data[1:])
	stranger := newRogue(t, anna, session.Hello{})
	forged := hashlist.New(l.id, l.doc.Length, stranger.Public())
	for range 4 {
		if _, err := forged.Append(stranger, [][32]byte{{1}}); err != nil {
			t.Fatal(err)
		}
	}
	conflict := hashlist.New(l.id, l.doc.Length, r.Public())
	for range 4 {
		if _, err := conflict.Append(r, [][32]byte{{2}}); err != nil {
			t.Fatal(err)
		}
	}
	amended := hashlist.New(l.id, l.doc.Length, r.Public())
	for range 3 {
		if _, err := amended.Amend(r, 0, [32]byte{3}); err != nil {
			t.Fatal(err)
		}
	}
	stranges, err := forged.Amend(stranger, 0, [32]byte{4})
	if err != nil {
		t.Fatal(err)
	}
	first := l.hashes.Runs(0)[:1]
	replies := []hashesDoc{
		{Runs: other.hashes.Runs(0)},
		{Runs: forged.Runs(0)},
		{Runs: l.hashes.Runs(1)},
		{Runs: []hashlist.Run{{First: -1, Hashes: [][32]byte{{}}, Sig: make([]byte, 64)}}},
		{Runs: []hashlist.Run{{First: 1 << 62, Hashes: [][32]byte{{}}, Sig: make([]byte, 64)}}},
		{Amendments: []hashlist.Amendment{stranges}},
		{Amendments: amended.Amendments(1)},
		{Failures: []failureDoc{{Entry: 1}}},
		{Failures: []failureDoc{{Entry: -1}}},
		{Runs: first},
		{Runs: conflict.Runs(0)},
		{Runs: first},
		{},
	}
	var asked atomic.Int64
	l.answer(func() hashesDoc {
		if n := int(asked.Add(1)); n <= len(replies) {
			return replies[n-1]
		}
		return l.honest()
	}, false)
	l.serve(anna, right)
	l.offer(anna)
	e := next[DeliveredEvent](anna, nil)
	if len(e.Failures) != 0 || e.Bytes != 1<<20 {
		t.Errorf("%+v", e)
	}
	onlyIn(t, anna.downloads, "good")
}

// All files fail, with words that are no words.
func TestS06_S39_EverythingFails(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	l := r.file("a", content(1<<20))
	l.answer(func() hashesDoc {
		return hashesDoc{Runs: l.hashes.Runs(0), Failures: []failureDoc{{0, "\x1b[2J\u202e" + strings.Repeat("é", 1000)}}}
	}, false)
	l.offer(anna)
	e := next(anna, func(e FailedEvent) bool { return e.Final })
	if !strings.Contains(e.Error, "nothing of it could be sent") || len(e.Error) > 500 {
		t.Errorf("%+v", e)
	}
	clean(t, e)
	anna.until("it is cleared away", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return anna.incoming[l.id].settled
	})
	clean(t, anna.Snapshot().Transfers[0].Error)
	onlyIn(t, anna.downloads)
}

// A sharer that tells no more hashes than are needed for what was accepted
// cannot keep the transfer from being ended.
func TestS32_HashesThatNeverCome(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	data := content(1 << 20)
	l := r.file("a", data)
	lines := lineOf("a", 256<<10) + lineOf("b", 768<<10)
	two := r.lure(lines, 1<<20)
	if sha256.Sum256([]byte(lines)) != [32]byte(two.doc.Manifest) {
		t.Fatal("another manifest")
	}
	two.content, two.spec = data, l.spec
	two.spec.Salt = torrentSalt(two.id)
	two.hashes = hashlist.New(two.id, 1<<20, r.Public())
	if _, err := two.hashes.Append(r, [][32]byte{hashlist.Sum(data[:256<<10])}); err != nil {
		t.Fatal(err)
	}
	two.answer(two.honest, false)
	two.serve(anna, right)
	two.offer(anna)
	accept(t, anna, two.id, AcceptOptions{Only: []string{"a"}})
	anna.until("all is here but a signature", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].State == Finishing
	})
	if _, err := anna.Cancel(t.Context(), two.id.String()); err != nil {
		t.Fatal(err)
	}
	anna.until("it is over", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return anna.incoming[two.id].settled
	})
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state", "downloads")
}

// A sharer that stops in the middle leaves a transfer that can be ended, and
// nothing under a final name.
func TestS32_SharerThatStopsInTheMiddle(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	l := r.file("half", content(4<<20))
	l.answer(l.honest, false)
	var served atomic.Int64
	release := make(chan struct{})
	defer close(release)
	l.serve(anna, func(int, []byte, int64) {
		if served.Add(1) > 12 {
			<-release
		}
	})
	l.offer(anna)
	anna.until("some of it is here", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	if _, err := anna.Cancel(t.Context(), l.id.String()); err != nil {
		t.Fatal(err)
	}
	anna.until("it is over", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return anna.incoming[l.id].settled
	})
	onlyIn(t, anna.downloads)
}

// A fellow taker knows the salt, the length and the files of a share. An offer of
// the same, made first, stands in nobody's way: both arrive.
func TestS30_CopiedSalt(t *testing.T) {
	for name, stalls := range map[string]bool{"the copy stalls": true, "the copy arrives": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
			r, thief := newRogue(t, anna, session.Hello{}), newRogue(t, anna, session.Hello{})
			data := content(1 << 20)
			copied, l := thief.file("a", data), r.file("a", data)
			if !bytes.Equal(l.doc.Salt, copied.doc.Salt) || !bytes.Equal(l.doc.Manifest, copied.doc.Manifest) || l.id == copied.id {
				t.Fatal("the offers are not as this test needs them")
			}
			if stalls {
				copied.answer(func() hashesDoc { return hashesDoc{} }, false)
			} else {
				copied.answer(copied.honest, false)
				copied.serve(anna, right)
			}
			copied.offer(anna)
			anna.until("the copy is accepted", func(s Snapshot) bool { return len(s.Transfers) == 1 })
			l.answer(l.honest, false)
			l.serve(anna, right)
			l.offer(anna)
			next(anna, func(e DeliveredEvent) bool { return e.Share == l.id })
			if !stalls {
				anna.until("the copy is delivered too", func(s Snapshot) bool {
					return len(s.Transfers) == 2 && s.Transfers[0].State == Delivered && s.Transfers[1].State == Delivered
				})
			}
		})
	}
}

// What names the torrent follows from nothing that another sharer could choose
// alike.
func TestS30_TheTorrentBelongsToItsSharer(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r, thief := newRogue(t, anna, session.Hello{}), newRogue(t, anna, session.Hello{})
	data := content(1 << 20)
	l, copied := r.file("a", data), thief.file("a", data)
	own := &incoming{id: l.id, offer: l.doc}
	other := &incoming{id: copied.id, offer: copied.doc}
	if own.spec().InfoHash() == other.spec().InfoHash() {
		t.Error("two sharers, one torrent")
	}
}
