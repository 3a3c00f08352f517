package swarm

import (
	"sync/atomic"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

// minQueue is how many requests must have waited for a refill to be worth it.
const minQueue = 4

// nudge is a message that suggests a piece. The library takes no advice from
// it, but looks for more to ask for.
var nudge = pp.Message{Type: pp.Suggest}.MustMarshalBinary()

// A refill makes the library ask for more before all it asked for has come.
// Left alone it waits until nothing is on its way any more, and the other side
// has nothing to do meanwhile. It tells when to slip a nudge into what the
// library reads: when half of what waited at most has come.
//
// The zero refill is ready for use. Its methods are for the reader, but for
// asked, which is for the writer.
type refill struct {
	requests atomic.Int64 // sent so far
	answers  int64        // received so far
	nudged   int64        // requests sent before the last nudge
	most     int64        // waiting at a time since then
}

// asked notes n requests sent.
func (r *refill) asked(n int64) { r.requests.Add(n) }

// answered notes n answers received, and reports whether a nudge is due.
func (r *refill) answered(n int64) bool {
	r.answers += n
	sent := r.requests.Load()
	waiting := sent - r.answers
	r.most = max(r.most, waiting)
	return sent > r.nudged && r.most >= minQueue && waiting > 0 && 2*waiting <= r.most
}

// done notes that the nudge was given.
func (r *refill) done() {
	r.nudged = r.requests.Load()
	r.most = 0
}
