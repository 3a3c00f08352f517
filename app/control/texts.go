package control

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// Texts, and what can be done to the history and to all transfers at once.

type (
	textRequest struct {
		Text string        `json:"text"`
		To   []identity.ID `json:"to"`
	}
	moveRequest struct {
		Into string `json:"into"` // absolute
	}
)

// handleMore adds the routes of this file.
func (s *Server) handleMore(quick, slow func(string, func(*http.Request) (any, error))) {
	slow("POST /v1/texts", s.postText) // waits for those who are not here just now
	quick("DELETE /v1/messages/{id}", s.deleteMessage)
	quick("POST /v1/transfers/{ref}/forget", s.postForget)
	slow("POST /v1/transfers/{ref}/retry", s.change(transfers, s.o.Engine.Retry)) // walks the folders again
	slow("POST /v1/transfers/{ref}/move", s.postMove)                             // copies what is here
	quick("POST /v1/all/forget", s.all(s.o.Engine.ForgetAll))
	quick("POST /v1/all/pause", s.all(s.o.Engine.PauseAll))
	quick("POST /v1/all/resume", s.all(s.o.Engine.ResumeAll))
}

func (s *Server) postText(r *http.Request) (any, error) {
	body, err := read[textRequest](r)
	if err != nil {
		return nil, err
	}
	if slices.Contains(body.To, s.o.Engine.Snapshot().Self.ID) {
		return nil, errSelf
	}
	return struct{}{}, s.o.Engine.SendText(r.Context(), body.Text, body.To)
}

func (s *Server) deleteMessage(r *http.Request) (any, error) {
	id := r.PathValue("id")
	if err := s.o.Engine.CloseMessage(r.Context(), id); err != nil {
		return nil, errorOf(err, fmt.Sprintf("there is no text %s; \"potluck messages\" lists them", manifest.Printable(id)))
	}
	return struct{}{}, nil
}

func (s *Server) postForget(r *http.Request) (any, error) {
	ref := r.PathValue("ref")
	if err := s.o.Engine.Forget(r.Context(), ref); err != nil {
		return nil, errorOf(err, noSuch(transfers, ref))
	}
	return struct{}{}, nil
}

func (s *Server) postMove(r *http.Request) (any, error) {
	body, err := read[moveRequest](r)
	if err != nil {
		return nil, err
	}
	if !filepath.IsAbs(body.Into) {
		return nil, &Error{Code: Invalid, Message: fmt.Sprintf("%s is not a full path", manifest.Printable(body.Into))}
	}
	ref := r.PathValue("ref")
	if err := s.o.Engine.MoveTo(r.Context(), ref, body.Into); err != nil {
		return nil, errorOf(err, noSuch(transfers, ref))
	}
	return struct{}{}, nil
}

// all answers requests that are about everything.
func (s *Server) all(do func(context.Context) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) { return struct{}{}, do(r.Context()) }
}

// SendText sends a short text. The error has a line for each device that did not
// get it.
func (c *Client) SendText(ctx context.Context, text string, to ...identity.ID) error {
	return c.call(ctx, http.MethodPost, "/v1/texts", textRequest{Text: text, To: to}, nil)
}

// CloseMessage takes a text that was read off the list.
func (c *Client) CloseMessage(ctx context.Context, id string) error {
	return c.quick(ctx, http.MethodDelete, "/v1/messages/"+url.PathEscape(id), nil, nil)
}

// Forget takes a transfer that has ended out of the history.
func (c *Client) Forget(ctx context.Context, ref string) error {
	return c.quick(ctx, http.MethodPost, "/v1/transfers/"+url.PathEscape(ref)+"/forget", struct{}{}, nil)
}

// Retry begins again what came to nothing, and returns the share that it is then.
func (c *Client) Retry(ctx context.Context, ref string) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/transfers/"+url.PathEscape(ref)+"/retry", struct{}{})
}

// MoveTo lets a transfer to this device go on in another folder, which is absolute.
func (c *Client) MoveTo(ctx context.Context, ref, folder string) error {
	return c.call(ctx, http.MethodPost, "/v1/transfers/"+url.PathEscape(ref)+"/move", moveRequest{Into: folder}, nil)
}

// ForgetAll takes all transfers that have ended out of the history.
func (c *Client) ForgetAll(ctx context.Context) error {
	return c.quick(ctx, http.MethodPost, "/v1/all/forget", struct{}{}, nil)
}

// PauseAll stops all transfers.
func (c *Client) PauseAll(ctx context.Context) error {
	return c.quick(ctx, http.MethodPost, "/v1/all/pause", struct{}{}, nil)
}

// ResumeAll lets all paused transfers go on.
func (c *Client) ResumeAll(ctx context.Context) error {
	return c.quick(ctx, http.MethodPost, "/v1/all/resume", struct{}{}, nil)
}
