package sharing

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/sharing/identity"
)

func TestForgetLeavesTheFiles(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	anna.limit(0, 8<<20)
	root := tree(t, t.TempDir(), 3<<20)
	share := send(t, ben, anna, root)
	if err := anna.Forget(t.Context(), "00000000"); !errors.Is(err, ErrNotFound) {
		t.Errorf("forgot nothing: %v", err)
	}
	if err := ben.Forget(t.Context(), share.String()); !errors.Is(err, ErrState) {
		t.Errorf("forgot what goes on: %v", err)
	}
	anna.limit(0, 0)
	got := next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	for _, p := range []*party{anna, ben} {
		if err := p.Forget(t.Context(), share.Short()); err != nil {
			t.Fatal(err)
		}
		if s := p.Snapshot(); len(s.Transfers) != 0 {
			t.Errorf("still there: %+v", s.Transfers)
		}
		if err := p.Forget(t.Context(), share.Short()); !errors.Is(err, ErrNotFound) {
			t.Errorf("forgotten twice: %v", err)
		}
		p.until("nothing kept", func(Snapshot) bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(p.incoming)+len(p.outgoing) == 0
		})
		p.stop()
		onlyIn(t, p.records.folder)
	}
	same(t, root, got.Path)
	if s := start(t, "Anna", anna.state, AcceptAsk).Snapshot(); len(s.Transfers) != 0 {
		t.Errorf("back after a restart: %+v", s.Transfers)
	}
}

// What was forgotten before its sharer could be told is told all the same, also
// after a restart.
func TestAForgottenEndIsStillTold(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	anna.limit(0, 1<<20)
	share := send(t, ben, anna, tree(t, t.TempDir(), 30<<20))
	anna.until("running", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].State == Running })
	ben.until("knowing of it", func(s Snapshot) bool { return s.Transfers[0].State == Running })
	ben.stop()
	if _, err := anna.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	if err := anna.Forget(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if n := len(anna.Snapshot().Transfers); n != 0 {
			t.Errorf("%d transfers are seen", n)
		}
		anna.stop()
		anna = start(t, "Anna", anna.state, AcceptEveryone)
	}
	ben = start(t, "Ben", ben.state, AcceptAsk)
	meet(ben, anna)
	ben.until("hearing of the end", func(s Snapshot) bool { return s.Transfers[0].State == Cancelled })
	anna.until("nothing kept", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return len(anna.incoming) == 0
	})
	if n := len(anna.Snapshot().Transfers); n != 0 {
		t.Errorf("%d transfers are seen", n)
	}
	onlyIn(t, anna.downloads)
}

func TestForgetAll(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	kept := send(t, ben, anna, tree(t, t.TempDir(), 1<<20))
	next[OfferedEvent](anna, nil)
	for n := range 3 {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte{byte(n)}, 0o600); err != nil {
			t.Fatal(err)
		}
		share := send(t, ben, anna, file)
		accept(t, anna, share, AcceptOptions{})
		next[DeliveredEvent](anna, nil)
		next[DeliveredEvent](ben, nil)
	}
	for _, p := range []*party{anna, ben} {
		if err := p.ForgetAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s := anna.Snapshot(); len(s.Transfers) != 0 || len(s.Offers) != 1 {
		t.Errorf("Anna sees %d transfers and %d offers", len(s.Transfers), len(s.Offers))
	}
	if s := ben.Snapshot(); len(s.Transfers) != 1 || s.Transfers[0].Share != kept {
		t.Errorf("Ben sees %+v", s.Transfers)
	}
	if len(onDisk(t, anna)) != 3+1 { // and what was in the three
		t.Errorf("files: %q", onDisk(t, anna))
	}
}

