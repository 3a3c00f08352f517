package session

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

const (
	// maxServed bounds the requests of one device that are answered at once.
	maxServed = 64

	// maxAsked bounds our own to it. It is smaller, since the other side may
	// think of a request as unfinished for a moment longer.
	maxAsked = 48

	// maxStreams bounds all streams of a session, those included that are
	// closed on one side only: each may hold 256 KiB of what was sent to us.
	maxStreams = 2 * (maxServed + maxAsked)
)

var errTooManyStreams = errors.New("the device opens too many streams")

func muxConfig(log *slog.Logger) *yamux.Config {
	c := yamux.DefaultConfig()
	c.AcceptBacklog = 32
	c.KeepAliveInterval = 4 * time.Second
	c.ConnectionWriteTimeout = 8 * time.Second
	c.StreamOpenTimeout = 15 * time.Second
	c.StreamCloseTimeout = 10 * time.Second
	c.LogOutput = nil
	c.Logger = muxLog{log}
	return c
}

// muxLog passes on what yamux has to say.
type muxLog struct{ log *slog.Logger }

func (l muxLog) Print(v ...any)   { l.log.Debug("yamux", "says", lazy{fmt.Sprint, v}) }
func (l muxLog) Println(v ...any) { l.log.Debug("yamux", "says", lazy{fmt.Sprint, v}) }
func (l muxLog) Printf(format string, v ...any) {
	l.log.Debug("yamux", "says", lazy{func(v ...any) string { return fmt.Sprintf(format, v...) }, v})
}

// lazy is text that is made only if somebody logs it.
type lazy struct {
	print func(...any) string
	args  []any
}

func (l lazy) LogValue() slog.Value { return slog.StringValue(l.print(l.args...)) }

// A stream is one request and its answer. It is a net.Conn whose Close also ends
// its own reads, which that of yamux does not.
type stream struct {
	*yamux.Stream
	link  *link
	close func() error // once
}

func newStream(s *yamux.Stream, l *link, closed func()) *stream {
	return &stream{Stream: s, link: l, close: sync.OnceValue(func() error {
		err := s.Close()
		_ = s.SetReadDeadline(time.Unix(1, 0))
		closed()
		return err
	})}
}

func (s *stream) Close() error { return s.close() }

// A door lets in the streams that the other side opens on a link. It is the
// net.Listener of the HTTP server.
type door struct{ link *link }

func (d door) Accept() (net.Conn, error) {
	for {
		s, err := d.link.mux.AcceptStream()
		if err != nil {
			return nil, net.ErrClosed // to the server, that is the end
		}
		if d.link.mux.NumStreams() > maxStreams {
			d.link.end(errTooManyStreams)
			return nil, net.ErrClosed
		}
		select {
		case d.link.served <- struct{}{}:
			return newStream(s, d.link, func() { <-d.link.served }), nil
		default:
			s.Close()
		}
	}
}

// Close does nothing: the link closes the door when it ends.
func (d door) Close() error   { return nil }
func (d door) Addr() net.Addr { return d.link.conn.LocalAddr() }
