package app

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"potluck/app/settings"
	"potluck/sharing"
)

// heard is a device that notes by whom it is to be seen.
type heard struct {
	mu  sync.Mutex
	all []sharing.Audience
}

func (h *heard) SetSettings(s sharing.Settings) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, s.Visible)
}

func (h *heard) by() []sharing.Audience {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// The device is told when the time is over in which everybody finds it, and nothing
// while nothing has changed.
func TestOpenEndsByItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	synctest.Test(t, func(t *testing.T) {
		store, err := settings.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		set := func(key, value string) {
			t.Helper()
			if _, err := store.Set(key, value); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		set("visible", "paired")
		ctx, cancel := context.WithCancel(context.Background())
		var device heard
		ended := make(chan error, 1)
		go func() { ended <- follow(ctx, store, &device) }()
		synctest.Wait()
		set("openUntil", "10")
		time.Sleep(10*time.Minute - time.Second)
		synctest.Wait()
		if n := len(device.by()); n != 2 || device.by()[1] != sharing.AudienceEveryone {
			t.Errorf("the device was told %v", device.by())
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(device.by()); n != 3 || device.by()[2] != sharing.AudiencePaired {
			t.Errorf("after the time the device was told %v", device.by())
		}
		set("openUntil", "5")
		set("openUntil", "no")
		if n := len(device.by()); n != 5 || device.by()[4] != sharing.AudiencePaired {
			t.Errorf("ended by hand, the device was told %v", device.by())
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
