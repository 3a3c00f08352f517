package view

import (
	"slices"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

const (
	// leftTime is how long a card stays after its device has left: nothing jumps
	// while a hand is on its way.
	leftTime = 5 * time.Second

	// maxLeft bounds how many of those who have left stay longer than that.
	maxLeft = 64

	// The time left is shown once it can be believed, and changes seldom.
	firstLeft   = 3 * time.Second
	firstPart   = 0.02
	leftChanges = 2 * time.Second
	leftGrows   = 1.2

	// stallTime is how long nothing moves before that is said.
	stallTime = 5 * time.Second

	// maxSamples bounds what the graph of speed shows.
	maxSamples = 120
)

// A Memory is what has to be known of earlier snapshots: who has just left, how
// long something has been moving. It is for one goroutine. The zero Memory
// remembers nothing.
type Memory struct {
	here  map[identity.ID]sharing.Neighbour
	left  map[identity.ID]leaver
	paces map[string]*pace
	order []identity.ID // of the cards, as they were shown last

	limits map[sharing.Direction]string // that speed is held to, as it is said

	searched map[searchedKey]searched // in the history, while it is
}

// A leaver has just left.
type leaver struct {
	sharing.Neighbour
	at time.Time
}

// A pace is how a transfer gets on.
type pace struct {
	since   time.Time // running
	moved   time.Time // last byte
	freed   bool      // this device could have been closed
	done    int64
	left    time.Duration // shown; -1 for none
	leftAt  time.Time     // when that was computed
	samples []float32     // bytes a second, one each second, oldest first
	sampled time.Time
}

// note takes in a snapshot. While somebody aims at a card, no card goes.
func (m *Memory) note(s sharing.Snapshot, aiming bool, now time.Time) {
	if m.here == nil {
		m.here, m.left, m.paces = map[identity.ID]sharing.Neighbour{}, map[identity.ID]leaver{}, map[string]*pace{}
	}
	here := make(map[identity.ID]sharing.Neighbour, len(s.Neighbours))
	for _, n := range s.Neighbours {
		here[n.ID] = n
		delete(m.left, n.ID)
	}
	for id, n := range m.here {
		if _, still := here[id]; !still {
			m.left[id] = leaver{n, now}
		}
	}
	m.here = here
	for id, l := range m.left {
		if now.Sub(l.at) >= leftTime && (!aiming || len(m.left) > maxLeft) {
			delete(m.left, id)
		}
	}
	running := make(map[string]bool, len(m.paces))
	for _, t := range s.Transfers {
		if t.State == sharing.Running {
			key := key(t)
			running[key] = true
			m.notePace(key, t, now)
		}
	}
	for key := range m.paces {
		if !running[key] {
			delete(m.paces, key)
		}
	}
}

func (m *Memory) notePace(key string, t sharing.Transfer, now time.Time) {
	done, total, rate := amounts(t)
	p := m.paces[key]
	if p == nil {
		p = &pace{since: now, moved: now, done: done, left: -1}
		m.paces[key] = p
	}
	p.freed = p.freed || t.Free
	if done != p.done {
		p.done, p.moved = done, now
	}
	if now.Sub(p.sampled) >= time.Second {
		p.samples = append(p.samples, float32(rate))
		p.samples = p.samples[max(0, len(p.samples)-maxSamples):]
		p.sampled = now
	}
	if rate <= 0 || total <= 0 || now.Sub(p.since) < firstLeft || float64(done) < firstPart*float64(total) {
		return
	}
	if p.left >= 0 && now.Sub(p.leftAt) < leftChanges {
		return
	}
	fresh := time.Duration(float64(total-done) / float64(rate) * float64(time.Second))
	aged := p.left - now.Sub(p.leftAt)
	if p.left >= 0 && fresh > aged && float64(fresh) < leftGrows*float64(max(aged, 0)) {
		fresh = max(aged, 0) // it grows only if it grows by much
	}
	p.left, p.leftAt = fresh, now
}

// amounts sums up how far a transfer is: bytes there, bytes wanted, bytes a
// second. Of several takers only those count who said yes.
func amounts(t sharing.Transfer) (done, total, rate int64) {
	for _, p := range t.Peers {
		switch p.State {
		case sharing.Running, sharing.Paused, sharing.Stuck, sharing.Finishing, sharing.Delivered:
			done, total, rate = done+has(p), total+p.Total, rate+p.Rate
		}
	}
	return done, total, rate
}

// has returns how many bytes the receiver has, those included that nobody can
// check before the rest of their piece has come.
func has(p sharing.Peer) int64 { return p.Done + p.Coming }

// key tells a transfer from all others.
func key(t sharing.Transfer) string { return string(t.Direction) + t.Share.String() }

// arrange puts the cards, which are sorted, into the order in which they are
// shown. While somebody aims at one, each stays where it is and new ones come
// last.
func (m *Memory) arrange(cards []Card, aiming bool) {
	if aiming {
		place := make(map[identity.ID]int, len(m.order))
		for i, id := range m.order {
			place[id] = i + 1
		}
		slices.SortStableFunc(cards, func(a, b Card) int {
			pa, pb := place[a.ID], place[b.ID]
			if pa == 0 || pb == 0 {
				return pb - pa // those that had no place are last
			}
			return pa - pb
		})
	}
	m.order = m.order[:0]
	for _, c := range cards {
		m.order = append(m.order, c.ID)
	}
}

// missed returns the name of somebody who left, so that this device, which could
// have been closed, is needed again; "" if it is not so.
func (m *Memory) missed(t sharing.Transfer) string {
	if p := m.paces[key(t)]; p == nil || !p.freed || t.Free {
		return ""
	}
	for _, p := range t.Peers {
		if !p.State.Final() && !p.Connected {
			return p.Name
		}
	}
	return ""
}
