package app

import (
	"context"
	"time"

	"potluck/app/settings"
	"potluck/sharing"
)

// lookAgain is how often to look whether everybody finds this device no more: a
// computer that slept does not count the time.
const lookAgain = 5 * time.Second

// follow hands every change of the settings to the device, and ends the time in
// which everybody finds it.
func follow(ctx context.Context, store *settings.Store, device interface{ SetSettings(sharing.Settings) }) error {
	changed, stop := store.Watch()
	defer stop()
	var told sharing.Settings
	for {
		now := time.Now()
		store.Lapse(now)
		current := store.Current()
		if s := engineSettings(current, now); s != told {
			device.SetSettings(s)
			told = s
		}
		var over <-chan time.Time
		if current.OpenAt(now) {
			over = time.After(min(lookAgain, current.OpenUntil.Sub(now)))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-over:
		}
	}
}
