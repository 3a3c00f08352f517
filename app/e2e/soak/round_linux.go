package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"potluck/app/e2e/lab"
)

// heals is how long it may take until all have what they want, after everything
// was mended: a promise to nobody, only an end.
const heals = 4 * time.Minute

// round does what the plan says, mends everything and checks what must hold.
func (s *swarm) round(number int, p plan) {
	title := fmt.Sprintf("round %d", number)
	folder := lab.Folder(s.t, "source")
	source := filepath.Join(folder, title)
	if p.files > 0 {
		lab.Many(s.t, source, p.files, p.size)
	} else {
		lab.File(s.t, source, p.size)
	}
	s.offer(p.sharer, source, p.takers)

	begun := time.Now()
	for _, st := range p.steps {
		time.Sleep(time.Until(begun.Add(st.at))) // the times are part of the plan
		if st.do == join {
			// To be offered something, one must be seen.
			s.mend(p.sharer)
			s.mend(st.who)
			s.offer(p.sharer, source, []int{st.who})
			s.t.Logf("%s", st)
			continue
		}
		s.t.Logf("%s", s.do(st, title))
	}
	for who := range s.members {
		s.mend(who)
	}
	s.finish(title, source, p)
	s.check(title, source, p)

	for _, m := range s.members {
		if err := os.RemoveAll(filepath.Join(m.Downloads, title)); err != nil {
			s.t.Fatalf("%v", err)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		s.t.Fatalf("%v", err)
	}
}

// finish waits until everybody has come to an end, those who did not leave to a
// good one. What was paused, or stuck at a full disk, is told to go on, and who
// had no room for it in the beginning is offered it again.
func (s *swarm) finish(title, source string, p plan) {
	again := make(map[int]bool) // who was
	var open string
	done := func() bool {
		open = ""
		for who, m := range s.members {
			list := m.transfers(s.t, title)
			for _, x := range list {
				if x.State == "paused" || x.State == "stuck" {
					m.Run(s.t, "resume", x.Share)
				}
			}
			why := unfinished(list, p, who)
			if why == noRoom && !again[who] {
				again[who] = true
				s.offer(p.sharer, source, []int{who})
			}
			if why != "" {
				open += fmt.Sprintf("\n%s: %s: %+v", m.Name, why, list)
			}
		}
		return open == ""
	}
	deadline := time.Now().Add(heals)
	for !done() {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s has not come to an end after %v:%s", title, heals, open)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

const noRoom = "had no room for it"

// unfinished says what a device still has to do, or nothing.
func unfinished(list []transfer, p plan, who int) string {
	has := make(map[string]bool) // whom this device knows to have it, by name
	for _, x := range list {
		for _, peer := range x.Peers {
			if !final(x.State) || !final(peer.State) {
				return "goes on with " + peer.Name
			}
			taker := peer.Name
			if x.Direction == "receiving" {
				taker = names[who]
			}
			has[taker] = has[taker] || peer.State == "delivered"
		}
	}
	for _, taker := range slices.Concat(p.takers, p.joined()) {
		switch {
		case has[names[taker]] || slices.Contains(p.left(), taker) || taker != who && who != p.sharer:
		case taker == who && len(list) > 0 && slices.Contains(p.who(fill), who):
			return noRoom
		default:
			return names[taker] + " has not got it"
		}
	}
	return ""
}

// check fails t unless everything is as it should be after a round.
func (s *swarm) check(title, source string, p plan) {
	for who, m := range s.members {
		has := false
		for _, x := range m.transfers(s.t, title) {
			has = has || x.Direction == "receiving" && x.State == "delivered"
		}
		there := []string{mine}
		if has {
			there = append(there, title)
			lab.Same(s.t, source, filepath.Join(m.Downloads, title))
		}
		lab.Names(s.t, m.Downloads, there...)
		lab.Names(s.t, m.disk, "downloads")
		for _, place := range []string{m.Downloads, m.Home} {
			lab.Same(s.t, s.mine, filepath.Join(place, mine))
		}
		for _, bad := range m.Trouble(s.t) {
			s.t.Errorf("%s has said %q", m.Name, bad)
		}
		if s.t.Failed() {
			s.t.Fatalf("%s is not as it should be (%s)", m.Name, names[who])
		}
	}
}

// calm waits until all see each other again, and none holds more than at rest.
func (s *swarm) calm() {
	s.meet()
	for _, m := range s.members {
		s.calmOne(m)
	}
}

// calmOne waits until the device holds no more than at rest. Threads stay once
// they were needed, and are few all the same.
func (s *swarm) calmOne(m *member) {
	const slack, threads = 6, 64
	var now level
	deadline := time.Now().Add(time.Minute)
	for now = m.level(s.t); now.open > m.rest.open+slack || now.ports > m.rest.ports+slack; now = m.level(s.t) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s holds %+v, and at rest it was %+v: %q\n%+v", m.Name, now, m.rest, m.Descriptors(s.t), m.Host.Connections(s.t))
		}
		time.Sleep(100 * time.Millisecond)
	}
	if now.threads > threads {
		s.t.Errorf("%s has %d threads", m.Name, now.threads)
	}
}
