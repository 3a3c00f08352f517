package main

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"potluck/app/control"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// A herald prints what happens on a device, as `potluck serve` does.
type herald struct {
	*run
	device   control.Engine
	settings *settings.Store
	meter    meter
	shown    map[string]sharing.Peer // progress as it was printed last, by share and peer
}

// How often progress is printed, and drawn.
const (
	progressPace = time.Second
	drawPace     = 200 * time.Millisecond
)

// follow prints until ctx is done, and then returns nil.
func (h *herald) follow(ctx context.Context) error {
	if h.terminal && !h.quiet && !h.json {
		h.meter.out = h.err
	}
	defer h.meter.clear()
	h.shown = make(map[string]sharing.Peer)
	events, unsubscribe := h.device.Subscribe()
	defer func() { unsubscribe() }()
	changed, unwatch := h.device.Watch()
	defer unwatch()
	if err := h.ready(); err != nil {
		return err
	}
	// What is to be answered, and came before anybody listened.
	for _, p := range h.device.Snapshot().Pairings {
		if p.State == sharing.PairingComparing {
			if err := h.print(sharing.PairingEvent{Pairing: p}); err != nil {
				return err
			}
		}
	}
	for _, o := range h.device.Snapshot().Offers {
		if err := h.print(sharing.OfferedEvent{Offer: o}); err != nil {
			return err
		}
	}
	var rest <-chan time.Time // not nil while it is too early to show progress
	for {
		news := changed
		if rest != nil {
			news = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-events:
			if !ok {
				h.warn("potluck: too many things happened at once; some were not printed")
				events, unsubscribe = h.device.Subscribe()
				continue
			}
			if err := h.print(e); err != nil {
				return err
			}
		case <-news:
			pace := drawPace
			if h.json {
				pace = progressPace
			}
			rest = time.After(pace)
			if err := h.progress(); err != nil {
				return err
			}
		case <-rest:
			rest = nil
		}
	}
}

// A readyLine is printed when others can reach the device.
type readyLine struct {
	ID        identity.ID `json:"id"`
	Name      string      `json:"name"`
	Addr      string      `json:"addr"`   // where to reach it
	Addrs     []string    `json:"addrs"`  // all of them, the best first
	Listen    string      `json:"listen"` // what the port is bound to
	Downloads string      `json:"downloads"`
	Accept    string      `json:"accept"`
	Version   string      `json:"version"`
}

func (h *herald) ready() error {
	self, use := h.device.Snapshot().Self, h.settings.Current()
	addrs := reachableAddrs(self.Addr, use.Interfaces)
	if h.json {
		text, err := control.NamedObject("ready", readyLine{
			ID: self.ID, Name: self.Name, Addr: addrs[0], Addrs: addrs, Listen: self.Addr,
			Downloads: use.Downloads, Accept: string(use.Accept), Version: version,
		})
		if err != nil {
			return err
		}
		return h.raw(text)
	}
	h.line("%s is ready at %s (ID %s)", clean(self.Name), addrs[0], self.ID.Short())
	h.say("Files go to %s. Ctrl+C ends this.", clean(use.Downloads))
	return nil
}

// reachableAddrs returns where a device that listens on addr can be reached, the
// best first; at least one.
func reachableAddrs(addr string, interfaces []string) (list []string) {
	if listening, err := netip.ParseAddrPort(addr); err == nil {
		for _, a := range sharing.Reachable(listening, interfaces) {
			list = append(list, a.String())
		}
	}
	if len(list) == 0 {
		return []string{addr}
	}
	return list
}

// print prints an event.
func (h *herald) print(e sharing.Event) error {
	if h.json {
		text, err := control.EncodeEvent(e)
		if err != nil {
			return err
		}
		return h.raw(text)
	}
	h.meter.clear()
	switch e := e.(type) {
	case sharing.OfferedEvent:
		h.line("%s offers %s (%s)", clean(e.FromName), clean(e.Title), content(e.Files, e.Folders, e.Bytes))
		h.say("   potluck accept %s    or    potluck decline %[1]s", e.Share.Short())
		h.remarks(e.Offer)
	case sharing.OfferGoneEvent:
		h.line("offer %s is gone: %s", e.Share.Short(), clean(e.Reason))
	case sharing.AnsweredEvent:
		answer := "said no to"
		if e.Accepted {
			answer = "said yes to"
		}
		h.line("%s %s %s", clean(e.PeerName), answer, e.Share.Short())
	case sharing.DeliveredEvent:
		h.delivered(e)
	case sharing.FailedEvent:
		h.line("%s", failedLine(e))
	case sharing.PairingEvent:
		h.pairing(e)
	case sharing.PairedEvent:
		h.line("%s is verified (%s)", clean(e.Name), e.Peer.Short())
	case sharing.MessageEvent:
		h.showMessage(e.Message)
	case sharing.SpreadEvent:
		h.line("%s: %s", e.Share.Short(), spreadLine(e))
	case sharing.StayEvent:
		h.line("%s: %s", e.Share.Short(), stayLine(e))
	case sharing.BadHolderEvent:
		h.line("%s: %s", e.Share.Short(), badHolderLine(e))
	case sharing.VerifiedEvent:
		h.line("%s", verifiedLine(e.Verified))
	case sharing.NeighbourEvent:
		word := "is gone"
		if e.Present {
			word = "is here"
		}
		h.say("%s %s (%s)", clean(e.Name), word, e.ID.Short())
	}
	return nil
}

