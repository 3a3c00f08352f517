package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"potluck/sharing"
)

// For as long as was said everybody finds the device, and not a moment longer,
// whatever is done in between: reading it again, a restart, another setting.
func TestOpenForAWhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		if _, err := s.Set("visible", "paired"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Set("openUntil", "10 minutes"); err != nil {
			t.Fatal(err)
		}
		seen := func(s *Store) sharing.Audience { return s.Current().SeenBy(time.Now()) }
		for range 9 {
			time.Sleep(time.Minute)
			s = open(t, path)
			if _, err := s.Set("name", "bea"); err != nil {
				t.Fatal(err)
			}
			if got := seen(s); got != sharing.AudienceEveryone {
				t.Fatalf("it is seen by %s", got)
			}
		}
		changed, stop := s.Watch()
		defer stop()
		s.Lapse(time.Now())
		select {
		case <-changed:
			t.Error("it has lapsed too early")
		default:
		}
		time.Sleep(time.Minute)
		if got := seen(s); got != sharing.AudiencePaired {
			t.Errorf("it is seen by %s after the time", got)
		}
		s.Lapse(time.Now())
		select {
		case <-changed:
		default:
			t.Error("nobody is told that it is over")
		}
		if got, _ := s.Get("openUntil"); got.Value != "no" || got.Changed {
			t.Errorf("it shows %+v", got)
		}
		again := open(t, path)
		if got := seen(again); got != sharing.AudiencePaired || len(again.Notes()) > 0 {
			t.Errorf("after a restart it is seen by %s, %q", got, again.Notes())
		}
	})
}

func TestOpenByAFlag(t *testing.T) {
	path := write(t, `{"visible": "nobody"}`)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		if err := s.Override("openUntil", "2"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(119 * time.Second)
		if got := s.Current().SeenBy(time.Now()); got != sharing.AudienceEveryone {
			t.Errorf("it is seen by %s", got)
		}
		time.Sleep(time.Second)
		if got := s.Current().SeenBy(time.Now()); got != sharing.AudienceNobody {
			t.Errorf("it is seen by %s after the time", got)
		}
	})
}

// What a file says that was edited, or written before the clock was put back, opens
// nothing for longer than can be chosen.
func TestOpenFarAway(t *testing.T) {
	path := write(t, `{"visible": "nobody", "openUntil": "2999-01-01T00:00:00Z"}`)
	s := open(t, path)
	if got := s.Current().SeenBy(time.Now()); got != sharing.AudienceNobody {
		t.Errorf("it is seen by %s", got)
	}
	if notes := strings.Join(s.Notes(), " "); !strings.Contains(notes, "openUntil") {
		t.Errorf("notes %q", notes)
	}
	if _, err := s.Set("openUntil", "no"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), "2999") {
		t.Errorf("%s, %v", text, err)
	}
	late := Settings{Visible: sharing.AudiencePaired, OpenUntil: time.Now().Add(2 * MaxOpen)}
	if late.OpenAt(time.Now()) {
		t.Error("it is open although that is further away than can be chosen")
	}
}
