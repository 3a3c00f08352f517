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

// A saying is a sentence about somebody, and the same about several, whom it names or
// counts. They say nothing about nobody.
type saying struct {
	one  func(name string) string
	all  func(names string) string
	many func(n int) string
}

func (s saying) of(people []sharing.Peer, w Words) string {
	switch len(people) {
	case 0:
		return ""
	case 1:
		return s.one(inText(people[0].Name, w))
	}
	if s.many != nil {
		return s.many(len(people))
	}
	return s.all(namesOf(people, w))
}

// namesOf names several: both of two, and the first of more.
func namesOf(people []sharing.Peer, w Words) string {
	first := inText(people[0].Name, w)
	if len(people) == 2 {
		return w.L("{{.Name}} and {{.Other}}", "Name", first, "Other", inText(people[1].Name, w))
	}
	return w.N("{{.Name}} and {{.N}} others", len(people)-1, "Name", first)
}

// sayings are what can be said of those whom something is sent to.
type sayings struct{ waits, takes, paused, holdsUp, needs, away, declined, cancelled, withdrawn, failed saying }

func sayingsOf(w Words) sayings {
	return sayings{
		waits: saying{
			one: func(who string) string { return w.L("Waiting for {{.Name}} to answer", "Name", who) },
			all: func(who string) string { return w.L("Waiting for {{.Names}} to answer", "Names", who) },
		},
		takes: saying{
			one:  func(who string) string { return w.L("Sending to {{.Name}}", "Name", who) },
			many: func(n int) string { return w.N("Sending to {{.N}} people", n) },
		},
		paused: saying{
			one:  func(who string) string { return w.L("Paused, to {{.Name}}", "Name", who) },
			many: func(n int) string { return w.N("Paused, to {{.N}} people", n) },
		},
		holdsUp: saying{
			one: func(who string) string { return w.L("{{.Name}} paused it", "Name", who) },
			all: func(who string) string { return w.L("{{.Names}} paused it", "Names", who) },
		},
		needs: saying{
			one: func(who string) string { return w.L("{{.Name}} has to do something first", "Name", who) },
			all: func(who string) string { return w.L("{{.Names}} have to do something first", "Names", who) },
		},
		away: saying{
			one: func(who string) string { return w.L("Waiting for {{.Name}} to come back", "Name", who) },
			all: func(who string) string { return w.L("Waiting for {{.Names}} to come back", "Names", who) },
		},
		declined: saying{
			one: func(who string) string { return w.L("{{.Name}} declined", "Name", who) },
			all: func(who string) string { return w.L("{{.Names}} declined", "Names", who) },
		},
		cancelled: saying{
			one: func(who string) string { return w.L("{{.Name}} cancelled it", "Name", who) },
			all: func(who string) string { return w.L("{{.Names}} cancelled it", "Names", who) },
		},
		withdrawn: saying{
			one: func(who string) string { return w.L("Withdrawn, was for {{.Name}}", "Name", who) },
			all: func(who string) string { return w.L("Withdrawn, was for {{.Names}}", "Names", who) },
		},
		failed: saying{
			one: func(who string) string { return w.L("Failed, to {{.Name}}", "Name", who) },
			all: func(who string) string { return w.L("Failed, to {{.Names}}", "Names", who) },
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
	case sharing.Withdrawn:
		return say.withdrawn.of(among(t, sharing.Withdrawn), w)
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
	add(sharing.Withdrawn, say.withdrawn)
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
