package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"potluck/app/instance"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// maxAnswer bounds what is read of one answer.
const maxAnswer = 256 << 20

// A Client commands the device on one state folder. Its methods are safe to
// call from any goroutine. Their errors are an [*Error] when the device said no,
// [instance.ErrNotRunning] when there is none (any more), and others when the
// conversation broke.
type Client struct {
	http *http.Client
}

// NewClient returns a Client that reaches its device by dial. It opens no
// connection yet.
func NewClient(dial func(context.Context) (net.Conn, error)) *Client {
	return &Client{http: &http.Client{
		Transport: &http.Transport{
			DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
			DisableCompression: true,
			MaxIdleConns:       4,
			IdleConnTimeout:    time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Connect returns a Client of the device that runs on the state folder, after it
// has answered once. The error is [instance.ErrNotRunning] if there is none.
func Connect(ctx context.Context, folder string) (*Client, error) {
	c := NewClient(func(ctx context.Context) (net.Conn, error) { return instance.Dial(ctx, folder) })
	ctx, cancel := context.WithTimeout(ctx, quickTimeout)
	defer cancel()
	if _, err := c.Version(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close closes the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Version returns what runs.
func (c *Client) Version(ctx context.Context) (v Version, err error) {
	err = c.quick(ctx, http.MethodGet, "/v1/version", nil, &v)
	return v, err
}

// Snapshot returns all that can be seen of the device.
func (c *Client) Snapshot(ctx context.Context) (s sharing.Snapshot, err error) {
	err = c.quick(ctx, http.MethodGet, "/v1/snapshot", nil, &s)
	return s, err
}

// Transfer returns one transfer. The error's code is [NotFound] if there is none
// of that share.
func (c *Client) Transfer(ctx context.Context, share sharing.ShareID) (t sharing.Transfer, err error) {
	err = c.quick(ctx, http.MethodGet, "/v1/transfers/"+share.String(), nil, &t)
	return t, err
}

// Find returns the neighbour that who means: a name, an ID or its beginning, or
// host:port. It waits that long for one to be there. The error's code is
// [Absent], [Ambiguous], or [Self].
func (c *Client) Find(ctx context.Context, who string, wait time.Duration) (n sharing.Neighbour, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/find", findRequest{Who: who, Wait: wait.Seconds()}, &n)
	return n, err
}

// Send offers files and folders, given by absolute paths, to neighbours. It
// returns when the folders have been walked, which may take a while.
func (c *Client) Send(ctx context.Context, paths []string, to ...identity.ID) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/send", sendRequest{Paths: paths, To: to})
}

// Accept says yes to the offer whose ID begins with ref. Into, if not empty, is
// absolute.
func (c *Client) Accept(ctx context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/offers/"+url.PathEscape(ref)+"/accept", acceptRequest{Into: o.Into, Only: o.Only})
}

// Decline says no to an offer.
func (c *Client) Decline(ctx context.Context, ref string) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/offers/"+url.PathEscape(ref)+"/decline", struct{}{})
}

// Pause stops a transfer until [Client.Resume].
func (c *Client) Pause(ctx context.Context, ref string) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/transfers/"+url.PathEscape(ref)+"/pause", struct{}{})
}

// Resume lets a paused transfer go on.
func (c *Client) Resume(ctx context.Context, ref string) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/transfers/"+url.PathEscape(ref)+"/resume", struct{}{})
}

// Cancel ends a transfer: as the receiver it is given up, as the sharer the
// share is withdrawn.
func (c *Client) Cancel(ctx context.Context, ref string) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/transfers/"+url.PathEscape(ref)+"/cancel", struct{}{})
}

// Withdraw ends a transfer from here for one of those whom it was offered to.
func (c *Client) Withdraw(ctx context.Context, ref string, from identity.ID) (sharing.ShareID, error) {
	return c.share(ctx, "/v1/transfers/"+url.PathEscape(ref)+"/withdraw", withdrawRequest{from})
}

// Verify reads a received share again, compares it with what was sent, and mends
// what is damaged or missing. It is given up when ctx is done.
func (c *Client) Verify(ctx context.Context, ref string, o sharing.VerifyOptions) (v sharing.Verified, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/transfers/"+url.PathEscape(ref)+"/verify", o, &v)
	return v, err
}

// Settings returns every setting.
func (c *Client) Settings(ctx context.Context) (list []settings.Setting, err error) {
	err = c.quick(ctx, http.MethodGet, "/v1/settings", nil, &list)
	return list, err
}

// Setting returns one setting.
func (c *Client) Setting(ctx context.Context, key string) (s settings.Setting, err error) {
	err = c.quick(ctx, http.MethodGet, "/v1/settings/"+url.PathEscape(key), nil, &s)
	return s, err
}

// Set changes a setting, and returns it as it is then.
func (c *Client) Set(ctx context.Context, key, value string) (s settings.Setting, err error) {
	err = c.quick(ctx, http.MethodPut, "/v1/settings/"+url.PathEscape(key), settingRequest{Value: value}, &s)
	return s, err
}

// Reset brings a setting back to its default, and returns it.
func (c *Client) Reset(ctx context.Context, key string) (s settings.Setting, err error) {
	err = c.quick(ctx, http.MethodDelete, "/v1/settings/"+url.PathEscape(key), nil, &s)
	return s, err
}

// Stop asks the device to stop. It returns when that has begun.
func (c *Client) Stop(ctx context.Context) error {
	return c.quick(ctx, http.MethodPost, "/v1/stop", struct{}{}, nil)
}

func (c *Client) share(ctx context.Context, path string, body any) (sharing.ShareID, error) {
	var answer shareAnswer
	err := c.call(ctx, http.MethodPost, path, body, &answer)
	return answer.Share, err
}

// quick is call with a deadline.
func (c *Client) quick(ctx context.Context, method, path string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, quickTimeout)
	defer cancel()
	return c.call(ctx, method, path, body, answer)
}

// call sends one request and decodes the answer, unless that is nil.
func (c *Client) call(ctx context.Context, method, path string, body, answer any) error {
	response, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if answer == nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return broken(ctx, err)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("the answer of the running Potluck: %w", err)
	}
	return nil
}

// do returns the answer to a request if it is a good one; its body is to be
// closed.
func (c *Client) do(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://potluck"+path, text)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, broken(ctx, err)
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	said := &Error{}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(said); err != nil || said.Code == "" {
		return nil, fmt.Errorf("the running Potluck does not know this command (%s); it may be of another version", response.Status)
	}
	return nil, said
}

// broken says why a request has not been answered.
func broken(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, instance.ErrNotRunning):
		return instance.ErrNotRunning
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Errorf("%w: %w", errStoppedMidway, err)
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // "Get http://potluck/…" means nothing to anybody
	}
	return fmt.Errorf("the running Potluck could not be asked: %w", err)
}
