package sharing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	tokens "golang.org/x/time/rate"

	"potluck/sharing/identity"
	"potluck/sharing/session"
	"potluck/sharing/source"
	"potluck/sharing/store"
	"potluck/sharing/swarm"
)

// A Device is one installed Potluck at work: it keeps sessions with the
// neighbours, offers what its person shares, and receives what its person
// accepts. Its methods are safe to call from any goroutine; those that take a
// context may take as long as a disk or a network does.
type Device struct {
	identity *identity.Identity
	options  Options
	log      *slog.Logger
	hub      *session.Hub
	swarm    *swarm.Swarm
	memory   *source.Memory
	records  records
	tasks    tasks
	running  chan struct{}
	heard    chan struct{} // holds one signal: somebody is to be dialled
	notifier notifier
	notes    notes
	patience patience      // with pairings
	keeper   chan struct{} // one slot: tendKept is to look again
	met      chan struct{} // one slot: the devices met are to be written down
	moved    chan struct{} // one slot: the network has changed
	rooms    rooms

	savingKnown sync.Mutex // held to write the devices met

	mu       sync.Mutex // guards the rest, and the fields of shares that say so
	settings Settings
	outgoing map[ShareID]*outgoing
	incoming map[ShareID]*incoming
	dropped  map[ShareID]bool // forgotten: nothing of them is written down any more
	known    map[identity.ID]*knownDevice
	links    map[identity.ID]*link
	hints    map[identity.ID]*hint
	pacts    map[identity.ID]*pact
	begun    []beginning // pairings that others have begun lately
	messages messages
	prompts  prompts
	declined declined
	offline  bool               // as discovery sees it
	kept     map[[20]byte]*kept // by info-hash
	checkups map[ShareID]*checkup

	dialPieces func(context.Context, identity.ID) (net.Conn, error) // set once; tests have firewalls

	idleAfter time.Duration // of a share; set before Run
	awayFor   time.Duration // that a repair waits for somebody; likewise
	stillFor  time.Duration // that it waits for one who is here; likewise

	stallAfter time.Duration // as the constant; likewise
}

// New returns a Device that does nothing yet. It opens no socket and starts no
// goroutine; it makes the state folder.
func New(o Options) (*Device, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	d := &Device{
		identity: o.Identity,
		options:  o,
		log:      o.Log,
		settings: o.Settings,
		running:  make(chan struct{}),
		heard:    make(chan struct{}, 1),
		outgoing: make(map[ShareID]*outgoing),
		incoming: make(map[ShareID]*incoming),
		dropped:  make(map[ShareID]bool),
		known:    make(map[identity.ID]*knownDevice),
		links:    make(map[identity.ID]*link),
		hints:    make(map[identity.ID]*hint),
		pacts:    make(map[identity.ID]*pact),
		patience: usualPatience,
		kept:     make(map[[20]byte]*kept),
		checkups: make(map[ShareID]*checkup),
		keeper:   make(chan struct{}, 1),
		met:      make(chan struct{}, 1),
		moved:    make(chan struct{}, 1),
		rooms:    rooms{ask: freeSpace, every: roomLook, told: -1},
		messages: messages{limits: make(map[identity.ID]*tokens.Limiter)},

		idleAfter: idleAfter,
		awayFor:   awayFor,
		stillFor:  stillFor,

		stallAfter: stallAfter,
	}
	d.records = records{folder: filepath.Join(o.State, "shares"), log: o.Log, locks: new([16]sync.Mutex)}
	if err := os.MkdirAll(d.records.folder, 0o700); err != nil {
		return nil, fmt.Errorf("the state folder cannot be made: %w", err)
	}
	var err error
	if d.memory, err = source.OpenMemory(filepath.Join(o.State, "hashes"), o.Log); err != nil {
		return nil, err
	}
	if d.hub, err = session.New(session.Options{
		Identity:     o.Identity,
		Listen:       o.Listen,
		ListenStrict: strict(o.Listen),

		Hello:   d.hello,
		Handler: d.handler(),
		Allow:   d.allowed,
		Admit:   d.admits,
		Open:    d.isOpen,
		Pieces:  func(peer identity.ID, c net.Conn) { d.swarm.Accept(peer, c) },
		Keep:    d.importance,
		Log:     o.Log,
	}); err != nil {
		return nil, err
	}
	d.dialPieces = d.hub.DialPieces
	if d.swarm, err = swarm.New(swarm.Options{
		Self:  o.Identity.ID(),
		Dial:  func(ctx context.Context, peer identity.ID) (net.Conn, error) { return d.dialPieces(ctx, peer) },
		May:   d.mayHave,
		Wake:  d.wake,
		IsBad: func(err error) bool { return errors.Is(err, store.ErrBadPiece) },
		Bad:   d.badPiece,

		Unreached: d.askToDial,
		Log:       o.Log,
	}); err != nil {
		return nil, err
	}
	d.swarm.SetLimits(o.Settings.limits())
	return d, nil
}

// Open binds the port, so that Snapshot().Self.Addr is known before [Device.Run].
func (d *Device) Open() error { return d.hub.Open() }

// Addr returns what the device listens on, once it is open. The address itself is
// unspecified when it listens on all.
func (d *Device) Addr() netip.AddrPort { return d.hub.Addr() }

