package swarm

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"testing"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

func TestRefillIsDueAtHalf(t *testing.T) {
	var r refill
	answer := func(want ...bool) {
		t.Helper()
		for i, due := range want {
			if r.answered(1) != due {
				t.Fatalf("answer %d: due is %v", i, !due)
			}
		}
	}
	r.asked(3)
	answer(false, false, false) // too few to be worth it
	r.asked(8)
	answer(false, false, false, false, true)
	r.done()
	answer(false, false, false) // nothing more was asked for: that would not help
	r.asked(7)
	answer(false, false, false, true)
	r.done()
	answer(false, false, false, false)
	answer(false) // one too many
}

// What the library reads is what was sent, with nudges between the messages.
func TestNudgesComeBetweenMessages(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	c := &conn{Conn: ours, greeted: true, greeting: make([]byte, helloSize), swarm: &Swarm{}}
	spec := Spec{Length: 64 << 20, PieceLength: 1 << 20}
	c.attach(&Torrent{spec: spec}, &traffic{})

	const requests = 64
	var sent bytes.Buffer
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range requests {
		sent.Write(pp.Message{Type: pp.Piece, Index: pp.Integer(i), Piece: make([]byte, 1+rng.IntN(maxChunk))}.MustMarshalBinary())
		sent.Write(pp.Message{Type: pp.Have, Index: pp.Integer(i)}.MustMarshalBinary())
	}
	want := bytes.Clone(sent.Bytes())
	go func() {
		defer theirs.Close()
		asked := int64(len(pp.Message{Type: pp.Request}.MustMarshalBinary())) * requests
		if _, err := io.CopyN(io.Discard, theirs, asked); err != nil {
			return
		}
		for sent.Len() > 0 {
			if _, err := theirs.Write(sent.Next(1 + rng.IntN(40_000))); err != nil {
				return
			}
		}
	}()
	for i := range requests {
		m := pp.Message{Type: pp.Request, Index: pp.Integer(i), Length: maxChunk}
		if _, err := c.Write(m.MustMarshalBinary()); err != nil {
			t.Fatal(err)
		}
	}

	nudges := 0
	var got []byte
	all, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	for len(all) > 0 {
		n := 4 + int(binary.BigEndian.Uint32(all))
		if n > len(all) {
			t.Fatal("a message is torn")
		}
		if bytes.Equal(all[:n], nudge) {
			nudges++
		} else {
			got = append(got, all[:n]...)
		}
		all = all[n:]
	}
	if !bytes.Equal(got, want) {
		t.Error("the library reads something else than was sent")
	}
	if nudges != 1 {
		t.Errorf("%d nudges", nudges)
	}
}

// A device that suggests pieces is still cut off: only we nudge.
func TestSuggestIsRefused(t *testing.T) {
	f := frame{guard: &testSpec}
	if _, err := f.pass(nudge); err == nil {
		t.Error("a suggestion passed")
	}
}
