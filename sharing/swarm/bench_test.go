package swarm

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"

	"potluck/sharing/identity"
)

// An endless source has the same bytes in every piece, and a sink keeps none:
// between them only the swarm is measured, and the hash.
type endless struct{ piece []byte }

func (e endless) ReadAt(_ int, b []byte, off int64) (int, error) { return copy(b, e.piece[off:]), nil }
func (e endless) WriteAt(_ int, b []byte, _ int64) (int, error)  { return len(b), nil }
func (e endless) Verify(int) error                               { return nil }
func (e endless) Complete(int) bool                              { return true }

type sink struct {
	want [32]byte
	size int64

	mu    sync.Mutex
	open  map[int][]byte
	spare [][]byte
	done  []bool
	left  int
	most  int           // pieces open at once
	whole chan struct{} // closed when nothing is left
}

func (s *sink) ReadAt(int, []byte, int64) (int, error) { return 0, errors.New("nothing kept") }

func (s *sink) WriteAt(piece int, b []byte, off int64) (int, error) {
	s.mu.Lock()
	buf := s.open[piece]
	if buf == nil {
		if n := len(s.spare); n > 0 {
			buf, s.spare = s.spare[n-1], s.spare[:n-1]
		} else {
			buf = make([]byte, s.size)
		}
		s.open[piece] = buf
		s.most = max(s.most, len(s.open))
	}
	s.mu.Unlock()
	return copy(buf[off:], b), nil
}

func (s *sink) Verify(piece int) error {
	s.mu.Lock()
	buf := s.open[piece]
	delete(s.open, piece)
	s.mu.Unlock()
	right := sha256.Sum256(buf) == s.want
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spare = append(s.spare, buf)
	if !right {
		return ErrBadPiece
	}
	s.done[piece] = true
	if s.left--; s.left == 0 {
		close(s.whole)
	}
	return nil
}

func (s *sink) Complete(piece int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done[piece]
}

// secure wraps both ends of a connection in TLS 1.3, as sessions do.
func secure(ctx context.Context, ours, theirs net.Conn, me, other *identity.Identity) (net.Conn, net.Conn, error) {
	config := func(i *identity.Identity) *tls.Config {
		return &tls.Config{
			MinVersion:                  tls.VersionTLS13,
			Certificates:                []tls.Certificate{i.Certificate()},
			ClientAuth:                  tls.RequireAnyClientCert,
			InsecureSkipVerify:          true, // pinning keys is not what is measured
			DynamicRecordSizingDisabled: true,
		}
	}
	client, server := tls.Client(ours, config(me)), tls.Server(theirs, config(other))
	done := make(chan error, 1)
	go func() { done <- server.HandshakeContext(ctx) }()
	err := client.HandshakeContext(ctx)
	return client, server, errors.Join(err, <-done)
}

// BenchmarkTransfer moves 1 GiB from one swarm to another in one process, over
// TLS on the loopback interface.
func BenchmarkTransfer(b *testing.B) {
	for _, pieceLength := range []int64{512 << 10, 4 << 20} {
		b.Run(fmt.Sprintf("pieces of %d KiB", pieceLength>>10), func(b *testing.B) {
			benchmarkTransfer(b, Spec{Length: 1 << 30, PieceLength: pieceLength})
		})
	}
}

func benchmarkTransfer(b *testing.B, spec Spec) {
	var keys [2]*identity.Identity
	for i := range keys {
		var err error
		if keys[i], err = identity.New(); err != nil {
			b.Fatal(err)
		}
	}
	block := make([]byte, spec.PieceLength)
	rand.NewChaCha8([32]byte{}).Read(block)
	everybody := func(identity.ID, [20]byte) bool { return true }

	var sharer *Swarm
	dial := func(ctx context.Context, id identity.ID) (net.Conn, error) {
		if id != keys[0].ID() {
			return nil, errors.New("does not listen")
		}
		ours, theirs, err := pair()
		if err != nil {
			return nil, err
		}
		ours, theirs, err = secure(ctx, ours, theirs, keys[1], keys[0])
		if err != nil {
			return nil, err
		}
		sharer.Accept(keys[1].ID(), theirs)
		return ours, nil
	}
	run := func(s *Swarm) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		b.Cleanup(func() {
			cancel()
			if err := <-done; err != nil {
				b.Error(err)
			}
		})
	}

	b.SetBytes(spec.Length)
	most := 0
	for i := range b.N {
		b.StopTimer()
		spec.Salt[0], spec.Salt[1] = byte(i), byte(i>>8)
		var err error
		if sharer, err = New(Options{Self: keys[0].ID(), Dial: dial, May: everybody}); err != nil {
			b.Fatal(err)
		}
		receiver, err := New(Options{Self: keys[1].ID(), Dial: dial, May: everybody})
		if err != nil {
			b.Fatal(err)
		}
		run(sharer)
		run(receiver)
		to := &sink{
			want:  sha256.Sum256(block),
			size:  spec.PieceLength,
			open:  make(map[int][]byte),
			done:  make([]bool, spec.Pieces()),
			left:  spec.Pieces(),
			whole: make(chan struct{}),
		}
		if _, err := sharer.Add(spec, identity.ID{}, endless{block}); err != nil {
			b.Fatal(err)
		}
		t, err := receiver.Add(spec, identity.ID{}, to)
		if err != nil {
			b.Fatal(err)
		}
		all := make([]int, spec.Pieces())
		for i := range all {
			all[i] = i
		}
		b.StartTimer()
		t.SetHolders([]identity.ID{keys[0].ID()})
		t.Want(all...)
		t.Resume()
		<-to.whole
		most = max(most, to.most)
	}
	b.ReportMetric(float64(most)*float64(spec.PieceLength)/(1<<20), "MiB-open")
}
