package discovery

import (
	"net"
	"os/exec"
	"strings"
	"testing"
)

func TestConnected(t *testing.T) {
	for flags, want := range map[net.Flags]bool{
		net.FlagUp | net.FlagMulticast:                   false, // a pulled cable
		net.FlagUp | net.FlagMulticast | net.FlagRunning: true,
		net.FlagUp | net.FlagLoopback:                    true,
		net.FlagUp | net.FlagPointToPoint:                false,
	} {
		if got := connected(net.Interface{Flags: flags}); got != want {
			t.Errorf("with %v: %v", flags, got)
		}
	}
}

// A pulled cable is no network, though the address stays; the one put back is.
func TestPulledCableIsNoNetwork(t *testing.T) {
	if needLab(t) {
		return
	}
	l := newLab(t, "wire")
	a := l.host("a").plug("eth0", "wire", "10.1.0.1/24")
	p := a.start(role{ID: id("a"), Port: 7001, Tempo: "fast"}).running("eth0")
	a.cable("down")
	p.await("no network", func(r report) bool { return len(r.Interfaces) == 0 })
	out, err := exec.Command("ip", "-n", l.prefix+a.name, "addr", "show", "eth0", "up").Output()
	if err != nil || !strings.Contains(string(out), "10.1.0.1/24") {
		t.Errorf("the interface is not up with its address: %v: %s", err, out)
	}
	a.cable("up")
	p.running("eth0")
}
