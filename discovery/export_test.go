package discovery

// NewPair returns two devices on one network in memory, at 10.0.0.1:1001 and
// 10.0.0.2:1002.
func NewPair(idA, idB string) (a, b *Discovery) {
	var e ether
	return newOn(e.radio(nic("eth0", "10.0.0.1/24")), Options{ID: idA, Port: 1001}),
		newOn(e.radio(nic("eth0", "10.0.0.2/24")), Options{ID: idB, Port: 1002})
}
