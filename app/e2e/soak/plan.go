package soak

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	// hosts is how many devices there are. They are numbered from 0.
	hosts = 5

	// liar is the one that lies. It takes, and never shares.
	liar = hosts - 1
)

// A deed is something that is done to a device or by it.
type deed string

// The deeds. Those in the second half undo what one in the first does; those
// that cannot be done just then, to a device that does not run, are not.
const (
	kill   deed = "kill" // kill -9
	quit   deed = "quit" // in order, as a person does
	freeze deed = "freeze"
	cut    deed = "cut"  // the cable
	lose   deed = "lose" // everything on the way, with the cable in place
	move   deed = "move" // to another address
	fill   deed = "fill" // the disk that files arrive on
	pause  deed = "pause"
	leave  deed = "leave" // a taker cancels
	join   deed = "join"  // somebody else is offered the share

	start  deed = "start"
	thaw   deed = "thaw"
	mend   deed = "mend"
	find   deed = "find"
	empty  deed = "empty"
	resume deed = "resume"
)

// undo says what ends a deed. Those that are not here do not last.
var undo = map[deed]deed{kill: start, quit: start, freeze: thaw, cut: mend, lose: find, fill: empty, pause: resume}

// names are those of the devices.
var names = [hosts]string{"anna", "ben", "cleo", "dora", "mallory"}

// A step is a deed of a plan.
type step struct {
	at  time.Duration // since the offer
	do  deed
	who int
}

func (s step) String() string {
	return fmt.Sprintf("%v %s %s", s.at, s.do, names[s.who])
}

// A plan is what is to happen in one round.
type plan struct {
	sharer int
	takers []int // from the beginning
	files  int   // 0 for one file that is no folder
	size   int64 // of each file
	steps  []step
}

func (p plan) String() string {
	var takers, steps []string
	for _, i := range p.takers {
		takers = append(takers, names[i])
	}
	for _, s := range p.steps {
		steps = append(steps, s.String())
	}
	return fmt.Sprintf("%s to %s, %d files of %d bytes: %s", names[p.sharer], strings.Join(takers, ", "), max(p.files, 1), p.size, strings.Join(steps, "; "))
}

// left returns who leaves on purpose.
func (p plan) left() []int { return p.who(leave) }

// joined returns who comes later.
func (p plan) joined() []int { return p.who(join) }

func (p plan) who(do deed) []int {
	var list []int
	for _, s := range p.steps {
		if s.do == do {
			list = append(list, s.who)
		}
	}
	return list
}

// planOf returns the plan of a round. It is the same for the same numbers.
func planOf(seed uint64, round int) plan {
	const (
		longest = 6 * time.Second // until the last deed begins
		lasting = 5 * time.Second // until it is undone
	)
	r := rand.New(rand.NewPCG(seed, uint64(round)))
	honest := r.Perm(liar)
	p := plan{sharer: honest[0]}
	others := append(honest[1:], liar)
	r.Shuffle(len(others), func(i, k int) { others[i], others[k] = others[k], others[i] })
	p.takers = others[:2+r.IntN(len(others)-1)]
	if r.IntN(3) == 0 {
		p.files, p.size = 100+r.IntN(400), 1+r.Int64N(150_000)
	} else {
		p.size = 10e6 + r.Int64N(50e6)
	}

	upTo := func(most time.Duration) time.Duration {
		return time.Duration(r.Int64N(most.Milliseconds())) * time.Millisecond
	}
	for range 2 + r.IntN(7) {
		s := step{at: upTo(longest), do: anyDeed(r), who: r.IntN(hosts)}
		if s.do == fill && s.who == p.sharer {
			continue // nothing arrives there
		}
		p.steps = append(p.steps, s)
		if ends, lasts := undo[s.do]; lasts {
			p.steps = append(p.steps, step{s.at + 100*time.Millisecond + upTo(lasting), ends, s.who})
		}
	}
	for _, late := range others[len(p.takers):] {
		if r.IntN(2) == 0 {
			p.steps = append(p.steps, step{upTo(longest), join, late})
		}
	}
	if r.IntN(3) == 0 {
		p.steps = append(p.steps, step{upTo(longest), leave, p.takers[r.IntN(len(p.takers))]})
	}
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return p
}

// anyDeed draws one that begins something.
func anyDeed(r *rand.Rand) deed {
	all := []deed{kill, kill, quit, freeze, cut, cut, lose, move, fill, pause}
	return all[r.IntN(len(all))]
}
