package swarm

import (
	"encoding/binary"
	"errors"
	"fmt"

	pp "github.com/anacrolix/torrent/peer_protocol"

	"potluck/sharing/identity"
)

// helloSize is the length of the handshake that opens a connection: protocol
// name, reserved bits, info-hash, peer ID.
const helloSize = len(pp.Protocol) + 8 + 20 + 20

// extensions are the bits both sides set: the Fast extension, and extended
// messages for the sake of the one handshake that tells the queue length.
var extensions = pp.NewPeerExtensionBytes(pp.ExtensionBitFast, pp.ExtensionBitLtep)

// peerID returns what a device calls itself in the handshake. It is bound to
// the device, so that nobody can claim another's and so displace its
// connection.
func peerID(id identity.ID) [20]byte {
	var p [20]byte
	copy(p[copy(p[:], "-PL0001-"):], id[:])
	return p
}

// A hello is a handshake as it is on the wire.
type hello [helloSize]byte

func (h *hello) reserved() []byte { return h[len(pp.Protocol) : len(pp.Protocol)+8] }
func (h *hello) infoHash() [20]byte {
	return [20]byte(h[len(pp.Protocol)+8:])
}
func (h *hello) peerID() [20]byte { return [20]byte(h[helloSize-20:]) }

// check reports whether h may be a handshake of peer, and clears the reserved
// bits that mean nothing here.
func (h *hello) check(peer identity.ID) error {
	if string(h[:len(pp.Protocol)]) != pp.Protocol {
		return errors.New("not a BitTorrent handshake")
	}
	if h.peerID() != peerID(peer) {
		return errors.New("handshake under another device's name")
	}
	r := h.reserved()
	for i := range r {
		r[i] &= extensions[i]
		if r[i] != extensions[i] {
			return errors.New("handshake without the extensions needed")
		}
	}
	return nil
}

// maxExtended bounds an extended handshake.
const maxExtended = 16 << 10

// A frame follows the messages in one direction of a connection, in whatever
// portions they come, and counts the payload in them. With guard set it also
// judges them: the library asserts by panicking, and trusts some orders of
// messages that only a hostile device sends.
//
// The zero frame is ready for use, by one goroutine at a time.
type frame struct {
	guard *Spec // judge messages about this torrent; nil to count only

	head    [17]byte // length, type, and as much of the body as is judged
	have    int      // bytes of head that are there
	rest    int64    // bytes of the body that are still to come
	payload bool     // the rest is payload
	asks    int64    // requests so far
	answers int64    // pieces and rejects so far: what requests are answered with
	told    bool     // the other side has said which pieces it has
}

// pass takes the next portion of the stream, and returns how many bytes of it
// are payload, or what is wrong with the message it holds.
func (f *frame) pass(b []byte) (payload int64, err error) {
	for len(b) > 0 {
		if f.rest > 0 {
			n := min(f.rest, int64(len(b)))
			if f.payload {
				payload += n
			}
			f.rest -= n
			b = b[n:]
			continue
		}
		n := copy(f.head[f.have:f.need()], b)
		f.have += n
		b = b[n:]
		if f.have < 4 || f.have < f.need() {
			continue
		}
		if err := f.begin(); err != nil {
			return payload, err
		}
	}
	return payload, nil
}

// between reports whether the last message has ended and no other has begun.
func (f *frame) between() bool { return f.rest == 0 && f.have == 0 }

// need returns how many bytes of the head must be there before the message can
// be judged.
func (f *frame) need() int {
	if f.have < 4 {
		return 4
	}
	length := binary.BigEndian.Uint32(f.head[:])
	if length == 0 || f.have == 4 {
		return 4 + int(min(length, 1))
	}
	return 5 + int(min(length-1, uint32(judged(pp.MessageType(f.head[4])))))
}

// judged returns how many bytes of the body are looked at.
func judged(t pp.MessageType) int {
	switch t {
	case pp.Have:
		return 4
	case pp.Request, pp.Cancel, pp.Reject:
		return 12
	case pp.Piece:
		return 8
	case pp.Extended:
		return 1
	}
	return 0
}

// begin is called when the head is there. It judges the message and makes
// ready for the rest of it.
func (f *frame) begin() error {
	length := binary.BigEndian.Uint32(f.head[:])
	f.payload = false
	if length > 0 {
		if f.guard != nil {
			if err := f.judge(length); err != nil {
				return err
			}
		}
		t := pp.MessageType(f.head[4])
		f.payload = t == pp.Piece
		switch t {
		case pp.Request:
			f.asks++
		case pp.Piece, pp.Reject:
			f.answers++
		}
	}
	f.rest = 4 + int64(length) - int64(f.have)
	f.have = 0
	return nil
}

// judge reports what is wrong with the message in head.
func (f *frame) judge(length uint32) error {
	t := pp.MessageType(f.head[4])
	switch t {
	case pp.Choke, pp.Unchoke, pp.Interested, pp.NotInterested:
		return exactly(t, length, 1)
	case pp.HaveAll:
		f.told = true
		return exactly(t, length, 1)
	case pp.HaveNone, pp.Bitfield:
		// Only as the first word on the matter: after another one the library
		// loses count of who has what, and panics when the torrent is dropped.
		if f.told {
			return fmt.Errorf("%v when pieces were told of", t)
		}
		f.told = true
		if t == pp.HaveNone {
			return exactly(t, length, 1)
		}
		return exactly(t, length, 1+uint32(f.guard.Pieces()+7)/8)
	case pp.Have:
		f.told = true
		if err := exactly(t, length, 5); err != nil {
			return err
		}
		return f.judgeSpan(0, 1)
	case pp.Request, pp.Cancel, pp.Reject:
		if err := exactly(t, length, 13); err != nil {
			return err
		}
		return f.judgeSpan(f.word(9), f.word(13))
	case pp.Piece:
		if length <= 9 {
			return errors.New("chunk without bytes")
		}
		return f.judgeSpan(f.word(9), int64(length)-9)
	case pp.Extended:
		if length < 2 || length > maxExtended || f.head[5] != pp.HandshakeExtendedID {
			return errors.New("extended message that is no handshake")
		}
		return nil
	}
	return fmt.Errorf("message of type %d", byte(t))
}

// judgeSpan reports whether the piece named in the message has n bytes at off.
func (f *frame) judgeSpan(off, n int64) error {
	piece := f.word(5)
	if piece >= int64(f.guard.Pieces()) {
		return fmt.Errorf("message about piece %d of %d", piece, f.guard.Pieces())
	}
	if n < 1 || n > maxServed || off+n > f.guard.pieceSize(int(piece)) {
		return fmt.Errorf("message about %d bytes at %d of piece %d", n, off, piece)
	}
	return nil
}

// word returns the number at byte i of the head.
func (f *frame) word(i int) int64 { return int64(binary.BigEndian.Uint32(f.head[i:])) }

func exactly(t pp.MessageType, length, want uint32) error {
	if length != want {
		return fmt.Errorf("%v of length %d", t, length)
	}
	return nil
}
