package swarm

import (
	"sync"
	"time"
)

const (
	// maxBacklog is how many bytes may wait to be verified before chunks are
	// taken in no faster than pieces are verified. The library has no such
	// bound that does not stall, and a fast network fills the memory of a
	// device that is slow at hashing.
	maxBacklog = 16 << 20

	// maxHeld bounds how long a chunk is held back, so that a mistake in the
	// count costs speed and never stops a transfer.
	maxHeld = time.Second
)

// A backlog is what was written and is not verified yet, in all torrents.
type backlog struct {
	mu      sync.Mutex // guards what follows
	bytes   int64
	changed chan struct{} // closed when bytes gets less
}

// add notes that n more bytes wait, or fewer if it is negative.
func (b *backlog) add(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes += n
	if n < 0 && b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// full returns nil if there is room, else a channel that is closed when it is
// worth asking again.
func (b *backlog) full() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes <= maxBacklog {
		return nil
	}
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.changed
}

// hold waits until there is room for more, though not long, nor once stop is
// closed.
func (b *backlog) hold(stop <-chan struct{}) {
	changed := b.full()
	if changed == nil {
		return
	}
	limit := time.NewTimer(maxHeld)
	defer limit.Stop()
	for changed != nil {
		select {
		case <-changed:
			changed = b.full()
		case <-stop:
			return
		case <-limit.C:
			return
		}
	}
}
