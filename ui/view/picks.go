package view

import (
	"slices"

	"potluck/sharing"
)

// Picks are what somebody ticked of an offer before they looked at something else: the tree
// itself is let go of, for that of a million files is large.
type Picks struct {
	want            []bool
	files, of       int
	bytes           int64
	programs, risky int // in the offer, and of these ticked
}

// Want returns what is ticked, by entry of the manifest; nil for all.
func (p Picks) Want() []bool { return p.want }

// picks returns what is ticked, if anybody has touched it.
func (t *Tree) picks() (p Picks, touched bool) {
	return Picks{t.Want(), t.allWanted, t.allFiles, t.allBytes, len(t.programs), t.allRisked}, t.touched
}

// LookAway lets go of the tree of the offer that was looked into, and remembers what was
// ticked by hand.
func (l *Local) LookAway(s sharing.Snapshot) {
	if o, there := offerOf(s, l.Look); there {
		if p, touched := l.Tree.picks(); touched {
			if l.Picks == nil {
				l.Picks = map[sharing.ShareID]Picks{}
			}
			l.Picks[o.Share] = p
		}
	}
	l.Tree = nil
}

// forgetPicks forgets what was ticked of offers that are gone.
func (l *Local) forgetPicks(s sharing.Snapshot) {
	for id := range l.Picks {
		if !slices.ContainsFunc(s.Offers, func(o sharing.Offer) bool { return o.Share == id }) {
			delete(l.Picks, id)
		}
	}
}
