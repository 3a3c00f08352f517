package session

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A proxy passes TCP connections on, until it is frozen: then it is like a
// cable that was pulled, or a device that stands still. Its connections stay
// open, and nothing passes.
type proxy struct {
	net.Listener
	to     string
	frozen chan struct{}
	freeze func()
	tasks  sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

func startProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, to: to, frozen: make(chan struct{})}
	p.freeze = sync.OnceFunc(func() { close(p.frozen) })
	p.tasks.Go(p.run)
	t.Cleanup(func() {
		p.freeze()
		l.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.tasks.Wait()
	})
	return p
}

func (p *proxy) run() {
	for {
		near, err := p.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.to)
		if err != nil {
			near.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, near, far)
		p.mu.Unlock()
		p.tasks.Go(func() { p.pass(near, far) })
		p.tasks.Go(func() { p.pass(far, near) })
	}
}

func (p *proxy) pass(from, to net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		select {
		case <-p.frozen:
			return // and neither closes
		default:
		}
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				from.Close()
				return
			}
		}
		if err != nil {
			if err == io.EOF {
				to.(*net.TCPConn).CloseWrite()
			} else {
				to.Close()
			}
			return
		}
	}
}

func (p *proxy) addr() string { return p.Listener.Addr().String() }
