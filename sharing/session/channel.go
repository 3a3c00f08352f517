package session

import (
	"context"
	"net/http"

	"potluck/sharing/identity"
)

// A Channel is one connection with a device, and no other that may come to take
// its place. Two are equal, by ==, if they are the same connection. The zero
// Channel is none.
type Channel struct{ link *link }

// Channel returns the session that there is with a device now. The error is
// [ErrNoSession] if there is none.
func (h *Hub) Channel(id identity.ID) (Channel, error) {
	l := h.session(id)
	if l == nil {
		return Channel{}, ErrNoSession
	}
	return Channel{l}, nil
}

// ChannelOf returns the connection by which a request came: ctx is that of the
// request.
func ChannelOf(ctx context.Context) (Channel, bool) {
	l, ok := ctx.Value(linkKey).(*link)
	return Channel{l}, ok
}

// Peer returns the ID of the device at the other end.
func (c Channel) Peer() identity.ID { return c.link.id }

// Done is closed when the connection has ended.
func (c Channel) Done() <-chan struct{} { return c.link.done }

// Do is [Hub.Do] over this connection. The error is [ErrLost] if that has ended,
// whether another has come or not.
func (c Channel) Do(ctx context.Context, req *http.Request) (*http.Response, error) {
	if !c.link.isAlive() {
		return nil, ErrLost
	}
	return c.link.do(ctx, req)
}

// Export returns n bytes that only the two ends of this connection can know, and
// that are the same at both: exported keying material (RFC 8446, 7.5) for label
// and context.
func (c Channel) Export(label string, context []byte, n int) ([]byte, error) {
	state := c.link.conn.ConnectionState()
	return state.ExportKeyingMaterial(label, context, n)
}
