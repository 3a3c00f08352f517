package discovery

import (
	"net"
	"net/netip"
	"slices"
)

// A place is where this device stands in the network: the interfaces it uses,
// sorted by name; loopback or others, never both. It is never changed, only
// replaced.
type place []iface

func (p place) names() []string {
	names := make([]string, len(p))
	for i, f := range p {
		names[i] = f.Name
	}
	return names
}

func (p place) equal(o place) bool { return slices.EqualFunc(p, o, iface.equal) }

// onlyLoopback reports whether nobody but this computer can be met here.
func (p place) onlyLoopback() bool {
	return len(p) > 0 && !slices.ContainsFunc(p, func(i iface) bool { return !i.loopback() })
}

// A class says how good an address is; less is better.
type class int

const (
	sameSubnet class = iota
	linkLocal
	elsewhere
)

// reach returns the addresses under which a device at addr can be dialled from
// here: none if it cannot be, several if addr is link-local, one for each
// interface it may be behind.
func (p place) reach(addr netip.Addr) ([]netip.Addr, class) {
	addr = addr.Unmap().WithZone("")
	switch {
	case !addr.IsValid(), addr.IsUnspecified(), addr.IsMulticast(), reserved(addr):
		return nil, elsewhere
	case addr.IsLoopback():
		if !p.onlyLoopback() {
			return nil, elsewhere
		}
		return []netip.Addr{addr}, sameSubnet
	case addr.Is6() && addr.IsLinkLocalUnicast():
		return p.zoned(addr), linkLocal
	case slices.ContainsFunc(p, func(i iface) bool { return i.reaches(addr) }):
		return []netip.Addr{addr}, sameSubnet
	default:
		return []netip.Addr{addr}, elsewhere
	}
}

// reserved reports whether an IPv4 address is one that no host has: "this
// network", the former class E, and broadcast to all.
func reserved(addr netip.Addr) bool {
	return addr.Is4() && (addr.As4()[0] == 0 || addr.As4()[0] >= 240)
}

// zoned returns a link-local address once for each interface with such addresses.
// Those that lead to one other end only are left out: they are tunnels, of which
// some systems have many.
func (p place) zoned(addr netip.Addr) []netip.Addr {
	var list []netip.Addr
	for _, i := range p {
		if i.Flags&net.FlagPointToPoint == 0 && i.has(isLinkLocal6) {
			list = append(list, addr.WithZone(i.Name))
		}
	}
	return list
}

func isLinkLocal6(a netip.Addr) bool { return a.Is6() && a.IsLinkLocalUnicast() }

// reaches reports whether addr is in a subnet of i. An IPv6 subnet is at least a
// /64, whatever the address of ours says: DHCP hands them out as /128.
func (i iface) reaches(addr netip.Addr) bool {
	return slices.ContainsFunc(i.prefixes, func(p netip.Prefix) bool {
		if p.Addr().Is6() && p.Bits() > 64 && !p.Addr().IsLoopback() {
			p = netip.PrefixFrom(p.Addr(), 64)
		}
		return p.Contains(addr)
	})
}
