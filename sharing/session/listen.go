package session

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// Open binds the port, so that [Hub.Addr] is known. Run does it if need be. A
// hub that was opened is closed by Run, even with a context that is done.
func (h *Hub) Open() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return ErrStopped
	case h.listener != nil:
		return nil
	}
	l, err := listen(h.o.Listen, h.o.ListenStrict)
	if err != nil {
		return notHad(h.o.Listen, err)
	}
	h.listener = l
	return nil
}

// Listen has the hub listen elsewhere from now on, as [Options.Listen] and
// [Options.ListenStrict] say; whoever has a session is told, and keeps it. If the
// error is not nil everything is as it was.
func (h *Hub) Listen(addr string, strict bool) error {
	o := Options{Identity: h.o.Identity, Listen: addr, ListenStrict: strict}
	if err := o.complete(); err != nil {
		return err
	}
	if err := h.move(o.Listen, strict); err != nil {
		return notHad(o.Listen, err)
	}
	h.Announce()
	return nil
}

// move replaces the listener, if there is one yet.
func (h *Hub) move(addr string, strict bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return ErrStopped
	case addr == h.o.Listen && strict == h.o.ListenStrict:
		return nil
	case h.listener != nil:
		if err := h.rebindLocked(addr, strict); err != nil {
			return err
		}
	}
	h.o.Listen, h.o.ListenStrict = addr, strict
	return nil
}

// rebindLocked listens on addr and no more where the hub did. The two cannot be
// open together where they are one port of different addresses.
func (h *Hub) rebindLocked(addr string, strict bool) error {
	old := h.listener
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	was := old.Addr().(*net.TCPAddr)
	same := port == strconv.Itoa(was.Port)
	if same {
		old.Close()
	}
	l, err := listen(addr, strict)
	if err == nil {
		h.listener = l
		old.Close()
		return nil
	}
	if same {
		if l, again := listen(was.String(), false); again == nil {
			h.listener = l
		}
	}
	return err
}

// notHad says why addr cannot be listened on.
func notHad(addr string, err error) error {
	if _, port, split := net.SplitHostPort(addr); split == nil && isTaken(err) {
		return fmt.Errorf("port %s is used by another program or kept back by the system; choose another one: %w", port, err)
	}
	return fmt.Errorf("the address %s cannot be listened on: %w", addr, err)
}

// Addr returns what the hub listens on, once it is open. The address itself is
// unspecified when the hub listens on all.
func (h *Hub) Addr() netip.AddrPort {
	l := h.listening()
	if l == nil {
		return netip.AddrPort{}
	}
	at := l.Addr().(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// listening returns the listener of now, nil if there is none yet.
func (h *Hub) listening() net.Listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.listener
}
