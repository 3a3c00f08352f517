package sharing

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
	"potluck/sharing/swarm"
)

// maxFellows is how many fellows a taker tells the sharer of.
const maxFellows = 32

// A fellowDoc is what a taker tells the sharer of a device that it has pieces from.
type fellowDoc struct {
	ID    identity.ID `json:"id"`
	Bytes int64       `json:"bytes"`         // that came from it
	Now   bool        `json:"now,omitempty"` // pieces come from it, or can
	Bad   bool        `json:"bad,omitempty"` // and is not any more, for what it sent
}

// A given is how much has come from a device, and when the last of it did, or it had
// something to give.
type given struct {
	bytes int64
	at    time.Time
}

// fellowDocs returns what to tell of those that the torrent has exchanged pieces
// with; those that gave most first. One that is connected and has given nothing for a
// while counts as long as it has something that is missing here. The sharer always
// counts: it does not say all that it has.
func (t *transfer) fellowDocs(s swarm.Stats, now time.Time) []fellowDoc {
	var list []fellowDoc
	latest := make(map[identity.ID]given)
	for _, p := range s.Peers {
		f := fellowDoc{ID: p.ID, Bytes: p.Read, Now: p.Connected, Bad: p.Refused}
		if p.Connected && p.ID != t.in.from && !t.complete() {
			g, known := t.given[p.ID]
			if !known || p.Read > g.bytes || now.Sub(g.at) > t.in.d.stallAfter && t.torrent.Has(p.ID, t.item.Missing) {
				g = given{p.Read, now}
			}
			latest[p.ID] = g
			f.Now = now.Sub(g.at) <= t.in.d.stallAfter
		}
		list = append(list, f)
	}
	t.given = latest
	slices.SortStableFunc(list, func(a, b fellowDoc) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return list[:min(len(list), maxFellows)]
}

// sameFellow reports whether two say the same but for the bytes.
func sameFellow(a, b fellowDoc) bool { return a.ID == b.ID && a.Now == b.Now && a.Bad == b.Bad }

func checkFellows(list []fellowDoc) error {
	if len(list) > maxFellows {
		return errors.New("too many fellows")
	}
	for _, f := range list {
		if f.Bytes < 0 {
			return errors.New("a fellow cannot have given less than nothing")
		}
	}
	return nil
}

// sourcesLocked returns the fellows for people to see. Once it is over nobody is
// connected for it.
func (d *Device) sourcesLocked(list []fellowDoc, s State) []Source {
	var sources []Source
	for _, f := range list {
		sources = append(sources, Source{
			ID: f.ID, Name: d.nameLocked(f.ID, d.calledLocked(f.ID)), Bytes: f.Bytes, Connected: f.Now && !s.Final(), Refused: f.Bad,
		})
	}
	return sources
}

// putSwarm hears what a fellow says of a share.
func (d *Device) putSwarm(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	d.mu.Lock()
	known := d.circleLocked(share) != nil
	d.mu.Unlock()
	if !known {
		http.Error(w, "no such share", http.StatusNotFound)
		return
	}
	var doc swarmDoc
	if !readDoc(w, r, &doc, maxSwarmDoc) {
		return
	}
	switch err := d.hearFellow(peer.ID, share, doc); {
	case errors.Is(err, errNoFellow):
		http.Error(w, "no such share", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	c := d.circleLocked(share)
	var reply swarmDoc
	if c != nil {
		var news *rosterDoc
		if doc.Version < c.roster.version() && c.tellsRosterLocked() {
			news = c.newsFromLocked(doc.Version)
		}
		reply = c.docLocked(peer.ID, news)
	}
	d.mu.Unlock()
	writeDoc(w, reply)
}

// A dialDoc asks a device to dial for pieces: POST /v1/dial.
type dialDoc struct {
	Shares []ShareID `json:"shares,omitempty"` // that pieces are wanted of, also from who is through with them
}

// maxDialShares is how many shares are named at once.
const maxDialShares = 64

// postDial hears that a device wants to be dialled for pieces: it cannot reach us,
// perhaps for a firewall that lets nobody in here. What is over here was let rest, and is
// made ready for it.
func (d *Device) postDial(w http.ResponseWriter, r *http.Request) {
	peer, ok := session.PeerOf(r.Context())
	if !ok {
		http.Error(w, "who are you?", http.StatusForbidden)
		return
	}
	var doc dialDoc
	if !readDoc(w, r, &doc, maxSwarmDoc) {
		return
	}
	if len(doc.Shares) > maxDialShares {
		http.Error(w, "too many shares", http.StatusBadRequest)
		return
	}
	d.swarm.Redial(peer.ID)
	for _, share := range doc.Shares {
		d.mu.Lock()
		k := d.keptLocked(share)
		if !d.mayHoldLocked(peer.ID, share) {
			k = nil
		}
		d.mu.Unlock()
		if k != nil {
			d.tasks.run(func(ctx context.Context) {
				if torrent, err := k.load(ctx); err == nil {
					torrent.Invite(peer.ID)
				}
			})
		}
	}
	writeDoc(w, struct{}{})
}

// askToDial asks a device that could not be dialled for pieces to dial itself.
func (d *Device) askToDial(peer identity.ID) {
	d.mu.Lock()
	var doc dialDoc
	for id, in := range d.incoming {
		if (in.goesOnLocked() || d.checkups[id] != nil) && in.circle.hasLocked(peer) && len(doc.Shares) < maxDialShares {
			doc.Shares = append(doc.Shares, id)
		}
	}
	d.mu.Unlock()
	d.tasks.run(func(ctx context.Context) {
		if _, _, err := d.call(ctx, peer, http.MethodPost, "/v1/dial", doc); err != nil {
			d.log.Debug("a device could not be asked to dial", "device", peer.Short(), "err", err)
		}
	})
}

// helpedLocked reports whether pieces come from somebody else than the sharer.
func (in *incoming) helpedLocked() bool {
	return slices.ContainsFunc(in.fellows, func(f fellowDoc) bool { return f.Now && f.ID != in.from })
}

// awayLocked reports whether nothing has come for a while, and nobody is here who has
// what is missing.
func (in *incoming) awayLocked(now time.Time) bool {
	return in.state == Running && in.done < in.total && in.d.links[in.from] == nil && !in.helpedLocked() &&
		!in.stalled.IsZero() && now.Sub(in.stalled) > in.d.stallAfter
}

// calledLocked returns what a device calls itself, or called itself when it was met.
func (d *Device) calledLocked(id identity.ID) string {
	if id == d.identity.ID() {
		return d.settings.Name
	}
	if l := d.links[id]; l != nil {
		return l.peer.Hello.Name
	}
	if k := d.known[id]; k != nil {
		return k.Name
	}
	return ""
}
