package sharing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// killed stops a device, and leaves of what it knows about others what was on disk
// before: a device that is killed writes nothing down.
func (p *party) killed() {
	p.t.Helper()
	before, err := os.ReadFile(p.knownFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
	p.stop()
	if err == nil {
		err = os.WriteFile(p.knownFile(), before, 0o600)
	} else {
		err = os.Remove(p.knownFile())
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// writtenDown waits until the device has on disk where the other one is.
func (p *party) writtenDown(addr string) {
	p.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	timeout := time.After(waitLong)
	for {
		data, _ := os.ReadFile(p.knownFile())
		if bytes.Contains(data, []byte(addr)) {
			return
		}
		select {
		case <-look.C:
		case <-timeout:
			p.t.Fatalf("%s is not written down", addr)
		}
	}
}

// halfway has a transfer begin between two devices that never hear of each other,
// the sharer having been told an address.
func halfway(t *testing.T) (anna, ben *party, root string) {
	t.Helper()
	anna = start(t, "Anna", t.TempDir(), AcceptEveryone)
	ben = start(t, "Ben", t.TempDir(), AcceptAsk)
	if _, err := ben.Reach(t.Context(), anna.Snapshot().Self.Addr); err != nil {
		t.Fatal(err)
	}
	anna.limit(0, 8<<20) // or it might be over before they stop
	root = tree(t, t.TempDir(), 120<<20)
	send(t, ben, anna, root)
	anna.until("some bytes", func(s Snapshot) bool { return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > 0 })
	return anna, ben, root
}

func TestBothAreKilledWhereNobodyIsHeard(t *testing.T) {
	for _, first := range []string{"the taker", "the sharer"} {
		t.Run(first, func(t *testing.T) {
			anna, ben, root := halfway(t)
			annas, bens := anna.Snapshot().Self.Addr, ben.Snapshot().Self.Addr
			ben.writtenDown(annas)
			anna.writtenDown(bens)
			ben.killed()
			anna.killed()
			// Only the one that comes back at its old address can be dialled.
			if first == "the taker" {
				anna = startAt(t, "Anna", anna.state, AcceptEveryone, annas)
				ben = start(t, "Ben", ben.state, AcceptAsk)
			} else {
				ben = startAt(t, "Ben", ben.state, AcceptAsk, bens)
				anna = start(t, "Anna", anna.state, AcceptEveryone)
			}
			same(t, root, next[DeliveredEvent](anna, nil).Path)
			next[DeliveredEvent](ben, nil)
		})
	}
}

func TestWhatATakerHadIsShownAfterARestart(t *testing.T) {
	anna, ben, _ := halfway(t)
	before := ben.until("a good part", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Peers[0].Done > s.Transfers[0].Bytes/4
	}).Transfers[0].Peers[0]
	anna.killed()
	ben.stop()
	for range 2 {
		ben = start(t, "Ben", ben.state, AcceptAsk)
		got := ben.Snapshot().Transfers[0].Peers[0]
		if got.State != Running || got.Connected || got.Done < before.Total/5 || got.Total != before.Total {
			t.Errorf("after the restart: %+v, before: %+v", got, before)
		}
		ben.stop()
	}
}

func TestAddressesAreBounded(t *testing.T) {
	var k knownDevice
	for i := range 100 {
		k.give([]string{fmt.Sprintf("10.0.0.%d:27420", i), strings.Repeat("x", 1000), ""})
	}
	if len(k.Given) != maxPlaces || k.Given[0] != "10.0.0.99:27420" {
		t.Errorf("kept %q", k.Given)
	}
	if k.give([]string{"10.0.0.99:27420"}) {
		t.Error("an address that is the first already counts as new")
	}
}

func TestAMoveHasThoseMissedDialledAtOnce(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	ben.mu.Lock()
	ben.hints[anna.id()] = &hint{addrs: []string{anna.Snapshot().Self.Addr}, heard: time.Now(), next: time.Now().Add(24 * time.Hour), asked: true}
	ben.mu.Unlock()
	ben.Moved()
	ben.until("a session", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
}

func TestAMoveHasADialBegunAnew(t *testing.T) {
	hole, err := net.Listen("tcp", "127.0.0.1:0") // which takes calls and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer hole.Close()
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	h := &hint{addrs: []string{hole.Addr().String()}, heard: time.Now(), next: time.Now(), asked: true}
	ben.mu.Lock()
	ben.hints[anna.id()] = h
	ben.mu.Unlock()
	ben.lookWhomToDial()
	call, err := hole.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer call.Close()
	ben.mu.Lock()
	h.addrs = []string{anna.Snapshot().Self.Addr}
	ben.mu.Unlock()
	ben.Moved()
	ben.until("a session", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	for dialing := true; dialing; time.Sleep(time.Millisecond) {
		ben.mu.Lock()
		dialing = h.dialing
		ben.mu.Unlock()
	}
	if h.retry != firstRetry {
		t.Errorf("the next try would be in %v: the dial was not begun anew, but failed", h.retry)
	}
}

func TestOfAPlaceHeardAndOnesKept(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	id := identity.ID{1}
	var heard []string
	for i := range 30 {
		heard = append(heard, fmt.Sprintf("10.0.0.%d:1", i))
	}
	anna.mu.Lock()
	defer anna.mu.Unlock()
	k := &knownDevice{Addr: "10.1.1.1:1", Given: []string{"10.1.1.2:1"}}
	anna.known[id] = k
	h := &hint{addrs: heard}
	if got := anna.addrsLocked(id, h); !slices.Equal(got, heard) {
		t.Errorf("a device that nothing is under way with is dialled at %q", got)
	}
	k.Paired = true
	got := anna.addrsLocked(id, h)
	if len(got) > 16 || !slices.Equal(got[:3], []string{"10.0.0.0:1", "10.1.1.2:1", "10.1.1.1:1"}) {
		t.Errorf("a paired one is dialled at %q", got)
	}
}
