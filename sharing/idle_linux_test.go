package sharing

import (
	"os"
	"strings"
	"testing"
	"time"

	"potluck/sharing/session"
)

// openBelow returns what of a folder this process holds open.
func openBelow(t *testing.T, folder string) (list []string) {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if path, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.HasPrefix(path, folder) {
			list = append(list, path)
		}
	}
	return list
}

// A share that nobody fetches is not in the swarm and holds nothing open, and
// comes back for whoever goes on.
func TestAnIdleShareHoldsNothing(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	ben.idleAfter = 20 * time.Millisecond
	r := newRogue(t, ben, session.Hello{})
	root := tree(t, t.TempDir(), 3<<20)
	share, infoHash := ben.share(r, root)
	asleep := func(when string) {
		t.Helper()
		ben.until(when, func(Snapshot) bool {
			ben.notifier.changed() // look again
			ben.mu.Lock()
			loaded := ben.outgoing[share].torrent != nil
			ben.mu.Unlock()
			return !loaded && len(openBelow(t, root)) == 0
		})
	}
	asleep("nobody has answered")

	going := takeDoc{Version: 1, State: takeRunning, Total: 1 << 20}
	r.say(ben, share, going)
	hello(t, r.knock(ben, infoHash))
	going.Version, going.State = 2, takePaused
	r.say(ben, share, going)
	asleep("it is paused there")
	going.Version, going.State = 3, takeRunning
	r.say(ben, share, going)
	hello(t, r.knock(ben, infoHash))

	if _, err := ben.Pause(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	asleep("it is paused here")
	if _, err := ben.Resume(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	ben.until("it is back", func(Snapshot) bool {
		ben.notifier.changed() // look again
		ben.mu.Lock()
		defer ben.mu.Unlock()
		return ben.outgoing[share].torrent != nil
	})
	r.stop()
	asleep("it went away")
}

// An answer that comes after a long time finds everything ready.
func TestAYesToAnIdleShare(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	ben.idleAfter = 20 * time.Millisecond
	root := tree(t, t.TempDir(), 3<<20)
	share := send(t, ben, anna, root)
	next[OfferedEvent](anna, nil)
	ben.until("it is idle", func(s Snapshot) bool {
		ben.notifier.changed() // look again
		return s.Transfers[0].Hashed == s.Transfers[0].Bytes && len(openBelow(t, root)) == 0
	})
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	same(t, root, next[DeliveredEvent](anna, nil).Path)
	next[DeliveredEvent](ben, nil)
	ben.until("all is closed", func(Snapshot) bool {
		ben.notifier.changed() // look again
		return len(openBelow(t, root)) == 0
	})
}
