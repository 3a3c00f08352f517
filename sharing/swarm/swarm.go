package swarm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/anacrolix/torrent"
	"golang.org/x/sync/errgroup"

	"potluck/sharing/identity"
	"potluck/sharing/pace"
)

var (
	// ErrExists is returned by [Swarm.Add] for an info-hash that is there.
	ErrExists = errors.New("swarm: this share is there already")

	// ErrStopped is returned when Run has returned or is about to.
	ErrStopped = errors.New("swarm: stopped")
)

// stopGrace is how long Run waits for the library to let go of its connections
// when it has closed them.
const stopGrace = time.Second

// Options are what [New] needs. The functions are called from many goroutines,
// and must not call back into this package.
type Options struct {
	Self identity.ID // required

	// Dial connects to a device, for pieces; required. The connection is
	// authenticated: who answers is that device and nobody else.
	Dial func(context.Context, identity.ID) (net.Conn, error)

	// May reports whether a device may have a share; required. It is asked for
	// every connection, made or accepted, before anything of the share is sent.
	May func(peer identity.ID, infoHash [20]byte) bool

	// Wake is called when a device names a torrent that it may have and that is not
	// here. It may make it be here, by [Swarm.Add], before it returns. May be nil. It
	// may call back into this package.
	Wake func(infoHash [20]byte)

	// IsBad tells whether an error of Storage.Verify means that the bytes are
	// wrong, and so whoever sent them is to blame. Nil means
	// errors.Is(err, ErrBadPiece).
	IsBad func(error) bool

	// Bad is told, from one goroutine, of each device that took part in a bad
	// piece. With alone set it is proven that this device spoiled it; the
	// second time its connections for the torrent are cut and refused. The piece is
	// [NoPiece] for a device that was refused because it sends what is no message of
	// the protocol. May be nil. It may call back into this package.
	Bad func(infoHash [20]byte, piece int, peer identity.ID, alone bool)

	// Unreached is told of a holder that could not be dialled: it may be asked to
	// dial. May be nil.
	Unreached func(peer identity.ID)

	Log *slog.Logger // nil to log nothing
}

// A Swarm exchanges pieces with other devices. Its methods are safe to call
// from any goroutine.
type Swarm struct {
	self     identity.ID
	options  Options
	log      *slog.Logger
	listener *listener
	ctx      context.Context // done when the swarm stops
	cancel   context.CancelFunc
	awake    chan struct{} // holds one signal at most, for keep
	tellMore chan struct{} // holds one signal at most, for tellAll
	backlog  backlog
	up, down pace.Limit // of everything

	farUp, farDown pace.Limit // besides, of connections that leave the local network

	// Goroutines and connections of the swarm. Added to only while not stopped.
	busy sync.WaitGroup

	mu       sync.Mutex // guards what follows; taken last, but for a conn's and a Torrent's
	running  bool
	stopped  bool
	client   *torrent.Client // made when first needed
	torrents map[[20]byte]*Torrent
	conns    map[*conn]struct{}
	strange  map[identity.ID]int // accepted connections whose handshake has not come
	reports  []report
}

// NoPiece is no number of a piece.
const NoPiece = -1

// A report is a call of Options.Bad to be made.
type report struct {
	infoHash [20]byte
	piece    int
	peer     identity.ID
	alone    bool
}

// New returns a Swarm without torrents. It starts nothing.
func New(o Options) (*Swarm, error) {
	switch {
	case o.Self.IsZero():
		return nil, errors.New("swarm: no device ID")
	case o.Dial == nil:
		return nil, errors.New("swarm: no way to dial")
	case o.May == nil:
		return nil, errors.New("swarm: no permissions")
	}
	if o.IsBad == nil {
		o.IsBad = func(err error) bool { return errors.Is(err, ErrBadPiece) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Swarm{
		self:     o.Self,
		options:  o,
		log:      o.Log,
		listener: newListener(),
		ctx:      ctx,
		cancel:   cancel,
		awake:    make(chan struct{}, 1),
		tellMore: make(chan struct{}, 1),
		torrents: make(map[[20]byte]*Torrent),
		conns:    make(map[*conn]struct{}),
		strange:  make(map[identity.ID]int),
	}, nil
}

// Run exchanges pieces until ctx is done, then drops all torrents and returns
// nil. It is to be called once, and called if anything was added.
//
// When it returns the goroutines of this package are gone and no storage is
// called. The library does not say when its own are: they end within moments
// of their connection, but for a dial that ignores its context or a connection
// whose Close hangs, for which Run waits a second at most.
func (s *Swarm) Run(ctx context.Context) error {
	s.mu.Lock()
	switch {
	case s.stopped:
		s.mu.Unlock()
		return ErrStopped
	case s.running:
		s.mu.Unlock()
		return errors.New("swarm: run twice")
	}
	if err := s.startLocked(); err != nil {
		s.mu.Unlock()
		return err
	}
	s.running = true
	s.mu.Unlock()

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.keep(ctx) })
	g.Go(func() error { return s.tellAll(ctx) })
	err := g.Wait()
	s.stop()
	return err
}

// startLocked makes the library's client if there is none.
func (s *Swarm) startLocked() error {
	if s.client != nil {
		return nil
	}
	client, err := newClient(s)
	if err != nil {
		return fmt.Errorf("swarm: %w", err)
	}
	s.client = client
	return nil
}

