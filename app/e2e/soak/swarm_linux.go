package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"potluck/app/e2e/lab"
)

const (
	// rate is that of every host's link: slow enough for a share to last as long
	// as what is done to it.
	rate = "100mbit"

	// disk is how much fits where files arrive.
	disk = 160 << 20
)

// A swarm is the devices, and what was done to them.
type swarm struct {
	t       lab.T
	members [hosts]*member
	mine    string // what every member's own files are like
	moves   int    // addresses given so far
}

// A member is one device with its host, as the lab left it.
type member struct {
	*lab.Device
	disk   string // where its downloads are, and nothing else of it
	frozen bool
	rest   level
}

// A level is what a device holds open when nothing goes on.
type level struct{ open, ports, threads int }

// mine is the name of the files that are there already, where others arrive.
const mine = "my own files"

// gather starts all devices, and waits until all see each other.
func gather(t lab.T) *swarm {
	lan := lab.New(t, lab.Options{Hosts: hosts, Rate: rate})
	s := &swarm{t: t, mine: filepath.Join(lab.Folder(t, "own"), mine)}
	lab.Many(t, s.mine, 20, 2000)
	for i := range s.members {
		m := &member{disk: lab.Disk(t, disk)}
		if i == liar {
			m.Device = lan.Host(i+1).Liar(t, names[i], "--accept", "everyone")
		} else {
			m.Device = lan.Host(i+1).Device(t, names[i], "--accept", "everyone")
		}
		m.Downloads = filepath.Join(m.disk, "downloads")
		for _, place := range []string{m.Downloads, m.Home} {
			lab.Many(t, filepath.Join(place, mine), 20, 2000)
		}
		m.Start(t)
		s.members[i] = m
	}
	s.meet()
	return s
}

// meet waits until all see each other.
func (s *swarm) meet() {
	for _, m := range s.members {
		lab.Eventually(s.t, 2*time.Minute, m.Name+" sees all others", func() bool {
			return len(m.Run(s.t, "neighbours", "--json").Objects()) >= hosts-1
		})
	}
}

// settle remembers what the devices hold open at rest.
func (s *swarm) settle() {
	for _, m := range s.members {
		m.rest = m.level(s.t)
	}
}

func (m *member) level(t lab.T) level {
	return level{len(m.Descriptors(t)), m.Host.Ports(t), m.Threads(t)}
}

// do does one step of a plan, and says what it did.
func (s *swarm) do(st step, round string) string {
	m := s.members[st.who]
	alive := m.Running() && !m.frozen
	said := st.String()
	switch {
	case st.do == kill && m.Running():
		m.Kill(s.t)
		m.frozen = false
	case st.do == quit && alive:
		m.Stop(s.t)
	case st.do == start && !m.Running():
		m.Start(s.t)
	case st.do == freeze && alive:
		m.Freeze(s.t)
		m.frozen = true
	case st.do == thaw && m.frozen:
		m.Thaw(s.t)
		m.frozen = false
	case st.do == cut:
		m.Host.Cut(s.t)
	case st.do == mend:
		m.Host.Mend(s.t)
	case st.do == lose:
		m.Host.Lose(s.t)
	case st.do == find:
		m.Host.Find(s.t)
	case st.do == move:
		s.moves++
		m.Host.Move(s.t, fmt.Sprintf("10.77.0.%d", 20+s.moves%200))
	case st.do == fill:
		fillUp(s.t, m.hog())
	case st.do == empty:
		m.empty(s.t)
	case (st.do == pause || st.do == resume || st.do == leave) && alive:
		did := 0
		for _, x := range m.transfers(s.t, round) {
			if !x.final() {
				m.Run(s.t, map[deed]string{pause: "pause", resume: "resume", leave: "cancel"}[st.do], x.Share)
				did++
			}
		}
		if did == 0 {
			said += " (nothing was going on)"
		}
	default:
		said += " (could not be)"
	}
	return said
}

// mend undoes all that was done to a device, and what it did.
func (s *swarm) mend(who int) {
	m := s.members[who]
	m.Host.Mend(s.t)
	m.Host.Find(s.t)
	m.empty(s.t)
	if m.frozen {
		m.Thaw(s.t)
		m.frozen = false
	}
	if !m.Running() {
		m.Start(s.t)
	}
}

// hog is a file of somebody else on the disk where files arrive.
func (m *member) hog() string { return filepath.Join(m.disk, "hog") }

func (m *member) empty(t lab.T) {
	if err := os.RemoveAll(m.hog()); err != nil {
		t.Fatalf("%v", err)
	}
}

// fillUp writes to path until the disk is full.
func fillUp(t lab.T, path string) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	for block := make([]byte, 1<<20); err == nil; {
		_, err = f.Write(block)
	}
}

// slowOffer is how long it may take to find who is offered something before that is told.
const slowOffer = 5 * time.Second

// offer has the sharer offer the source to some, and returns when it has.
func (s *swarm) offer(sharer int, source string, to []int) {
	m, args := s.members[sharer], []string{"send", source, "--wait", "2m"}
	var missing []string
	for _, who := range to {
		args = append(args, "--to", names[who])
		missing = append(missing, names[who])
	}
	begun, sending := time.Now(), m.Begin(s.t, args...)
	lab.Eventually(s.t, 3*time.Minute, fmt.Sprintf("%s offers to %v", m.Name, missing), func() bool {
		for _, x := range m.transfers(s.t, filepath.Base(source)) {
			for _, p := range x.Peers {
				missing = slices.DeleteFunc(missing, func(name string) bool { return name == p.Name })
			}
		}
		return len(missing) == 0 || sending.Ended()
	})
	if took := time.Since(begun); took > slowOffer {
		s.t.Logf("%s offers to %v only after %v", m.Name, to, took.Round(100*time.Millisecond))
	}
	sending.Signal(os.Interrupt) // the offer stays
	r := sending.Wait(s.t, time.Minute)
	if len(missing) > 0 {
		s.t.Fatalf("%s did not offer to %v: %s\n%s%s", m.Name, missing, r.How, r.Out, r.Err)
	}
}

// A transfer is what is looked at of what `potluck transfers` prints.
type transfer struct {
	Share, Direction, Title, State, Error string
	Peers                                 []struct {
		Name, State, Error string
		Done, Total        int64
	}
}

func (x transfer) final() bool { return final(x.State) }

func final(state string) bool {
	return slices.Contains([]string{"delivered", "declined", "cancelled", "withdrawn", "failed"}, state)
}

// transfers returns those of the device with that title.
func (m *member) transfers(t lab.T, title string) []transfer {
	var list []transfer
	for _, o := range m.OK(t, "transfers", "--json").Objects() {
		var x transfer
		if o.Into(t, &x); x.Title == title {
			list = append(list, x)
		}
	}
	return list
}
