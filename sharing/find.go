package sharing

import (
	"slices"
	"strings"

	"potluck/sharing/identity"
)

// Find returns the device that who means: its ID, at least four digits of its
// ID, or in any case its name, or what the person here calls it. Those with a
// session come before those met earlier, but a stranger who goes by the name of a
// paired device does not come before that one. The error is [ErrNotFound] or an
// [*AmbiguousError].
func (d *Device) Find(who string) (identity.ID, error) {
	if id, err := identity.ParseID(who); err == nil {
		return id, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	paired := d.claimsLocked()
	var live, met []Neighbour
	for id, l := range d.links {
		if n := d.neighbourLocked(l, paired); fits(who, id, n.Name, n.Alias) {
			live = append(live, n)
		}
	}
	for id, k := range d.known {
		if d.links[id] != nil || !fits(who, id, k.Name, k.Alias) {
			continue
		}
		n := Neighbour{ID: id, Name: k.Name, Alias: k.Alias, Kind: k.Kind, Paired: k.Paired}
		if k.Paired && slices.ContainsFunc(live, func(l Neighbour) bool { return !l.Paired }) {
			live = append(live, n)
		} else {
			met = append(met, n)
		}
	}
	for _, found := range [][]Neighbour{live, met} {
		switch len(found) {
		case 0:
		case 1:
			return found[0].ID, nil
		default:
			slices.SortFunc(found, func(a, b Neighbour) int { return a.ID.Compare(b.ID) })
			return identity.ID{}, &AmbiguousError{Who: who, Candidates: found}
		}
	}
	return identity.ID{}, ErrNotFound
}

// fits reports whether who means the device with that ID and these names, of
// which some may be empty.
func fits(who string, id identity.ID, names ...string) bool {
	if len(who) >= 4 && strings.HasPrefix(id.String(), strings.ToLower(who)) {
		return true
	}
	return slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.EqualFold(who, name) })
}
