package session

import (
	"context"
	"fmt"
	"net"
	"time"

	"potluck/sharing/identity"
)

// piecesTimeout is for making a connection for pieces, all addresses together.
const piecesTimeout = 10 * time.Second

// DialPieces makes a connection for pieces to a device that there is a session
// with, at the address that is known of it. The remote address of the connection
// is the made-up one of the device; setting its deadlines never fails. It is
// closed when the session ends.
//
// Where the device cannot be dialled, it can be asked over the session to dial.
func (h *Hub) DialPieces(ctx context.Context, id identity.ID) (net.Conn, error) {
	ctx, leave, err := h.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, piecesTimeout)
	defer cancel()

	p, ok := h.Get(id)
	switch {
	case !ok:
		return nil, ErrNoSession
	case !p.Addr.IsValid():
		return nil, fmt.Errorf("device %s does not say where it can be dialled", id.Short())
	}
	in, err := h.dial(ctx, id, []string{p.Addr.String()}, protoPieces)
	if err != nil {
		return nil, err
	}
	c, err := h.takePieces(in)
	if err != nil {
		in.conn.NetConn().Close()
		return nil, err
	}
	return c, nil
}

// takePieces makes the connection one that ends with the session.
func (h *Hub) takePieces(in introduction) (*pieceConn, error) {
	c := newPieceConn(in, h.forgetPieces)
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.neighbours[in.id]
	switch {
	case h.stopped:
		return nil, ErrStopped
	case n == nil:
		return nil, ErrNoSession
	}
	n.pieces[c] = struct{}{}
	return c, nil
}

func (h *Hub) forgetPieces(c *pieceConn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := h.neighbours[c.id]; n != nil {
		delete(n.pieces, c)
	}
}
