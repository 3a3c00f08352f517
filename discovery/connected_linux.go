package discovery

import "net"

// connected reports whether something is at the other end of an interface: a cable
// that is plugged in, a Wi-Fi that was joined. One whose driver cannot tell counts as
// connected, and so does loopback. The addresses stay while a cable is pulled.
func connected(i net.Interface) bool {
	return i.Flags&(net.FlagRunning|net.FlagLoopback) != 0
}
