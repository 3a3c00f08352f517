package store

import (
	"container/list"
	"io"
	"sync"
)

// A cache keeps the handles used last open, a bounded number of them. What is
// in use is never closed.
type cache[V io.Closer] struct {
	max int

	mu   sync.Mutex // guards what follows, and refs and dropped of each handle
	open map[int]*handle[V]
	used list.List // of *handle[V], the one used last first
}

// A handle is something open. It is given back with release.
type handle[V io.Closer] struct {
	key     int
	v       V
	refs    int
	dropped bool // not in the cache any more: closed when nobody uses it
	at      *list.Element
}

func newCache[V io.Closer](max int) *cache[V] {
	return &cache[V]{max: max, open: map[int]*handle[V]{}}
}

// take returns the handle for a key, calling open if there is none. It may call
// open in several goroutines at once; one result is used.
func (c *cache[V]) take(key int, open func() (V, error)) (*handle[V], error) {
	if h := c.find(key); h != nil {
		return h, nil
	}
	v, err := open()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.open[key]; h != nil {
		h.refs++
		v.Close()
		return h, nil
	}
	h := &handle[V]{key: key, v: v, refs: 1}
	h.at = c.used.PushFront(h)
	c.open[key] = h
	for at := c.used.Back(); at != nil && len(c.open) > c.max; {
		old := at.Value.(*handle[V])
		at = at.Prev()
		if old.refs == 0 {
			c.dropLocked(old)
		}
	}
	return h, nil
}

// find returns the handle for a key if it is open, else nil.
func (c *cache[V]) find(key int) *handle[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.open[key]
	if h == nil {
		return nil
	}
	h.refs++
	c.used.MoveToFront(h.at)
	return h
}

// release gives a handle back.
func (c *cache[V]) release(h *handle[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h.refs--
	if h.dropped && h.refs == 0 {
		h.v.Close()
	}
}

// drop forgets the handle for a key.
func (c *cache[V]) drop(key int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.open[key]; h != nil {
		c.dropLocked(h)
	}
}

// purge forgets all handles.
func (c *cache[V]) purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range c.open {
		c.dropLocked(h)
	}
}

func (c *cache[V]) dropLocked(h *handle[V]) {
	delete(c.open, h.key)
	c.used.Remove(h.at)
	h.dropped = true
	if h.refs == 0 {
		h.v.Close()
	}
}
