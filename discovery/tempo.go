package discovery

import (
	"math/rand/v2"
	"time"
)

// A tempo is how often things are done.
type tempo struct {
	round   time.Duration   // between two rounds of asking, when there are few neighbours
	longest time.Duration   // the same, when there are very many
	perHead time.Duration   // added up over the neighbours, if that is longer than round
	quick   []time.Duration // between the first rounds, after the start and after a change
	closest time.Duration   // never ask more often
	poll    time.Duration   // between two looks at the interfaces and the clock
	jump    time.Duration   // by how much the clock must be off to mean sleep
	tell    time.Duration   // between two signals to those who watch
	flood   time.Duration   // not listening, after more was heard than anybody has to say;
	deluge  time.Duration   // doubled each time it happens again, up to this
}

var defaultTempo = tempo{
	round:   15 * time.Second,
	longest: 2 * time.Minute,
	perHead: 3 * time.Second,
	quick:   []time.Duration{time.Second, 3 * time.Second},
	closest: time.Second,
	poll:    2 * time.Second,
	jump:    5 * time.Second,
	tell:    100 * time.Millisecond,
	flood:   2 * time.Second,
	deluge:  30 * time.Second,
}

// period is the time between two rounds when n neighbours are known: in
// proportion to them, as each of them asks too, and everybody answers each. Who
// comes or goes in order says so; a round finds who could not be heard then.
func (t tempo) period(n int) time.Duration {
	return min(max(t.round, time.Duration(n)*t.perHead), t.longest)
}

// duck is the time not to listen after n floods in a row.
func (t tempo) duck(n int) time.Duration {
	d := t.flood
	for range n - 1 {
		d = min(2*d, t.deluge)
	}
	return d
}

// silence is how long a neighbour may be silent before it is forgotten: three
// rounds, and time to answer.
func (t tempo) silence(n int) time.Duration { return 3*t.period(n) + t.poll }

// early makes d shorter by up to a fifth, so that devices which were switched on
// together do not keep asking together.
func early(d time.Duration) time.Duration { return d - rand.N(d/5+1) }
