package control

import (
	"bufio"
	"context"
	"io"
	"net/http"
)

// maxLine bounds one event.
const maxLine = 16 << 20

// Events is a stream of what happens on the device. It is for one goroutine,
// and is to be closed.
type Events struct {
	ctx     context.Context
	body    io.ReadCloser
	scanner *bufio.Scanner
}

// Events begins to follow what happens, until ctx is done. Nothing that happens
// after it has returned is missed.
func (c *Client) Events(ctx context.Context) (*Events, error) {
	response, err := c.do(ctx, http.MethodGet, "/v1/events", nil)
	if err != nil {
		return nil, err
	}
	scanner := bufio.NewScanner(response.Body)
	scanner.Buffer(nil, maxLine)
	return &Events{ctx: ctx, body: response.Body, scanner: scanner}, nil
}

// Next waits for the next update. The error is [io.EOF] when the device stops,
// and an [*Error] when this reader was so slow that events were lost.
func (e *Events) Next() (Update, error) {
	if e.scanner.Scan() {
		return decodeUpdate(e.scanner.Bytes())
	}
	if e.ctx.Err() != nil {
		return Update{}, context.Cause(e.ctx)
	}
	if err := e.scanner.Err(); err != nil && err != io.ErrUnexpectedEOF {
		return Update{}, broken(e.ctx, err)
	}
	return Update{}, io.EOF
}

// Close ends the stream.
func (e *Events) Close() { e.body.Close() }
