package session

import (
	"net"
	"testing"
)

func TestAConnectionFromAnAddressThatIsGone(t *testing.T) {
	own := []net.Addr{
		&net.IPNet{IP: net.IPv4(127, 0, 0, 1), Mask: net.CIDRMask(8, 32)},
		&net.IPNet{IP: net.IPv4(10, 0, 0, 2), Mask: net.CIDRMask(24, 32)},
		&net.IPNet{IP: net.ParseIP("fe80::1"), Mask: net.CIDRMask(64, 128)},
	}
	for from, want := range map[string]bool{
		"10.0.0.2:1": false, "10.0.0.3:1": true, "127.0.0.9:1": false, "[fe80::1]:1": false, "[::ffff:10.0.0.2]:1": false, "[fd00::7]:1": true,
	} {
		addr, err := net.ResolveTCPAddr("tcp", from)
		if err != nil {
			t.Fatal(err)
		}
		if got := isOrphan(addr, own); got != want {
			t.Errorf("%s: %v", from, got)
		}
	}
	addr, _ := net.ResolveTCPAddr("tcp", "10.0.0.3:1")
	if isOrphan(addr, nil) {
		t.Error("a connection counts as lost though nothing is known of our addresses")
	}
}
