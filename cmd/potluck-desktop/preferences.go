package main

import (
	"context"
	"log/slog"

	"potluck/app/login"
	"potluck/app/settings"
	"potluck/ui"
)

// preferences are the settings as the window has them.
type preferences struct{ store *settings.Store }

var _ ui.Preferences = preferences{}

// Values implements [ui.Preferences].
func (p preferences) Values() map[string]string {
	values := map[string]string{}
	for _, s := range p.store.List() {
		values[s.Key] = s.Value
	}
	return values
}

// Set implements [ui.Preferences].
func (p preferences) Set(key, value string) error {
	_, err := p.store.Set(key, value)
	return err
}

// ResetAll implements [ui.Preferences].
func (p preferences) ResetAll() error { return p.store.ResetAll() }

// Watch implements [ui.Preferences].
func (p preferences) Watch() (<-chan struct{}, func()) { return p.store.Watch() }

// keepLogin has Potluck started at login whenever the person wants that, until ctx
// is done.
func keepLogin(ctx context.Context, store *settings.Store, log *slog.Logger) {
	changed, stop := store.Watch()
	defer stop()
	self, err := login.Self(appID, "Potluck", "--hidden")
	if err != nil {
		log.Error("starting at login", "err", err)
		return
	}
	for was := false; ; {
		if on := store.Current().StartAtLogin; on != was {
			was = on
			if err := login.Set(self, on); err != nil {
				log.Error("starting at login", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}
