package sharing

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"potluck/sharing/store"
)

const (
	// roomAge is how old a measure of the room on a disk may be.
	roomAge = 2 * time.Second

	// roomLook is how often it is looked again while an offer waits and somebody has
	// seen it.
	roomLook = 3 * time.Second

	// roomWait is how long one is waited for: a disk that works has answered by
	// then.
	roomWait = 100 * time.Millisecond
)

// Rooms knows how much is free where files go, so that nobody who wants to see it
// waits for a disk that does not answer.
type rooms struct {
	mu    sync.Mutex // guards the rest, and what is in last
	ask   func(folder string) int64
	every time.Duration // as roomLook
	last  *room
	told  int64 // what who looks at the offers saw last; -1 for nothing
	tends bool  // it is looked again by and by
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
func (d *Device) room(folder string) int64 { return d.measure(folder, roomAge) }

// roomFor is room for somebody who looks at the offers that wait. As long as some do,
// a change that can be seen is signalled.
func (d *Device) roomFor(folder string) int64 {
	free := d.room(folder)
	g := &d.rooms
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told = free
	g.tends = g.tends || d.tasks.run(d.tendRoom)
	return free
}

// tendRoom looks again how much is free, until no offer waits or ctx is done.
func (d *Device) tendRoom(ctx context.Context) {
	g := &d.rooms
	g.mu.Lock()
	every := g.every
	g.mu.Unlock()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if d.restRoom() {
			return
		}
		folder, sizes := d.awaited()
		free := d.measure(folder, every)
		g.mu.Lock()
		seen := looksOther(g.told, free, sizes)
		g.mu.Unlock()
		if seen {
			d.notifier.changed()
		}
	}
}

// restRoom reports whether nothing has to be looked for any more. An offer that comes
// later is looked for when somebody sees it.
func (d *Device) restRoom() bool {
	g := &d.rooms
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, sizes := d.awaited(); len(sizes) > 0 {
		return false
	}
	g.tends = false
	return true
}

// awaited returns how large the offers are that wait for an answer, and where they
// would go.
func (d *Device) awaited() (folder string, sizes []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, in := range d.incoming {
		if in.state == Waiting && !in.accepted && !in.hidden && in.manifest != nil {
			sizes = append(sizes, in.manifest.StreamLength())
		}
	}
	return d.settings.Downloads, sizes
}

// looksOther reports whether it can be seen that so much is free now and not as much
// as was told: by three digits, or by what there is no room for.
func looksOther(told, free int64, sizes []int64) bool {
	return threeDigits(told) != threeDigits(free) || (told == 0) != (free == 0) ||
		slices.ContainsFunc(sizes, func(n int64) bool { return (told < n) != (free < n) })
}

// threeDigits returns n, rounded to three digits.
func threeDigits(n int64) int64 {
	unit := int64(1)
	for n/unit >= 1000 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// measure is room, where what is known may be as old as that.
func (d *Device) measure(folder string, age time.Duration) int64 {
	g := &d.rooms
	g.mu.Lock()
	if g.last == nil || g.last.folder != folder {
		g.last = &room{folder: folder, free: -1}
	}
	r := g.last
	if r.asked != nil || !r.at.IsZero() && time.Since(r.at) < age {
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
	_, sizes := d.awaited()
	d.rooms.mu.Lock()
	late := r.late && looksOther(d.rooms.told, free, sizes)
	close(r.asked)
	r.free, r.at, r.asked, r.late = free, time.Now(), nil, false
	d.rooms.mu.Unlock()
	if late {
		d.notifier.changed()
	}
}

// Free returns the bytes free where a folder is, or would be made; -1 if that cannot be
// told, or the disk has not answered when ctx is done.
func (d *Device) Free(ctx context.Context, folder string) int64 {
	free := make(chan int64, 1)
	go func() { free <- freeSpace(folder) }() // which no context ends
	select {
	case n := <-free:
		return n
	case <-ctx.Done():
		return -1
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
