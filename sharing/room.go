package sharing

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"potluck/sharing/store"
)

const (
	// roomAge is how old a measure of the room on a disk may be.
	roomAge = 2 * time.Second

	// roomWait is how long one is waited for: a disk that works has answered by
	// then.
	roomWait = 100 * time.Millisecond
)

// Rooms knows how much is free where files go, so that nobody who wants to see it
// waits for a disk that does not answer.
type rooms struct {
	mu   sync.Mutex // guards the rest, and what is in last
	ask  func(folder string) int64
	last *room
}

// A room is what is known of a folder.
type room struct {
	folder string
	free   int64         // -1 as long as it cannot be told
	at     time.Time     // when it was measured
	asked  chan struct{} // closed when it is measured; nil when nobody does that now
	late   bool          // somebody has not waited for it
}

// room returns the bytes free where a folder is, or would be made; -1 if that
// cannot be told. Where the disk does not answer it tells what was known before,
// and signals a change when there is an answer.
func (d *Device) room(folder string) int64 {
	g := &d.rooms
	g.mu.Lock()
	if g.last == nil || g.last.folder != folder {
		g.last = &room{folder: folder, free: -1}
	}
	r := g.last
	if r.asked != nil || !r.at.IsZero() && time.Since(r.at) < roomAge {
		defer g.mu.Unlock()
		return r.free
	}
	asked, ask := make(chan struct{}), g.ask
	if !d.tasks.run(func(context.Context) { d.measured(r, ask(folder)) }) {
		defer g.mu.Unlock()
		return r.free
	}
	r.asked = asked
	g.mu.Unlock()

	wait := time.NewTimer(roomWait)
	defer wait.Stop()
	select {
	case <-asked:
	case <-wait.C:
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	r.late = r.asked == asked
	return r.free
}

// measured takes in what the disk has answered.
func (d *Device) measured(r *room, free int64) {
	d.rooms.mu.Lock()
	late := r.late && free != r.free
	close(r.asked)
	r.free, r.at, r.asked, r.late = free, time.Now(), nil, false
	d.rooms.mu.Unlock()
	if late {
		d.notifier.changed()
	}
}

// freeSpace returns the bytes free where a folder is, or would be made; -1 if
// that cannot be told.
func freeSpace(folder string) int64 {
	for {
		n, err := store.FreeSpace(folder)
		switch {
		case err == nil:
			return n
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return -1 // what is above may be another disk
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return -1
		}
		folder = parent
	}
}
