package swarm

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

// party is a sharer and takers, all of whom fetch from all.
type party struct {
	t        *testing.T
	c        *content
	lan      *lan
	sharer   *device
	shared   *Torrent
	takers   []*device
	torrents []*Torrent
	memories []*memory
}

func newParty(t *testing.T, c *content, takers int) *party {
	p := &party{t: t, c: c, lan: newLAN(t)}
	p.sharer = p.lan.join(1)
	for i := range takers {
		p.takers = append(p.takers, p.lan.join(2+i))
	}
	p.shared = p.sharer.share(c, full(c), p.takers...)
	return p
}

// take makes a taker fetch everything from all the others.
func (p *party) take(i int) {
	m := newMemory(p.c)
	others := slices.DeleteFunc(append(slices.Clone(p.takers), p.sharer), func(d *device) bool { return d == p.takers[i] })
	tor := p.takers[i].add(p.c, m, others...)
	tor.Want(p.c.every()...)
	p.torrents, p.memories = append(p.torrents, tor), append(p.memories, m)
}

func TestTheSharerSendsEachPieceAboutOnce(t *testing.T) {
	p := newParty(t, newContent(120, 64<<10), 4)
	p.sharer.slow(4 << 20) // the takers are faster
	for i := range p.takers {
		p.take(i)
	}
	for _, m := range p.memories {
		m.waitWhole(t)
	}
	if sent := p.shared.Stats().Written; sent > p.c.Length*14/10 {
		t.Errorf("the sharer sent %d bytes of a stream of %d", sent, p.c.Length)
	}
}

func TestTakersFinishWithoutTheSharer(t *testing.T) {
	p := newParty(t, newContent(100, 64<<10), 3)
	p.sharer.slow(4 << 20)
	for i := range p.takers {
		p.take(i)
	}
	with := []Fellow{{ID: p.takers[0].id, With: []int{1, 2}}, {ID: p.takers[1].id}, {ID: p.takers[2].id}}
	waitFor(t, "free", func() bool { return p.shared.Free(with) })
	p.sharer.stop()
	for _, m := range p.memories {
		m.waitWhole(t)
	}
}

func TestATakerDiesWithPiecesThatOnlyItHas(t *testing.T) {
	p := newParty(t, newContent(100, 64<<10), 3)
	p.sharer.slow(4 << 20)
	for i := range p.takers {
		p.take(i)
	}
	waitFor(t, "begun", func() bool { return p.memories[0].count() >= 20 })
	p.takers[0].stop()
	for _, m := range p.memories[1:] {
		m.waitWhole(t)
	}
}

func TestALateComer(t *testing.T) {
	p := newParty(t, newContent(60, 64<<10), 2)
	p.shared.SetTakers([]Taker{{ID: p.takers[0].id}})
	p.take(0)
	p.memories[0].waitWhole(t)
	p.shared.SetTakers([]Taker{{ID: p.takers[0].id}, {ID: p.takers[1].id}})
	p.take(1)
	p.memories[1].waitWhole(t)
}

func TestWhoWantsAPartGetsIt(t *testing.T) {
	p := newParty(t, newContent(60, 64<<10), 2)
	p.shared.SetTakers([]Taker{{ID: p.takers[0].id, Part: true}, {ID: p.takers[1].id}})
	p.take(1)
	m := newMemory(p.c)
	p.takers[0].add(p.c, m, p.sharer).Want(57, 3, 20)
	waitFor(t, "there", func() bool { return m.Complete(57) && m.Complete(3) && m.Complete(20) })
	p.memories[0].waitWhole(t)
}

func TestWhatIsHashedLateIsSpread(t *testing.T) {
	c := newContent(60, 64<<10)
	p := &party{t: t, c: c, lan: newLAN(t)}
	p.sharer = p.lan.join(1)
	p.takers = []*device{p.lan.join(2), p.lan.join(3)}
	from := full(c)
	for i := range from.done {
		from.done[i] = false
	}
	p.shared = p.sharer.share(c, from, p.takers...)
	p.take(0)
	p.take(1)
	for i := range c.Pieces() {
		from.setDone(i, true)
		p.shared.Changed(i)
	}
	for _, m := range p.memories {
		m.waitWhole(t)
	}
}

func TestSilence(t *testing.T) {
	have := pp.Message{Type: pp.Have, Index: 7}.MustMarshalBinary()
	all := pp.Message{Type: pp.HaveAll}.MustMarshalBinary()
	piece := pp.Message{Type: pp.Piece, Index: 1, Piece: []byte("content")}.MustMarshalBinary()
	alive := pp.Message{Keepalive: true}.MustMarshalBinary()
	choke := pp.Message{Type: pp.Unchoke}.MustMarshalBinary()
	for _, c := range []struct {
		in, out [][]byte
		told    bool
	}{
		{[][]byte{all}, nil, true},
		{[][]byte{alive, choke}, [][]byte{alive, choke}, false},
		{[][]byte{choke, have, have, piece, all, alive}, [][]byte{choke, piece, alive}, true},
		{nil, nil, false},
	} {
		parts, told, err := silence(bytes.Join(c.in, nil))
		if err != nil || told != c.told || !bytes.Equal(bytes.Join(parts, nil), bytes.Join(c.out, nil)) {
			t.Errorf("%q became %q, %v, %v", c.in, parts, told, err)
		}
	}
	for _, half := range [][]byte{have[:len(have)-1], {0, 0}, binary.BigEndian.AppendUint32(nil, 1<<31)} {
		if _, _, err := silence(half); err == nil {
			t.Errorf("%q passed for whole messages", half)
		}
	}
}

func TestNoMoreThanTwelveAreConnected(t *testing.T) {
	p := newParty(t, newContent(12, 64<<10), MaxPeers+3)
	var chosen []Taker
	for _, d := range p.takers[3:] {
		chosen = append(chosen, Taker{ID: d.id})
	}
	p.shared.SetTakers(chosen)
	most := 0
	for i := range p.takers {
		m := newMemory(p.c)
		p.takers[i].add(p.c, m, p.sharer).Want(p.c.every()...)
		p.memories = append(p.memories, m)
	}
	for _, m := range p.memories[3:] {
		waitFor(t, "served", func() bool {
			n := 0
			for _, s := range p.shared.Stats().Peers {
				if s.Connected {
					n++
				}
			}
			most = max(most, n)
			return m.count() == p.c.Pieces()
		})
	}
	if most > MaxPeers+1 { // one that has just come is there for a moment
		t.Errorf("connected with %d", most)
	}
}

func TestWhatTheOtherSideHasIsNotTold(t *testing.T) {
	have := func(i uint32) []byte { return pp.Message{Type: pp.Have, Index: pp.Integer(i)}.MustMarshalBinary() }
	choke := pp.Message{Type: pp.Unchoke}.MustMarshalBinary()
	var s spare
	s.heard(&pp.Message{Type: pp.Have, Index: 3}, 8)
	s.heard(&pp.Message{Type: pp.Bitfield, Bitfield: []bool{false, true}}, 8)
	parts, err := s.sift(slices.Concat(have(0), have(3), choke, have(1), have(200)))
	if want := slices.Concat(have(0), choke, have(200)); err != nil || !bytes.Equal(bytes.Join(parts, nil), want) {
		t.Errorf("left is %q: %v", parts, err)
	}
	s.heard(&pp.Message{Type: pp.HaveAll}, 8)
	if parts, err := s.sift(have(0)); err != nil || len(parts) != 0 {
		t.Errorf("who has all is told %q: %v", parts, err)
	}
}
