// Package discovery finds other devices on the local network, and lets them
// find this one.
//
//	d, err := discovery.New(discovery.Options{ID: id, Port: port})
//	if err != nil {
//		return err
//	}
//	go d.Run(ctx)
//	changed, stop := d.Watch()
//	defer stop()
//	for range changed {
//		connect(d.Neighbours())
//	}
//
// # What is trusted
//
// Nothing. Whoever is on the network can announce any ID at any address, for
// as many devices as they like. A [Neighbour] is a hint that a device with this
// ID may answer there; whether it does is proved when the two connect, and not
// here. What is heard is checked for shape (a whole ID, a port, addresses that
// can be dialled, a version we know) and bounded: 1,000 neighbours, 8 addresses
// each, and a limit to how much of a flood is looked at. A neighbour heard of
// for a while keeps its place when a flood of new ones comes.
//
// # What is on the wire
//
// Multicast DNS for the service _potluck._tcp in the domain local. One record
// per device, which says no more than its ID, its port and the addresses of the
// interface it is announced on. No name of a person or a computer goes out, and
// the only text is "v=1".
//
// A label of DNS holds 63 bytes, one less than an ID in hexadecimal. So an ID
// travels as its 32 bytes in base32 (RFC 4648, lower case, no padding): 52
// characters. It serves as the name of the instance and, with ".local." behind
// it, as the name of the host.
//
// # When things are noticed
//
// A device announces itself when [Discovery.Run] begins, and asks who is there.
// Those running hear the announcement, within half a second or so; the newcomer
// hears their answers within milliseconds. Asking goes on in rounds: at once,
// one and four seconds later, then every 15 seconds, and less often where there
// are more than five (with n neighbours every 3n seconds, two minutes at most),
// since each question makes everybody answer, and everybody hears that. Between
// the rounds it listens.
//
// Interfaces and addresses are compared every two seconds. When they change, or
// the wall clock shows that the computer slept, everything begins anew: goodbye
// on the old addresses, an announcement on the new, a round at once.
//
// A neighbour is forgotten when three rounds went by without a word from it.
// That is slow on purpose, as multicast is easily lost: the sessions between
// devices are the true heartbeat. Who learns sooner that a device is gone tells
// so with [Discovery.Forget].
//
// # Which interfaces
//
// Every interface that is up, can do multicast and has an address: cable, Wi-Fi,
// VPN, bridges of virtual machines. Not loopback, and not those that lead to
// containers only (docker0, docker_gwbridge, br- with 12 hexadecimal digits,
// cni*, podman*, veth*). If [Options.Interfaces] names some, those and no others,
// whatever they are, loopback included; one that does not exist yet is taken
// when it comes. Loopback is used, and its addresses are believed, only when there
// is nothing else.
//
// An answer does not tell through which interface it came, so a link-local IPv6
// address is listed once for each interface that it could be reached through.
//
// # Known limits
//
// They come from the library, grandcat/zeroconf, and cannot be mended from outside:
//
//   - A device that was killed and comes back within the same round, on another
//     port or address, is noticed in the next round only, unless it was forgotten
//     and asked for anew meanwhile. It finds the others at once all the same.
//   - On Linux, a question that comes through an interface on which another
//     program of this computer listens to multicast is answered there too, though
//     Options.Interfaces does not name it.
//   - A packet crafted for it makes the library work for half a second and take
//     80 MB for a moment, and one with thousands of questions is answered thousands
//     of times. The pauses after a flood, growing to 30 seconds, keep down what the
//     first can do.
//   - It writes a line to the standard logger (package log) when one of IPv4 and
//     IPv6 is missing. A program that wants silence or order sets the output of
//     that logger; this package leaves it alone.
//   - Its goroutine that announces a device ends by itself, at most four seconds
//     after it began, even if Run has returned. It holds no socket by then.
//   - A firewall that swallows packets is not noticed.
package discovery
