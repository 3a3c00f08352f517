package swarm

import (
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"github.com/anacrolix/torrent"
	pp "github.com/anacrolix/torrent/peer_protocol"

	"potluck/sharing/identity"
	"potluck/sharing/spread"
)

// lookEvery is how often it is looked whether a taker is late.
const lookEvery = 500 * time.Millisecond

// A Taker is a device that a share of ours goes to.
type Taker struct {
	ID   identity.ID
	Part bool // it wants only a part, and is told of everything

	// Rests says that it wants nothing at present: it is not dialled. If it comes, to
	// mend what it has, it wants a part.
	Rests bool
}

// A spreader tells the takers of a share of ours which pieces there are: each of
// those meant for it, by a plan. The library, which would tell everybody of
// everything, is not let through, see conn.tell.
type spreader struct {
	mu     sync.Mutex // guards what follows; under it only a spare's is taken
	plan   *spread.Plan[*conn]
	takers map[identity.ID]Taker
	conns  map[*conn]struct{} // those in the plan
}

func newSpreader(spec Spec) *spreader {
	return &spreader{
		plan:   spread.New[*conn](spec.Pieces(), spec.PieceLength),
		takers: make(map[identity.ID]Taker),
		conns:  make(map[*conn]struct{}),
	}
}

// Share makes a share of ours part of the swarm. It is [Swarm.Add], but that the
// takers, named with [Torrent.SetTakers], are not all told of the same pieces at
// once, so that they pass on to each other what few of them have.
func (s *Swarm) Share(spec Spec, storage Storage) (*Torrent, error) {
	return s.add(spec, s.self, storage)
}

// SetTakers says who a share of ours goes to, as [Torrent.SetHolders] does.
func (t *Torrent) SetTakers(takers []Taker) {
	ids := make([]identity.ID, 0, len(takers))
	t.spread.mu.Lock()
	t.spread.takers = make(map[identity.ID]Taker, len(takers))
	for _, k := range takers {
		k.Part = k.Part || k.Rests
		t.spread.takers[k.ID] = k
		if !k.Rests {
			ids = append(ids, k.ID)
		}
	}
	t.spread.mu.Unlock()
	t.spread.kickAll()
	t.SetHolders(ids)
}

// A Fellow is what a taker says of itself.
type Fellow struct {
	ID   identity.ID
	Done bool  // it needs nothing any more
	All  bool  // it has every piece
	With []int // the fellows it exchanges pieces with: indices of the same list
}

// Free reports whether the takers of a share of ours can finish without us.
func (t *Torrent) Free(fellows []Fellow) bool {
	list := make([]spread.Fellow[*conn], len(fellows))
	t.spread.mu.Lock()
	defer t.spread.mu.Unlock()
	for i, f := range fellows {
		list[i] = spread.Fellow[*conn]{Done: f.Done, All: f.All, With: f.With}
		for c := range t.spread.conns {
			if c.peer == f.ID {
				list[i].Key = c
			}
		}
	}
	return t.spread.plan.Free(list)
}

// changed notes whether a piece is here.
func (s *spreader) changed(piece int, here bool) {
	s.mu.Lock()
	if here {
		s.plan.Here(piece)
	} else {
		s.plan.Gone(piece)
	}
	s.mu.Unlock()
	s.kickAll()
}

// join takes c into the plan, when the library says for the first time which
// pieces there are.
func (s *spreader) join(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = struct{}{}
	s.plan.Join(c, spread.Wish(s.takers[c.peer].Part))
	now := time.Now()
	for i := range c.in.guard.Pieces() {
		if !c.spare.needs(uint32(i)) { // it may have said so before it joined
			s.plan.Have(c, i, now)
		}
	}
}

func (s *spreader) leave(c *conn) {
	s.mu.Lock()
	_, joined := s.conns[c]
	delete(s.conns, c)
	s.plan.Leave(c)
	s.mu.Unlock()
	if joined {
		s.kickAll()
	}
}

// next returns what c is to be told of now.
func (s *spreader) next(c *conn) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plan.Next(c, time.Now())
}

// heard notes what a taker says it has.
func (s *spreader) heard(from identity.ID, m *pp.Message) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.peer != from {
			continue
		}
		switch m.Type {
		case pp.Have:
			s.plan.Have(c, int(m.Index), now)
		case pp.HaveAll:
			s.plan.HaveAll(c, now)
		case pp.Bitfield:
			for i, has := range m.Bitfield[:min(len(m.Bitfield), c.in.guard.Pieces())] {
				if has {
					s.plan.Have(c, i, now)
				}
			}
		}
		c.kick()
	}
}

func (s *spreader) kickAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.kick()
	}
}

// readMessage is called with the client's lock held for each message that came.
func (s *Swarm) readMessage(pc *torrent.PeerConn, m *pp.Message) {
	switch m.Type {
	case pp.Have, pp.HaveAll, pp.Bitfield:
	default:
		return
	}
	from, ok := pc.RemoteAddr.(addr)
	if !ok || m.Keepalive {
		return
	}
	t := s.lookup(pc.Torrent().InfoHash())
	if t == nil {
		return
	}
	s.spareHaves(t, from.ID, m)
	if t.spread != nil {
		t.spread.heard(from.ID, m)
	}
}

// spareHaves notes what a device says it has, so that it is not told the same.
func (s *Swarm) spareHaves(t *Torrent, from identity.ID, m *pp.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if of, _, _ := c.state(); of == t && c.peer == from {
			c.spare.heard(m, t.spec.Pieces())
		}
	}
}

// kick makes tellTaker look what there is to tell.
func (c *conn) kick() {
	select {
	case c.tellMore <- struct{}{}:
	default: // one is waiting already
	}
}

// tellTaker tells the taker at the other end of the pieces meant for it, until c
// is severed.
func (c *conn) tellTaker(s *spreader) {
	defer c.swarm.busy.Done()
	defer s.leave(c)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		if list := s.next(c); len(list) > 0 {
			if err := c.tell(list); err != nil {
				c.sever()
			}
		}
		select {
		case <-c.gone:
			return
		case <-c.tellMore:
		case <-look.C:
		}
	}
}

// tell writes a Have for each piece, between two messages of the library's.
func (c *conn) tell(pieces []int) error {
	b := make([]byte, 0, 9*len(pieces))
	for _, i := range pieces {
		b = binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 5, byte(pp.Have)), uint32(i))
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.Conn.Write(b)
	return err
}

var errHalf = errors.New("swarm: the library wrote half a message")

// silence returns b, whole messages of the library's, without those that tell of
// pieces, in as many parts as that makes. The first of those is told whether there
// was one.
func silence(b []byte) (parts [][]byte, told bool, err error) {
	parts, err = without(b, func(t pp.MessageType, _ []byte) bool {
		switch t {
		case pp.Have, pp.HaveAll, pp.HaveNone, pp.Bitfield:
			told = true
			return true
		}
		return false
	})
	return parts, told, err
}
