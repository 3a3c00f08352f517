package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

const (
	// maxWait bounds how long one request may wait for a device.
	maxWait = 24 * time.Hour

	// selfWait is how long a name that is our own may turn out to be that of
	// somebody else as well.
	selfWait = 2 * time.Second

	// reachTimeout and reachAgain are for addresses at which nobody answers.
	reachTimeout = 5 * time.Second
	reachAgain   = time.Second
)

// find returns the neighbour that who means: a name, an ID or its beginning, or
// an address. It waits that long for one to be there. The error is an [*Error].
func (s *Server) find(ctx context.Context, who string, wait time.Duration) (sharing.Neighbour, error) {
	began := time.Now()
	wait = min(max(wait, 0), maxWait)
	ctx, cancel := context.WithDeadline(ctx, began.Add(max(wait, 10*time.Millisecond)))
	defer cancel()
	changed, stop := s.o.Engine.Watch()
	defer stop()
	again := time.NewTicker(reachAgain)
	defer again.Stop()

	for {
		n, err := s.look(ctx, who)
		if err == nil {
			return n, nil
		}
		switch CodeOf(err) {
		case Absent:
		case Self:
			if isOwnName := strings.EqualFold(who, s.o.Engine.Snapshot().Self.Name); !isOwnName || time.Since(began) >= selfWait {
				return n, err
			}
		default:
			return n, err
		}
		select {
		case <-ctx.Done():
			if s.working.Err() != nil {
				err = &Error{Code: Stopping, Message: "Potluck is stopping"}
			}
			return n, err
		case <-changed:
		case <-again.C:
		}
	}
}

// look tries once. The error is an [*Error]; if its code is Absent or Self, it
// may be another one a moment later.
func (s *Server) look(ctx context.Context, who string) (sharing.Neighbour, error) {
	id, err := s.o.Engine.Find(who)
	switch {
	case err == nil:
		return s.present(id, who)
	case !errors.Is(err, sharing.ErrNotFound):
		return sharing.Neighbour{}, errorOf(err, "")
	}
	if meansSelf(s.o.Engine.Snapshot().Self, who) {
		return sharing.Neighbour{}, errSelf
	}
	if !isAddress(who) {
		return sharing.Neighbour{}, absent("no device called %s was found; see that Potluck runs there, on the same network, or name its address as host:port", manifest.Printable(who))
	}
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	if id, err = s.o.Engine.Reach(ctx, who); errors.Is(err, sharing.ErrSelf) {
		return sharing.Neighbour{}, errSelf
	} else if err != nil {
		return sharing.Neighbour{}, absent("%v", err)
	}
	return s.present(id, who)
}

// present returns the neighbour with that ID, if it is here.
func (s *Server) present(id identity.ID, who string) (sharing.Neighbour, error) {
	snapshot := s.o.Engine.Snapshot()
	if id == snapshot.Self.ID {
		return sharing.Neighbour{}, errSelf
	}
	i := slices.IndexFunc(snapshot.Neighbours, func(n sharing.Neighbour) bool { return n.ID == id })
	if i < 0 {
		return sharing.Neighbour{}, absent("%s is not here now; see that Potluck runs there, on the same network, or name its address as host:port", manifest.Printable(who))
	}
	return snapshot.Neighbours[i], nil
}

var errSelf = &Error{Code: Self, Message: "that is this device itself; name another one"}

func absent(format string, args ...any) *Error {
	return &Error{Code: Absent, Message: fmt.Sprintf(format, args...)}
}

func meansSelf(self sharing.Self, who string) bool {
	return strings.EqualFold(who, self.Name) || len(who) >= 4 && strings.HasPrefix(self.ID.String(), strings.ToLower(who))
}

// isAddress reports whether who can be dialled: host:port, an IP address, or a link
// to a device.
func isAddress(who string) bool {
	if _, ok := sharing.ParseDeviceLink(who); ok {
		return true
	}
	if _, err := netip.ParseAddr(strings.Trim(who, "[]")); err == nil {
		return true
	}
	host, port, err := net.SplitHostPort(who)
	if err != nil || host == "" {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}
