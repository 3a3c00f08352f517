package discovery

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestInstanceIsALabel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := hex.EncodeToString(rapid.SliceOfN(rapid.Byte(), idBytes, idBytes).Draw(t, "id"))
		name := instanceOf(id)
		if len(name) > 63 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%q is no plain label", name)
		}
		if got, ok := parseInstance(name); !ok || got != id {
			t.Fatalf("%s became %s, %v", id, got, ok)
		}
	})
}

func TestCheck(t *testing.T) {
	good := func() claim {
		return claim{
			instance: instanceOf(bea.ID),
			port:     1002,
			text:     []string{"v=1"},
			addrs:    addrs("10.0.0.2"),
		}
	}
	lan := place{nic("eth0", "10.0.0.1/24")}
	for _, tt := range []struct {
		name   string
		change func(*claim)
		want   error
	}{
		{"good", func(*claim) {}, nil},
		{"more text", func(c *claim) { c.text = []string{"x", "v=1", "v=2"} }, nil},
		{"hexadecimal", func(c *claim) { c.instance = bea.ID }, errInstance},
		{"no name", func(c *claim) { c.instance = "" }, errInstance},
		{"upper case", func(c *claim) { c.instance = strings.ToUpper(c.instance) }, errInstance},
		{"spare bits set", func(c *claim) { c.instance = c.instance[:51] + "b" }, errInstance},
		{"escaped", func(c *claim) { c.instance = c.instance[:48] + `\032` }, errInstance},
		{"line break", func(c *claim) { c.instance = c.instance[:51] + "\n" }, errInstance},
		{"longer", func(c *claim) { c.instance += "a" }, errInstance},
		{"port 0", func(c *claim) { c.port = 0 }, errPort},
		{"port -1", func(c *claim) { c.port = -1 }, errPort},
		{"port 65536", func(c *claim) { c.port = 65536 }, errPort},
		{"no text", func(c *claim) { c.text = nil }, errVersion},
		{"version 2", func(c *claim) { c.text = []string{"v=2", "v=1"} }, errVersion},
		{"version 10", func(c *claim) { c.text = []string{"v=10"} }, errVersion},
		{"no address", func(c *claim) { c.addrs = nil }, errAddrs},
		{"zero address", func(c *claim) { c.addrs = []netip.Addr{{}} }, errAddrs},
		{"useless addresses", func(c *claim) {
			c.addrs = addrs("0.0.0.0", "::", "127.0.0.1", "::1", "::ffff:127.0.0.1", "224.0.0.251", "ff02::fb",
				"255.255.255.255", "240.0.0.1", "0.1.2.3", "fe80::1")
		}, errAddrs},
	} {
		c := good()
		tt.change(&c)
		if _, err := c.check(lan); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

func TestAddressesAreInOrder(t *testing.T) {
	loop := place{nic("lo", "127.0.0.1/8", "::1/128")}
	lan := place{
		nic("eth0", "10.0.0.1/24", "2001:db8::1/128", "fe80::1/64"),
		nic("wlan1", "192.168.1.1/24", "fe80::2/64"),
	}
	for _, tt := range []struct {
		name string
		here place
		in   []netip.Addr
		want []string
	}{
		{
			"best first", lan,
			addrs("172.16.0.9", "fe80::9", "2001:db8::9", "192.168.1.9", "fd00::9"),
			[]string{
				"192.168.1.9:1002", "[2001:db8::9]:1002",
				"[fe80::9%eth0]:1002", "[fe80::9%wlan1]:1002",
				"172.16.0.9:1002", "[fd00::9]:1002",
			},
		},
		{"IPv4 in IPv6", lan, addrs("::ffff:10.0.0.9", "10.0.0.9"), []string{"10.0.0.9:1002"}},
		{"loopback only", loop, addrs("127.0.0.1"), []string{"127.0.0.1:1002"}},
		{
			"eight at most", lan,
			addrs("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8", "1.2.3.4", "10.0.0.9"),
			[]string{
				"10.0.0.2:1002", "10.0.0.3:1002", "10.0.0.4:1002", "10.0.0.5:1002",
				"10.0.0.6:1002", "10.0.0.7:1002", "10.0.0.8:1002", "10.0.0.9:1002",
			},
		},
	} {
		d := newOn(nil, anna)
		d.move(tt.here)
		d.hear(claim{instance: instanceOf(bea.ID), port: 1002, text: []string{"v=1"}, addrs: tt.in})
		if got := addrsOf(d, bea.ID); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func FuzzClaim(f *testing.F) {
	f.Add(instanceOf(bea.ID), 1002, "v=1", []byte{10, 0, 0, 2}, false)
	f.Add("x", 0, "", []byte{}, true)
	f.Add(instanceOf(anna.ID), 1002, "v=1", netip.MustParseAddr("fe80::1").AsSlice(), true)
	f.Fuzz(func(t *testing.T, instance string, port int, text string, raw []byte, loop bool) {
		here := place{nic("eth0", "10.0.0.1/24", "fe80::1/64"), nic("eth1", "192.168.0.1/16", "fe80::2/64")}
		if loop {
			here = place{nic("lo", "127.0.0.1/8")}
		}
		c := claim{instance: instance, port: port, text: strings.Split(text, "\n")}
		for b := range slices.Chunk(raw, 16) {
			if a, ok := netip.AddrFromSlice(b); ok {
				c.addrs = append(c.addrs, a)
			}
		}
		d := newOn(nil, anna)
		d.move(here)
		d.hear(c)
		for _, n := range d.Neighbours() {
			if !isID(n.ID) || n.ID == anna.ID || len(n.Addrs) == 0 || len(n.Addrs) > maxAddrs {
				t.Errorf("accepted %+v", n)
			}
			for _, a := range n.Addrs {
				ip := a.Addr()
				if a.Port() == 0 || ip.IsUnspecified() || ip.IsMulticast() || ip.Is4In6() || ip.IsLoopback() && !loop ||
					isLinkLocal6(ip) && ip.Zone() == "" {
					t.Errorf("accepted %v", a)
				}
			}
		}
	})
}
