package discovery

// voices returns what to announce with which server.
//
// On Windows the library does not learn through which interface a question came,
// so a server must have its addresses beforehand. But a socket hears only what
// arrives on the interfaces it joined itself: with a server for each interface,
// each answers where it is asked, with the addresses of that place.
func voices(on []iface) []voice {
	var list []voice
	for _, i := range on {
		list = append(list, explicit(i))
	}
	return list
}
