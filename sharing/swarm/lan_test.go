package swarm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// patient bounds what a test waits for; it is reached only by one that fails.
const patient = 60 * time.Second

// A lan connects the swarms of a test.
type lan struct {
	t   testing.TB
	mu  sync.Mutex
	all map[identity.ID]*device

	// wrap, if set, is applied to the dialler's end of each connection.
	wrap func(net.Conn) net.Conn
}

// A device is one swarm on a lan.
type device struct {
	*Swarm
	id   identity.ID
	lan  *lan
	stop func()

	mu    sync.Mutex
	may   func(identity.ID, [20]byte) bool // nil for everybody
	bad   []report
	dials int
	deaf  bool // does not answer
}

func newLAN(t testing.TB) *lan {
	return &lan{t: t, all: make(map[identity.ID]*device)}
}

// idOf returns an ID that sorts by n.
func idOf(n int) identity.ID {
	id := identity.ID(sha256.Sum256([]byte{byte(n)}))
	binary.BigEndian.PutUint16(id[:], uint16(n))
	return id
}

// join adds device n to the lan and runs it until the test ends.
func (l *lan) join(n int) *device {
	l.t.Helper()
	d := &device{id: idOf(n), lan: l}
	o := Options{Self: d.id, Dial: d.dial, May: d.allowed, Bad: d.told}
	var err error
	if d.Swarm, err = New(o); err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	d.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				l.t.Errorf("Run: %v", err)
			}
		case <-time.After(patient):
			l.t.Error("Run does not return")
		}
	})
	l.t.Cleanup(d.stop)
	waitFor(l.t, "running", func() bool {
		d.Swarm.mu.Lock()
		defer d.Swarm.mu.Unlock()
		return d.running
	})

	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[d.id] = d
	return d
}

func (d *device) allowed(peer identity.ID, ih [20]byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.may == nil || d.may(peer, ih)
}

// allow makes d accept nobody but others.
func (d *device) allow(others ...*device) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.may = func(id identity.ID, _ [20]byte) bool {
		return slices.ContainsFunc(others, func(o *device) bool { return o.id == id })
	}
}

func (d *device) told(ih [20]byte, piece int, peer identity.ID, alone bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bad = append(d.bad, report{ih, piece, peer, alone})
}

func (d *device) reportsOf(peer identity.ID) (alone int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.bad {
		if r.peer == peer && r.alone {
			alone++
		}
	}
	return alone
}

func (d *device) dial(ctx context.Context, id identity.ID) (net.Conn, error) {
	d.mu.Lock()
	d.dials++
	d.mu.Unlock()
	d.lan.mu.Lock()
	other := d.lan.all[id]
	wrap := d.lan.wrap
	d.lan.mu.Unlock()
	if other == nil {
		return nil, errors.New("nobody there")
	}
	other.mu.Lock()
	deaf := other.deaf
	other.mu.Unlock()
	if deaf {
		return nil, errors.New("no answer")
	}
	ours, theirs, err := pair()
	if err != nil {
		return nil, err
	}
	other.Accept(d.id, theirs)
	if wrap != nil {
		return wrap(ours), nil
	}
	return ours, nil
}

// pair returns the ends of a TCP connection.
func pair() (net.Conn, net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	theirs, err := l.Accept()
	if err != nil {
		ours.Close()
		return nil, nil, err
	}
	return ours, theirs, nil
}

// A content is what is shared in a test.
type content struct {
	Spec
	data   []byte
	hashes [][32]byte
}

func newContent(pieces int, pieceLength int64) *content {
	c := &content{Spec: Spec{Length: int64(pieces)*pieceLength - 5, PieceLength: pieceLength}}
	c.data = make([]byte, c.Length)
	rng := rand.NewChaCha8([32]byte{byte(pieces), byte(pieceLength >> 16)})
	rng.Read(c.data)
	rng.Read(c.Salt[:])
	for i := range pieces {
		c.hashes = append(c.hashes, sha256.Sum256(c.data[int64(i)*pieceLength:][:c.pieceSize(i)]))
	}
	return c
}

// every returns the indices of all pieces.
func (c *content) every() []int {
	list := make([]int, c.Pieces())
	for i := range list {
		list[i] = i
	}
	return list
}

