package control

import (
	"context"

	"potluck/app/settings"
	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// An Engine is as much of a device as can be commanded from outside. Its
// methods are those of [sharing.Device], and are called from any goroutine.
type Engine interface {
	Snapshot() sharing.Snapshot
	Watch() (<-chan struct{}, func())
	Subscribe() (<-chan sharing.Event, func())

	Find(who string) (identity.ID, error)
	Reach(ctx context.Context, addr string) (identity.ID, error)

	Send(ctx context.Context, paths []string, to []identity.ID) (sharing.ShareID, error)
	Accept(ctx context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error)
	Decline(ctx context.Context, ref string) (sharing.ShareID, error)
	Pause(ctx context.Context, ref string) (sharing.ShareID, error)
	Resume(ctx context.Context, ref string) (sharing.ShareID, error)
	Cancel(ctx context.Context, ref string) (sharing.ShareID, error)
	Withdraw(ctx context.Context, ref string, id identity.ID) (sharing.ShareID, error)
	Verify(ctx context.Context, ref string, o sharing.VerifyOptions) (sharing.Verified, error)
	Contents(ctx context.Context, ref string) (*manifest.Manifest, error)
	Retry(ctx context.Context, ref string) (sharing.ShareID, error)
	MoveTo(ctx context.Context, ref, folder string) error
	Forget(ctx context.Context, ref string) error
	ForgetAll(ctx context.Context) error
	PauseAll(ctx context.Context) error
	ResumeAll(ctx context.Context) error

	SendText(ctx context.Context, text string, to []identity.ID) error
	CloseMessage(ctx context.Context, id string) error

	Pair(ctx context.Context, id identity.ID) error
	AnswerPairing(ctx context.Context, id identity.ID, same bool) error
	CancelPairing(ctx context.Context, id identity.ID) error
	Unpair(ctx context.Context, id identity.ID) error
	SetAlias(ctx context.Context, id identity.ID, alias string) error
	SetTrusted(ctx context.Context, id identity.ID, on bool) error
	Block(id identity.ID)
	Unblock(id identity.ID)
}

// Settings are what people may change from outside, as [settings.Store] has it.
type Settings interface {
	List() []settings.Setting
	Get(key string) (settings.Setting, error)
	Set(key, value string) (settings.Setting, error)
	Reset(key string) (settings.Setting, error)
}

var _ Settings = (*settings.Store)(nil)

// A Version says what runs, and since when.
type Version struct {
	Version string  `json:"version"`
	Passing bool    `json:"passing"` // it runs for one command alone, and gives way to one that is to stay
	PID     int     `json:"pid"`
	Up      float64 `json:"up"` // seconds
}

// The bodies of requests.
type (
	findRequest struct {
		Who  string  `json:"who"`
		Wait float64 `json:"wait"` // seconds
	}
	sendRequest struct {
		Paths []string      `json:"paths"` // absolute
		To    []identity.ID `json:"to"`
	}
	acceptRequest struct {
		Into string   `json:"into,omitempty"` // absolute; empty means the download folder
		Only []string `json:"only,omitempty"`
	}
	withdrawRequest struct {
		From identity.ID `json:"from"`
	}
	settingRequest struct {
		Value string `json:"value"`
	}
)

// A shareAnswer names the share that a request was about.
type shareAnswer struct {
	Share sharing.ShareID `json:"share"`
}
