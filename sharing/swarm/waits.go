package swarm

import (
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pace"
)

// A Measured connection can have the time counted that it waits for the network.
type Measured interface {
	Measure(reads, writes *pace.Meter)
}

// waits are what the connections with one device wait for, for one torrent.
type waits struct {
	reading pace.Meter // for bytes from the network; only of a Measured connection
	writing pace.Meter // for room on the network; likewise
	sending pace.Meter // in writes altogether, encryption included
	held    pace.Meter // for the limits of this device
}

// Waits say for how much of the time, since the torrent was added, something was
// waited for.
type Waits struct {
	Reading time.Duration // for bytes to come
	Writing time.Duration // for the network to take bytes
	Sending time.Duration // at sending in all: what is more than Writing was computing
	Held    time.Duration // for the limits set here
}

// Waits returns what was waited for in the exchange with one device.
func (t *Torrent) Waits(peer identity.ID, now time.Time) Waits {
	w := &t.counters(peer).waits
	return Waits{
		Reading: w.reading.Total(now), Writing: w.writing.Total(now), Sending: w.sending.Total(now), Held: w.held.Total(now),
	}
}
