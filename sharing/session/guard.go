package session

import (
	"encoding/binary"
	"errors"
	"net"
	"time"
)

// Bounds of what the other side may make yamux do.
const (
	maxPings   = 64 // a second; each is answered by a goroutine of its own
	headerSize = 12 // of a yamux frame
	typeData   = 0  // the only type of frame with a body
	typePing   = 2
)

var errPingFlood = errors.New("the device sends too many pings")

// A guard watches the frames of a session as they are read, and fails the
// connection when the other side asks for more pings than it can need: yamux
// starts a goroutine for each, and all of them wait if nobody reads the answers.
type guard struct {
	net.Conn
	frames frameCounter
	pings  int       // since
	since  time.Time // a second ago at most
}

// Read is called by one goroutine of yamux.
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if pings := g.frames.count(p[:n]); pings > 0 {
		if now := time.Now(); now.Sub(g.since) > time.Second {
			g.pings, g.since = 0, now
		}
		if g.pings += pings; g.pings > maxPings {
			return 0, errPingFlood
		}
	}
	return n, err
}

// A frameCounter follows the frames of a yamux connection, however they are cut
// into reads.
type frameCounter struct {
	header [headerSize]byte
	have   int    // bytes of header
	body   uint32 // bytes still to come of a frame's body
}

// count takes the next bytes, and returns how many ping frames end in them.
func (c *frameCounter) count(p []byte) (pings int) {
	for len(p) > 0 {
		if c.body > 0 {
			n := min(uint64(c.body), uint64(len(p)))
			c.body -= uint32(n)
			p = p[n:]
			continue
		}
		n := copy(c.header[c.have:], p)
		c.have += n
		p = p[n:]
		if c.have < headerSize {
			return pings
		}
		c.have = 0
		switch c.header[1] {
		case typeData:
			c.body = binary.BigEndian.Uint32(c.header[8:])
		case typePing:
			pings++
		}
	}
	return pings
}
