package session

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"potluck/sharing/identity"
)

// DefaultPort is the TCP port that a device listens on if it is free.
const DefaultPort = 27420

// Errors that callers branch on.
var (
	// ErrNoSession says that there is no session with that device.
	ErrNoSession = errors.New("there is no connection to that device")

	// ErrLost says that the session ended before the answer was there.
	ErrLost = errors.New("the connection to the device was lost")

	// ErrRefused says that a device with the right key answered, and closed the
	// connection: it does not talk to us, or has no room for another session.
	ErrRefused = errors.New("the device does not accept connections from this one")

	// ErrBlocked says that Options.Allow refuses the device that answered.
	ErrBlocked = errors.New("the device is blocked here")

	// ErrSelf says that the address is our own.
	ErrSelf = errors.New("that address is this device's own")

	// ErrFull says that there are 64 sessions already, with devices that are
	// not less important.
	ErrFull = errors.New("there are too many connections to other devices")

	// ErrStopped says that the hub has stopped.
	ErrStopped = errors.New("the device is stopping")
)

// A WrongKeyError says that another device answered than the one asked for. It
// was sent nothing.
type WrongKeyError struct {
	Addr string
	Want identity.ID
	Got  identity.ID
}

func (e *WrongKeyError) Error() string {
	return fmt.Sprintf("another device (%s) answers at %s, not %s", e.Got.Short(), e.Addr, e.Want.Short())
}

// A Hello is what a device tells of itself. What another device has told is
// printable and within the limits given here.
type Hello struct {
	Name         string   // for people; at most 64 bytes
	Kind         string   // laptop, desktop, phone, server, or ""
	Version, OS  string   // at most 32 bytes
	Minor        int      // version of the protocol, within potluck/1
	Capabilities []string // at most 32, each of at most 32 bytes; read-only
}

// A Peer is a device that there is a session with.
type Peer struct {
	ID    identity.ID
	Key   ed25519.PublicKey // read-only
	Hello Hello
	Addr  netip.AddrPort // where it can probably be dialled; not valid if unknown
	Since time.Time      // when it appeared; another value means that it was away
}

// Options are what [New] needs. The functions are called from goroutines of the
// hub, several at once, and never while the hub holds a lock that its methods
// need.
type Options struct {
	// Identity is the key of this device; required.
	Identity *identity.Identity

	// Listen is the "host:port" to listen on; "" is ":27420". If the port is
	// taken a free one is used instead, unless ListenStrict is set.
	Listen       string
	ListenStrict bool

	// Hello returns what to tell of this device; nil tells nothing.
	Hello func() Hello

	// Handler answers the requests of other devices; nil knows no page. A
	// handler must return soon after its request's context is done.
	Handler http.Handler

	// Allow reports whether there may be a session with a device, whoever dials;
	// nil lets all.
	Allow func(identity.ID) bool

	// Admit reports whether a device that dials is let in, for sessions where
	// there is none yet; nil lets all.
	Admit func(identity.ID) bool

	// Open reports whether anybody may find out who this device is; nil says
	// yes. If not, only those get an answer who know its ID already.
	Open func() bool

	// Pieces takes over a connection for pieces that a device with a session
	// has made; nil refuses them. It may block.
	Pieces func(peer identity.ID, conn net.Conn)

	// Keep returns how important a session with that device is, for when there
	// are more than 64; nil says that all are equal.
	Keep func(identity.ID) int

	// Log gets what happens; nil is silence.
	Log *slog.Logger
}

// complete fills in what was left out.
func (o *Options) complete() error {
	if o.Identity == nil {
		return errors.New("session: no identity")
	}
	if o.Listen == "" {
		o.Listen = fmt.Sprintf(":%d", DefaultPort)
	}
	if o.Hello == nil {
		o.Hello = func() Hello { return Hello{} }
	}
	if o.Handler == nil {
		o.Handler = http.NotFoundHandler()
	}
	if o.Allow == nil {
		o.Allow = func(identity.ID) bool { return true }
	}
	if o.Admit == nil {
		o.Admit = func(identity.ID) bool { return true }
	}
	if o.Open == nil {
		o.Open = func() bool { return true }
	}
	if o.Keep == nil {
		o.Keep = func(identity.ID) int { return 0 }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}
