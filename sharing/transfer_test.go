package sharing

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// pair starts two devices that have met.
func pair(t *testing.T, mode AcceptMode) (sender, receiver *party) {
	t.Helper()
	receiver = start(t, "Anna", t.TempDir(), mode)
	sender = start(t, "Ben", t.TempDir(), AcceptAsk)
	meet(sender, receiver)
	return sender, receiver
}

func send(t *testing.T, from, to *party, paths ...string) ShareID {
	t.Helper()
	share, err := from.Send(t.Context(), paths, []identity.ID{to.id()})
	if err != nil {
		t.Fatal(err)
	}
	return share
}

func accept(t *testing.T, p *party, share ShareID, o AcceptOptions) {
	t.Helper()
	next(p, func(e OfferedEvent) bool { return e.Share == share })
	if _, err := p.Accept(t.Context(), share.String(), o); err != nil {
		t.Fatal(err)
	}
}

func TestPartOfAnOffer(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 3<<20)
	share := send(t, ben, anna, root)
	accept(t, anna, share, AcceptOptions{Only: []string{"*.txt", "one"}})
	got := next[DeliveredEvent](anna, nil)
	if got.Files != 2 || got.Bytes != 12346 {
		t.Errorf("delivered %+v", got)
	}
	e := next[DeliveredEvent](ben, nil)
	if e.Files != 2 {
		t.Errorf("the sharer heard %+v", e)
	}
	for name, want := range map[string]bool{"one": true, "sub/日本 😀.txt": true, "big": false, "sub/doc..pdf": false, "empty folder": false} {
		_, err := os.Stat(filepath.Join(got.Path, filepath.FromSlash(name)))
		if (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	onlyIn(t, anna.downloads, filepath.Base(got.Path))
}

// What was left out is neither counted nor named, while it is on its way and after.
func TestAPartIsCalledByWhatIsInIt(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	dir := t.TempDir()
	for _, name := range []string{"a.txt", "b.exe", "c.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	share := send(t, ben, anna, filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.exe"), filepath.Join(dir, "c.txt"))
	accept(t, anna, share, AcceptOptions{Only: []string{"*.txt"}})
	next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	for range 2 {
		if got := anna.Snapshot().Transfers[0]; got.Title != "a.txt, c.txt" || got.Files != 2 {
			t.Errorf("it is called %q, %d files", got.Title, got.Files)
		}
		anna.stop()
		anna = start(t, "Anna", anna.state, AcceptAsk)
	}
}

