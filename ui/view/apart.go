package view

import (
	"slices"
	"strings"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// namesakes are the names that several devices have which are here, or with which
// something is under way; this device is one of them.
type namesakes map[string]bool

func namesakesIn(s sharing.Snapshot) namesakes {
	owner, shared := map[string]identity.ID{}, namesakes{}
	note := func(id identity.ID, called string) {
		key := strings.ToLower(called)
		if other, taken := owner[key]; taken && other != id {
			shared[key] = true
		}
		owner[key] = id
	}
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
	return shared
}

// tell returns the name with the beginning of the ID after it, if others have it
// too, as on the cards.
func (n namesakes) tell(id identity.ID, called string) string {
	if !n[strings.ToLower(called)] {
		return called
	}
	return called + " " + tag(id)
}

func tag(id identity.ID) string { return strings.ToUpper(id.String()[:4]) }

// apart returns a snapshot in which those of one name can be told apart wherever
// they are named. Neighbours stay as they are: their cards have a place of its own
// for that.
func apart(s sharing.Snapshot, shared namesakes) sharing.Snapshot {
	if len(shared) == 0 {
		return s
	}
	s.Offers, s.Messages = slices.Clone(s.Offers), slices.Clone(s.Messages)
	s.Pairings, s.Transfers = slices.Clone(s.Pairings), slices.Clone(s.Transfers)
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
	for i := range s.Transfers {
		t := &s.Transfers[i]
		t.Peers = slices.Clone(t.Peers)
		for k := range t.Peers {
			p := &t.Peers[k]
			p.Name, p.Sources = shared.tell(p.ID, p.Name), slices.Clone(p.Sources)
			for j := range p.Sources {
				p.Sources[j].Name = shared.tell(p.Sources[j].ID, p.Sources[j].Name)
			}
		}
	}
	return s
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
