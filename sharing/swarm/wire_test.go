package swarm

import (
	"encoding/binary"
	"testing"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

var testSpec = Spec{Length: 5<<16 - 5, PieceLength: 1 << 16}

// stream is a run of messages, and how many bytes of it are payload.
func stream() ([]byte, int64) {
	var b []byte
	var payload int64
	add := func(m pp.Message) {
		raw, err := m.MarshalBinary()
		if err != nil {
			panic(err)
		}
		b = append(b, raw...)
		payload += int64(len(m.Piece))
	}
	add(pp.Message{Type: pp.Extended, ExtendedPayload: []byte("d1:mdee")})
	add(pp.Message{Type: pp.Bitfield, Bitfield: make([]bool, 5)})
	add(pp.Message{Type: pp.Unchoke})
	add(pp.Message{Keepalive: true})
	add(pp.Message{Type: pp.Interested})
	for i := range 3 {
		add(pp.Message{Type: pp.Have, Index: pp.Integer(i)})
		add(pp.Message{Type: pp.Request, Index: 4, Begin: 100, Length: 1<<16 - 105})
		add(pp.Message{Type: pp.Piece, Index: pp.Integer(i), Begin: 7, Piece: make([]byte, 1000*i+1)})
		add(pp.Message{Type: pp.Cancel, Index: 1, Length: 1})
		add(pp.Message{Type: pp.Reject, Index: 1, Length: 1})
	}
	add(pp.Message{Type: pp.HaveAll})
	add(pp.Message{Type: pp.Choke})
	add(pp.Message{Type: pp.NotInterested})
	return b, payload
}

func TestFrameCountsPayloadInPortions(t *testing.T) {
	b, want := stream()
	for size := 1; size <= len(b); size = size*3/2 + 1 {
		f := frame{guard: &testSpec}
		var got int64
		for rest := b; len(rest) > 0; {
			n := min(size, len(rest))
			p, err := f.pass(rest[:n])
			if err != nil {
				t.Fatalf("portions of %d: %v", size, err)
			}
			got += p
			rest = rest[n:]
		}
		if got != want || f.have != 0 || f.rest != 0 {
			t.Errorf("portions of %d: %d bytes of payload, not %d; %+v", size, got, want, f)
		}
	}
}

// FuzzFrame holds that what a frame says does not depend on the portions, and
// that it counts what the library's decoder would.
func FuzzFrame(f *testing.F) {
	b, _ := stream()
	f.Add(b, uint8(3))
	f.Add(b[:len(b)-1], uint8(200))
	f.Add([]byte{0, 0, 0, 1, 14, 0, 0, 0, 1, 15}, uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, size uint8) {
		whole, parts := frame{guard: &testSpec}, frame{guard: &testSpec}
		want, wantErr := whole.pass(b)
		var got int64
		var gotErr error
		for rest := b; len(rest) > 0 && gotErr == nil; {
			n := min(int(size)+1, len(rest))
			var p int64
			p, gotErr = parts.pass(rest[:n])
			got += p
			rest = rest[n:]
		}
		if got != want || (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("in portions: %d, %v; as a whole: %d, %v", got, gotErr, want, wantErr)
		}
		if wantErr != nil {
			return
		}
		var payload int64
		for len(b) >= 4 {
			n := int64(binary.BigEndian.Uint32(b))
			body := b[4:min(int64(len(b)), 4+n)]
			if len(body) > 9 && pp.MessageType(body[0]) == pp.Piece {
				payload += int64(len(body)) - 9
			}
			b = b[4+len(body):]
		}
		if payload != want {
			t.Fatalf("%d bytes of payload, not %d", want, payload)
		}
	})
}
