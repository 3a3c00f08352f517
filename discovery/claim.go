package discovery

import (
	"encoding/base32"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
)

const (
	// version is the one text in a record. A device that says another is of
	// a kind we do not know how to speak to.
	version = "v=1"

	idBytes = 32

	// maxClaimed is how many addresses and texts of one answer are looked at.
	maxClaimed = 32
)

var (
	errInstance = errors.New("the name is not an ID")
	errPort     = errors.New("no such port")
	errVersion  = errors.New("another version")
	errAddrs    = errors.New("no address that could be dialled")
)

// A claim is what an answer on the network said. Nothing in it has been checked;
// [claim.check] is the only way on.
type claim struct {
	instance string
	port     int
	text     []string
	addrs    []netip.Addr
	weight   int // how much the answer held, in units of a usual one; at least 1
}

// A sighting is a claim that makes sense.
type sighting struct {
	id    string // hexadecimal
	addrs []address
}

// An address is one way to dial a neighbour.
type address struct {
	netip.AddrPort
	class class
}

// check returns what c says if it could be true of a device that is met here.
func (c claim) check(here place) (sighting, error) {
	id, ok := parseInstance(c.instance)
	if !ok {
		return sighting{}, errInstance
	}
	if c.port < 1 || c.port > 65535 {
		return sighting{}, errPort
	}
	if !known(c.text) {
		return sighting{}, errVersion
	}
	s := sighting{id: id}
	for _, a := range c.addrs[:min(len(c.addrs), maxClaimed)] {
		ways, class := here.reach(a)
		for _, w := range ways {
			s.addrs = append(s.addrs, address{netip.AddrPortFrom(w, uint16(c.port)), class})
		}
	}
	if len(s.addrs) == 0 {
		return sighting{}, errAddrs
	}
	return s, nil
}

// known reports whether the texts of a record say the version we know. As in
// RFC 6763, the first text with a key counts.
func known(text []string) bool {
	for _, t := range text[:min(len(text), maxClaimed)] {
		if key, _, _ := strings.Cut(t, "="); key == "v" {
			return t == version
		}
	}
	return false
}

// instances spells IDs as labels of DNS.
var instances = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// instanceOf returns the name under which a device with this ID, in
// hexadecimal, is announced.
func instanceOf(id string) string {
	b, err := hex.DecodeString(id)
	if err != nil {
		panic("discovery: " + err.Error()) // New has checked it
	}
	return instances.EncodeToString(b)
}

// parseInstance returns the ID, in hexadecimal, that an instance is named for.
func parseInstance(s string) (id string, ok bool) {
	if len(s) != instances.EncodedLen(idBytes) {
		return "", false
	}
	b, err := instances.DecodeString(s)
	if err != nil || instances.EncodeToString(b) != s { // one spelling only
		return "", false
	}
	return hex.EncodeToString(b), true
}