// pairing says what is to be compared, or why there is nothing any more.
func (h *herald) pairing(e sharing.PairingEvent) {
	if e.State == sharing.PairingFailed {
		h.line("%s is not verified: %s", clean(e.Name), clean(e.Error))
		return
	}
	h.line("verify %s together: are these four the same on the other screen, in this order?", clean(e.Name))
	for i, dish := range control.WordsOf(e.Pairing) {
		h.line("   %d  %s", i+1, dish)
	}
	h.say("   potluck pair %s    to answer", e.Peer.Short())
}

func (h *herald) delivered(e sharing.DeliveredEvent) {
	text := fmt.Sprintf("%s, %s in %s", count(e.Files, "file"), size(e.Bytes), span(time.Duration(e.Seconds*float64(time.Second))))
	if e.Direction == sharing.Sending {
		h.line("%s has all of %s: %s", clean(e.PeerName), e.Share.Short(), text)
	} else {
		h.line("received from %s: %s, %s", clean(e.PeerName), clean(e.Path), text)
	}
	for _, n := range e.Renamed {
		h.say("   under another name: %s: %s", clean(n.Path), clean(n.Text))
	}
	for _, n := range e.Failures {
		h.say("   missing: %s: %s", clean(n.Path), clean(n.Text))
	}
}

// spreadLine says that this device is not needed any more.
func spreadLine(e sharing.SpreadEvent) string {
	line := "you can close the lid now: the others have everything between them"
	if e.Unanswered > 0 {
		line += fmt.Sprintf("; without an answer yet, and in need of this device: %d", e.Unanswered)
	}
	return line
}

// stayLine takes that back.
func stayLine(e sharing.StayEvent) string {
	return fmt.Sprintf("please do not close the lid yet: this device is needed again, by %d", e.Unfinished)
}

func badHolderLine(e sharing.BadHolderEvent) string {
	name := clean(e.PeerName)
	if name == "" {
		name = e.Peer.Short()
	}
	return name + " passed on damaged data and is left out; what it sent was thrown away"
}

func failedLine(e sharing.FailedEvent) string {
	from := "from"
	if e.Direction == sharing.Sending {
		from = "to"
	}
	what := stateWords[e.State]
	if !e.Final {
		what = "stuck"
	}
	line := fmt.Sprintf("transfer %s %s %s: %s", e.Share.Short(), from, clean(e.PeerName), what)
	if e.Error != "" {
		line += ": " + clean(firstLine(e.Error))
	}
	return line
}

// A progressLine is printed for each peer of a transfer that is on its way.
type progressLine struct {
	Share     sharing.ShareID   `json:"share"`
	Direction sharing.Direction `json:"direction"`
	Peer      identity.ID       `json:"peer"`
	State     sharing.State     `json:"state"`
	Done      int64             `json:"done"`
	Total     int64             `json:"total"`
	Rate      int64             `json:"rate"` // bytes a second
}

// progress shows how far everything is that is on its way.
func (h *herald) progress() error {
	if !h.json && h.meter.out == nil {
		return nil
	}
	g := gauge{left: -1}
	shown := make(map[string]sharing.Peer)
	for _, t := range h.device.Snapshot().Transfers {
		for _, p := range t.Peers {
			if !answered(p.State) || p.State.Final() {
				continue
			}
			g.add(p)
			key := t.Share.String() + p.ID.String()
			shown[key] = p
			if before, ok := h.shown[key]; !h.json || ok && before.Done == p.Done && before.State == p.State {
				continue
			}
			text, err := control.NamedObject("progress", progressLine{
				Share: t.Share, Direction: t.Direction, Peer: p.ID, State: p.State, Done: p.Done, Total: p.Total, Rate: p.Rate,
			})
			if err != nil {
				return err
			}
			if err := h.raw(text); err != nil {
				return err
			}
		}
	}
	h.shown = shown
	h.meter.show(g)
	return nil
}
