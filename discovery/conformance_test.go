package discovery_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"potluck/discovery"
	"potluck/discovery/discoverytest"
)

// A device is what the true one and the one for tests have in common.
type device interface {
	Run(ctx context.Context) error
	Neighbours() []discovery.Neighbour
	Watch() (<-chan struct{}, func())
	Refresh()
	Forget(id string)
	Interfaces() []string
}

var (
	_ device = (*discovery.Discovery)(nil)
	_ device = (*discoverytest.Device)(nil)
)

// TestDevices holds the device for tests to what the true one does.
func TestDevices(t *testing.T) {
	t.Run("true", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { testDevices(t, discovery.NewPair) })
	})
	t.Run("for tests", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			testDevices(t, func(a, b string) (device, device) {
				var lan discoverytest.LAN
				return lan.Device(a, netip.MustParseAddrPort("10.0.0.1:1001")),
					lan.Device(b, netip.MustParseAddrPort("10.0.0.2:1002"))
			})
		})
	})
}

func testDevices[D device](t *testing.T, pair func(idA, idB string) (a, b D)) {
	idA, idB := strings.Repeat("a", 64), strings.Repeat("b", 64)
	a, b := pair(idA, idB)
	changed, stop := a.Watch()
	defer stop()
	signalled := func() bool {
		t.Helper()
		time.Sleep(time.Second)
		synctest.Wait()
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	want := func(d device, when string, want ...string) {
		t.Helper()
		var got []string
		for _, n := range d.Neighbours() {
			got = append(got, fmt.Sprintf("%.1s at %v", n.ID, n.Addrs))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}

	if !signalled() {
		t.Error("a watch does not begin with a signal")
	}
	want(a, "before Run")
	stopA := start(t, a)
	signalled()
	want(a, "alone")
	if len(a.Interfaces()) == 0 {
		t.Error("no interfaces while it runs")
	}
	stopB := start(t, b)
	if !signalled() {
		t.Error("no signal when one came")
	}
	want(a, "together", "b at [10.0.0.2:1002]")
	want(b, "together", "a at [10.0.0.1:1001]")
	a.Neighbours()[0].Addrs[0] = netip.AddrPort{}
	want(a, "after a caller wrote into the list", "b at [10.0.0.2:1002]")
	if signalled() {
		t.Error("a signal for nothing")
	}
	a.Forget(idA)
	a.Forget("somebody else")
	if signalled() {
		t.Error("a signal for forgetting whom it does not know")
	}
	a.Forget(idB)
	if !signalled() {
		t.Error("no signal when one was forgotten")
	}
	want(a, "after Forget")
	want(b, "after Forget of the other", "a at [10.0.0.1:1001]")
	a.Refresh()
	if !signalled() {
		t.Error("no signal when one was found again")
	}
	want(a, "after Refresh", "b at [10.0.0.2:1002]")
	stopB()
	time.Sleep(time.Minute)
	if !signalled() {
		t.Error("no signal when one went")
	}
	want(a, "after the other stopped")
	stopA()
	want(a, "after Run")
	want(b, "after Run")
	if len(a.Interfaces()) != 0 {
		t.Error("interfaces after Run")
	}
}

func start(t *testing.T, d device) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- d.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

func TestCutAndMadeUpNeighbours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lan discoverytest.LAN
		idA, idB, idC := strings.Repeat("a", 64), strings.Repeat("b", 64), strings.Repeat("c", 64)
		a, b := lan.Device(idA), lan.Device(idB)
		defer start(t, a)()
		defer start(t, b)()
		synctest.Wait()
		want := func(when string, d *discoverytest.Device, want ...string) {
			t.Helper()
			var got []string
			for _, n := range d.Neighbours() {
				got = append(got, n.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", when, got, want)
			}
		}
		lan.Put(idC, netip.MustParseAddrPort("10.0.0.3:1"))
		want("put", a, idB, idC)
		lan.Cut(idA)
		want("cut", a)
		want("cut", b, idC)
		lan.Mend(idA)
		want("mended", b, idA, idC)
		a.Forget(idC)
		want("forgotten", a, idB)
		lan.Put(idC)
		want("put again", a, idB, idC)
		lan.Remove(idC)
		want("removed", a, idB)
		a.Refresh()
		if a.Refreshes() != 1 || b.Refreshes() != 0 {
			t.Error("Refreshes counts wrong")
		}
	})
}
