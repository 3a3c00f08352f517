package sharing

import (
	"cmp"
	"slices"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
)

// Snapshot returns everything that can be seen of the device now.
func (d *Device) Snapshot() Snapshot {
	now := time.Now()
	s := Snapshot{Self: Self{ID: d.identity.ID()}}
	if a := d.hub.Addr(); a.IsValid() {
		s.Self.Addr = a.String()
	}
	d.mu.Lock()
	s.Self.Name, s.Self.Offline = d.settings.Name, d.offline
	paired := d.claimsLocked()
	for id, l := range d.links {
		if d.blockedLocked(id) { // it is only told that it is over
			continue
		}
		s.Neighbours = append(s.Neighbours, d.neighbourLocked(l, paired))
	}
	for id, k := range d.known {
		s.Known = append(s.Known, d.knownViewLocked(id, k))
	}
	for _, p := range d.pacts {
		s.Pairings = append(s.Pairings, p.viewLocked())
	}
	for _, m := range d.messages.open {
		if d.blockedLocked(m.From) { // it comes back when that is undone
			continue
		}
		s.Messages = append(s.Messages, d.messageViewLocked(m, paired))
	}
	for _, o := range d.outgoing {
		if o.hidden {
			continue
		}
		s.Transfers = append(s.Transfers, o.viewLocked(now))
	}
	for _, in := range d.incoming {
		if in.hidden {
			continue
		}
		if in.accepted || in.state == Failed {
			s.Transfers = append(s.Transfers, in.viewLocked(now))
		}
		if in.state == Waiting && !in.accepted {
			s.Offers = append(s.Offers, in.offerLocked(paired))
		}
	}
	d.mu.Unlock()
	for i := range s.Offers {
		s.Offers[i].Free = d.roomFor(s.Offers[i].Into)
	}
	slices.SortFunc(s.Neighbours, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID))
	})
	slices.SortFunc(s.Known, func(a, b KnownDevice) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID))
	})
	slices.SortFunc(s.Pairings, func(a, b Pairing) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), a.Peer.Compare(b.Peer))
	})
	slices.SortFunc(s.Offers, func(a, b Offer) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Share.String(), b.Share.String()))
	})
	slices.SortFunc(s.Transfers, func(a, b Transfer) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Share.String(), b.Share.String()))
	})
	return s
}

func (d *Device) neighbourLocked(l *link, paired claims) Neighbour {
	n := Neighbour{ID: l.peer.ID, Name: l.peer.Hello.Name, Kind: manifest.Printable(l.peer.Hello.Kind), Since: l.peer.Since}
	if l.peer.Addr.IsValid() {
		n.Addr = l.peer.Addr.String()
	}
	if k := d.known[n.ID]; k != nil {
		n.Alias, n.Paired, n.Trusted = k.Alias, k.Paired, k.Paired && k.Trusted
	}
	n.Twin = d.twinLocked(paired, n.ID, n.Name)
	n.Lingers = d.lingersLocked(n.ID) && d.busyWithLocked(n.ID)
	return n
}

// offerView returns the offer as the person sees it.
func (in *incoming) offerView() (Offer, bool) {
	in.d.mu.Lock()
	if in.manifest == nil || in.state != Waiting {
		in.d.mu.Unlock()
		return Offer{}, false
	}
	offer := in.offerLocked(in.d.claimsLocked())
	in.d.mu.Unlock()
	offer.Free = in.d.room(offer.Into)
	return offer, true
}

func (in *incoming) offerLocked(paired claims) Offer {
	m := in.manifest
	return Offer{
		Share: in.id, From: in.from, FromName: in.d.nameLocked(in.from, in.fromName), Paired: in.d.pairedLocked(in.from),
		Twin: in.d.twinLocked(paired, in.from, in.d.ownNameLocked(in.from, in.fromName)), Title: in.title,
		Files: m.Files(), Folders: m.Folders(), Bytes: m.StreamLength(), Into: in.d.settings.Downloads, At: in.started,
		Renamed: in.renamed, Programs: in.programs, Connected: in.d.links[in.from] != nil,
	}
}

