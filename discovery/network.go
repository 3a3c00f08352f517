package discovery

import "net"

// A network is as much of multicast DNS as a [Discovery] needs. Its methods are
// called from one goroutine.
type network interface {
	// interfaces returns those that are up and connected, have an address, and that
	// wanted wants.
	interfaces(wanted func(net.Interface) bool) ([]iface, error)

	// announce begins to answer whoever asks for devices on these interfaces,
	// and says by itself that it does. It may succeed in part, with an error
	// and a stop; stop is nil if nothing is announced. stop says goodbye.
	announce(id string, port int, on []iface) (stop func(), err error)

	// listen asks once who is there, and calls heard for each device that
	// answers or announces itself from now on, until stop returns. A device
	// may be reported once only. heard may be called from several goroutines at
	// a time. Success in part is as with announce.
	listen(on []iface, heard func(claim)) (stop func(), err error)
}