// A memory is storage in memory.
type memory struct {
	*content

	mu                    sync.Mutex
	data                  []byte
	done                  []bool
	known                 []bool                    // whose hash is known
	verifies              map[int]int               // calls
	reads                 map[int]int               // calls
	spoil                 func(piece int, b []byte) // changes what is served
	failRead              func(piece int) error
	failWrite, failVerify func(piece int) error
	changed               chan struct{}
}

var errNoHash = errors.New("no hash yet")

func newMemory(c *content) *memory {
	m := &memory{
		content:  c,
		data:     make([]byte, c.Length),
		done:     make([]bool, c.Pieces()),
		known:    make([]bool, c.Pieces()),
		verifies: make(map[int]int),
		reads:    make(map[int]int),
		changed:  make(chan struct{}, 1),
	}
	for i := range m.known {
		m.known[i] = true
	}
	return m
}

// full returns storage that has everything.
func full(c *content) *memory {
	m := newMemory(c)
	copy(m.data, c.data)
	for i := range m.done {
		m.done[i] = true
	}
	return m
}

func (m *memory) span(piece int, off, n int64) []byte {
	begin := int64(piece)*m.PieceLength + off
	return m.data[begin:][:min(n, m.pieceSize(piece)-off)]
}

func (m *memory) ReadAt(piece int, b []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads[piece]++
	if m.failRead != nil {
		if err := m.failRead(piece); err != nil {
			return 0, err
		}
	}
	n := copy(b, m.span(piece, off, int64(len(b))))
	if m.spoil != nil {
		m.spoil(piece, b[:n])
	}
	return n, nil
}

func (m *memory) WriteAt(piece int, b []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failWrite != nil {
		if err := m.failWrite(piece); err != nil {
			return 0, err
		}
	}
	return copy(m.span(piece, off, int64(len(b))), b), nil
}

func (m *memory) Verify(piece int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.verifies[piece]++
	if m.failVerify != nil {
		if err := m.failVerify(piece); err != nil {
			return err
		}
	}
	if !m.known[piece] {
		return errNoHash
	}
	if sha256.Sum256(m.span(piece, 0, m.PieceLength)) != m.hashes[piece] {
		return fmt.Errorf("piece %d: %w", piece, ErrBadPiece)
	}
	m.done[piece] = true
	select {
	case m.changed <- struct{}{}:
	default:
	}
	return nil
}

func (m *memory) Complete(piece int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.done[piece]
}

func (m *memory) setDone(piece int, done bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[piece] = done
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, d := range m.done {
		if d {
			n++
		}
	}
	return n
}

// waitWhole waits until all pieces are there, and checks that they are right.
func (m *memory) waitWhole(t testing.TB) {
	t.Helper()
	limit := time.After(patient)
	for m.count() < m.Pieces() {
		select {
		case <-m.changed:
		case <-limit:
			t.Fatalf("%d of %d pieces arrived", m.count(), m.Pieces())
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !bytes.Equal(m.data, m.content.data) {
		t.Fatal("what arrived is not what was sent")
	}
}

// waitFor waits until is is so.
func waitFor(t testing.TB, what string, is func() bool) {
	t.Helper()
	limit := time.After(patient)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("not %s in time", what)
		}
	}
}

// add adds c to d, to be fetched from holders.
func (d *device) add(c *content, m Storage, holders ...*device) *Torrent {
	d.lan.t.Helper()
	var sharer identity.ID
	if len(holders) > 0 {
		sharer = holders[len(holders)-1].id // as party has it; elsewhere it does no harm
	}
	tor, err := d.Add(c.Spec, sharer, m)
	if err != nil {
		d.lan.t.Fatal(err)
	}
	var ids []identity.ID
	for _, h := range holders {
		ids = append(ids, h.id)
	}
	tor.SetHolders(ids)
	return tor
}

// share adds c to d, which brings it, for takers.
func (d *device) share(c *content, m Storage, takers ...*device) *Torrent {
	d.lan.t.Helper()
	tor, err := d.Share(c.Spec, m)
	if err != nil {
		d.lan.t.Fatal(err)
	}
	var list []Taker
	for _, h := range takers {
		list = append(list, Taker{ID: h.id})
	}
	tor.SetTakers(list)
	return tor
}

// slow makes all that d sends take its time, in bytes a second.
func (d *device) slow(rate int64) { d.SetLimits(Limits{Up: rate}) }
