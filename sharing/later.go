package sharing

import (
	"errors"
	"slices"
	"time"

	"potluck/sharing/identity"
)

// roomRetry is the longest time until a device is asked again that has no room.
const roomRetry = 10 * time.Second

// A later says when a letter is tried again.
type later struct {
	version int
	wait    time.Duration
	at      time.Time
}

// errLater is what comes of a letter to a device that has too much of the kind already,
// or has yet to hear who we are.
var errLater = errors.New("it takes no more of this just now")

// postpone has a letter wait, longer each time, since a device that has no room is not
// to be asked twice a second for days.
func (d *Device) postpone(l *link, m letter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	last := l.later[m.subject()]
	if last.version != m.version {
		last = later{version: m.version}
	}
	last.wait = min(max(2*last.wait, tellRetry), roomRetry)
	last.at = time.Now().Add(last.wait)
	if l.later == nil {
		l.later = make(map[subject]later)
	}
	l.later[m.subject()] = last
}

// arrived lets go of what was noted of a letter that had to wait.
func (d *Device) arrived(l *link, m letter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(l.later, m.subject())
}

// nextLater returns when the next letter is to be tried again that had to wait.
func (d *Device) nextLater(l *link) (next time.Time, waits bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range l.later {
		if !waits || m.at.Before(next) {
			next, waits = m.at, true
		}
	}
	return next, waits
}

// hasRoomLocked has a device be asked at once for what it had no room for, since
// something has come to an end there.
func (d *Device) hasRoomLocked(id identity.ID) {
	if l := d.links[id]; l != nil && len(l.later) > 0 {
		l.later = nil
		d.kickLocked(id)
	}
}

// dueLocked returns those of the letters that do not have to wait.
func (l *link) dueLocked(list []letter) []letter {
	if len(l.later) == 0 {
		return list
	}
	now, waiting := time.Now(), make(map[subject]later)
	due := slices.DeleteFunc(list, func(m letter) bool {
		wait, waits := l.later[m.subject()]
		if waits && wait.version == m.version {
			waiting[m.subject()] = wait
			return now.Before(wait.at)
		}
		return false
	})
	l.later = waiting // without those of which there is nothing to tell any more
	return due
}
