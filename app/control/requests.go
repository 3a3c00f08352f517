package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/manifest"
)

// The two things that a reference can name, as people call them.
const (
	offers    = "offer"
	transfers = "transfer"
)

// noSuch is the sentence for a reference that leads nowhere.
func noSuch(kind, ref string) string {
	return fmt.Sprintf("there is no %s %s; \"potluck %[1]ss\" lists them", kind, manifest.Printable(ref))
}

func (s *Server) getSnapshot(*http.Request) (any, error) { return s.o.Engine.Snapshot(), nil }

func (s *Server) getTransfer(r *http.Request) (any, error) {
	ref := r.PathValue("share")
	list := s.o.Engine.Snapshot().Transfers
	i := slices.IndexFunc(list, func(t sharing.Transfer) bool { return t.Share.String() == ref })
	if i < 0 {
		return nil, &Error{Code: NotFound, Message: noSuch(transfers, ref)}
	}
	return list[i], nil
}

func (s *Server) postFind(r *http.Request) (any, error) {
	body, err := read[findRequest](r)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(body.Who) == "" {
		return nil, &Error{Code: Invalid, Message: "an empty name is nobody's; give a name, an ID or host:port"}
	}
	return s.find(r.Context(), body.Who, time.Duration(body.Wait*float64(time.Second)))
}

func (s *Server) postSend(r *http.Request) (any, error) {
	body, err := read[sendRequest](r)
	if err != nil {
		return nil, err
	}
	switch {
	case len(body.Paths) == 0:
		return nil, &Error{Code: Invalid, Message: "nothing was named to be sent"}
	case len(body.To) == 0:
		return nil, &Error{Code: Invalid, Message: "nobody was named to send to"}
	case slices.Contains(body.To, s.o.Engine.Snapshot().Self.ID):
		return nil, errSelf
	}
	for _, path := range body.Paths {
		if !filepath.IsAbs(path) {
			return nil, &Error{Code: Invalid, Message: fmt.Sprintf("%s is not a full path", manifest.Printable(path))}
		}
	}
	share, err := s.o.Engine.Send(r.Context(), body.Paths, body.To)
	if err != nil {
		return nil, err
	}
	return shareAnswer{share}, nil
}

func (s *Server) postAccept(r *http.Request) (any, error) {
	body, err := read[acceptRequest](r)
	if err != nil {
		return nil, err
	}
	if body.Into != "" && !filepath.IsAbs(body.Into) {
		return nil, &Error{Code: Invalid, Message: fmt.Sprintf("%s is not a full path", manifest.Printable(body.Into))}
	}
	ref := r.PathValue("ref")
	share, err := s.o.Engine.Accept(r.Context(), ref, sharing.AcceptOptions{Into: body.Into, Only: body.Only})
	if err != nil {
		return nil, errorOf(err, noSuch(offers, ref))
	}
	return shareAnswer{share}, nil
}

func (s *Server) postVerify(r *http.Request) (any, error) {
	options, err := read[sharing.VerifyOptions](r)
	if err != nil {
		return nil, err
	}
	ref := r.PathValue("ref")
	verified, err := s.o.Engine.Verify(r.Context(), ref, options)
	if err != nil {
		return nil, errorOf(err, noSuch(transfers, ref))
	}
	return verified, nil
}

func (s *Server) postWithdraw(r *http.Request) (any, error) {
	body, err := read[withdrawRequest](r)
	if err != nil {
		return nil, err
	}
	ref := r.PathValue("ref")
	share, err := s.o.Engine.Withdraw(r.Context(), ref, body.From)
	if errors.Is(err, sharing.ErrNotFound) {
		return nil, &Error{Code: NotFound, Message: fmt.Sprintf("there is no transfer %s to %s; \"potluck transfers\" lists them", manifest.Printable(ref), body.From.Short())}
	}
	if err != nil {
		return nil, err
	}
	return shareAnswer{share}, nil
}

// change answers requests that name an offer or a transfer and say no more.
func (s *Server) change(kind string, do func(context.Context, string) (sharing.ShareID, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		ref := r.PathValue("ref")
		share, err := do(r.Context(), ref)
		if err != nil {
			return nil, errorOf(err, noSuch(kind, ref))
		}
		return shareAnswer{share}, nil
	}
}

func (s *Server) getSettings(*http.Request) (any, error) { return s.o.Settings.List(), nil }

func (s *Server) getSetting(r *http.Request) (any, error) {
	return s.o.Settings.Get(r.PathValue("key"))
}

func (s *Server) putSetting(r *http.Request) (any, error) {
	body, err := read[settingRequest](r)
	if err != nil {
		return nil, err
	}
	return s.o.Settings.Set(r.PathValue("key"), body.Value)
}

func (s *Server) deleteSetting(r *http.Request) (any, error) {
	return s.o.Settings.Reset(r.PathValue("key"))
}
