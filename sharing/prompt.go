package sharing

import (
	"time"

	"potluck/sharing/identity"
)

const (
	// maxAskers is how many devices are remembered whose questions came to nothing.
	maxAskers = 1000

	// freeQuestions is how many questions of a device may come to nothing before
	// the next one has to wait; then it waits minPause, and longer each time.
	freeQuestions = 3
	minPause      = 10 * time.Second
	maxPause      = 10 * time.Minute

	// forgiveAfter is when what came to nothing is forgotten.
	forgiveAfter = time.Hour

	// Of devices that are not paired, that many may ask at once, and one more now
	// and then. Whoever has a question open may have others, which are not shown
	// apart.
	maxStrangers  = 64
	strangerEvery = 5 * time.Second
)

// prompts bounds how often other devices may ask this person something. It is
// guarded by Device.mu.
type prompts struct {
	askers map[identity.ID]*asker

	strangers int       // questions of strangers that may be asked at once
	since     time.Time // when that was counted last
}

// An asker is a device whose last questions came to nothing: they were declined,
// or taken back before they were answered.
type asker struct {
	vain int
	last time.Time
}

// wait returns how long a device has to wait before it may ask. Zero means that
// it asks now.
func (p *prompts) wait(id identity.ID, stranger bool, now time.Time) time.Duration {
	if a := p.askers[id]; a != nil {
		if now.Sub(a.last) > forgiveAfter {
			delete(p.askers, id)
		} else if left := a.last.Add(a.pause()).Sub(now); left > 0 {
			return left
		}
	}
	if !stranger {
		return 0
	}
	if n := int(now.Sub(p.since) / strangerEvery); p.since.IsZero() || p.strangers+n >= maxStrangers {
		p.strangers, p.since = maxStrangers, now
	} else {
		p.strangers, p.since = p.strangers+n, p.since.Add(time.Duration(n)*strangerEvery)
	}
	if p.strangers == 0 {
		return p.since.Add(strangerEvery).Sub(now)
	}
	p.strangers--
	return 0
}

func (a *asker) pause() time.Duration {
	if a.vain <= freeQuestions {
		return 0
	}
	pause := minPause
	for range a.vain - freeQuestions - 1 {
		if pause *= 2; pause >= maxPause {
			return maxPause
		}
	}
	return pause
}

// answered notes what came of a question.
func (p *prompts) answered(id identity.ID, yes bool, now time.Time) {
	if yes {
		delete(p.askers, id)
		return
	}
	if p.askers == nil {
		p.askers = make(map[identity.ID]*asker)
	}
	a := p.askers[id]
	if a == nil {
		if len(p.askers) >= maxAskers {
			p.forgetOldest()
		}
		a = &asker{}
		p.askers[id] = a
	}
	a.vain, a.last = a.vain+1, now
}

func (p *prompts) forgetOldest() {
	var oldest identity.ID
	var at time.Time
	for id, a := range p.askers {
		if at.IsZero() || a.last.Before(at) {
			oldest, at = id, a.last
		}
	}
	delete(p.askers, oldest)
}

// mayAsk returns how long the offer has to wait before this person sees it.
func (in *incoming) mayAsk(now time.Time) time.Duration {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	stranger := !d.pairedLocked(in.from)
	for _, other := range d.incoming {
		if other.from == in.from && other.state == Waiting && !other.accepted {
			stranger = false // it has a question open, and is seen anyway
		}
	}
	return d.prompts.wait(in.from, stranger, now)
}

// takeTurn reports whether the person is to be made aware of the offer now: of
// those of one device that wait, one at a time.
func (in *incoming) takeTurn() bool {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	if in.asking || in.state != Waiting || in.accepted {
		return false
	}
	for _, other := range d.incoming {
		if other.from != in.from || other == in || other.state != Waiting || other.accepted {
			continue
		}
		if other.asking || other.started.Before(in.started) {
			return false
		}
	}
	in.asking = true
	return true
}

// endTurn notes what came of the question, and lets the next one of its device be
// asked. It reports whether the person had been made aware of this one.
func (in *incoming) endTurn(now time.Time) (asked bool) {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prompts.answered(in.from, in.accepted, now)
	asked, in.asking = in.asking, false
	for _, other := range d.incoming {
		if other.from == in.from && other != in && other.state == Waiting {
			other.poke()
		}
	}
	return asked
}
