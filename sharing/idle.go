package sharing

import "time"

// idleAfter is how long a share stays in the swarm, and its files open, when
// nobody fetches it.
const idleAfter = 2 * time.Minute

// busyLocked reports whether the share is being read: it is hashed, or somebody
// is here to whom it may go now.
func (o *outgoing) busyLocked() bool {
	return o.hashing || o.wantedLocked()
}

// wantedLocked reports whether the share has to be in the swarm.
func (o *outgoing) wantedLocked() bool {
	if o.paused || o.closed {
		return false
	}
	for id, t := range o.takers {
		if (t.state == Running || t.state == Finishing) && o.d.links[id] != nil {
			return true
		}
	}
	return false
}

// rest takes the share out of the swarm and closes its files, if it has not been
// used for long. It comes back when a taker says that it goes on, which is what a
// taker does first in every session.
func (o *outgoing) rest(now time.Time) {
	o.loading.Lock()
	defer o.loading.Unlock()
	o.d.mu.Lock()
	loaded := o.torrent
	o.d.mu.Unlock()
	var moved int64
	if loaded != nil {
		moved = loaded.Stats().Written
	}
	o.d.mu.Lock()
	if moved != o.moved { // somebody who has it mends what was damaged there
		o.moved, o.used = moved, now
	}
	if o.busyLocked() {
		o.used = now
	}
	if o.wantedLocked() && o.torrent == nil && o.pieces.length > 0 {
		o.poke() // it could not be loaded before
	}
	if o.closed || now.Sub(o.used) < o.d.idleAfter {
		o.d.mu.Unlock()
		return
	}
	torrent := o.torrent
	o.torrent = nil
	o.d.mu.Unlock()
	if torrent != nil {
		torrent.Drop()
	}
	o.source.Release()
}
