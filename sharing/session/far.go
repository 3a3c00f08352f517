package session

import (
	"net"
	"net/netip"
)

// isFar reports whether an address is outside the local network: public, and in
// none of the networks that this device has an address in.
func isFar(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return false
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	if addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() {
		return false
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, n := range own {
		if p, err := netip.ParsePrefix(n.String()); err == nil && p.Masked().Contains(addr) {
			return false
		}
	}
	return true
}
