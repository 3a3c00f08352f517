package swarm

import (
	"encoding/binary"
	"sync"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

// A spare keeps from a device what it does not need to hear: that we have a piece
// which it has itself. Among many who exchange pieces, that is most of what would be
// said. A sharer is told all the same, for that is how it knows how far we are.
//
// The zero spare knows of nothing.
type spare struct {
	mu  sync.Mutex
	has []bool // which pieces the device has
	all bool
}

// heard notes what the device says it has, of a torrent with so many pieces.
func (s *spare) heard(m *pp.Message, pieces int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.has == nil {
		s.has = make([]bool, pieces)
	}
	switch m.Type {
	case pp.Have:
		if i := int(m.Index); i < pieces {
			s.has[i] = true
		}
	case pp.HaveAll:
		s.all = true
	case pp.Bitfield:
		copy(s.has, m.Bitfield)
	}
}

// needs reports whether the device does not have a piece, as far as it has said.
func (s *spare) needs(piece uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.all && (int64(piece) >= int64(len(s.has)) || !s.has[piece])
}

// sift returns b, whole messages of the library's, without the Haves that the device
// does not need, in as many parts as that makes.
func (s *spare) sift(b []byte) ([][]byte, error) {
	return without(b, func(t pp.MessageType, body []byte) bool {
		return t == pp.Have && len(body) == 4 && !s.needs(binary.BigEndian.Uint32(body))
	})
}

// without returns b, whole messages, without those that drop is true for, in as many
// parts as that makes.
func without(b []byte, drop func(t pp.MessageType, body []byte) bool) (parts [][]byte, err error) {
	begin := 0
	for off := 0; off < len(b); {
		if len(b)-off < 4 {
			return nil, errHalf
		}
		length := int(binary.BigEndian.Uint32(b[off:]))
		if length > len(b)-off-4 {
			return nil, errHalf
		}
		end := off + 4 + length
		if length > 0 && drop(pp.MessageType(b[off+4]), b[off+5:end]) {
			if off > begin {
				parts = append(parts, b[begin:off])
			}
			begin = end
		}
		off = end
	}
	if begin < len(b) {
		parts = append(parts, b[begin:])
	}
	return parts, nil
}
