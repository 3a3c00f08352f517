package swarm

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime"
	"time"

	"github.com/anacrolix/torrent"
	"github.com/anacrolix/torrent/metainfo"
	pp "github.com/anacrolix/torrent/peer_protocol"
	"github.com/anacrolix/torrent/storage"
	"golang.org/x/time/rate"

	"potluck/sharing/identity"
)

const (
	handshakeTimeout = 5 * time.Second
	dialTimeout      = 10 * time.Second

	// maxConns bounds the connections of one torrent. Whom to connect to is
	// for the caller to choose; this is for when more than that come to us.
	maxConns = 64

	// maxRead is how much a connection reads ahead from storage to serve what
	// was asked of it.
	maxRead = 2 << 20
)

// newClient returns the library's client with everything off except what it is
// given: our dialer, our listener, and the peers we name.
func newClient(s *Swarm) (*torrent.Client, error) {
	c := torrent.NewDefaultClientConfig()

	c.NoDHT = true
	c.PeriodicallyAnnounceTorrentsToDht = false
	c.DisablePEX = true
	c.DisableTrackers = true
	c.DisableWebtorrent = true
	c.DisableWebseeds = true
	c.LocalServiceDiscovery = nil
	c.NoDefaultPortForwarding = true
	c.DisableTCP = true // no sockets of its own
	c.DisableUTP = true
	c.HeaderObfuscationPolicy = torrent.HeaderObfuscationPolicy{RequirePreferred: true} // none: it is all inside TLS
	c.DefaultStorage = nowhere{}

	id := peerID(s.self)
	c.PeerID = string(id[:])
	c.ExtendedHandshakeClientVersion = "Potluck"
	c.Extensions = extensions
	c.MinPeerExtensions = extensions
	c.DropDuplicatePeerIds = true       // one connection when both sides dial
	c.DropMutuallyCompletePeers = false // or the keeper would dial them again and again

	c.Seed = true
	c.AlwaysWantConns = true
	c.EstablishedConnsPerTorrent = maxConns
	c.DisableAcceptRateLimiting = true
	c.HandshakesTimeout = handshakeTimeout
	c.NominalDialTimeout = dialTimeout
	c.MinDialTimeout = dialTimeout
	c.DialRateLimiter = rate.NewLimiter(rate.Inf, 1)
	c.UploadRateLimiter = rate.NewLimiter(rate.Inf, maxServed)
	c.DownloadRateLimiter = nil

	// Any limit here can stall a swarm: pieces that nobody has use it up.
	c.MaxUnverifiedBytes = 0
	c.MaxAllocPeerRequestDataPerConn = maxRead
	c.PieceHashersPerTorrent = runtime.GOMAXPROCS(0)

	c.Slogger = slog.New(quiet{s.log.Handler()})
	c.Callbacks = torrent.Callbacks{
		PeerConnAdded:         []func(*torrent.PeerConn){noExtensions},
		ReadExtendedHandshake: s.limitRequests,
		ReadMessage:           s.readMessage,
		ReceivedUsefulData:    []func(torrent.ReceivedUsefulDataEvent){s.received},
	}

	cl, err := torrent.NewClient(c)
	if err != nil {
		return nil, err
	}
	cl.AddDialer(dialer{s})
	cl.AddListener(s.listener)
	return cl, nil
}

// noExtensions takes back the extensions that the library offers on every
// connection: fetching metadata, and hole punching, by which another device
// could make us dial any address.
func noExtensions(pc *torrent.PeerConn) {
	pc.LocalLtepProtocolMap = &torrent.LocalLtepProtocolMap{}
}

// limitRequests is called with the client's lock held, when the other side has
// said how many requests it lets wait, and before the library believes it.
func (s *Swarm) limitRequests(pc *torrent.PeerConn, m *pp.ExtendedHandshakeMessage) {
	n := maxRequests
	if t := s.lookup(pc.Torrent().InfoHash()); t != nil {
		n = t.queueLength()
	}
	if m.Reqq <= 0 || m.Reqq > n {
		m.Reqq = n
	}
	pc.PeerMaxRequests = m.Reqq
}

// received is called with the client's lock held for each chunk that counts.
func (s *Swarm) received(e torrent.ReceivedUsefulDataEvent) {
	from, ok := e.Peer.RemoteAddr.(addr)
	if !ok {
		return
	}
	if t := s.lookup(e.Peer.Torrent().InfoHash()); t != nil {
		t.blame.chunk(int(e.Message.Index), int64(e.Message.Begin), e.Message.Piece, from.ID)
	}
}

// A dialer turns what the library calls an address into a connection.
type dialer struct{ *Swarm }

func (dialer) DialerNetwork() string { return addr{}.Network() }

// Dial is called from a goroutine of the library's.
func (d dialer) Dial(ctx context.Context, address string) (net.Conn, error) {
	peer, err := identity.ParseID(address)
	if err != nil {
		return nil, err
	}
	done, err := d.enter()
	if err != nil {
		return nil, err
	}
	defer done()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.ctx, cancel)()

	raw, err := d.options.Dial(ctx, peer)
	if err != nil {
		d.log.Debug("piece connection not made", "peer", peer.Short(), "err", err)
		if d.options.Unreached != nil && ctx.Err() == nil {
			d.options.Unreached(peer)
		}
		return nil, err
	}
	c := newConn(d.Swarm, peer, raw, true)
	if err := d.register(c); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}

// A listener hands accepted connections to the library, which asks again and
// again until it is closed itself: so close the client first.
type listener struct {
	conns chan net.Conn
	done  chan struct{}
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Addr() net.Addr { return addr{} }

// offer hands c over, and reports whether it could before ctx was done.
func (l *listener) offer(ctx context.Context, c net.Conn) bool {
	select {
	case l.conns <- c:
		return true
	case <-ctx.Done():
		return false
	}
}

// nowhere is the storage of torrents that have none, of which there are none.
type nowhere struct{}

func (nowhere) OpenTorrent(context.Context, *metainfo.Info, metainfo.Hash) (storage.TorrentImpl, error) {
	return storage.TorrentImpl{}, errors.New("swarm: no storage")
}

// quiet passes on what the library warns of, as something to debug: nothing it
// has to say is for the person in front of it.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, slog.LevelDebug)
}

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelDebug
	r.AddAttrs(slog.Bool("library", true))
	return q.Handler.Handle(ctx, r)
}

func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }
func (q quiet) WithGroup(g string) slog.Handler      { return quiet{q.Handler.WithGroup(g)} }
