package swarm

import (
	"context"
	"slices"
	"time"

	"github.com/anacrolix/torrent"

	"potluck/sharing/identity"
)

// How connections to holders are kept.
const (
	// patience is how long the device with the larger ID waits for the other
	// to dial.
	patience = 2 * time.Second

	redialMin = 200 * time.Millisecond
	redialMax = 5 * time.Second

	// askedEvery is how often a holder is dialled because it asked for it. When neither
	// reaches the other, both ask.
	askedEvery = time.Second

	// settled is how long a connection must last, if no payload moves on it,
	// for the next failure not to count as one more in a row.
	settled = 2 * time.Second
)

// A holder is a device to be connected with.
type holder struct {
	next time.Time     // when to dial, if there is no connection
	wait time.Duration // until the dial after that

	asked time.Time // when it was last dialled because it asked
}

// SetHolders says whom to be connected with, instead of those named before.
// Name only devices that may have the share, since a connection serves both
// ways. Of two devices the one with the smaller ID dials, the other after two
// seconds without a connection. Connections that break are made again, and
// dials that fail repeated, for as long as a device is a holder. A connection
// with a device that no longer is one stays; see [Torrent.Disconnect].
func (t *Torrent) SetHolders(ids []identity.ID) {
	now := time.Now()
	t.mu.Lock()
	old := t.holders
	t.holders = make(map[identity.ID]*holder, len(ids))
	for _, id := range ids {
		h := old[id]
		if h == nil {
			h = &holder{next: now.Add(t.swarm.turn(id)), wait: redialMin}
		}
		if id != t.swarm.self {
			t.holders[id] = h
		}
	}
	t.mu.Unlock()
	t.swarm.thin(t, nil)
	t.swarm.wake()
}

// MaxPeers is how many devices a torrent is connected with at a time. Name no more
// holders than that. Others may come, and give way to holders.
const MaxPeers = 12

// thin cuts connections of t until they are with MaxPeers devices, those with
// holders last, and reports whether the one that has just come may stay.
func (s *Swarm) thin(t *Torrent, latest *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var holders, others []*conn
	peers := make(map[identity.ID]bool)
	for c := range s.conns {
		if of, _, alive := c.state(); !alive || of != t {
			continue
		}
		peers[c.peer] = true
		switch {
		case t.isHolder(c.peer):
			holders = append(holders, c)
		case c == latest:
			others = slices.Insert(others, 0, c)
		default:
			others = append(others, c)
		}
	}
	stays := true
	for _, c := range slices.Concat(others, holders) {
		if peers[c.peer] && len(peers) <= MaxPeers {
			continue
		}
		delete(peers, c.peer) // with all its connections
		c.sever()
		stays = stays && c != latest
	}
	return stays
}

// isHolder reports whether a device was named.
func (t *Torrent) isHolder(id identity.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.holders[id] != nil
}

// turn returns how long to leave it to another device to dial.
func (s *Swarm) turn(peer identity.ID) time.Duration {
	if s.self.Compare(peer) < 0 {
		return 0
	}
	return patience
}

// dialAllLocked makes all holders be dialled now.
func (t *Torrent) dialAllLocked() {
	for _, h := range t.holders {
		*h = holder{next: time.Now(), wait: redialMin}
	}
}

// Redial makes a holder that there is no connection with be dialled now, for all
// torrents: it has said that it cannot dial. More than once a second changes nothing.
func (s *Swarm) Redial(peer identity.ID) {
	now := time.Now()
	for _, t := range s.all() {
		t.mu.Lock()
		if h := t.holders[peer]; h != nil && now.Sub(h.asked) >= askedEvery {
			h.next, h.asked = now, now
		}
		t.mu.Unlock()
	}
	s.wake()
}

// Invite makes a device be dialled now that has said that it cannot dial, and a holder if
// there is room for one more. More than once a second changes nothing.
func (t *Torrent) Invite(peer identity.ID) {
	now := time.Now()
	t.mu.Lock()
	h := t.holders[peer]
	if h == nil && len(t.holders) < MaxPeers {
		h = &holder{wait: redialMin}
		if t.holders == nil {
			t.holders = make(map[identity.ID]*holder)
		}
		t.holders[peer] = h
	}
	if h != nil && now.Sub(h.asked) >= askedEvery {
		h.next, h.asked = now, now
	}
	t.mu.Unlock()
	t.swarm.wake()
}

// lost is called when a connection with peer has ended. One that was of use
// is made again soon, others later and later.
func (t *Torrent) lost(peer identity.ID, useful bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.holders[peer]
	if h == nil {
		return
	}
	turn := t.swarm.turn(peer)
	if useful {
		h.wait, turn = redialMin, 0 // the other side may have no need of us, and not dial
	}
	h.next = time.Now().Add(h.wait + turn)
	h.wait = min(2*h.wait, redialMax)
}

// due returns the holders to dial now, given those there is a connection with,
// and when to ask again; zero for not before something changes.
func (t *Torrent) due(now time.Time, connected map[identity.ID]bool) (dial []identity.ID, next time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone || t.paused {
		return nil, time.Time{}
	}
	for id, h := range t.holders {
		if connected[id] || t.refused[id] {
			continue
		}
		if !now.Before(h.next) {
			dial = append(dial, id)
			h.next = now.Add(h.wait)
			h.wait = min(2*h.wait, redialMax)
		}
		if next.IsZero() || h.next.Before(next) {
			next = h.next
		}
	}
	return dial, next
}

// keep names to the library, until ctx is done, the holders it is to dial. It
// forgets one as soon as it has dialled it.
func (s *Swarm) keep(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.awake:
		case <-timer.C:
		}
		if next := s.dialDue(time.Now()); !next.IsZero() {
			timer.Reset(time.Until(next))
		}
	}
}

// dialDue makes the dials that are due, and returns when the next one is.
func (s *Swarm) dialDue(now time.Time) (next time.Time) {
	for _, t := range s.all() {
		ids, at := t.due(now, s.connected(t))
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
		if len(ids) == 0 {
			continue
		}
		peers := make([]torrent.PeerInfo, len(ids))
		for i, id := range ids {
			peers[i] = torrent.PeerInfo{Addr: addr{id}, Source: torrent.PeerSourceDirect}
		}
		t.call(func(inner *torrent.Torrent) { inner.AddPeers(peers) })
	}
	return next
}

// wake makes keep look again.
func (s *Swarm) wake() {
	select {
	case s.awake <- struct{}{}:
	default: // one is waiting already
	}
}