func TestDecline(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	if _, err := anna.Decline(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	if e := next[AnsweredEvent](ben, nil); e.Accepted {
		t.Error("a no was heard as a yes")
	}
	anna.until("no offer left", func(s Snapshot) bool { return len(s.Offers) == 0 })
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state")
	if _, err := anna.Accept(t.Context(), share.Short(), AcceptOptions{}); err == nil {
		t.Error("a declined offer was accepted")
	}
}

func TestNobodyTakesOffers(t *testing.T) {
	ben, anna := pair(t, AcceptNobody)
	send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	if e := next[AnsweredEvent](ben, nil); e.Accepted {
		t.Error("a no was heard as a yes")
	}
}

func TestPairedOnlyAsksOthers(t *testing.T) {
	ben, anna := pair(t, AcceptPaired)
	send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state")
}

func TestWithdraw(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	if _, err := ben.Cancel(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	next[OfferGoneEvent](anna, nil)
	if _, err := anna.Accept(t.Context(), share.Short(), AcceptOptions{}); err == nil {
		t.Error("a withdrawn offer was accepted")
	}
}

func TestCancelInMidTransfer(t *testing.T) {
	for _, side := range []string{"sender", "receiver"} {
		t.Run(side, func(t *testing.T) {
			ben, anna := pair(t, AcceptEveryone)
			anna.limit(0, 8<<20) // or it might be over before
			share := send(t, ben, anna, tree(t, t.TempDir(), 120<<20))
			who := map[string]*party{"sender": ben, "receiver": anna}[side]
			anna.until("some bytes", func(s Snapshot) bool {
				return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0
			})
			if _, err := who.Cancel(t.Context(), share.Short()); err != nil {
				t.Fatal(err)
			}
			for _, p := range []*party{anna, ben} {
				p.until("the end", func(s Snapshot) bool { return s.Transfers[0].State.Final() })
			}
			anna.stop() // clears away
			onlyIn(t, anna.downloads)
		})
	}
}

func TestPauseLastsAcrossARestart(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	meet(ben, anna)
	anna.limit(0, 8<<20) // or it might be over before the pause
	root := tree(t, t.TempDir(), 120<<20)
	share := send(t, ben, anna, root)
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	if _, err := anna.Pause(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	ben.until("paused", func(s Snapshot) bool { return s.Transfers[0].State == Paused })
	if p := ben.Snapshot().Transfers[0].Peers[0]; !p.PausedThere || p.PausedHere {
		t.Errorf("anna paused it, and it is shown as %+v", p)
	}
	if p := anna.Snapshot().Transfers[0].Peers[0]; p.PausedThere || !p.PausedHere {
		t.Errorf("paused here, and it is shown as %+v", p)
	}
	if _, err := ben.Pause(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	anna.until("paused by both", func(s Snapshot) bool { p := s.Transfers[0].Peers[0]; return p.PausedHere && p.PausedThere })
	if _, err := ben.Resume(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	anna.until("paused here alone", func(s Snapshot) bool { p := s.Transfers[0].Peers[0]; return p.PausedHere && !p.PausedThere })
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(ben, anna)
	ben.until("back", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	s := anna.until("restored", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && len(s.Neighbours) == 1 && s.Transfers[0].Peers[0].Done > 0
	})
	if s.Transfers[0].State != Paused {
		t.Errorf("after the restart: %+v", s.Transfers[0])
	}
	if _, err := anna.Resume(t.Context(), share.Short()); err != nil {
		t.Fatal(err)
	}
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
}

func TestBothRestart(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	meet(ben, anna)
	anna.limit(0, 8<<20) // or it might be over before they stop
	root := tree(t, t.TempDir(), 120<<20)
	send(t, ben, anna, root)
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	ben.stop()
	anna.stop()
	ben = start(t, "Ben", ben.state, AcceptAsk)
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(anna, ben)
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads, filepath.Base(root))
}

func TestANameThatIsTaken(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	root := tree(t, t.TempDir(), 1<<20)
	send(t, ben, anna, root)
	first := next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	send(t, ben, anna, root)
	second := next[DeliveredEvent](anna, nil)
	if first.Path == second.Path || !strings.HasSuffix(second.Path, " (2)") {
		t.Errorf("%q and %q", first.Path, second.Path)
	}
	same(t, root, first.Path)
	same(t, root, second.Path)
}

func TestEmptyThings(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "nothing.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	send(t, ben, anna, empty, filepath.Join(dir, "nothing.txt"))
	next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	onlyIn(t, anna.downloads, "empty", "nothing.txt")
}

func TestAFileThatChangesMeanwhile(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 40<<20)
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	ben.until("all hashed", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Hashed == s.Transfers[0].Bytes
	})
	big := filepath.Join(root, "big")
	if err := os.Truncate(big, 1<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Accept(t.Context(), share.Short(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	got := next[DeliveredEvent](anna, nil)
	sent := next[DeliveredEvent](ben, nil)
	if len(got.Failures) != 1 || !strings.HasSuffix(got.Failures[0].Path, "big") || len(sent.Failures) != 1 {
		t.Errorf("failures %+v, %+v", got.Failures, sent.Failures)
	}
	if err := os.Remove(big); err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(got.Path)
	if err := os.Chtimes(root, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	same(t, root, got.Path)
}

func TestABlockedDevice(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	anna.Block(ben.id())
	ben.until("anna is gone", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	if s := anna.Snapshot(); len(s.Offers) != 0 || len(s.Neighbours) != 0 {
		t.Errorf("still there: %+v", s)
	}
	_ = share
}

func TestFind(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	ben.until("a neighbour", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	for _, who := range []string{"anna", "ANNA", anna.id().String(), anna.id().Short()} {
		if id, err := ben.Find(who); err != nil || id != anna.id() {
			t.Errorf("%q: %v, %v", who, id, err)
		}
	}
	if _, err := ben.Find("carla"); !errors.Is(err, ErrNotFound) {
		t.Errorf("carla: %v", err)
	}
	other := start(t, "Anna", t.TempDir(), AcceptAsk)
	meet(ben, other)
	ben.until("two neighbours", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	var ambiguous *AmbiguousError
	if _, err := ben.Find("anna"); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 2 {
		t.Errorf("two of one name: %v", err)
	}
	if _, err := ben.Reach(t.Context(), ben.Snapshot().Self.Addr); !errors.Is(err, ErrSelf) {
		t.Errorf("his own address: %v", err)
	}
	if _, err := ben.Reach(t.Context(), anna.Snapshot().Self.Addr); err != nil {
		t.Error(err)
	}
}

func TestDocumentsAreChecked(t *testing.T) {
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	var salt, hash [32]byte
	share := shareID(id.ID(), salt, hash)
	good := offerDoc{Salt: salt[:], Manifest: hash[:], State: offerOpen}
	if err := good.check(share, id.ID()); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*offerDoc){
		"length": func(o *offerDoc) { o.Length = -1 }, "salt": func(o *offerDoc) { o.Salt = nil },
		"state": func(o *offerDoc) { o.State = "maybe" }, "hash": func(o *offerDoc) { o.Manifest = make([]byte, 31) },
		"other": func(o *offerDoc) { o.Salt = []byte(strings.Repeat("x", 32)) },
	} {
		bad := good
		spoil(&bad)
		if bad.check(share, id.ID()) == nil {
			t.Errorf("%s: passed", name)
		}
	}
	for _, bad := range []takeDoc{{State: "no such"}, {Done: -1}, {Done: 2, Total: 1}, {Total: 1 << 60}} {
		if bad.check() == nil {
			t.Errorf("%+v passed", bad)
		}
	}
}

func TestReceipt(t *testing.T) {
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	r := Receipt{Entries: "0-3", Files: 4, Bytes: 10, Time: time.Now()}
	r.sign(id)
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []func(*Receipt){
		func(r *Receipt) { r.Bytes++ }, func(r *Receipt) { r.Entries = "0-4" }, func(r *Receipt) { r.Taker[0]++ },
		func(r *Receipt) { r.Sig = nil }, func(r *Receipt) { r.Key = r.Key[1:] },
	} {
		bad := r
		spoil(&bad)
		if bad.Check() == nil {
			t.Error("a spoiled receipt passed")
		}
	}
	if got := ranges(6, func(i int) bool { return i != 3 && i != 5 }); got != "0-2,4" {
		t.Error(got)
	}
}

func TestRate(t *testing.T) {
	var r rate
	at := time.Unix(1000, 0)
	for i := range 50 {
		at = at.Add(300 * time.Millisecond)
		r.note(at, int64(i)*300)
	}
	if got := r.perSecond(at); got < 950 || got > 1050 {
		t.Errorf("%d bytes a second", got)
	}
	for range 10 { // from now on it is slower
		at = at.Add(300 * time.Millisecond)
		r.note(at, r.last.total+30)
	}
	if got := r.perSecond(at); got < 95 || got > 105 {
		t.Errorf("%d bytes a second three seconds after it became slow", got)
	}
	if got := r.perSecond(at.Add(time.Second)); got < 95 {
		t.Errorf("%d bytes a second until more is heard", got)
	}
	if got := r.perSecond(at.Add(4 * time.Second)); got != 0 {
		t.Errorf("%d bytes a second when nothing comes any more", got)
	}
	at = at.Add(time.Minute)
	for range 3 { // it goes on
		r.note(at, r.last.total+300)
		at = at.Add(300 * time.Millisecond)
	}
	if got := r.perSecond(at); got < 950 || got > 1050 {
		t.Errorf("%d bytes a second a second after it went on", got)
	}
	if left(2000, 1000) != 2*time.Second || left(1, 0) != -1 || left(0, 0) != 0 {
		t.Error("left")
	}
}

// What comes in large portions does not seem faster and slower by turns, whenever it
// is looked at.
func TestRateOfPortions(t *testing.T) {
	const portion, every = 128 << 10, 1300 * time.Millisecond
	var r rate
	began := time.Unix(1000, 0)
	for passed := time.Duration(0); passed < 30*time.Second; passed += 250 * time.Millisecond {
		r.note(began.Add(passed), int64(passed/every)*portion)
		want := portion * float64(time.Second) / float64(every)
		got := float64(r.perSecond(began.Add(passed)))
		if passed > 5*time.Second && (got < 0.85*want || got > 1.2*want) {
			t.Errorf("after %v: %.0f bytes a second, and not %.0f", passed, got, want)
		}
	}
}
