package spread

// A Fellow is what is known of a taker for [Plan.Free].
type Fellow[K comparable] struct {
	Key  K     // of its connection with the sharer; the zero value if there is none
	Done bool  // it needs nothing any more
	All  bool  // it has every piece, whatever it says on its connection
	With []int // who it is connected with: indices of the same list
}

// Free reports whether the takers can finish without the sharer: each one that is
// not done must be connected, directly or through others, with takers that together
// have every piece.
func (p *Plan[K]) Free(fellows []Fellow[K]) bool {
	group := make([]int, len(fellows)) // a forest: each one's parent
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for i, f := range fellows {
		for _, j := range f.With {
			if j >= 0 && j < len(fellows) {
				group[root(i)] = root(j)
			}
		}
	}
	unfinished := make(map[int]bool)
	for i, f := range fellows {
		if !f.Done {
			unfinished[root(i)] = true
		}
	}
	for g := range unfinished {
		var members []*taker
		all := false
		for i, f := range fellows {
			if root(i) != g {
				continue
			}
			all = all || f.All
			if t := p.takers[f.Key]; t != nil {
				members = append(members, t)
			}
		}
		if !all && !p.covered(members) {
			return false
		}
	}
	return true
}

// covered reports whether takers together have every piece.
func (p *Plan[K]) covered(takers []*taker) bool {
pieces:
	for i := range p.here {
		for _, t := range takers {
			if t.has[i] {
				continue pieces
			}
		}
		return false
	}
	return true
}
