package sharing

import (
	"net"
	"net/netip"
	"slices"
)

// Reachable returns where others can reach a device that listens on an address, the
// likeliest first: with an unspecified one, that is where this computer is on its
// networks, or, with interfaces named, on those alone. Addresses that only this
// computer can use are returned if there are no others.
func Reachable(listening netip.AddrPort, interfaces []string) []netip.AddrPort {
	if ip := listening.Addr().Unmap(); !ip.IsUnspecified() {
		return []netip.AddrPort{netip.AddrPortFrom(ip, listening.Port())}
	}
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var found []netip.Addr
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || len(interfaces) > 0 && !slices.Contains(interfaces, i.Name) {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok {
					found = append(found, ip.Unmap())
				}
			}
		}
	}
	var list []netip.AddrPort
	for _, ip := range likeliest(found) {
		list = append(list, netip.AddrPortFrom(ip, listening.Port()))
	}
	return list
}

// likeliest orders addresses by how likely they lead here: those of a local network
// of the older kind first. Those of this computer alone are left out if there are
// others, and those that need a zone always.
func likeliest(list []netip.Addr) []netip.Addr {
	list = slices.DeleteFunc(list, func(ip netip.Addr) bool { return !ip.IsGlobalUnicast() && !ip.IsLoopback() })
	slices.SortStableFunc(list, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	if i := slices.IndexFunc(list, netip.Addr.IsLoopback); i > 0 {
		list = list[:i]
	}
	return list
}

func rank(ip netip.Addr) int {
	switch {
	case ip.IsLoopback():
		return 3
	case ip.Is4() && ip.IsPrivate():
		return 0
	case ip.Is4():
		return 1
	}
	return 2
}
