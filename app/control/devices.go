package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// What is known of other devices, and said of them. Each request names its device
// by the whole ID; POST /v1/known finds that for what people type.

type (
	knownRequest struct {
		Who string `json:"who"`
	}
	pairAnswer struct {
		Same bool `json:"same"`
	}
	aliasRequest struct {
		Alias string `json:"alias"`
	}
	trustedRequest struct {
		On bool `json:"on"`
	}
)

// postKnown returns the device that somebody means, whether it is here or not.
func (s *Server) postKnown(r *http.Request) (any, error) {
	body, err := read[knownRequest](r)
	if err != nil {
		return nil, err
	}
	who := strings.TrimSpace(body.Who)
	if who == "" {
		return nil, &Error{Code: Invalid, Message: "an empty name is nobody's; give a name or an ID"}
	}
	snapshot := s.o.Engine.Snapshot()
	id, err := s.o.Engine.Find(who)
	switch {
	case errors.Is(err, sharing.ErrNotFound) && meansSelf(snapshot.Self, who), err == nil && id == snapshot.Self.ID:
		return nil, errSelf
	case err != nil:
		return nil, errorOf(err, noSuchDevice(who))
	}
	i := slices.IndexFunc(snapshot.Known, func(k sharing.KnownDevice) bool { return k.ID == id })
	if i < 0 {
		return nil, &Error{Code: NotFound, Message: noSuchDevice(who)}
	}
	return snapshot.Known[i], nil
}

func noSuchDevice(who string) string {
	return fmt.Sprintf("no device called %s is known here; \"potluck neighbours --all\" lists them", manifest.Printable(who))
}

// device answers a request that names a device.
func (s *Server) device(do func(*http.Request, identity.ID) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		id, err := identity.ParseID(r.PathValue("id"))
		switch {
		case err != nil:
			return nil, &Error{Code: Invalid, Message: err.Error()}
		case id == s.o.Engine.Snapshot().Self.ID:
			return nil, errSelf
		}
		if err := do(r, id); err != nil {
			return nil, errorOf(err, noSuchDevice(id.Short()))
		}
		return struct{}{}, nil
	}
}

// simply makes such an answer of a method that needs no more than the ID.
func simply(do func(context.Context, identity.ID) error) func(*http.Request, identity.ID) error {
	return func(r *http.Request, id identity.ID) error { return do(r.Context(), id) }
}

// with is the same for a method that needs a body.
func with[T any](do func(ctx context.Context, id identity.ID, body T) error) func(*http.Request, identity.ID) error {
	return func(r *http.Request, id identity.ID) error {
		body, err := read[T](r)
		if err != nil {
			return err
		}
		return do(r.Context(), id, body)
	}
}

// deviceRoutes are all requests of this kind.
func (s *Server) deviceRoutes(quick func(pattern string, f func(*http.Request) (any, error))) {
	e := s.o.Engine
	quick("POST /v1/known", s.postKnown)
	for pattern, do := range map[string]func(*http.Request, identity.ID) error{
		"POST /v1/devices/{id}/pair":   simply(e.Pair),
		"POST /v1/devices/{id}/cancel": simply(e.CancelPairing),
		"POST /v1/devices/{id}/unpair": simply(e.Unpair),
		"POST /v1/devices/{id}/block":  simply(func(_ context.Context, id identity.ID) error { e.Block(id); return nil }),
		"POST /v1/devices/{id}/unblock": simply(func(_ context.Context, id identity.ID) error {
			e.Unblock(id)
			return nil
		}),
		"POST /v1/devices/{id}/answer": with(func(ctx context.Context, id identity.ID, b pairAnswer) error {
			return e.AnswerPairing(ctx, id, b.Same)
		}),
		"PUT /v1/devices/{id}/alias": with(func(ctx context.Context, id identity.ID, b aliasRequest) error {
			return e.SetAlias(ctx, id, b.Alias)
		}),
		"PUT /v1/devices/{id}/trusted": with(func(ctx context.Context, id identity.ID, b trustedRequest) error {
			return e.SetTrusted(ctx, id, b.On)
		}),
	} {
		quick(pattern, s.device(do))
	}
}

// Known returns the device that who means among those that are here or were met
// before: a name, what the person here calls it, or an ID or its beginning. The
// error's code is [NotFound], [Ambiguous] or [Self].
func (c *Client) Known(ctx context.Context, who string) (k sharing.KnownDevice, err error) {
	err = c.quick(ctx, http.MethodPost, "/v1/known", knownRequest{who}, &k)
	return k, err
}

// Pair begins to pair with a neighbour, or goes on with that if it has begun. How
// far it is stands in the snapshot.
func (c *Client) Pair(ctx context.Context, id identity.ID) error {
	return c.ofDevice(ctx, http.MethodPost, id, "pair", struct{}{})
}

// AnswerPairing says whether both screens show the same.
func (c *Client) AnswerPairing(ctx context.Context, id identity.ID, same bool) error {
	return c.ofDevice(ctx, http.MethodPost, id, "answer", pairAnswer{same})
}

// CancelPairing ends a pairing, and clears away one that is over.
func (c *Client) CancelPairing(ctx context.Context, id identity.ID) error {
	return c.ofDevice(ctx, http.MethodPost, id, "cancel", struct{}{})
}

// Unpair forgets that a device was paired.
func (c *Client) Unpair(ctx context.Context, id identity.ID) error {
	return c.ofDevice(ctx, http.MethodPost, id, "unpair", struct{}{})
}

// Block refuses a device from now on.
func (c *Client) Block(ctx context.Context, id identity.ID) error {
	return c.ofDevice(ctx, http.MethodPost, id, "block", struct{}{})
}

// Unblock lets a device talk to this one again.
func (c *Client) Unblock(ctx context.Context, id identity.ID) error {
	return c.ofDevice(ctx, http.MethodPost, id, "unblock", struct{}{})
}

// SetAlias gives a device a name that counts here alone; empty takes it away.
func (c *Client) SetAlias(ctx context.Context, id identity.ID, alias string) error {
	return c.ofDevice(ctx, http.MethodPut, id, "alias", aliasRequest{alias})
}

// SetTrusted lets the offers of a paired device be accepted without asking, or
// not any more.
func (c *Client) SetTrusted(ctx context.Context, id identity.ID, on bool) error {
	return c.ofDevice(ctx, http.MethodPut, id, "trusted", trustedRequest{on})
}

func (c *Client) ofDevice(ctx context.Context, method string, id identity.ID, what string, body any) error {
	return c.quick(ctx, method, "/v1/devices/"+id.String()+"/"+what, body, nil)
}
