package control

import (
	"errors"
	"net/http"
	"time"

	"potluck/sharing"
)

const (
	// tick is the shortest time between two ticks of one stream: a person sees
	// no more, and each asks for a snapshot.
	tick = 200 * time.Millisecond

	// streamTimeout is how long a reader may leave a line unread.
	streamTimeout = 10 * time.Second
)

// streamEvents writes events as they happen, and a tick when a new snapshot
// would differ. The answer begins when the subscription is in place: whoever asks
// for a snapshot after that misses nothing.
func (s *Server) streamEvents(w http.ResponseWriter, r *http.Request) {
	events, unsubscribe := s.o.Engine.Subscribe()
	defer unsubscribe()
	changed, unwatch := s.o.Engine.Watch()
	defer unwatch()

	out := &stream{w: w, c: http.NewResponseController(w)}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	err := out.flush()
	var pause <-chan time.Time // not nil while it is too early for another tick
	for err == nil {
		ticks := changed
		if pause != nil {
			ticks = nil
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.working.Done():
			out.drain(events)
			return
		case e, ok := <-events:
			if !ok {
				out.line([]byte(`{"event":"` + nameLagged + `"}`))
				return
			}
			err = out.event(e)
		case <-ticks:
			pause = time.After(tick)
			err = out.line([]byte(`{"event":"` + nameChanged + `"}`))
		case <-pause:
			pause = nil
		}
	}
	s.o.Log.Debug("a reader of events went away", "err", err)
}

// A stream writes lines to a client that may not read them.
type stream struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func (o *stream) event(e sharing.Event) error {
	text, err := EncodeEvent(e)
	if err != nil {
		return err
	}
	return o.line(text)
}

func (o *stream) line(text []byte) error {
	if err := o.c.SetWriteDeadline(time.Now().Add(streamTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := o.w.Write(append(text, '\n')); err != nil {
		return err
	}
	return o.flush()
}

func (o *stream) flush() error { return o.c.Flush() }

// drain writes the events that have happened already.
func (o *stream) drain(events <-chan sharing.Event) {
	for {
		select {
		case e, ok := <-events:
			if !ok || o.event(e) != nil {
				return
			}
		default:
			return
		}
	}
}
