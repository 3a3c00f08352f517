package sharing

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestReachable(t *testing.T) {
	var all []netip.Addr
	for _, text := range []string{
		"127.0.0.1", "::1", "2001:db8::5", "fe80::1", "203.0.113.9", "192.168.1.5", "fd00::7", "10.1.1.1", "169.254.3.4", "224.0.0.1",
	} {
		all = append(all, netip.MustParseAddr(text))
	}
	if got := fmt.Sprint(likeliest(all)); got != "[192.168.1.5 10.1.1.1 203.0.113.9 2001:db8::5 fd00::7]" {
		t.Error(got)
	}
	alone := []netip.Addr{netip.MustParseAddr("::1"), netip.MustParseAddr("127.0.0.1")}
	if got := fmt.Sprint(likeliest(alone)); got != "[::1 127.0.0.1]" {
		t.Error(got)
	}
	for text, want := range map[string]string{"[::ffff:192.168.1.5]:7": "[192.168.1.5:7]", "127.0.0.1:7": "[127.0.0.1:7]"} {
		if got := fmt.Sprint(Reachable(netip.MustParseAddrPort(text), nil)); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	if got := Reachable(netip.MustParseAddrPort("[::]:7"), []string{"no such interface"}); len(got) > 0 {
		t.Errorf("on no interface: %v", got)
	}
}