// onDisk lists what is in the download folder, and the folder itself.
func onDisk(t *testing.T, p *party) []string {
	t.Helper()
	var list []string
	err := filepath.Walk(p.downloads, func(path string, _ os.FileInfo, err error) error {
		list = append(list, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRetryOffersToThoseWhoHaveNotGotIt(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	carl := start(t, "Carl", t.TempDir(), AcceptEveryone)
	meet(ben, carl)
	root := tree(t, t.TempDir(), 1<<20)
	share, err := ben.Send(t.Context(), []string{root}, []identity.ID{anna.id(), carl.id()})
	if err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](carl, nil)
	next[OfferedEvent](anna, nil)
	if _, err := ben.Retry(t.Context(), share.String()); !errors.Is(err, ErrState) {
		t.Errorf("tried again what goes on: %v", err)
	}
	if _, err := anna.Decline(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	next(ben, func(e AnsweredEvent) bool { return e.Peer == anna.id() })
	again, err := ben.Retry(t.Context(), share.String())
	if err != nil || again == share {
		t.Fatalf("%s again: %s, %v", share.Short(), again.Short(), err)
	}
	accept(t, anna, again, AcceptOptions{})
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	s := ben.until("the end", func(s Snapshot) bool {
		return len(s.Transfers) == 2 && s.Transfers[1].State == Delivered
	})
	if peers := s.Transfers[1].Peers; len(peers) != 1 || peers[0].ID != anna.id() {
		t.Errorf("it was offered to %+v", peers)
	}
	if _, err := ben.Retry(t.Context(), again.String()); !errors.Is(err, ErrState) {
		t.Errorf("tried again what everybody has: %v", err)
	}
	if _, err := anna.Retry(t.Context(), again.String()); !errors.Is(err, ErrState) {
		t.Errorf("tried again what is here: %v", err)
	}
}

// What lacks a file that had changed is not what was to be sent.
func TestRetryAfterAFileHadChanged(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 1<<20)
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	if err := os.WriteFile(filepath.Join(root, "one"), []byte("longer now"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	if e := next[DeliveredEvent](anna, nil); len(e.Failures) != 1 {
		t.Fatalf("delivered %+v", e)
	}
	next[DeliveredEvent](ben, nil)
	again, err := ben.Retry(t.Context(), share.String())
	if err != nil {
		t.Fatal(err)
	}
	accept(t, anna, again, AcceptOptions{})
	same(t, root, next[DeliveredEvent](anna, nil).Path)
}

func TestRetryOfWhatIsGone(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	root := tree(t, t.TempDir(), 1<<20)
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	if _, err := anna.Retry(t.Context(), share.String()); !errors.Is(err, ErrState) {
		t.Errorf("tried an offer again: %v", err)
	}
	if _, err := ben.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if _, err := ben.Retry(t.Context(), share.String()); err == nil {
		t.Error("offered what is not there")
	}
}

func TestPauseAllAndResumeAll(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	anna.limit(0, 1<<20)
	var roots []string
	for range 2 {
		root := tree(t, t.TempDir(), 20<<20)
		roots = append(roots, root)
		send(t, ben, anna, root)
	}
	both := func(state State) func(Snapshot) bool {
		return func(s Snapshot) bool {
			return len(s.Transfers) == 2 && s.Transfers[0].State == state && s.Transfers[1].State == state
		}
	}
	anna.until("running", both(Running))
	if err := anna.PauseAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	anna.until("the pause", both(Paused))
	anna.limit(0, 0)
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptEveryone)
	meet(ben, anna)
	anna.until("the pause after a restart", both(Paused))
	if err := ben.PauseAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := anna.ResumeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	ben.until("the pause of the sharer", both(Paused))
	if err := ben.ResumeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range roots {
		next[DeliveredEvent](anna, nil)
		next[DeliveredEvent](ben, nil)
	}
}

// The history is bounded while the device runs, too, and it is the oldest that go.
func TestTheHistoryIsBounded(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	anna.mu.Lock()
	for n := range maxPast + 20 {
		rec := record{
			Share: ShareID{1, byte(n >> 8), byte(n)}, Direction: Receiving, State: Delivered, Told: true, Title: fmt.Sprint(n),
			Ended: time.Unix(int64(n+1), 0),
		}
		anna.incoming[rec.Share] = anna.pastIncoming(rec)
	}
	anna.mu.Unlock()
	anna.trim()
	anna.mu.Lock()
	defer anna.mu.Unlock()
	if n := len(anna.incoming); n != maxPast {
		t.Errorf("%d are remembered", n)
	}
	if anna.incoming[ShareID{1, 0, 19}] != nil || anna.incoming[ShareID{1, 0, 20}] == nil {
		t.Error("it was not the oldest that went")
	}
}

// Who is blocked by now is offered nothing once more.
func TestRetryLeavesOutTheBlocked(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	share := send(t, ben, anna, tree(t, t.TempDir(), 1000))
	next[OfferedEvent](anna, nil)
	ben.Block(anna.id())
	ben.until("the end", func(s Snapshot) bool { return s.Transfers[0].State.Final() })
	if _, err := ben.Retry(t.Context(), share.String()); !errors.Is(err, ErrState) || !strings.Contains(err.Error(), "blocked") {
		t.Errorf("offered again: %v", err)
	}
	ben.Unblock(anna.id())
	if _, err := ben.Retry(t.Context(), share.String()); err != nil {
		t.Errorf("after it was unblocked: %v", err)
	}
}
