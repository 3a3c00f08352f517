package view

import (
	"maps"
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// namesakes are the names that several devices have, in small letters. This
// device is one of them.
type namesakes map[string]bool

// owners are whom names were seen of.
type owners struct {
	exact, folded map[string]identity.ID
	shared        namesakes
}

// note takes in what somebody is called. Most names come again and again.
func (o *owners) note(id identity.ID, called string) {
	if last, seen := o.exact[called]; seen && last == id {
		return
	}
	key := strings.ToLower(called)
	if other, taken := o.folded[key]; taken && other != id {
		o.shared[key] = true
	}
	o.exact[called], o.folded[key] = id, id
}

// namesakesIn returns the names that several devices have which are here or have been
// here lately, or with which something is under way.
func namesakesIn(s sharing.Snapshot) namesakes { return ownersIn(s).shared }

// ever adds the names that several devices have which are in the list of what has ended,
// or here: what was called the same once is told apart there, whatever it is called now.
func (o *owners) ever(s sharing.Snapshot) namesakes {
	o.shared = maps.Clone(o.shared)
	for i := range s.Transfers {
		for k := range s.Transfers[i].Peers {
			p := &s.Transfers[i].Peers[k]
			o.note(p.ID, p.Name)
		}
	}
	return o.shared
}

func ownersIn(s sharing.Snapshot) *owners {
	o := &owners{map[string]identity.ID{}, map[string]identity.ID{}, namesakes{}}
	note := o.note
	if s.Self.Name != "" {
		note(s.Self.ID, s.Self.Name)
	}
	for _, n := range s.Neighbours {
		note(n.ID, called(n))
	}
	for _, o := range s.Offers {
		note(o.From, o.FromName)
	}
	for _, m := range s.Messages {
		note(m.From, m.FromName)
	}
	for _, t := range s.Transfers {
		if t.State.Final() {
			continue
		}
		for _, p := range t.Peers {
			note(p.ID, p.Name)
		}
	}
	var last time.Time
	for i := range s.Known {
		if seen := s.Known[i].Seen; seen.After(last) {
			last = seen
		}
	}
	for i := range s.Known {
		if k := &s.Known[i]; !k.Seen.IsZero() && last.Sub(k.Seen) < lately {
			note(k.ID, knownName(*k))
		}
	}
	return o
}

// lately is how long before the one who left last others have left who are still told
// apart from those of their name.
const lately = time.Hour

// tell returns the name with the beginning of the ID after it, if others have it
// too, as on the cards.
func (n namesakes) tell(id identity.ID, called string) string {
	if !n[strings.ToLower(called)] {
		return called
	}
	return called + " " + tag(id)
}

// A lookup finds namesakes in many transfers, in which the same names come again and
// again.
type lookup struct {
	namesakes
	known map[string]bool // names as they are written, and whether they are among them
}

func (l lookup) has(name string) bool {
	is, known := l.known[name]
	if !known {
		is = l.namesakes[strings.ToLower(name)]
		l.known[name] = is
	}
	return is
}

// in reports whether one of them is named in a transfer.
func (l lookup) in(t *sharing.Transfer) bool {
	for i := range t.Peers {
		p := &t.Peers[i]
		if l.has(p.Name) {
			return true
		}
		for k := range p.Sources {
			if l.has(p.Sources[k].Name) {
				return true
			}
		}
	}
	return false
}

func tag(id identity.ID) string { return strings.ToUpper(id.String()[:4]) }

// apart returns a snapshot in which those of one name can be told apart wherever
// they are named, and the names that several have now. Neighbours stay as they are:
// their cards have a place of its own for that.
func apart(s sharing.Snapshot) (sharing.Snapshot, namesakes) {
	o := ownersIn(s)
	shared := o.shared
	ever := o.ever(s)
	if len(ever) == 0 {
		return s, shared
	}
	s.Offers, s.Messages = slices.Clone(s.Offers), slices.Clone(s.Messages)
	s.Pairings = slices.Clone(s.Pairings)
	for i := range s.Offers {
		o := &s.Offers[i]
		o.FromName = shared.tell(o.From, o.FromName)
	}
	for i := range s.Messages {
		m := &s.Messages[i]
		m.FromName = shared.tell(m.From, m.FromName)
	}
	for i := range s.Pairings {
		p := &s.Pairings[i]
		p.Name = shared.tell(p.Peer, p.Name)
	}
	s.Transfers = apartIn(s.Transfers, lookup{shared, map[string]bool{}}, lookup{ever, map[string]bool{}})
	return s, shared
}

// apartIn is apart for transfers: for those that go on, and those that have ended. It
// copies the list, which may be long, only if somebody in it is to be told apart.
func apartIn(all []sharing.Transfer, now, past lookup) []sharing.Transfer {
	copied := false
	for i := range all {
		names := now
		if all[i].State.Final() {
			names = past
		}
		if !names.in(&all[i]) {
			continue
		}
		if !copied {
			all, copied = slices.Clone(all), true
		}
		t := &all[i]
		t.Peers = slices.Clone(t.Peers)
		for k := range t.Peers {
			p := &t.Peers[k]
			p.Name, p.Sources = names.tell(p.ID, p.Name), slices.Clone(p.Sources)
			for j := range p.Sources {
				p.Sources[j].Name = names.tell(p.Sources[j].ID, p.Sources[j].Name)
			}
		}
	}
	return all
}

// NameOf returns what a device is called, here or not; "" if nothing is known of it.
func NameOf(id identity.ID, s sharing.Snapshot) string {
	if n, here := neighbourOf(s, id); here {
		return namesakesIn(s).tell(id, called(n))
	}
	i := slices.IndexFunc(s.Known, func(k sharing.KnownDevice) bool { return k.ID == id })
	if i < 0 {
		return ""
	}
	return knownName(s.Known[i])
}

// twinText says what an other device is: one with the name of somebody verified.
func twinText(w Words) string {
	return w.L("This is not the device you verified. It only has the same name. If they reinstalled Potluck, verify together again.")
}
