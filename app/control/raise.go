package control

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"

	"potluck/sharing/manifest"
)

// A raiseRequest is the wish to see the window of the device.
type raiseRequest struct {
	Paths []string `json:"paths,omitempty"` // absolute; to be sent, once it is said to whom
}

// Raise brings the window of the device to the front, with paths that wait to be
// sent. The error's code is [State] if the device has no window.
func (c *Client) Raise(ctx context.Context, paths []string) error {
	return c.quick(ctx, http.MethodPost, "/v1/raise", raiseRequest{paths}, nil)
}

func (s *Server) postRaise(r *http.Request) (any, error) {
	body, err := read[raiseRequest](r)
	if err != nil {
		return nil, err
	}
	if s.o.Raise == nil {
		return nil, &Error{Code: State, Message: "this Potluck runs without a window"}
	}
	for _, path := range body.Paths {
		if !filepath.IsAbs(path) {
			return nil, &Error{Code: Invalid, Message: fmt.Sprintf("%s is not a full path", manifest.Printable(path))}
		}
	}
	s.o.Raise(body.Paths)
	return struct{}{}, nil
}
