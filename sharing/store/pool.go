package store

import "sync"

// DefaultPool is how much memory all items of a process take together for
// pieces that are not complete yet, unless [Options.Pool] says otherwise.
const DefaultPool = 32 << 20

// A Pool bounds the memory in which pieces are put together. One is meant to be
// shared by all items; its methods are safe to call from any goroutine.
type Pool struct {
	limit int64

	mu    sync.Mutex // guards what follows
	taken int64      // bytes in use and in free
	free  map[int][][]byte
}

var sharedPool = NewPool(DefaultPool)

// NewPool returns a pool of at most limit bytes. With a limit of 0 every block
// goes to disk at once.
func NewPool(limit int64) *Pool {
	return &Pool{limit: limit, free: map[int][][]byte{}}
}

// get returns n bytes, not cleared, or nil if the pool is used up. It never
// waits.
func (p *Pool) get(n int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if list := p.free[n]; len(list) > 0 {
		b := list[len(list)-1]
		p.free[n] = list[:len(list)-1]
		return b
	}
	if p.taken+int64(n) > p.limit {
		p.dropFree()
	}
	if p.taken+int64(n) > p.limit {
		return nil
	}
	p.taken += int64(n)
	return make([]byte, n)
}

// put gives back what get returned.
func (p *Pool) put(b []byte) {
	if b == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free[len(b)] = append(p.free[len(b)], b)
}

// dropFree lets go of memory of sizes that are not asked for any more.
func (p *Pool) dropFree() {
	for n, list := range p.free {
		p.taken -= int64(n) * int64(len(list))
		delete(p.free, n)
	}
}
