//go:build !windows

package discovery

// voices returns what to announce with which server.
//
// One server for all interfaces, without addresses, answers a question with the
// addresses of the interface that it came through. Several would not do: on
// Linux a socket hears what arrives on any interface that any program has joined, so
// each of them would answer each question, with addresses of the wrong place.
//
// The library leaves out loopback addresses when it looks for them itself, so
// there they are given.
func voices(on []iface) []voice {
	if place(on).onlyLoopback() {
		var list []voice
		for _, i := range on {
			list = append(list, explicit(i))
		}
		return list
	}
	var all voice
	for _, i := range on {
		all.on = append(all.on, i.Interface)
	}
	return []voice{all}
}
