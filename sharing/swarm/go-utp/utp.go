// Package utp stands in for github.com/anacrolix/go-utp: the types that
// anacrolix/torrent refers to, and constructors that refuse. See README.md.
package utp

import (
	"context"
	"errors"
	"log/slog"
	"net"
)

// ErrUnsupported is returned by the constructors.
var ErrUnsupported = errors.New("utp: not built in")

// Default names the implementation in messages.
const Default = "no"

// A FirewallCallback reports whether a packet from addr is to be dropped.
type FirewallCallback func(addr net.Addr) bool

// An Option configures a socket.
type Option func()

// WithLogger is an option without effect.
func WithLogger(*slog.Logger) Option { return func() {} }

// A Socket is what a uTP implementation would offer.
type Socket interface {
	net.PacketConn
	Accept() (net.Conn, error)
	Addr() net.Addr
	DialContext(ctx context.Context, network, addr string) (net.Conn, error)
	SetFirewallCallback(FirewallCallback)
}

// NewSocket returns [ErrUnsupported].
func NewSocket(network, addr string, opts ...Option) (Socket, error) {
	return nil, ErrUnsupported
}

// NewSocketFromPacketConn returns [ErrUnsupported].
func NewSocketFromPacketConn(pc net.PacketConn, opts ...Option) (Socket, error) {
	return nil, ErrUnsupported
}
