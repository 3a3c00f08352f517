package discovery

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// An iface is a network interface with its addresses.
type iface struct {
	net.Interface
	prefixes []netip.Prefix // sorted; the address in it is our own
}

// systemInterfaces returns the interfaces that are up and connected, have an address,
// and that wanted wants. Those that it does not want cost next to nothing: a computer with
// containers can have hundreds.
func systemInterfaces(wanted func(net.Interface) bool) ([]iface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var list []iface
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || !connected(i) || !wanted(i) {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // it has just gone
		}
		if p := prefixesOf(addrs); len(p) > 0 {
			list = append(list, iface{i, p})
		}
	}
	return list, nil
}

func prefixesOf(addrs []net.Addr) []netip.Prefix {
	var list []netip.Prefix
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		addr, ok := netip.AddrFromSlice(n.IP)
		if !ok {
			continue
		}
		addr = addr.Unmap()
		ones, bits := n.Mask.Size()
		if bits != addr.BitLen() || addr.IsUnspecified() || addr.IsMulticast() {
			continue
		}
		list = append(list, netip.PrefixFrom(addr, ones))
	}
	slices.SortFunc(list, comparePrefixes)
	return list
}

func comparePrefixes(a, b netip.Prefix) int {
	if c := a.Addr().Compare(b.Addr()); c != 0 {
		return c
	}
	return a.Bits() - b.Bits()
}

func (i iface) loopback() bool { return i.Flags&net.FlagLoopback != 0 }

// has reports whether i has an address that ok accepts.
func (i iface) has(ok func(netip.Addr) bool) bool {
	return slices.ContainsFunc(i.prefixes, func(p netip.Prefix) bool { return ok(p.Addr()) })
}

// equal reports whether i and o are the same interface in the same state. A
// cable that was pulled and put back is a change.
func (i iface) equal(o iface) bool {
	return i.Index == o.Index && i.Name == o.Name && i.Flags == o.Flags && slices.Equal(i.prefixes, o.prefixes)
}

// containersOnly reports whether an interface of this name leads to containers on
// this computer and to nobody else.
func containersOnly(name string) bool {
	if name == "docker0" || name == "docker_gwbridge" {
		return true
	}
	for _, p := range []string{"veth", "cni", "podman"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	network, ok := strings.CutPrefix(name, "br-")
	return ok && len(network) == 12 && strings.Trim(network, "0123456789abcdef") == ""
}

// wants returns what tells whether an interface is to be used: when it is among
// those named, or, when there are no names, if it is usable.
func wants(named []string) func(net.Interface) bool {
	if len(named) == 0 {
		return usable
	}
	return func(i net.Interface) bool { return slices.Contains(named, i.Name) }
}

// usable reports whether to announce on i when nobody chose.
func usable(i net.Interface) bool {
	return i.Flags&net.FlagMulticast != 0 && i.Flags&net.FlagLoopback == 0 && !containersOnly(i.Name)
}

// placeOf returns where one stands who uses these interfaces. Loopback counts only
// when there is nothing else: its addresses mean another host on each network, and
// must not be told on one.
func placeOf(list []iface) place {
	p := slices.Clone(place(list))
	if !p.onlyLoopback() {
		p = slices.DeleteFunc(p, iface.loopback)
	}
	slices.SortFunc(p, func(a, b iface) int { return strings.Compare(a.Name, b.Name) })
	return p
}