func (in *incoming) viewLocked(now time.Time) Transfer {
	t := Transfer{
		Share: in.id, Direction: Receiving, Bytes: in.total, State: in.state, Error: in.err, Hashed: in.hashed,
		Paths: paths(in.result), Renamed: renamedNotes(in.result.Renamed), Started: in.started, Ended: in.ended,
	}
	if m := in.manifest; m != nil {
		t.Title, t.Files, t.Folders = in.title, in.files, in.folders
		t.Failures = failureNotes(m, in.failures)
	} else {
		t.Title, t.Files, t.Folders = in.rec.Title, in.rec.Files, in.rec.Folders
		t.Paths, t.Renamed, t.Failures = in.rec.Paths, in.rec.Notes, in.rec.FailureNotes
	}
	if t.Into = in.rec.Into; in.choice != nil {
		t.Into = in.choice.into
	}
	if in.state == Running && in.sharerPaused && !in.helpedLocked() {
		t.State = Paused
	}
	p := Peer{
		ID: in.from, Name: in.d.nameLocked(in.from, in.fromName), State: t.State, Connected: in.d.links[in.from] != nil, Done: in.done, Coming: in.coming,
		Total: in.total, Told: in.told, Receipt: in.receipt, Error: in.err, Left: -1, Sources: in.d.sourcesLocked(in.fellows, in.state),
	}
	if !t.State.Final() {
		p.PausedHere, p.PausedThere = in.paused, in.sharerPaused
	}
	if t.State == Running {
		t.Slowest, t.Away = in.gauge.slowest(now), in.awayLocked(now)
	}
	if in.state == Running {
		p.Rate = in.rate.perSecond(now)
		p.Left = left(p.Total-p.Done-p.Coming, p.Rate)
	}
	t.Peers = []Peer{p}
	t.Verify = in.d.checkups[in.id].viewLocked()
	if in.lastCheck != nil {
		last := *in.lastCheck
		t.Checked = &last
	}
	return t
}

func (o *outgoing) viewLocked(now time.Time) Transfer {
	t := Transfer{
		Share: o.id, Direction: Sending, Title: o.title, Files: o.rec.Files, Folders: o.rec.Folders, Bytes: o.rec.Bytes,
		Paths: o.rec.Paths, LeftOut: o.rec.Notes, Renamed: o.rec.Renamed, Started: o.started, Ended: o.ended,
		Failures: o.failureNotesLocked(), Free: o.free,
		Hashed: min(int64(o.hashed)*hashlist.PieceLength(o.rec.Bytes), o.rec.Bytes),
	}
	behind := int64(-1)
	for _, k := range o.takers {
		p := Peer{
			ID: k.id, Name: o.d.nameLocked(k.id, k.name), State: k.shown(), Connected: o.d.links[k.id] != nil, Done: k.done, Coming: k.coming, Total: k.total,
			Error: k.err, Told: k.told, Receipt: k.receipt, Left: -1, Sources: o.d.sourcesLocked(k.fellows, k.state),
		}
		if receives(p.State) {
			p.PausedHere, p.PausedThere = o.paused, p.State == Paused
			if o.paused {
				p.State = Paused
			}
		}
		if p.State == Running {
			if p.Connected { // else nobody tells how it goes on
				p.Rate = k.rate.perSecond(now)
			}
			p.Left = left(p.Total-p.Done-p.Coming, p.Rate)
			if rest := p.Total - p.Done; rest > behind {
				behind, t.Slowest = rest, k.slowest(now)
			}
		}
		t.Peers = append(t.Peers, p)
	}
	slices.SortFunc(t.Peers, func(a, b Peer) int { return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID)) })
	t.State, t.Error = overall(t.Peers)
	return t
}

func sortByEnd(list []record) {
	slices.SortFunc(list, func(a, b record) int { return a.Ended.Compare(b.Ended) })
}
