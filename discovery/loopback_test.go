package discovery

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/grandcat/zeroconf"
	"go.uber.org/goleak"
)

// loopback returns the name of the loopback interface. Others use it at the same
// time, so tests on it have IDs of their own and look for no others.
func loopback(t *testing.T) string {
	t.Helper()
	list, err := systemInterfaces(func(i net.Interface) bool { return i.Flags&net.FlagLoopback != 0 })
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		if i.has(netip.Addr.Is4) {
			return i.Name
		}
	}
	t.Skip("no loopback interface with an IPv4 address")
	return ""
}

func randomID() string {
	b := make([]byte, idBytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// await waits until d knows a neighbour at the address, and at none that is better.
func await(t *testing.T, d *Discovery, id, addr string) {
	t.Helper()
	changed, stop := d.Watch()
	defer stop()
	late := time.After(30 * time.Second)
	for {
		if known := addrsOf(d, id); len(known) > 0 && known[0] == addr {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("knows %.8s at %v, want %s", id, addrsOf(d, id), addr)
		}
	}
}

func TestLoopback(t *testing.T) {
	lo := loopback(t)
	device := func(port int) *Discovery {
		d, err := New(Options{ID: randomID(), Port: port, Interfaces: []string{lo}})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a, b := device(1001), device(1002)
	run(t, a)
	stop := run(t, b)
	await(t, a, b.id, "127.0.0.1:1002")
	await(t, b, a.id, "127.0.0.1:1001")

	began := time.Now()
	stop()
	t.Logf("stopped in %v", time.Since(began))
	b.Refresh() // harmless
	a.Forget(b.id)
	a.Refresh()
	c := device(1003)
	run(t, c)
	await(t, a, c.id, "127.0.0.1:1003")
	if addrsOf(a, b.id) != nil {
		t.Error("who stopped is still heard")
	}
}

// TestNothingIsLeft goes through many rounds and announcements.
func TestNothingIsLeft(t *testing.T) {
	d, err := New(Options{ID: randomID(), Port: 1001, Interfaces: []string{loopback(t)}})
	if err != nil {
		t.Fatal(err)
	}
	d.tempo.quick, d.tempo.round, d.tempo.poll = nil, 20*time.Millisecond, 100*time.Millisecond
	polls := make(chan struct{})
	var slept time.Duration
	d.wall = func() time.Time {
		select {
		case polls <- struct{}{}:
		default:
		}
		slept += time.Hour // announces anew at each poll
		return time.Now().Add(slept)
	}
	before := goleak.IgnoreCurrent()
	files := openFiles()
	stop := run(t, d)
	for range 20 {
		<-polls
	}
	stop()
	goleak.VerifyNone(t, before, libraryProbe)
	if now := openFiles(); now > files {
		t.Errorf("%d files are open, %d were before", now, files)
	}
}

// openFiles returns how many files and sockets this process has; 0 where that
// cannot be told.
func openFiles() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

// TestNothingPrivateIsSaid looks at the packets themselves.
func TestNothingPrivateIsSaid(t *testing.T) {
	lo, err := net.InterfaceByName(loopback(t))
	if err != nil {
		t.Fatal(err)
	}
	tap, err := net.ListenMulticastUDP("udp4", lo, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353})
	if err != nil {
		t.Skipf("cannot listen to multicast DNS here: %v", err)
	}
	defer tap.Close()
	d, err := New(Options{ID: randomID(), Port: 1001, Interfaces: []string{lo.Name}})
	if err != nil {
		t.Fatal(err)
	}
	run(t, d)

	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	tap.SetReadDeadline(time.Now().Add(30 * time.Second))
	packet := make([]byte, 64<<10)
	for answers := 0; answers < 3; {
		n, _, err := tap.ReadFrom(packet)
		if err != nil {
			t.Fatal(err)
		}
		p := packet[:n]
		if !bytes.Contains(p, []byte(instanceOf(d.id))) {
			continue // somebody else's, or a question
		}
		answers++
		// An ID may happen to hold a short name.
		rest := bytes.ReplaceAll(bytes.ToLower(p), []byte(instanceOf(d.id)), nil)
		if bytes.Contains(rest, []byte(strings.ToLower(host))) {
			t.Errorf("a packet holds the name of this computer: %q", p)
		}
		if !bytes.Contains(p, []byte("\x03v=1")) {
			t.Errorf("a packet without the version: %q", p)
		}
	}
}

// TestLibrary keeps what we rely on in the library and its documentation does not
// promise.
func TestLibrary(t *testing.T) {
	lo, err := net.InterfaceByName(loopback(t))
	if err != nil {
		t.Fatal(err)
	}
	on := []net.Interface{*lo}
	name := instanceOf(randomID())
	announce := func(port int) (goodbye func()) {
		s, err := zeroconf.RegisterProxy(name, service, domain, port, name, []string{"127.0.0.1"}, []string{version}, on)
		if err != nil {
			t.Fatal(err)
		}
		return s.Shutdown
	}
	goodbye := announce(1)

	r, err := zeroconf.NewResolver(zeroconf.SelectIPTraffic(zeroconf.IPv4), zeroconf.SelectIfaces(on))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	entries := make(chan *zeroconf.ServiceEntry)
	if err := r.Lookup(ctx, "", service, domain, entries); err != nil {
		t.Fatal(err)
	}
	port := 1
	for e := range entries {
		switch {
		case e.Instance != name:
		case e.Port != port:
			t.Fatalf("port %d, want %d", e.Port, port)
		case port == 3:
			cancel()
		default: // Lookup of no instance reports all, and again after a goodbye
			goodbye()
			port++
			goodbye = announce(port)
		}
	}
	goodbye()
	if port != 3 {
		t.Error("an instance that said goodbye and came back was not reported again")
	}
}