// stop ends everything that was started.
func (s *Swarm) stop() {
	s.mu.Lock()
	s.running, s.stopped = false, true
	s.mu.Unlock()

	s.cancel()
	s.sever(func(*Torrent, identity.ID) bool { return true })
	for _, t := range s.all() {
		t.Drop()
	}
	s.client.Close()
	close(s.listener.done)

	gone := make(chan struct{})
	go func() {
		defer close(gone)
		s.busy.Wait()
	}()
	select {
	case <-gone:
	case <-time.After(stopGrace):
		s.log.Warn("piece connections do not close")
	}
}

// Add makes a share part of the swarm: it is served to whoever may have it, and
// fetched as far as it is wanted, from the holders named to the Torrent. Empty
// streams are refused with [ErrEmpty], a share that is there with [ErrExists].
//
// The sharer, which may be the zero ID, is told of every piece that is here; others
// of those that they lack.
//
// Add may be called before Run, and nothing is connected until then.
func (s *Swarm) Add(spec Spec, sharer identity.ID, storage Storage) (*Torrent, error) {
	return s.add(spec, sharer, storage)
}

func (s *Swarm) add(spec Spec, sharer identity.ID, storage Storage) (*Torrent, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	t := &Torrent{
		swarm:    s,
		spec:     spec,
		infoHash: spec.InfoHash(),
		storage:  storage,
		sharer:   sharer,
		blame:    newBlame(),
		pieces:   make([]piece, spec.Pieces()),
		leaving:  make(chan struct{}),
		dropped:  make(chan struct{}),
		holders:  make(map[identity.ID]*holder),
		traffic:  make(map[identity.ID]*traffic),
		refused:  make(map[identity.ID]bool),
	}
	t.log = s.log.With("torrent", fmt.Sprintf("%x", t.infoHash[:4]))
	for i := range t.pieces {
		t.pieces[i].torrent, t.pieces[i].index = t, i
	}
	if sharer == s.self {
		t.spread = newSpreader(spec)
		for i := range t.pieces {
			if storage.Complete(i) {
				t.spread.plan.Here(i)
			}
		}
	}

	// Held until the library has the torrent, so that it is not found before,
	// nor left behind when the swarm stops.
	t.library.Lock()
	defer t.library.Unlock()
	client, err := s.claim(t)
	if err != nil {
		return nil, err
	}
	inner, fresh := client.AddTorrentOpt(torrent.AddTorrentOpts{
		InfoHash:                 t.infoHash,
		InfoBytes:                spec.info(),
		Storage:                  opener{t},
		ChunkSize:                spec.chunk(),
		DisableInitialPieceCheck: true,
	})
	t.inner = inner
	if !fresh || inner.Info() == nil {
		inner.Drop()
		s.remove(t)
		return nil, errors.New("swarm: the library does not take the torrent")
	}
	inner.SetOnWriteChunkError(func(error) {}) // dealt with in piece.WriteAt
	return t, nil
}

// claim takes t's place among the torrents.
func (s *Swarm) claim(t *Torrent) (*torrent.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, ErrStopped
	}
	if s.torrents[t.infoHash] != nil {
		return nil, ErrExists
	}
	if err := s.startLocked(); err != nil {
		return nil, err
	}
	s.torrents[t.infoHash] = t
	return s.client, nil
}

// Disconnect cuts all connections with a device, for whatever torrent. It may
// come back, unless [Options.May] says otherwise by then.
func (s *Swarm) Disconnect(peer identity.ID) {
	s.sever(func(_ *Torrent, id identity.ID) bool { return id == peer })
}

// sever cuts the connections that which picks; the torrent is nil when the
// handshake has not named it yet. It does not block.
func (s *Swarm) sever(which func(*Torrent, identity.ID) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if t, _, alive := c.state(); alive && which(t, c.peer) {
			c.sever()
		}
	}
}

// connected returns the devices there is a connection with for t. Those that
// are being dialled, which may turn out to be for t, count.
func (s *Swarm) connected(t *Torrent) map[identity.ID]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make(map[identity.ID]bool)
	for c := range s.conns {
		if of, _, alive := c.state(); alive && (of == t || of == nil && c.dialed) {
			ids[c.peer] = true
		}
	}
	return ids
}

// lookup returns the torrent of an info-hash, or nil.
func (s *Swarm) lookup(infoHash [20]byte) *Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torrents[infoHash]
}

// all returns the torrents.
func (s *Swarm) all() []*Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Torrent, 0, len(s.torrents))
	for _, t := range s.torrents {
		list = append(list, t)
	}
	return list
}

// remove takes t out.
func (s *Swarm) remove(t *Torrent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.torrents[t.infoHash] == t {
		delete(s.torrents, t.infoHash)
	}
}

// tell hands r to tellAll: the caller may be under a lock of the library's.
func (s *Swarm) tell(r report) {
	if s.options.Bad == nil {
		return
	}
	s.mu.Lock()
	s.reports = append(s.reports, r)
	s.mu.Unlock()
	select {
	case s.tellMore <- struct{}{}:
	default: // one is waiting already
	}
}

// tellAll calls Options.Bad until ctx is done.
func (s *Swarm) tellAll(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.tellMore:
		}
		s.mu.Lock()
		reports := s.reports
		s.reports = nil
		s.mu.Unlock()
		for _, r := range reports {
			s.options.Bad(r.infoHash, r.piece, r.peer, r.alone)
		}
	}
}
