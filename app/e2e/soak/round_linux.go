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
	s.finish(title, p)
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
// good one. What was paused, or stuck at a full disk, is told to go on.
func (s *swarm) finish(title string, p plan) {
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
			if why := s.unfinished(list, p, who); why != "" {
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

// unfinished says what a device still has to do, or nothing.
func (s *swarm) unfinished(list []transfer, p plan, who int) string {
	takes := slices.Contains(p.takers, who) || slices.Contains(p.joined(), who)
	if (takes || who == p.sharer) && len(list) == 0 {
		return "knows nothing of it"
	}
	for _, x := range list {
		if !x.final() {
			return "goes on"
		}
		for _, peer := range x.Peers {
			if !final(peer.State) {
				return "waits for " + peer.Name
			}
			taker := names[who]
			if who == p.sharer {
				taker = peer.Name
			}
			if left := slices.Contains(p.left(), slices.Index(names[:], taker)); peer.State != "delivered" && !left {
				return fmt.Sprintf("%s has not got it: %s", taker, peer.State)
			}
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
