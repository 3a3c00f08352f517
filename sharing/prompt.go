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

	// Of devices that are not paired, that many questions may come at once, and one
	// more now and then.
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
	return d.prompts.wait(in.from, !d.pairedLocked(in.from), now)
}

// anotherWaits reports whether another offer of the same device waits for an
// answer.
func (in *incoming) anotherWaits() bool {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, other := range d.incoming {
		if other != in && other.from == in.from && other.state == Waiting && !other.accepted {
			return true
		}
	}
	return false
}

// answered notes what came of the question.
func (in *incoming) answered(now time.Time) {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prompts.answered(in.from, in.accepted, now)
}
