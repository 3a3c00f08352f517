package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"potluck/sharing/identity"
)

const (
	maxHeader   = 16 << 10  // bytes, of a request and of an answer
	maxBody     = 1 << 20   // bytes of a request body, unless AllowBody says more
	maxResponse = 256 << 20 // bytes; above the largest manifest

	headerTimeout = 10 * time.Second
	callTimeout   = 30 * time.Second // of a request whose context has no deadline
	serveTimeout  = 5 * time.Minute  // of a request, whatever its handler does
)

type contextKey int

const (
	linkKey contextKey = iota
	bodyKey
)

func (h *Hub) newServer() *http.Server {
	s := &http.Server{
		Handler:           http.HandlerFunc(h.answer),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       serveTimeout,
		WriteTimeout:      serveTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(h.log.Handler(), slog.LevelWarn),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, linkKey, c.(*stream).link)
		},
	}
	s.SetKeepAlivesEnabled(false)
	return s
}

// answer serves one request of another device. It runs on a goroutine of the
// HTTP server, which recovers it if the handler panics.
func (h *Hub) answer(w http.ResponseWriter, r *http.Request) {
	l := r.Context().Value(linkKey).(*link)
	if !l.begin() {
		panic(http.ErrAbortHandler)
	}
	defer l.handlers.Done()

	b := &body{ReadCloser: r.Body, limit: maxBody}
	r = r.WithContext(context.WithValue(r.Context(), bodyKey, b))
	r.Body = b
	if r.URL.Path == helloPath {
		h.hear(w, r, l)
		return
	}
	h.o.Handler.ServeHTTP(w, r)
}

// PeerOf returns the device whose request a handler answers: ctx is that of the
// request.
func PeerOf(ctx context.Context) (Peer, bool) {
	l, ok := ctx.Value(linkKey).(*link)
	if !ok {
		return Peer{}, false
	}
	if p, ok := l.hub.Get(l.id); ok {
		return p, true
	}
	return l.peer(l.born), true // not yet settled, or just gone
}

// AllowBody lets the request that ctx belongs to have a body of up to n bytes,
// where 1 MiB is the rule. What comes after is an *http.MaxBytesError.
func AllowBody(ctx context.Context, n int64) {
	if b, ok := ctx.Value(bodyKey).(*body); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.limit = n
	}
}

// A body is at most limit bytes of another.
type body struct {
	io.ReadCloser

	mu    sync.Mutex // guards the fields below
	limit int64
	read  int64
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	limit, left := b.limit, b.limit-b.read
	b.mu.Unlock()
	if int64(len(p)) > left+1 {
		p = p[:max(left, 0)+1] // one more, to tell the end from too much
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > left {
		n, err = int(max(left, 0)), &http.MaxBytesError{Limit: limit}
	}
	b.mu.Lock()
	b.read += int64(n)
	b.mu.Unlock()
	return n, err
}

// Do makes a request of the device with that ID, over its session. Only method,
// path, query, header and body of the request count: the address is that of the
// session, whatever the URL says ("http://device/v1/..." is the custom). Answers
// are returned as they are; none leads to another request. The body of the
// answer must be closed, and its reader bounds what it keeps of it.
//
// The context covers the body, too. Without a deadline of its own the request
// has one of 30 seconds. Do waits while 48 requests to the device are going on.
//
// The error is [ErrNoSession] if there is no session, [ErrLost] if it ended
// meanwhile, that of ctx if ctx is done.
func (h *Hub) Do(ctx context.Context, id identity.ID, req *http.Request) (*http.Response, error) {
	l := h.session(id)
	if l == nil {
		return nil, ErrNoSession
	}
	return l.do(ctx, req)
}

func (l *link) do(ctx context.Context, req *http.Request) (*http.Response, error) {
	ctx, cancel := withDeadline(ctx)
	inner, end := context.WithCancel(ctx)
	stop := context.AfterFunc(l.life, end)
	if req.Body != nil {
		// The transport waits for a body that it is reading, even when there is
		// nobody left to send it to.
		context.AfterFunc(inner, func() { req.Body.Close() })
	}
	over := func() { stop(); end(); cancel() }

	out := req.Clone(inner)
	out.URL = &url.URL{Scheme: "http", Host: "device", Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	out.Host = ""
	resp, err := l.transport.RoundTrip(out)
	if err != nil {
		err = l.explain(ctx, err)
		over()
		return nil, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	resp.Body = &response{body: body{ReadCloser: resp.Body, limit: maxResponse}, ctx: ctx, link: l, over: over}
	return resp, nil
}

func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, callTimeout)
}

// explain returns the error for a request that failed with err.
func (l *link) explain(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case l.life.Err() != nil || !l.isAlive():
		return fmt.Errorf("%w: %w", ErrLost, err)
	}
	return err
}

// A response is the body of an answer.
type response struct {
	body
	ctx  context.Context
	link *link
	over func()
}

func (r *response) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.link.explain(r.ctx, err)
	}
	return n, err
}

func (r *response) Close() error {
	err := r.body.Close()
	r.over()
	return err
}
