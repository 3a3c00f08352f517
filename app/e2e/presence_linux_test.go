package e2e_test

import (
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Who comes is seen within a second, who goes is gone within two. These are
// promises to people, so they are measured; the best of three tries counts,
// since the machine may be busy with something else.

const (
	toBeSeen = time.Second
	toBeGone = 2 * time.Second
)

func TestComingAndGoing(t *testing.T) {
	network := lab.New(t, lab.Options{Hosts: 2})
	anna := network.Host(1).Device(t, "anna").Start(t)
	ben := network.Host(2).Device(t, "ben")

	coming, stopped, killed := time.Hour, time.Hour, time.Hour
	for range 3 {
		coming = min(coming, until(t, anna, "true", func() { ben.Start(t) }))
		stopped = min(stopped, until(t, anna, "false", func() { ben.Stop(t) }))
		ben.Start(t)
		sees(t, anna, "ben")
		killed = min(killed, until(t, anna, "false", func() { ben.Kill(t) }))
	}
	t.Logf("seen after %v; gone %v after a stop, %v after a kill", coming, stopped, killed)
	for what, m := range map[string]struct{ took, limit time.Duration }{
		"a device that starts": {coming, toBeSeen},
		"a device that stops":  {stopped, toBeGone},
		"a killed device":      {killed, toBeGone},
	} {
		if m.took > m.limit {
			t.Errorf("%s was noticed after %v, want %v", what, m.took, m.limit)
		}
	}
}

// until does something and returns how long it took from then until d has said
// that a neighbour is present or not.
func until(t *testing.T, d *lab.Device, present string, do func()) time.Duration {
	t.Helper()
	seen, begun := d.Seen(), time.Now()
	do()
	for {
		e := d.WaitAfter(t, seen, "neighbour")
		if e.Text("present") == present {
			return time.Since(begun)
		}
		seen++
	}
}

// A device that hears of nobody can still be told where somebody is.
func TestByAddress(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 2})
	anna := network.Host(1).Device(t, "anna", "--interface", "lo").Start(t)
	ben := network.Host(2).Device(t, "ben", "--interface", "lo", "--accept", "everyone", "--listen", ":5555").Start(t)
	source := file(t, "notes", 1000)
	anna.OK(t, "send", source, "--to", network.Host(2).Addr()+":5555")
	only(t, ben, source)
}

// A device that listens elsewhere from now on goes on with its transfers, and is found
// there by those who come, and by those who come back and hear of nobody.
func TestThePortIsChanged(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 3, Rate: "10mbit"})
	network.Host(2).Deafen(t)
	anna := network.Host(1).Device(t, "anna").Start(t)
	ben := network.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	source := file(t, "film", 8*mega)
	sending := anna.Begin(t, "send", source, "--to", network.Host(2).Addr())
	ben.Wait(t, "progress")
	anna.OK(t, "settings", "set", "listen", "5555")
	ben.Kill(t)
	ben.Start(t)
	carl := network.Host(3).Device(t, "carl", "--accept", "everyone").Start(t)
	anna.OK(t, "send", source, "--to", "carl")
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	only(t, ben, source)
	only(t, carl, source)
	if at := network.Host(1).Addr() + ":5555"; !strings.Contains(ben.OK(t, "neighbours", "--json").Out+carl.OK(t, "neighbours", "--json").Out, at) {
		t.Errorf("nobody has anna at %s", at)
	}
}
