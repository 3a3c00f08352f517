package sharing

import (
	"crypto/ed25519"
	"errors"
	"slices"

	"potluck/sharing/identity"
)

// A rosterDoc is how a roster travels: whole, or as what is new in it since a version
// that the other side has. Many say yes one after another, and a roster that named
// everybody every time would be most of what a taker is told.
type rosterDoc struct {
	Version int    `json:"version"`
	Since   int    `json:"since,omitempty"` // the version that it is told from; 0 for none: it is whole
	Takers  packed `json:"takers"`          // who was not in that one, in order
	Left    packed `json:"left,omitempty"`  // who was, and is no longer, in order
	Sig     []byte `json:"sig"`             // of the roster
}

// pastRosters is how many earlier rosters are kept, to tell what is new since.
const pastRosters = 16

// since returns how to tell of r to somebody who has the roster old, or none if that is nil.
func (r *roster) since(old *roster) *rosterDoc {
	if r == nil {
		return nil
	}
	doc := &rosterDoc{Version: r.Version, Takers: r.Takers, Sig: r.Sig}
	if old == nil {
		return doc
	}
	added, left := without(r.Takers, old), without(old.Takers, r)
	if len(added)+len(left) < len(r.Takers) {
		doc.Since, doc.Takers, doc.Left = old.Version, added, left
	}
	return doc
}

// without returns those of takers that are not in r.
func without(takers packed, r *roster) packed {
	return slices.DeleteFunc(slices.Clone(takers), r.has)
}

var errOtherRoster = errors.New("the changes are those of another roster")

// over returns the roster that doc tells of to somebody who has the roster old, if the
// sharer made it for this share. It returns [errOtherRoster] if that takes another one than old.
func (doc *rosterDoc) over(old *roster, share ShareID, sharer ed25519.PublicKey) (*roster, error) {
	r := &roster{Version: doc.Version, Takers: doc.Takers, Sig: doc.Sig}
	if doc.Since != 0 {
		if old.version() != doc.Since {
			return nil, errOtherRoster
		}
		r.Takers = append(without(old.Takers, &roster{Takers: doc.Left}), doc.Takers...)
		slices.SortFunc(r.Takers, identity.ID.Compare)
	}
	return r, r.check(share, sharer)
}

// setRosterLocked takes over a roster, and keeps the one before for those who have it.
func (c *circle) setRosterLocked(r *roster) {
	if c.roster != nil {
		c.past = append(c.past, c.roster)
		c.past = c.past[max(0, len(c.past)-pastRosters):]
	}
	c.roster = r
}

// newsFromLocked returns how to tell of the roster to somebody who has that version.
func (c *circle) newsFromLocked(version int) *rosterDoc {
	for _, old := range c.past {
		if old.Version == version {
			return c.roster.since(old)
		}
	}
	return c.roster.since(nil)
}
