package store

// places says which top-level items have their final names already, and which
// those are. It is guarded by Item.place.
type places struct {
	done bitset         // top-level entries that have been moved out of staging
	name map[int]string // final names that differ from the local name
}

func (p *places) set(top int, name, local string) {
	p.done.set(top)
	if name != local {
		p.name[top] = name
	}
}

// of returns the final name of a top-level item whose local name this is.
func (p *places) of(top int, local string) string {
	if name, ok := p.name[top]; ok {
		return name
	}
	return local
}
