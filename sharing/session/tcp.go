package session

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// userTimeout is how long the kernel tries to reach the other end. It is
	// longer than the session's own heartbeat, which closes all connections of
	// a device, and long enough for a receiver whose disk is busy.
	userTimeout = 30 * time.Second

	dialTimeout = 5 * time.Second
)

// keepAlive finds a dead end that nothing is sent to, after 14 seconds.
var keepAlive = net.KeepAliveConfig{
	Enable:   true,
	Idle:     5 * time.Second,
	Interval: 3 * time.Second,
	Count:    3,
}

// control prepares a socket before it is used. What the system refuses is done
// without.
func control(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) { _ = setUserTimeout(fd, userTimeout) })
}

func newDialer() *net.Dialer {
	d := &net.Dialer{Timeout: dialTimeout, KeepAliveConfig: keepAlive, Control: control}
	d.SetMultipathTCP(false)
	return d
}

// listen binds addr. If its port is taken and strict is not set, it binds a free
// one.
func listen(addr string, strict bool) (net.Listener, error) {
	lc := net.ListenConfig{KeepAliveConfig: keepAlive, Control: control}
	lc.SetMultipathTCP(false) // its sockets know no user timeout
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	l, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil && !strict && isTaken(err) {
		return lc.Listen(context.Background(), "tcp", net.JoinHostPort(host, "0"))
	}
	return l, err
}

// isTaken reports whether err says that another program has the port, or that
// the system keeps it back, as Windows does with whole ranges.
func isTaken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EACCES) || isTakenOnWindows(err)
}

// isTakenOnWindows knows Winsock's numbers for the two, which package syscall
// does not compare as equal.
func isTakenOnWindows(err error) bool {
	const wsaAccess, wsaAddrInUse = 10013, 10048
	var errno syscall.Errno
	return errors.As(err, &errno) && (errno == wsaAccess || errno == wsaAddrInUse)
}

// withPort returns addr with the default port if it has none.
func withPort(addr string) string {
	if _, _, err := net.SplitHostPort(addr); err == nil {
		return addr
	}
	return net.JoinHostPort(strings.Trim(addr, "[]"), strconv.Itoa(DefaultPort))
}
