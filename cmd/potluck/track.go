package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// A tracker follows transfers until they have ended for everybody. It is one but
// for [sending.join].
type tracker struct {
	*run
	link   *link
	shares []sharing.ShareID
	begun  func(sharing.Transfer)                                    // called once for each; nil for nothing
	ended  func(sharing.Transfer, sharing.Peer, time.Duration) error // called once for each peer
	meter  meter
	states map[identity.ID]sharing.State
	errors map[identity.ID]string
	yes    map[identity.ID]time.Time // when each said yes
	seen   map[sharing.ShareID]bool  // begun was called for it

	// Somebody may come later; nil if nobody does.
	late   <-chan finding
	join   func(context.Context, finding) error // called for what comes from late
	more   func() bool                          // whether something does
	resume func()                               // called when another device has taken over
	spread *sharing.SpreadEvent                 // to be said when nobody is looked for any more
}

func (r *run) track(l *link, share sharing.ShareID) *tracker {
	t := &tracker{
		run: r, link: l, shares: []sharing.ShareID{share}, seen: make(map[sharing.ShareID]bool),
		states: make(map[identity.ID]sharing.State),
		errors: make(map[identity.ID]string),
		yes:    make(map[identity.ID]time.Time),
	}
	if r.terminal && !r.quiet {
		t.meter.out = r.err
	}
	return t
}

// follow returns nil when the transfers have ended for everybody.
func (t *tracker) follow(ctx context.Context, feed *feed) error {
	defer t.meter.clear()
	for {
		over, err := t.lookAtAll(ctx)
		if over || err != nil {
			return err
		}
		if err := t.sayIfFree(); err != nil {
			return err
		}
		select {
		case u, ok := <-feed.updates:
			if !ok {
				return feed.err
			}
			err = t.hear(u.Event)
		case f := <-t.late:
			err = t.join(ctx, f)
		}
		if err != nil {
			return err
		}
	}
}

// lookAtAll says what is new, and reports whether everything is over.
func (t *tracker) lookAtAll(ctx context.Context) (over bool, err error) {
	over = !t.seeks()
	g := gauge{left: -1}
	for _, share := range t.shares {
		transfer, err := t.link.Transfer(ctx, share)
		if err != nil {
			return false, lost(err)
		}
		if t.begun != nil && !t.seen[share] {
			t.begun(transfer)
		}
		t.seen[share] = true
		done, err := t.look(transfer, &g)
		if err != nil {
			return false, err
		}
		over = over && done
	}
	if !over {
		t.meter.show(g)
	}
	return over, nil
}

// follows adds a transfer, and reports whether it was followed already.
func (t *tracker) follows(share sharing.ShareID) bool {
	if slices.Contains(t.shares, share) {
		return true
	}
	t.shares = append(t.shares, share)
	return false
}

// hear says what an event tells of the transfer.
func (t *tracker) hear(e sharing.Event) error {
	var line string
	switch e := e.(type) {
	case sharing.AnsweredEvent:
		if slices.Contains(t.shares, e.Share) && e.Accepted {
			t.said(e.Peer)
		}
		return nil
	case sharing.SpreadEvent:
		if !slices.Contains(t.shares, e.Share) {
			return nil
		}
		if t.seeks() {
			t.spread = &e
			return nil
		}
		line = spreadLine(e)
	case sharing.StayEvent:
		if !slices.Contains(t.shares, e.Share) {
			return nil
		}
		if t.spread != nil && t.spread.Share == e.Share { // which nobody has been told
			t.spread = nil
			return nil
		}
		line = stayLine(e)
	case sharing.BadHolderEvent:
		if !slices.Contains(t.shares, e.Share) {
			return nil
		}
		line = badHolderLine(e)
	default:
		return nil
	}
	return t.print(e, line)
}

// seeks reports whether somebody is still looked for, who can have it from here only.
func (t *tracker) seeks() bool { return t.more != nil && t.more() }

// sayIfFree says that this device is not needed any more, which had to wait until nobody
// was looked for.
func (t *tracker) sayIfFree() error {
	if t.spread == nil || t.seeks() {
		return nil
	}
	e := *t.spread
	t.spread, e.Unanswered = nil, 0
	for _, s := range t.states {
		if s == sharing.Offering || s == sharing.Waiting {
			e.Unanswered++
		}
	}
	return t.print(e, spreadLine(e))
}

// print says what an event tells.
func (t *tracker) print(e sharing.Event, line string) error {
	if !t.json {
		t.tell("%s", line)
		return nil
	}
	text, err := control.EncodeEvent(e)
	if err != nil {
		return err
	}
	return t.raw(text)
}

