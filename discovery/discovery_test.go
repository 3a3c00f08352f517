package discovery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if asHost() {
		return // this process is a host in the lab of another
	}
	goleak.VerifyTestMain(m, libraryProbe)
}

// libraryProbe is the goroutine of the library that announces a device, and ends by
// itself when it has.
var libraryProbe = goleak.IgnoreAnyFunction("github.com/grandcat/zeroconf.(*Server).probe")

// id returns an ID that begins with s.
func id(s string) string { return s + strings.Repeat("0", 64-len(s)) }

// run runs d until the test ends, or the returned function is called.
func run(t *testing.T, d *Discovery) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// pass lets time pass, and all that is due then happen.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func wantAddrs(t *testing.T, d *Discovery, id string, want ...string) {
	t.Helper()
	if got := addrsOf(d, id); !slices.Equal(got, want) {
		t.Errorf("%.4s knows %.4s at %v, want %v", d.id, id, got, want)
	}
}

// addrsOf returns the addresses under which d knows a neighbour; nil if it does
// not know it.
func addrsOf(d *Discovery, id string) []string {
	for _, n := range d.Neighbours() {
		if n.ID == id {
			var list []string
			for _, a := range n.Addrs {
				list = append(list, a.String())
			}
			return list
		}
	}
	return nil
}

var (
	anna = Options{ID: id("a"), Port: 1001}
	bea  = Options{ID: id("b"), Port: 1002}
)

func TestNewRefusesWhatCannotBeAnnounced(t *testing.T) {
	for _, tt := range []struct {
		id   string
		port int
		want error
	}{
		{"", 1, ErrID},
		{strings.Repeat("a", 63), 1, ErrID},
		{strings.Repeat("a", 66), 1, ErrID},
		{strings.Repeat("A", 64), 1, ErrID},
		{strings.Repeat("g", 64), 1, ErrID},
		{id("a"), 0, ErrPort},
		{id("a"), -1, ErrPort},
		{id("a"), 65536, ErrPort},
		{id("a"), 65535, nil},
	} {
		if _, err := New(Options{ID: tt.id, Port: tt.port}); !errors.Is(err, tt.want) {
			t.Errorf("New(%q, %d) = %v, want %v", tt.id, tt.port, err, tt.want)
		}
	}
}

func TestBothSeeEachOtherAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		b := newOn(e.radio(nic("eth0", "10.0.0.2/24")), bea)
		stopA := run(t, a)
		pass(10 * time.Second) // a is between two rounds
		stopB := run(t, b)
		synctest.Wait()

		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")
		wantAddrs(t, b, anna.ID, "10.0.0.1:1001")
		if got := len(a.Neighbours()); got != 1 {
			t.Errorf("%d neighbours, want one: not ourselves", got)
		}
		if got := a.Interfaces(); !slices.Equal(got, []string{"eth0"}) {
			t.Errorf("Interfaces() = %v", got)
		}

		stopA()
		stopB()
		if !e.idle() {
			t.Error("something is left on the network after Run")
		}
		if n := len(a.Neighbours()) + len(a.Interfaces()); n > 0 {
			t.Error("neighbours or interfaces after Run")
		}
	})
}

func TestSilentDeviceHearsAndIsNotHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		hidden := anna
		hidden.Silent = true
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), hidden)
		b := newOn(e.radio(nic("eth0", "10.0.0.2/24")), bea)
		run(t, a)
		run(t, b)
		pass(time.Minute) // several rounds
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")
		wantAddrs(t, b, anna.ID)
		a.Refresh()
		pass(time.Minute)
		wantAddrs(t, b, anna.ID)
	})
}

func TestSilentNeighbourIsForgottenAfterThreeRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio(nic("eth0", "10.0.0.2/24"))
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		run(t, a)
		run(t, newOn(wire, bea))

		pass(10 * time.Minute)
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")

		wire.set(func(r *radio) { r.cut = true })
		pass(30 * time.Second)
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")
		pass(30 * time.Second)
		wantAddrs(t, a, bea.ID)

		wire.set(func(r *radio) { r.cut = false })
		pass(16 * time.Second)
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")
	})
}

func TestForgottenNeighbourComesBackIfItIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio(nic("eth0", "10.0.0.2/24"))
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		run(t, a)
		run(t, newOn(wire, bea))
		pass(time.Minute)

		a.Forget(bea.ID)
		synctest.Wait()
		wantAddrs(t, a, bea.ID)
		a.Refresh()
		pass(time.Second)
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")

		wire.set(func(r *radio) { r.cut = true })
		a.Forget(bea.ID)
		a.Refresh()
		pass(time.Minute)
		wantAddrs(t, a, bea.ID)
	})
}

func TestAddressChangeIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio(nic("eth0", "10.0.0.2/24"))
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		b := newOn(wire, bea)
		run(t, a)
		run(t, b)
		pass(10 * time.Second)

		wire.set(func(r *radio) { r.ifaces = []iface{nic("eth0", "10.0.0.22/24")} })
		pass(2 * time.Second)
		wantAddrs(t, a, bea.ID, "10.0.0.22:1002", "10.0.0.2:1002") // the new one first
		pass(time.Minute)
		wantAddrs(t, a, bea.ID, "10.0.0.22:1002") // the old one was not heard again
		wantAddrs(t, b, anna.ID, "10.0.0.1:1001")
	})
}

func TestInterfaceThatComesLaterIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio()
		a := newOn(wire, anna)
		b := newOn(e.radio(nic("eth1", "10.0.1.2/24")), bea)
		run(t, a)
		run(t, b)
		pass(10 * time.Second)
		wantAddrs(t, b, anna.ID)

		wire.set(func(r *radio) { r.ifaces = []iface{nic("eth0", "10.0.0.1/24")} })
		pass(10 * time.Second)
		wantAddrs(t, b, anna.ID)

		wire.set(func(r *radio) {
			r.ifaces = []iface{nic("eth0", "10.0.0.1/24"), nic("eth1", "10.0.1.1/24")}
		})
		pass(2 * time.Second)
		wantAddrs(t, a, bea.ID, "10.0.1.2:1002")
		wantAddrs(t, b, anna.ID, "10.0.1.1:1001")
		if got := a.Interfaces(); !slices.Equal(got, []string{"eth0", "eth1"}) {
			t.Errorf("Interfaces() = %v", got)
		}
	})
}

func TestSleepIsANetworkChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		var asleep atomic.Int64
		a.wall = func() time.Time { return time.Now().Add(time.Duration(asleep.Load())) }
		run(t, a)
		pass(time.Minute)

		before := e.asked()
		pass(2 * time.Second)
		if e.asked() > before+1 {
			t.Error("asks often without a reason")
		}
		before = e.asked()
		asleep.Store(int64(time.Hour))
		pass(4 * time.Second)
		if e.asked() < before+2 { // at once and a second later
			t.Error("slept, and did not ask anew")
		}
	})
}

func TestRoundsAreFewerWhereManyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/16")), anna)
		run(t, a)
		pass(10 * time.Second)

		asked := func() int {
			before := e.asked()
			pass(5 * time.Minute)
			return e.asked() - before
		}
		if n := asked(); n < 20 || n > 25 {
			t.Errorf("asked %d times in five minutes alone", n)
		}
		for i := range 400 {
			e.radio(nic("eth0", fmt.Sprintf("10.0.%d.%d/16", 1+i/250, 1+i%250))).
				announce(id(fmt.Sprintf("b%03d", i)), 1, []iface{nic("eth0", "10.0.1.1/16")})
		}
		a.Refresh()
		pass(10 * time.Second)
		if n := asked(); n < 2 || n > 4 {
			t.Errorf("asked %d times in five minutes among 400", n)
		}
	})
}

func TestRefreshIsNotAStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		run(t, a)
		pass(time.Minute)
		before := e.asked()
		for range 1000 {
			a.Refresh()
			pass(10 * time.Millisecond)
		}
		if n := e.asked() - before; n < 9 || n > 11 {
			t.Errorf("asked %d times in ten seconds", n)
		}
	})
}

func TestBrokenNetworkIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		wire := e.radio(nic("eth0", "10.0.0.1/24"))
		wire.broken = true
		var log bytes.Buffer // written by Run alone
		loud := anna
		loud.Log = slog.New(slog.NewTextHandler(&log, nil))
		a := newOn(wire, loud)
		b := newOn(e.radio(nic("eth0", "10.0.0.2/24")), bea)
		run(t, a)
		run(t, b)
		pass(time.Minute)
		wantAddrs(t, b, anna.ID)
		if n := strings.Count(log.String(), "level=WARN"); n != 2 {
			t.Errorf("%d warnings, want one each for announcing and listening:\n%s", n, &log)
		}

		wire.set(func(r *radio) { r.broken = false })
		pass(16 * time.Second)
		wantAddrs(t, a, bea.ID, "10.0.0.2:1002")
		wantAddrs(t, b, anna.ID, "10.0.0.1:1001")
	})
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ether
		a := newOn(e.radio(nic("eth0", "10.0.0.1/24")), anna)
		changed, stop := a.Watch()
		signals := func() (n int) {
			pass(time.Second)
			for len(changed) > 0 {
				<-changed
				n++
			}
			return n
		}
		run(t, a)
		if n := signals(); n != 1 { // one to begin with, one for the interfaces, read as one
			t.Errorf("%d signals to begin with, want 1", n)
		}
		stopB := run(t, newOn(e.radio(nic("eth0", "10.0.0.2/24")), bea))
		if n := signals(); n != 1 {
			t.Errorf("%d signals for one who came, want 1", n)
		}
		pass(time.Minute)
		if n := signals(); n != 0 {
			t.Errorf("%d signals for nothing", n)
		}
		stopB()
		pass(time.Minute)
		if n := signals(); n != 1 {
			t.Errorf("%d signals for one who went, want 1", n)
		}
		stop()
		run(t, newOn(e.radio(nic("eth0", "10.0.0.2/24")), bea))
		if n := signals(); n != 0 {
			t.Errorf("%d signals after the watch ended", n)
		}
	})
}

// made returns the claim of a made-up device with this number.
func made(n int) claim {
	return claim{
		instance: instanceOf(id(fmt.Sprintf("f%05d", n))),
		port:     1 + n%65535,
		text:     []string{version},
		addrs:    []netip.Addr{netip.AddrFrom4([4]byte{10, 1, byte(n >> 8), byte(n)})},
		weight:   1,
	}
}
