package swarm

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"

	pp "github.com/anacrolix/torrent/peer_protocol"
)

const (
	// maxChunk is how much one request asks for. Larger requests need fewer
	// turns of the library's lock; pieces shorter than this are one request.
	maxChunk = 128 << 10

	// maxServed is the largest request of another device that is answered.
	maxServed = 1 << 20

	minPieceLength = 16 << 10
	maxPieceLength = 16 << 20

	// maxPieces bounds the memory of a torrent: some 150 bytes a piece.
	maxPieces = 1 << 20

	// hashSize is the length of a piece hash in an info dictionary.
	hashSize = 20
)

// placeholder stands for the hash of every piece in an info dictionary. The
// hashes that count are in the share's own list, known to [Storage].
var placeholder = [hashSize]byte(bytes.Repeat([]byte{0xA5}, hashSize))

// A Spec is what two devices must agree on to speak of the same torrent. It
// says nothing of names or content, so it is known before anything is hashed.
type Spec struct {
	Length      int64    // of the stream, in bytes
	PieceLength int64    // a power of two, 16 KiB to 16 MiB
	Salt        [32]byte // makes the info-hash tell nothing of what is shared
}

// ErrEmpty is returned by [Swarm.Add] for a stream without bytes: there is
// nothing to transfer, so there is no torrent.
var ErrEmpty = errors.New("swarm: an empty stream needs no torrent")

// check reports what makes s unusable.
func (s Spec) check() error {
	switch {
	case s.Length == 0:
		return ErrEmpty
	case s.Length < 0:
		return fmt.Errorf("swarm: stream of %d bytes", s.Length)
	case s.PieceLength < minPieceLength, s.PieceLength > maxPieceLength, s.PieceLength&(s.PieceLength-1) != 0:
		return fmt.Errorf("swarm: piece length %d is not a power of two from %d to %d",
			s.PieceLength, minPieceLength, maxPieceLength)
	case (s.Length-1)/s.PieceLength >= maxPieces:
		return fmt.Errorf("swarm: more than %d pieces", maxPieces)
	}
	return nil
}

// Pieces returns the number of pieces.
func (s Spec) Pieces() int {
	if s.Length <= 0 || s.PieceLength <= 0 {
		return 0
	}
	return int((s.Length-1)/s.PieceLength) + 1
}

// pieceSize returns the length of piece i; only the last can be shorter.
func (s Spec) pieceSize(i int) int64 {
	return min(s.PieceLength, s.Length-int64(i)*s.PieceLength)
}

// chunk returns the length of a request.
func (s Spec) chunk() pp.Integer {
	return pp.Integer(min(maxChunk, s.PieceLength))
}

// info returns the info dictionary, whose bytes every device must build alike:
// the keys of a bencoded dictionary are sorted.
func (s Spec) info() []byte {
	n := s.Pieces()
	b := fmt.Appendf(make([]byte, 0, n*hashSize+256),
		"d6:lengthi%de4:name7:potluck12:piece lengthi%de6:pieces%d:", s.Length, s.PieceLength, n*hashSize)
	for range n {
		b = append(b, placeholder[:]...)
	}
	b = fmt.Appendf(b, "7:privatei1e4:salt%d:", len(s.Salt))
	b = append(b, s.Salt[:]...)
	return append(b, 'e')
}

// InfoHash returns the name of the torrent on the wire.
func (s Spec) InfoHash() [20]byte { return sha1.Sum(s.info()) }
