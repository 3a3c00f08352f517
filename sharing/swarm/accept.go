package swarm

import (
	"errors"
	"io"
	"net"
	"time"

	"potluck/sharing/identity"
)

const (
	// maxStrange and maxStrangeEach bound the accepted connections that have
	// not said yet what they are for: in all, and of one device.
	maxStrange     = 64
	maxStrangeEach = 4
)

// Accept takes over a connection that a device made to this one. Nothing is
// sent on it, and it is closed, unless the device names within five seconds a
// torrent that is here and that it may have. Accept does not block.
func (s *Swarm) Accept(peer identity.ID, raw net.Conn) {
	c := newConn(s, peer, raw, false)
	if err := s.registerStrange(c); err != nil {
		s.log.Debug("piece connection refused", "peer", peer.Short(), "err", err)
		_ = raw.Close()
		return
	}
	go s.welcome(c)
}

// welcome reads the handshake on c and hands it to the library.
func (s *Swarm) welcome(c *conn) {
	defer s.busy.Done()
	err := s.greet(c)
	s.unstrange(c.peer)
	if err == nil && !s.listener.offer(s.ctx, c) {
		err = ErrStopped
	}
	if err != nil {
		s.log.Debug("piece connection refused", "peer", c.peer.Short(), "err", err)
		_ = c.Close()
	}
}

// greet reads the handshake on c and binds it to the torrent named there.
func (s *Swarm) greet(c *conn) error {
	_ = c.SetDeadline(time.Now().Add(handshakeTimeout))
	var h hello
	if _, err := io.ReadFull(c.Conn, h[:]); err != nil {
		return err
	}
	_ = c.SetDeadline(time.Time{})
	if err := h.check(c.peer); err != nil {
		return err
	}
	if err := s.bind(c, h.infoHash()); err != nil {
		return err
	}
	c.greet(h)
	return nil
}

// bind attaches c to a torrent, if that is here and the device may have it.
func (s *Swarm) bind(c *conn, infoHash [20]byte) error {
	if !s.options.May(c.peer, infoHash) {
		return errRefused
	}
	t := s.lookup(infoHash)
	if t == nil && s.options.Wake != nil {
		s.options.Wake(infoHash)
		t = s.lookup(infoHash)
	}
	if t == nil {
		return errors.New("swarm: no such torrent here")
	}
	s.replace(c, t)
	c.attach(t, t.counters(c.peer))
	if !s.prefer(c, t) {
		return errors.New("swarm: both have dialled")
	}
	// Asked again: whoever cuts connections finds this one by now.
	if !t.admits(c.peer) || !s.options.May(c.peer, infoHash) {
		return errRefused
	}
	if !s.thin(t, c) {
		return errors.New("swarm: as many connections as there may be")
	}
	return nil
}

// replace cuts the connections for t that c's device made before it made c: it
// would not have made another one if it held those to be alive.
func (s *Swarm) replace(c *conn, t *Torrent) {
	if c.dialed {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for old := range s.conns {
		if of, _, _ := old.state(); old != c && of == t && old.peer == c.peer && !old.dialed {
			old.sever()
		}
	}
}

// prefer leaves one of the connections for t that two devices have made because both
// dialled at once: the one made by that with the smaller ID. It reports whether c stays.
// Only the device with the larger ID does so, which knows that the other has got through.
// One that has been there for a while may be dead, and c made for that reason.
func (s *Swarm) prefer(c *conn, t *Torrent) bool {
	if s.self.Compare(c.peer) < 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for other := range s.conns {
		of, _, alive := other.state()
		if of != t || other.peer != c.peer || other.dialed == c.dialed || !alive || time.Since(other.since) >= settled {
			continue
		}
		if c.dialed {
			return false
		}
		other.sever()
	}
	return true
}

// enter announces something that Run waits for, and that ends with done.
func (s *Swarm) enter() (done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, ErrStopped
	}
	s.busy.Add(1)
	return s.busy.Done, nil
}

// register makes c known, until forget.
func (s *Swarm) register(c *conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return ErrStopped
	}
	s.registerLocked(c)
	return nil
}

func (s *Swarm) registerLocked(c *conn) {
	s.busy.Add(1)
	s.conns[c] = struct{}{}
}

// registerStrange makes c known as one more to wait for a handshake of, for
// which there must be room.
func (s *Swarm) registerStrange(c *conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for _, n := range s.strange {
		total += n
	}
	switch {
	case !s.running:
		return ErrStopped
	case total >= maxStrange, s.strange[c.peer] >= maxStrangeEach:
		return errors.New("swarm: too many unfinished handshakes")
	}
	s.strange[c.peer]++
	s.busy.Add(1) // for welcome
	s.registerLocked(c)
	return nil
}

// unstrange undoes the part of registerStrange that is over with the handshake.
func (s *Swarm) unstrange(peer identity.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strange[peer]--; s.strange[peer] == 0 {
		delete(s.strange, peer)
	}
}

// forget is called when c is closed.
func (s *Swarm) forget(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	t, _, _ := c.state()
	if t != nil {
		t.lost(c.peer, c.useful())
	}
	s.wake()
	s.busy.Done()
}
