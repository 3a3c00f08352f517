package control

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"potluck/sharing/manifest"
)

// getContents writes the list of files of an offer or a transfer, compressed as it
// travels between devices.
func (s *Server) getContents(w http.ResponseWriter, r *http.Request) {
	ref := r.PathValue("ref")
	m, err := s.o.Engine.Contents(r.Context(), ref)
	if err != nil {
		fail(w, errorOf(err, fmt.Sprintf("there is no offer or transfer %s; \"potluck offers\" and \"potluck transfers\" list them", manifest.Printable(ref))))
		return
	}
	w.Header().Set("Content-Type", "application/zstd")
	if err := m.Encode(w); err != nil {
		s.o.Log.Debug("a list of files was not delivered", "err", err)
	}
}

// Contents returns the names and sizes of what an offer or a transfer holds.
func (c *Client) Contents(ctx context.Context, ref string) (*manifest.Manifest, error) {
	response, err := c.do(ctx, http.MethodGet, "/v1/contents/"+url.PathEscape(ref), nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	m, err := manifest.Decode(response.Body)
	if err != nil {
		return nil, broken(ctx, err)
	}
	return m, nil
}
