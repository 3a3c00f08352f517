package lab

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Options are what [New] needs to know.
type Options struct {
	Hosts int    // required
	Rate  string // of each host's link, both ways, as tc writes it ("100mbit"); "" for as fast as it goes
}

// A LAN is a switch with hosts on it, numbered from 1. Host n has the address
// 10.77.0.n, and an IPv6 link-local one.
type LAN struct {
	id    int64
	hosts []*Host
}

// lans counts the networks made, so that their names differ.
var lans atomic.Int64

// New makes a network for t, which takes it away when it is done. Networks do
// not see each other.
func New(t T, o Options) *LAN {
	t.Helper()
	require(t)
	lan := &LAN{id: lans.Add(1)}
	t.Cleanup(func() { lan.remove(t) })
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	check(ip("netns", "add", lan.space()))
	check(ip("-n", lan.space(), "link", "add", "switch", "type", "bridge"))
	check(ip("-n", lan.space(), "link", "set", "switch", "up"))
	for n := 1; n <= o.Hosts; n++ {
		h := &Host{lan: lan, n: n}
		lan.hosts = append(lan.hosts, h)
		check(h.wire(o.Rate))
	}
	if o.Hosts > few {
		check(lan.acquaint())
	}
	return lan
}

// Host returns host n, from 1.
func (l *LAN) Host(n int) *Host { return l.hosts[n-1] }

// space is the name of the network namespace that holds the switch.
func (l *LAN) space() string { return fmt.Sprintf("lan%d", l.id) }

func (l *LAN) remove(t T) {
	spaces := []string{l.space()}
	for _, h := range l.hosts {
		spaces = append(spaces, h.space())
	}
	for _, s := range spaces {
		if err := ip("netns", "del", s); err != nil {
			t.Errorf("lab: %v", err)
		}
	}
}

// A Host is a computer on a [LAN].
type Host struct {
	lan *LAN
	n   int
}

func (h *Host) space() string { return fmt.Sprintf("lan%dh%d", h.lan.id, h.n) }

// port is the end of the host's cable at the switch.
func (h *Host) port() string { return fmt.Sprintf("port%d", h.n) }

// Addr returns the address the host has at first.
func (h *Host) Addr() string { return fmt.Sprintf("10.77.0.%d", h.n) }

// wire makes the host and joins it to the switch.
func (h *Host) wire(rate string) error {
	steps := [][]string{
		{"netns", "add", h.space()},
		{"-n", h.space(), "link", "set", "lo", "up"},
		{"-n", h.lan.space(), "link", "add", h.port(), "type", "veth", "peer", "name", "eth0", "netns", h.space()},
	}
	for _, s := range steps {
		if err := ip(s...); err != nil {
			return err
		}
	}
	// An IPv6 address is usable at once when nobody checks that it is unique.
	if err := h.Do(func() error {
		return os.WriteFile("/proc/sys/net/ipv6/conf/eth0/accept_dad", []byte("0"), 0)
	}); err != nil && !os.IsNotExist(err) {
		return err
	}
	steps = [][]string{
		{"-n", h.lan.space(), "link", "set", h.port(), "master", "switch", "up"},
		{"-n", h.space(), "link", "set", "eth0", "up"},
		{"-n", h.space(), "addr", "add", h.Addr() + "/24", "brd", "+", "dev", "eth0"},
		{"-n", h.space(), "route", "add", "default", "dev", "eth0"},
	}
	for _, s := range steps {
		if err := ip(s...); err != nil {
			return err
		}
	}
	if rate == "" {
		return nil
	}
	for space, end := range map[string]string{h.lan.space(): h.port(), h.space(): "eth0"} {
		err := run("tc", "-n", space, "qdisc", "add", "dev", end, "root", "tbf", "rate", rate, "burst", "256kb", "latency", "50ms")
		if err != nil {
			return err
		}
	}
	return nil
}

// Do runs f on the host: sockets it opens and processes it starts are the
// host's. What f starts in other goroutines is not.
func (h *Host) Do(f func() error) (err error) {
	runtime.LockOSThread()
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer home.Close()
	away, err := os.Open("/run/netns/" + h.space())
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer away.Close()
	if err := unix.Setns(int(away.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("entering %s: %w", h.space(), err)
	}
	defer func() {
		// A thread that cannot come home ends with its goroutine.
		if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back == nil {
			runtime.UnlockOSThread()
		} else if err == nil {
			err = back
		}
	}()
	return f()
}

// LAN returns the network the host is on.
func (h *Host) LAN() *LAN { return h.lan }