// Listen has the device listen elsewhere from now on, as [Options.Listen] says.
// Sessions and transfers go on. If the error is not nil, everything is as it was.
func (d *Device) Listen(addr string) error {
	if err := d.hub.Listen(addr, strict(addr)); err != nil {
		return err
	}
	d.notifier.changed()
	return nil
}

// strict reports whether no other port will do than that of addr. Who names one
// wants that one, or a firewall lets in no other.
func strict(addr string) bool { return addr != "" }

// Running is closed once [Device.Run] has restored what there was before, and
// the device can be told to do things.
func (d *Device) Running() <-chan struct{} { return d.running }

// Run restores what was going on when the device last stopped, and works until
// ctx is done. Then it stops in order (transfers, pieces, sessions), leaving no
// goroutine and no open file, and returns nil. It is to be called once.
func (d *Device) Run(ctx context.Context) error {
	if err := d.Open(); err != nil {
		return err
	}
	defer d.notifier.changed()

	network, stopNetwork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopNetwork()
	work, stopWork := context.WithCancel(ctx)
	defer stopWork()
	d.tasks.start(work)
	d.restore() // before anybody can ask about a share that is not back yet

	g, broken := errgroup.WithContext(network)
	g.Go(func() error { return d.hub.Run(network) })
	g.Go(func() error { return d.swarm.Run(network) })
	d.tasks.run(d.followSessions)
	d.tasks.run(d.reachNeighbours)
	d.tasks.run(d.tendKnown)
	d.tasks.run(d.tendLingering)
	d.tasks.run(d.tendMoves)
	d.tasks.run(d.tendKept)
	d.tasks.run(d.tendOrphans)
	close(d.running)
	d.notifier.changed()

	select {
	case <-ctx.Done():
	case <-broken.Done():
	}
	stopWork()
	d.tasks.stop()
	d.unkeepAll()
	_ = d.saveKnown() // which tells the log
	stopNetwork()
	if err := g.Wait(); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// hello is what this device tells every neighbour of itself.
func (d *Device) hello() session.Hello {
	d.mu.Lock()
	defer d.mu.Unlock()
	return session.Hello{
		Name:    d.settings.Name,
		Kind:    d.options.Kind,
		Version: d.options.Version,
		OS:      runtime.GOOS,
	}
}

// Watch returns a channel that receives a signal whenever a new [Snapshot]
// would differ; signals that come faster than they are received count as one.
// Call the function to end it.
func (d *Device) Watch() (<-chan struct{}, func()) { return d.notifier.watch() }

// Subscribe returns a channel of events in the order in which they happened,
// and a function to end the subscription. A subscriber that is 1,024 events
// behind is cut off: its channel is closed.
func (d *Device) Subscribe() (<-chan Event, func()) { return d.notifier.subscribe() }

// mayHave reports whether peer may exchange pieces of the torrent with us.
func (d *Device) mayHave(peer identity.ID, infoHash [20]byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k := d.kept[infoHash]; k != nil {
		return d.mayHoldLocked(peer, k.id)
	}
	for _, o := range d.outgoing {
		if o.infoHash == infoHash {
			t := o.takers[peer]
			return t != nil && t.mayFetch() && !d.blockedLocked(peer)
		}
	}
	for _, in := range d.incoming {
		if in.infoHash == infoHash {
			return in.accepted && !in.state.Final() && in.circle.hasLocked(peer)
		}
	}
	return false
}

// importance orders devices when there are more than can have a session.
func (d *Device) importance(peer identity.ID) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.importanceLocked(peer)
}

func (d *Device) importanceLocked(peer identity.ID) int {
	switch {
	case d.blockedLocked(peer):
		return -1
	case d.busyWithLocked(peer):
		return 2
	case d.pairedLocked(peer):
		return 1
	}
	return 0
}

// busyWithLocked reports whether something unfinished concerns peer.
func (d *Device) busyWithLocked(peer identity.ID) bool {
	if d.pairingLocked(peer) {
		return true
	}
	for _, o := range d.outgoing {
		if t := o.takers[peer]; t != nil && (!t.state.Final() || !t.told) {
			return true
		}
	}
	for _, in := range d.incoming {
		if in.from == peer && (!in.state.Final() || !in.told) {
			return true
		}
	}
	return d.fellowLocked(peer)
}

// tasks runs the goroutines of a device. Its zero value refuses to.
type tasks struct {
	mu   sync.Mutex // guards ctx
	ctx  context.Context
	done sync.WaitGroup
}

func (t *tasks) start(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ctx = ctx
}

// run starts f in a goroutine that stop waits for, and reports whether it did:
// not before start, nor after stop.
func (t *tasks) run(f func(context.Context)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx == nil || t.ctx.Err() != nil {
		return false
	}
	ctx := t.ctx
	t.done.Go(func() { f(ctx) })
	return true
}

// isStopped reports whether nothing is run any more.
func (t *tasks) isStopped() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ctx == nil || t.ctx.Err() != nil
}

// context returns a context that is done when the goroutines have to stop.
func (t *tasks) context() context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx == nil {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return ctx
	}
	return t.ctx
}

// stop waits for all goroutines. The context given to start must be done.
func (t *tasks) stop() {
	t.mu.Lock() // a run that found the context alive has counted its goroutine
	t.ctx = nil
	t.mu.Unlock()
	t.done.Wait()
}
