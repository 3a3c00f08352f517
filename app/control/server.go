package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	maxRequest  = 16 << 20 // bytes: as many paths as a command line can have
	maxRequests = 512      // at work at the same time: a command that follows a transfer has two

	// quickTimeout is for requests that take no longer than a disk needs for a
	// few small files.
	quickTimeout = 30 * time.Second

	// stopTimeout is how long running requests may take to notice that the
	// device stops.
	stopTimeout = time.Second
)

// ServerOptions are what [NewServer] needs.
type ServerOptions struct {
	Engine   Engine               // required
	Settings Settings             // required
	Listener net.Listener         // required; closed by Run
	Version  string               // of the program
	Passing  bool                 // see [Version]
	Raise    func(paths []string) // shows the window, with paths that wait to be sent; nil if there is none
	Stop     func()               // ends the whole device; nil if that cannot be asked for
	Log      *slog.Logger         // nil to log nothing
}

// A Server answers the clients of one device.
type Server struct {
	o     ServerOptions
	began time.Time
	slots chan struct{}

	// working is done when Run is told to stop: what takes long ends then.
	working context.Context
	stop    context.CancelFunc
}

// NewServer returns a Server that does nothing yet.
func NewServer(o ServerOptions) (*Server, error) {
	switch {
	case o.Engine == nil:
		return nil, errors.New("control: no engine")
	case o.Settings == nil:
		return nil, errors.New("control: no settings")
	case o.Listener == nil:
		return nil, errors.New("control: no listener")
	case o.Log == nil:
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{o: o, began: time.Now(), slots: make(chan struct{}, maxRequests)}
	s.working, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Run answers requests until ctx is done. Then it lets the quick ones finish, for
// a second at most, ends the others, closes the listener, and returns nil. It is
// to be called once.
func (s *Server) Run(ctx context.Context) error {
	defer s.stop()
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       10 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.o.Listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("the local socket: %w", err)
	case <-ctx.Done():
	}
	s.stop()
	deadline, release := context.WithTimeout(requests, stopTimeout)
	defer release()
	if server.Shutdown(deadline) != nil {
		cancel()
		server.Close()
	}
	<-failed
	return nil
}

// handler is all that can be asked for.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	quick := func(pattern string, f func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), quickTimeout)
			defer cancel()
			s.answer(w, r.WithContext(ctx), f)
		})
	}
	slow := func(pattern string, f func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			defer context.AfterFunc(s.working, cancel)()
			s.answer(w, r.WithContext(ctx), f)
		})
	}
	quick("GET /v1/version", s.getVersion)
	quick("GET /v1/snapshot", s.getSnapshot)
	quick("GET /v1/transfers/{share}", s.getTransfer)
	mux.HandleFunc("GET /v1/events", s.streamEvents)
	slow("POST /v1/find", s.postFind)
	slow("POST /v1/send", s.postSend)                     // walks the folders
	slow("POST /v1/offers/{ref}/accept", s.postAccept)    // asks the sharer for the manifest
	slow("POST /v1/transfers/{ref}/verify", s.postVerify) // reads everything again
	quick("POST /v1/offers/{ref}/decline", s.change(offers, s.o.Engine.Decline))
	quick("POST /v1/transfers/{ref}/pause", s.change(transfers, s.o.Engine.Pause))
	quick("POST /v1/transfers/{ref}/resume", s.change(transfers, s.o.Engine.Resume))
	quick("POST /v1/transfers/{ref}/cancel", s.change(transfers, s.o.Engine.Cancel))
	quick("POST /v1/transfers/{ref}/withdraw", s.postWithdraw)
	s.deviceRoutes(quick)
	s.handleMore(quick, slow)
	mux.HandleFunc("GET /v1/contents/{ref}", s.getContents)
	quick("GET /v1/settings", s.getSettings)
	quick("GET /v1/settings/{key}", s.getSetting)
	quick("PUT /v1/settings/{key}", s.putSetting)
	quick("DELETE /v1/settings/{key}", s.deleteSetting)
	quick("POST /v1/raise", s.postRaise)
	quick("POST /v1/stop", s.postStop)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
		default:
			fail(w, &Error{Code: Failed, Message: "too many commands are at work at the same time; try again when one has ended"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		mux.ServeHTTP(w, r)
	})
}

// answer writes what f returns. The context of the request is done when the
// client goes away.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, f func(*http.Request) (any, error)) {
	result, err := f(r)
	if err != nil {
		fail(w, errorOf(err, "there is no such thing"))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(result); err != nil {
		s.o.Log.Debug("an answer was not delivered", "err", err)
	}
}

func fail(w http.ResponseWriter, e *Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status[e.Code])
	json.NewEncoder(w).Encode(e) // if the client is gone, nobody needs to know
}

// read decodes the body of a request.
func read[T any](r *http.Request) (T, error) {
	var body T
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return body, &Error{Code: Invalid, Message: "the request is not JSON"}
	}
	d := json.NewDecoder(r.Body)
	if err := d.Decode(&body); err != nil {
		return body, &Error{Code: Invalid, Message: fmt.Sprintf("the request cannot be read: %v", err)}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return body, &Error{Code: Invalid, Message: "the request does not end where it should"}
	}
	return body, nil
}

func (s *Server) getVersion(*http.Request) (any, error) {
	return Version{Version: s.o.Version, Passing: s.o.Passing, PID: os.Getpid(), Up: time.Since(s.began).Seconds()}, nil
}

func (s *Server) postStop(*http.Request) (any, error) {
	if s.o.Stop == nil {
		return nil, &Error{Code: State, Message: "this Potluck can be stopped only where it was started"}
	}
	s.o.Stop()
	return struct{}{}, nil
}
