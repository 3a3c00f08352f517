package session

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"potluck/sharing/identity"
)

// piecesTimeout is for making a connection for pieces, all addresses together.
const piecesTimeout = 10 * time.Second

// DialPieces makes a connection for pieces to a device that there is a session
// with, at the address of the session or one that [Hub.Connect] was last given
// for it. The remote address of the connection
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

	addrs, err := h.addrsOf(id)
	if err != nil {
		return nil, err
	}
	in, err := h.dial(ctx, id, addrs, protoPieces)
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

// addrsOf returns where a device with a session may be dialled, best first.
func (h *Hub) addrsOf(id identity.ID) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.neighbours[id]
	if n == nil {
		return nil, ErrNoSession
	}
	var list []string
	if at := n.current.where(); at.IsValid() {
		list = append(list, at.String())
	}
	for _, addr := range n.addrs {
		if !slices.Contains(list, addr) {
			list = append(list, addr)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("device %s does not say where it can be dialled", id.Short())
	}
	return list, nil
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
