package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// A tracker follows one transfer until it has ended for everybody.
type tracker struct {
	*run
	link   *link
	share  sharing.ShareID
	begun  func(sharing.Transfer)                                    // called once, in the beginning; nil for nothing
	ended  func(sharing.Transfer, sharing.Peer, time.Duration) error // called once for each peer
	meter  meter
	states map[identity.ID]sharing.State
	errors map[identity.ID]string
	yes    map[identity.ID]time.Time // when each said yes
}

func (r *run) track(l *link, share sharing.ShareID) *tracker {
	t := &tracker{
		run: r, link: l, share: share,
		states: make(map[identity.ID]sharing.State),
		errors: make(map[identity.ID]string),
		yes:    make(map[identity.ID]time.Time),
	}
	if r.terminal && !r.quiet {
		t.meter.out = r.err
	}
	return t
}

// follow returns nil when the transfer has ended for everybody.
func (t *tracker) follow(ctx context.Context, feed *feed) error {
	defer t.meter.clear()
	for {
		transfer, err := t.link.Transfer(ctx, t.share)
		if err != nil {
			return lost(err)
		}
		if t.begun != nil {
			t.begun(transfer)
			t.begun = nil
		}
		over, err := t.look(transfer)
		if over || err != nil {
			return err
		}
		u, ok := <-feed.updates
		if !ok {
			return feed.err
		}
		if err := t.hear(u.Event); err != nil {
			return err
		}
	}
}

// hear says what an event tells of the transfer.
func (t *tracker) hear(e sharing.Event) error {
	var line string
	switch e := e.(type) {
	case sharing.AnsweredEvent:
		if e.Share == t.share && e.Accepted {
			t.said(e.Peer)
		}
		return nil
	case sharing.SpreadEvent:
		if e.Share != t.share {
			return nil
		}
		line = spreadLine(e)
	case sharing.BadHolderEvent:
		if e.Share != t.share {
			return nil
		}
		line = badHolderLine(e)
	default:
		return nil
	}
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

// look says what is new, and reports whether the transfer is over.
func (t *tracker) look(transfer sharing.Transfer) (over bool, err error) {
	over = true
	g := gauge{left: -1}
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
	if !over {
		t.meter.show(g)
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
