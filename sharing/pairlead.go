package sharing

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"potluck/sharing/pairing"
	"potluck/sharing/session"
)

// run leads the pairing until it is no longer shown, or ctx is done.
func (p *pact) run(ctx context.Context) {
	if p.leader {
		p.shakeHands(ctx)
	}
	p.compare(ctx)
	p.sayEnd(ctx)
	p.show(ctx)
}

// shakeHands does the leader's part of what comes before comparing. It ends early
// when the pairing is over.
func (p *pact) shakeHands(ctx context.Context) {
	p.d.mu.Lock()
	mine, until := p.shake.Commitment(), p.until
	p.d.mu.Unlock()
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()

	var commitment commitmentDoc
	if !p.ask(ctx, "commitment", commitmentDoc{mine[:]}, &commitment) {
		return
	}
	p.d.mu.Lock()
	number, err := [pairing.Size]byte{}, p.hearCommitmentLocked(commitment)
	if err == nil {
		number, err = p.shake.Number()
	}
	p.d.mu.Unlock()
	if err != nil {
		p.broke()
		return
	}
	var theirs numberDoc
	if !p.ask(ctx, "number", numberDoc{number[:]}, &theirs) {
		return
	}
	p.d.mu.Lock()
	fact, err := p.hearNumberLocked(theirs)
	p.d.mu.Unlock()
	if err != nil {
		p.broke()
		return
	}
	p.announce(fact)
}

// broke ends a pairing whose other side did what no honest one does.
func (p *pact) broke() {
	p.d.mu.Lock()
	fact := p.failLocked(foreignEnds[endBroken], endBroken)
	p.d.mu.Unlock()
	p.announce(fact)
}

// ask makes one request of the handshake, again while the other device is busy,
// and reports whether reply is good. If not, the pairing is over, or about to be.
func (p *pact) ask(ctx context.Context, what string, body, reply any) bool {
	for p.going() {
		text, status, err := p.call(ctx, what, body)
		switch {
		case err != nil:
			return false // the session has ended, or the time has; compare sees
		case status == http.StatusOK:
			if err := json.Unmarshal(text, reply); err != nil {
				p.broke()
				return false
			}
			return true
		case status == http.StatusConflict:
			// Another pairing is under way there: with us, which will end, or
			// come to us, if both persons began at the same time.
			if !sleep(ctx, p.d.patience.again) {
				return false
			}
			continue
		}
		why := foreignEnds[endBroken]
		switch status {
		case http.StatusTooManyRequests:
			why = "the other device is asked too often; try again in ten minutes"
		case http.StatusNotFound:
			why = "the other device knows nothing of it; it may need a newer Potluck"
		}
		p.d.mu.Lock()
		fact := p.failLocked(why, endCancelled)
		p.d.mu.Unlock()
		p.announce(fact)
		return false
	}
	return false
}

