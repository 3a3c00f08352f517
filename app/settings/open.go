package settings

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
)

// MaxOpen is how long everybody may find a device that is found by fewer
// otherwise.
const MaxOpen = time.Hour

// OpenAt reports whether everybody finds this device at that time because of
// OpenUntil. Should the clock of the computer be put back, it is over when as much
// time has passed as was said; should the computer have slept, when the clock says
// so.
func (s Settings) OpenAt(now time.Time) bool {
	until, clock := s.OpenUntil.Round(0), now.Round(0) // without what counts the time that passes
	return now.Before(s.OpenUntil) && clock.Before(until) && until.Sub(clock) <= MaxOpen
}

// SeenBy returns who finds this device at that time.
func (s Settings) SeenBy(now time.Time) sharing.Audience {
	if s.OpenAt(now) {
		return sharing.AudienceEveryone
	}
	return s.Visible
}

// Lapse forgets OpenUntil when it is over, and signals that. The file may say it
// longer: what is over is not read from it.
func (s *Store) Lapse(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.currentLocked(); c.OpenUntil.IsZero() || c.OpenAt(now) {
		return
	}
	s.saved.OpenUntil = time.Time{}
	delete(s.overrides, "openUntil")
	s.signalLocked()
}

func openText(s *Settings) string {
	if s.OpenUntil.IsZero() {
		return "no"
	}
	return s.OpenUntil.Local().Format(time.RFC3339)
}

// setOpenUntil reads minutes from now on, or a time. One that is over is none.
func setOpenUntil(s *Settings, v string) error {
	now := time.Now()
	text := strings.ToLower(strings.TrimSpace(v))
	until, err := time.Parse(time.RFC3339, strings.TrimSpace(v))
	switch {
	case text == "no" || text == "off" || text == "0":
		until = time.Time{}
	case err != nil:
		minutes, err := strconv.Atoi(strings.TrimSpace(strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")))
		if err != nil || minutes < 0 || minutes > int(MaxOpen/time.Minute) {
			return fmt.Errorf("%q says not until when; it must be a number of minutes from 1 to %d, a time such as %s, or no",
				v, int(MaxOpen/time.Minute), now.Add(10*time.Minute).Format(time.RFC3339))
		}
		until = now.Add(time.Duration(minutes) * time.Minute)
	case until.Sub(now) > MaxOpen:
		return fmt.Errorf("%q is more than %d minutes from now, which is the most", v, int(MaxOpen/time.Minute))
	}
	if !until.After(now) {
		until = time.Time{}
	}
	s.OpenUntil = until
	return nil
}
