package session

import (
	"net"
	"testing"
)

func TestWhatIsFar(t *testing.T) {
	for addr, far := range map[string]bool{
		"127.0.0.1": false, "192.168.1.7": false, "10.1.2.3": false, "172.20.0.1": false, "169.254.3.4": false,
		"fe80::1": false, "fd12::1": false, "::1": false, "::ffff:192.168.1.7": false,
		"8.8.8.8": true, "203.0.113.9": true, "2001:db8::1": true, "172.32.0.1": true,
	} {
		if got := isFar(&net.TCPAddr{IP: net.ParseIP(addr), Port: 1}); got != far {
			t.Errorf("%s: %v", addr, got)
		}
	}
}
