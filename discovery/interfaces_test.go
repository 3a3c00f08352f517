package discovery

import (
	"net"
	"net/netip"
	"slices"
	"testing"
)

func TestWhichInterfaces(t *testing.T) {
	all := []iface{
		nic("lo", "127.0.0.1/8"),
		nic("wlan0", "192.168.0.2/24"),
		nic("eth0", "10.0.0.2/24"),
		nic("docker0", "172.17.0.1/16"),
		nic("br-0123456789ab", "172.18.0.1/16"),
		nic("br-lan", "10.2.0.1/16"),
		nic("veth12", "fe80::1/64"),
		nic("virbr0", "192.168.122.1/24"),
		nic("wg0", "10.9.0.2/24"),
	}
	all[8].Flags = net.FlagUp | net.FlagPointToPoint // no multicast
	for _, tt := range []struct {
		named, want []string
	}{
		{nil, []string{"br-lan", "eth0", "virbr0", "wlan0"}},
		{[]string{"eth0"}, []string{"eth0"}},
		{[]string{"docker0", "wg0"}, []string{"docker0", "wg0"}},
		{[]string{"lo"}, []string{"lo"}},
		{[]string{"lo", "eth0"}, []string{"eth0"}},
		{[]string{"eth7"}, []string{}},
	} {
		var e ether
		list, err := e.radio(all...).interfaces(wants(tt.named))
		if err != nil {
			t.Fatal(err)
		}
		if got := placeOf(list).names(); !slices.Equal(got, tt.want) {
			t.Errorf("of those named %v: %v, want %v", tt.named, got, tt.want)
		}
	}
}

func TestPrefixesOf(t *testing.T) {
	got := prefixesOf([]net.Addr{
		&net.IPNet{IP: net.ParseIP("fe80::1"), Mask: net.CIDRMask(64, 128)},
		&net.IPNet{IP: net.ParseIP("10.0.0.1"), Mask: net.CIDRMask(24, 32)}, // 16 bytes, mask of 4
		&net.IPNet{IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)},
		&net.IPNet{IP: net.IP{1, 2}, Mask: net.CIDRMask(24, 32)},
		&net.IPAddr{IP: net.ParseIP("10.0.0.2")},
	})
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.1/24"), netip.MustParsePrefix("fe80::1/64")}
	if !slices.Equal(got, want) {
		t.Errorf("prefixesOf = %v, want %v", got, want)
	}
}

func TestSystemInterfacesHaveAddresses(t *testing.T) {
	all, err := systemInterfaces(func(net.Interface) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Name == "" || i.Index == 0 || len(i.prefixes) == 0 || i.Flags&net.FlagUp == 0 {
			t.Errorf("%+v is of no use", i)
		}
	}
}
