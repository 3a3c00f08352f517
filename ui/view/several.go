package view

import (
	"slices"

	"potluck/sharing"
)

// What happens with those that something is sent to, where they are several: some
// may be through while others have not answered, said no, or are gone.

// among returns those of a transfer that are in one of some states.
func among(t sharing.Transfer, states ...sharing.State) []sharing.Peer {
	var list []sharing.Peer
	for _, p := range t.Peers {
		if slices.Contains(states, p.State) {
			list = append(list, p)
		}
	}
	return list
}

// A saying is a sentence about somebody, and the same about several. They say
// nothing about nobody.
type saying struct {
	one  func(name string) string
	many func(n int) string
}

func (s saying) of(people []sharing.Peer, w Words) string {
	switch len(people) {
	case 0:
		return ""
	case 1:
		return s.one(inText(people[0].Name, w))
	}
	return s.many(len(people))
}

// sayings are what can be said of those whom something is sent to.
type sayings struct{ waits, takes, paused, holdsUp, needs, away, declined, cancelled, failed saying }

func sayingsOf(w Words) sayings {
	return sayings{
		waits: saying{
			func(who string) string { return w.L("Waiting for {{.Name}} to answer", "Name", who) },
			func(n int) string { return w.N("Waiting for {{.N}} people to answer", n) },
		},
		takes: saying{
			func(who string) string { return w.L("Sending to {{.Name}}", "Name", who) },
			func(n int) string { return w.N("Sending to {{.N}} people", n) },
		},
		paused: saying{
			func(who string) string { return w.L("Paused, to {{.Name}}", "Name", who) },
			func(n int) string { return w.N("Paused, to {{.N}} people", n) },
		},
		holdsUp: saying{
			func(who string) string { return w.L("{{.Name}} paused it", "Name", who) },
			func(n int) string { return w.N("{{.N}} people paused it", n) },
		},
		needs: saying{
			func(who string) string { return w.L("{{.Name}} has to do something first", "Name", who) },
			func(n int) string { return w.N("{{.N}} people have to do something first", n) },
		},
		away: saying{
			func(who string) string { return w.L("Waiting for {{.Name}} to come back", "Name", who) },
			func(n int) string { return w.N("Waiting for {{.N}} people to come back", n) },
		},
		declined: saying{
			func(who string) string { return w.L("{{.Name}} declined", "Name", who) },
			func(n int) string { return w.N("{{.N}} people declined", n) },
		},
		cancelled: saying{
			func(who string) string { return w.L("{{.Name}} cancelled it", "Name", who) },
			func(n int) string { return w.N("{{.N}} people cancelled it", n) },
		},
		failed: saying{
			func(who string) string { return w.L("Failed, to {{.Name}}", "Name", who) },
			func(n int) string { return w.N("Failed, to {{.N}} people", n) },
		},
	}
}

// titleOfSeveral says what happens with something that is sent to several: with
// those of whom its state tells, not with all that it was offered to.
func titleOfSeveral(t sharing.Transfer, w Words) string {
	say := sayingsOf(w)
	switch t.State {
	case sharing.Offering, sharing.Waiting:
		return say.waits.of(among(t, sharing.Preparing, sharing.Offering, sharing.Waiting), w)
	case sharing.Running:
		return say.takes.of(among(t, sharing.Running, sharing.Finishing, sharing.Stuck, sharing.Paused), w)
	case sharing.Paused:
		if here, there := pausedBy(t); there && !here {
			return say.holdsUp.of(among(t, sharing.Paused), w)
		}
		return say.paused.of(among(t, sharing.Paused), w)
	case sharing.Stuck: // over there
		return say.needs.of(among(t, sharing.Stuck), w)
	case sharing.Delivered:
		if have := delivered(t); have < len(t.Peers) {
			return w.L("{{.N}} of {{.M}} have everything", "N", have, "M", len(t.Peers))
		}
		return w.L("Delivered: everybody has everything")
	case sharing.Failed:
		return say.failed.of(among(t, sharing.Failed), w)
	case sharing.Cancelled:
		return say.cancelled.of(among(t, sharing.Cancelled), w)
	case sharing.Declined:
		return say.declined.of(among(t, sharing.Declined), w)
	}
	return ""
}

// otherwise says what the title does not, of something that is sent to several: who
// is through, who holds it up, and who will not have it.
func otherwise(t sharing.Transfer, w Words) string {
	if t.Direction != sharing.Sending || len(t.Peers) < 2 {
		return ""
	}
	say := sayingsOf(w)
	var parts []string
	add := func(state sharing.State, s saying) {
		if t.State != state {
			parts = append(parts, s.of(among(t, state), w))
		}
	}
	if have := delivered(t); have > 0 && !t.State.Final() {
		parts = append(parts, w.L("{{.N}} of {{.M}} have everything", "N", have, "M", len(t.Peers)))
	}
	if t.State != sharing.Waiting && t.State != sharing.Offering {
		parts = append(parts, say.waits.of(among(t, sharing.Offering, sharing.Waiting), w))
	}
	parts = append(parts, say.away.of(gone(t), w))
	add(sharing.Stuck, say.needs)
	if t.State != sharing.Paused {
		parts = append(parts, say.holdsUp.of(among(t, sharing.Paused), w))
	}
	add(sharing.Failed, say.failed)
	add(sharing.Cancelled, say.cancelled)
	add(sharing.Declined, say.declined)
	if t.State != sharing.Withdrawn && len(among(t, sharing.Withdrawn)) > 0 {
		parts = append(parts, w.L("Withdrawn"))
	}
	return join(parts...)
}

// gone returns those who are receiving, and not there.
func gone(t sharing.Transfer) (list []sharing.Peer) {
	for _, p := range t.Peers {
		if p.State == sharing.Running && !p.Connected {
			list = append(list, p)
		}
	}
	return list
}

// delivered counts those who have what they said yes to.
func delivered(t sharing.Transfer) int { return len(among(t, sharing.Delivered)) }