// compare waits for both answers, and tells the other device this person's. It
// returns when the pairing is over, or ctx is done.
func (p *pact) compare(ctx context.Context) {
	heard := make(chan struct{}, 1) // the other device knows that this person said yes
	var saying sync.WaitGroup
	defer saying.Wait()
	sayCtx, stop := context.WithCancel(ctx)
	defer stop()
	for begun := false; ; {
		p.d.mu.Lock()
		over, said, agreed, until := p.state.Final(), p.said, p.said && p.theirs && p.heard, p.until
		p.d.mu.Unlock()
		switch {
		case over:
			return
		case agreed:
			p.finish()
			continue
		case said && !begun:
			begun = true
			saying.Go(func() {
				if p.sayYes(sayCtx) {
					heard <- struct{}{}
				}
			})
		}
		deadline := time.NewTimer(time.Until(until))
		select {
		case <-ctx.Done():
		case <-p.wake:
		case <-heard:
			p.d.mu.Lock()
			p.heard = true
			p.d.mu.Unlock()
		case <-p.channel.Done():
			p.lost()
		case <-deadline.C:
			p.late()
		}
		deadline.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// lost ends the pairing when its session has ended, unless both have said yes: the
// other device may not have heard it then, and the person meant it all the same.
func (p *pact) lost() {
	p.d.mu.Lock()
	if p.said && p.theirs {
		p.heard = true
		p.d.mu.Unlock()
		return
	}
	fact := p.failLocked("the connection was lost; try again", endNone)
	p.d.mu.Unlock()
	p.announce(fact)
}

// late ends the pairing when its time is over.
func (p *pact) late() {
	p.d.mu.Lock()
	why := "nobody answered in time; try again"
	switch {
	case time.Now().Before(p.until): // it was given more time
		p.d.mu.Unlock()
		return
	case p.state == PairingStarting && !p.ours: // of which the person here knows nothing
		p.yieldLocked()
		p.d.mu.Unlock()
		return
	case p.state == PairingStarting:
		why = "the other device did not answer in time; try again"
	case p.state == PairingWaiting:
		why = foreignEnds[endLate] + "; try again"
	}
	fact := p.failLocked(why, endLate)
	p.d.mu.Unlock()
	p.announce(fact)
}

// finish makes the devices paired, once both persons have said yes.
func (p *pact) finish() {
	d := p.d
	now := time.Now()
	d.mu.Lock()
	if p.state.Final() {
		d.mu.Unlock()
		return
	}
	k := d.known[p.peer]
	if k == nil {
		k = &knownDevice{Name: p.name, Seen: now}
		d.known[p.peer] = k
	}
	k.Paired, k.PairedAt = true, now
	p.state, p.ended, p.until = PairingDone, now, now.Add(d.patience.show)
	fact := PairedEvent{Peer: p.peer, Name: d.nameLocked(p.peer, p.name)}
	d.mu.Unlock()
	_ = d.saveKnown() // which tells the log; it counts until the device stops
	p.announce(fact)
}

// sayYes tells the other device that this person said yes, until it hears, and
// reports whether it did.
func (p *pact) sayYes(ctx context.Context) bool {
	for refused := 0; ; {
		_, status, err := p.call(ctx, "answer", answerDoc{Same: true})
		switch {
		case errors.Is(err, session.ErrLost):
			return false // compare sees it, too
		case err != nil, status == http.StatusTooEarly:
		case status == http.StatusOK:
			return true
		case refused < 5:
			refused++ // it is over there, and why is on its way to us
		default:
			p.d.mu.Lock()
			fact := p.failLocked(foreignEnds[endCancelled], endNone)
			p.d.mu.Unlock()
			p.announce(fact)
			return false
		}
		if !sleep(ctx, p.d.patience.again) {
			return false
		}
	}
}

// sayEnd tells the other device that this one has ended the pairing, once.
func (p *pact) sayEnd(ctx context.Context) {
	p.d.mu.Lock()
	tell := p.tell
	p.d.mu.Unlock()
	if tell != endNone && ctx.Err() == nil {
		if _, _, err := p.call(ctx, "answer", answerDoc{Reason: tell}); err != nil {
			p.d.log.Debug("the end of a pairing was not told", "device", p.peer.Short(), "err", err)
		}
	}
}

// show waits until the pairing need not be shown any more, and takes it away.
func (p *pact) show(ctx context.Context) {
	p.d.mu.Lock()
	over := time.NewTimer(time.Until(p.until))
	p.d.mu.Unlock()
	defer over.Stop()
	for waiting := true; waiting; {
		select {
		case <-ctx.Done():
			waiting = false
		case <-over.C:
			waiting = false
		case <-p.wake: // it may have been cleared away
			waiting = p.isShown()
		}
	}
	p.d.mu.Lock()
	if p.d.pacts[p.peer] == p {
		delete(p.d.pacts, p.peer)
	}
	p.d.mu.Unlock()
	p.d.notifier.changed()
}

func (p *pact) isShown() bool {
	p.d.mu.Lock()
	defer p.d.mu.Unlock()
	return p.d.pacts[p.peer] == p
}

func (p *pact) going() bool {
	p.d.mu.Lock()
	defer p.d.mu.Unlock()
	return !p.state.Final()
}

// call makes one request about this try, on its session and no other.
func (p *pact) call(ctx context.Context, what string, body any) (reply []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	text, err := json.Marshal(body)
	if err != nil {
		return nil, 0, err
	}
	path := "/v1/pairings/" + hex.EncodeToString(p.try[:]) + "/" + what
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://device"+path, bytes.NewReader(text))
	if err != nil {
		return nil, 0, err
	}
	resp, err := p.channel.Do(ctx, req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	reply, err = readBounded(resp.Body, maxPairingDoc)
	if errors.Is(err, errTooLong) {
		return nil, resp.StatusCode, nil // which no document is
	}
	return reply, resp.StatusCode, err
}

// sleep waits, and reports false if ctx is done before.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