// look says what is new of one transfer, adds to g how far it is, and reports
// whether it is over.
func (t *tracker) look(transfer sharing.Transfer, g *gauge) (over bool, err error) {
	over = true
	for _, p := range transfer.Peers {
		before, known := t.states[p.ID]
		t.states[p.ID] = p.State
		if answered(p.State) {
			t.said(p.ID)
			g.add(p)
		}
		if p.State.Final() {
			if known && before.Final() {
				continue
			}
			t.meter.clear()
			if err := t.ended(transfer, p, time.Since(t.said(p.ID))); err != nil {
				return false, err
			}
			continue
		}
		over = false
		if p.State != before || p.Error != t.errors[p.ID] {
			t.news(transfer, p, before)
		}
		t.errors[p.ID] = p.Error
	}
	return over, nil
}

// said returns when the peer said yes, which is now if that was not known.
func (t *tracker) said(id identity.ID) time.Time {
	if _, ok := t.yes[id]; !ok {
		t.yes[id] = time.Now()
	}
	return t.yes[id]
}

// answered reports whether state s comes after a yes, and nothing has gone wrong.
func answered(s sharing.State) bool {
	switch s {
	case sharing.Running, sharing.Paused, sharing.Stuck, sharing.Finishing, sharing.Delivered:
		return true
	}
	return false
}

// news says what has become of a peer that is not at the end yet.
func (t *tracker) news(transfer sharing.Transfer, p sharing.Peer, before sharing.State) {
	name := peerName(p)
	sending := transfer.Direction == sharing.Sending
	switch {
	case p.State == sharing.Stuck:
		t.tell("%s: stuck: %s", name, clean(p.Error))
	case p.State == sharing.Paused:
		t.tell("%s", strings.TrimSpace(name+": paused "+pausedBy(p)))
	case p.State == sharing.Running && before == sharing.Paused:
		t.tell("%s: goes on", name)
	case p.State == sharing.Running && sending && !answered(before):
		t.tell("%s said yes", name)
	case p.State == sharing.Waiting && sending:
		t.tell("%s has been asked", name)
	case p.State == sharing.Offering && answered(before):
		t.tell("%s is not here any more; this goes on when it is back", name)
	}
}

// tell says something in place of the meter, which comes back below it.
func (t *tracker) tell(format string, args ...any) {
	t.meter.clear()
	t.say(format, args...)
}

func peerName(p sharing.Peer) string {
	if p.Name == "" {
		return p.ID.Short()
	}
	return clean(p.Name)
}

// await stays until the transfer has ended, and returns what it has come to.
func (r *run) await(ctx context.Context, l *link, share sharing.ShareID) error {
	feed, stop, err := l.follow(ctx)
	if err != nil {
		return lost(err)
	}
	defer stop()
	t := r.track(l, share)
	code := exitDone
	t.ended = func(transfer sharing.Transfer, p sharing.Peer, took time.Duration) error {
		o := outcomeOf(transfer, p, took)
		code = worse(code, o.Code)
		return r.printOutcome(o)
	}
	if err := t.toTheEnd(ctx, feed); err != nil {
		if errors.Is(err, errDeviceStopped) {
			return stoppedWith(share)
		}
		if control.CodeOf(err) != control.NotFound {
			r.say("This goes on when Potluck runs again on this state folder; \"potluck cancel %s\" ends it.", share.Short())
		}
		return err
	}
	if l.own {
		l.linger(ctx, share)
	}
	if code != exitDone {
		return &exitError{code: code}
	}
	return nil
}

// A device that is here for one command stays until those who are connected have
// heard of what has been done, for askedTime at most, and for the others for
// lingerTime: they hear of it when they meet next.
const (
	lingerTime = 3 * time.Second
	askedTime  = 10 * time.Second
)

// linger gives the peers of a transfer time to hear of it. A receipt, for one, is
// not delivered with the last byte.
func (l *link) linger(ctx context.Context, share sharing.ShareID) {
	for began := time.Now(); ; {
		t, err := l.Transfer(ctx, share)
		if err != nil || allHeard(t) {
			break
		}
		atMost := lingerTime
		if anyConnected(t) {
			atMost = askedTime
		}
		if time.Since(began) > atMost || pause(ctx) != nil {
			return
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(graceTime):
	}
}

// allHeard reports whether every peer knows how things stand, as far as that can
// be told.
func allHeard(t sharing.Transfer) bool {
	for _, p := range t.Peers {
		if p.State.Final() && !p.Told || !p.State.Final() && !p.Connected {
			return false
		}
	}
	return true
}

func anyConnected(t sharing.Transfer) bool {
	return slices.ContainsFunc(t.Peers, func(p sharing.Peer) bool { return p.Connected })
}
