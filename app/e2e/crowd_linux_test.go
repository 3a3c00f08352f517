package e2e_test

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// crowdVar says how many take a share in TestCrowd, for those who have the time:
// 50 take three minutes on two cores.
const crowdVar = "POTLUCK_CROWD"

// Many take a share at once. All get it, nobody has more than a few connections
// for it, and what a taker has to be told does not grow with their number.
func TestCrowd(t *testing.T) {
	many := 16
	if text := os.Getenv(crowdVar); text != "" {
		n, err := strconv.Atoi(text)
		check(t, err)
		many = n
	}
	const most = 12
	var few, all crowdSeen
	t.Run("few", func(t *testing.T) { few = crowd(t, min(10, max(many/3, 1))) })
	t.Run("many", func(t *testing.T) { all = crowd(t, many) })
	if t.Failed() {
		return
	}
	for _, c := range []crowdSeen{few, all} {
		t.Logf("%d takers: at most %d connections for the share at the sharer and %d at a taker; %d bytes over sessions for a taker, %d for that with most, and %d a second at rest",
			c.takers, c.sharer, c.connections, c.told, c.toldMost, c.resting)
		if c.connections > most || c.sharer > most {
			t.Errorf("with %d takers there are %d connections for the share at the sharer and %d at a taker, more than %d",
				c.takers, c.sharer, c.connections, most)
		}
	}
	if limit := 2*few.told + 32<<10; all.told > limit {
		t.Errorf("with %d takers each is told %d bytes, with %d it was %d", all.takers, all.told, few.takers, few.told)
	}
}

// crowdSeen is what was seen when so many took a share.
type crowdSeen struct {
	takers      int
	sharer      int   // the most connections it had for the share, for longer than a moment
	connections int   // the most that a taker had
	told        int64 // bytes that came over its sessions, for a taker
	toldMost    int64 // for the taker with most
	resting     int64 // bytes that come over them in a second while nothing goes on; told is without
}

// moment is how long a connection may be there until it is refused, which the machine is
// too busy to do at once.
const moment = time.Second

// restTime is how long is listened to what sessions say while nothing goes on.
const restTime = 4 * time.Second

func sum(list []int64) (n int64) {
	for _, x := range list {
		n += x
	}
	return n
}

// crowd has so many take a file.
func crowd(t *testing.T, takers int) crowdSeen {
	lan := lab.New(t, lab.Options{Hosts: takers + 1, Rate: "25mbit"}) // slow enough to be looked at
	anna := lan.Host(1).Device(t, "anna").Start(t)
	devices := []*lab.Device{anna}
	args := []string{"send", file(t, "film", 8*mega)}
	source := args[1]
	for i := range takers {
		name := fmt.Sprintf("taker%d", i+1)
		devices = append(devices, lan.Host(i+2).Device(t, name, "--accept", "everyone").Start(t))
		args = append(args, "--to", name)
	}
	// One session with each, once those that were dialled from both sides are one.
	sessions := make([]map[link]lab.Connection, len(devices))
	for i, d := range devices {
		for deadline := time.Now().Add(2 * time.Minute); len(sessions[i]) != takers; sessions[i] = links(t, d) {
			if time.Now().After(deadline) {
				t.Fatalf("%s has %d connections, and not one with each of %d", d.Name, len(sessions[i]), takers)
			}
		}
	}

	told := func() []int64 { // bytes over its sessions, of each taker
		list := make([]int64, takers)
		for i, d := range devices[1:] {
			now := links(t, d)
			for at, c := range sessions[i+1] {
				if a, there := now[at]; there {
					list[i] += a.Received - c.Received
				}
			}
		}
		return list
	}
	begun := time.Now()
	time.Sleep(restTime)
	before := told()
	seen := crowdSeen{takers: takers, resting: sum(before) / int64(takers) * int64(time.Second) / int64(time.Since(begun))}
	begun = time.Now()
	since := make([]map[link]time.Time, len(devices)) // connections for the share, and when each was seen first
	sending := anna.Begin(t, args...)
	for !sending.Ended() {
		// Not at all of them, or a transfer is over before the second look.
		for i := 0; i < len(devices); i += 1 + takers/8 {
			all, lasting := make(map[link]time.Time), 0
			now := links(t, devices[i])
			for at := range sessions[i] {
				if _, there := now[at]; !there {
					lasting-- // it was made anew, and is counted with the others
				}
			}
			for at := range now {
				if _, session := sessions[i][at]; session {
					continue
				}
				first, known := since[i][at]
				if !known {
					first = time.Now()
				}
				if all[at] = first; time.Since(first) > moment {
					lasting++
				}
			}
			most := &seen.connections
			if i == 0 {
				most = &seen.sharer
			}
			*most = max(*most, lasting)
			since[i] = all
		}
	}
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Fatalf("send: exit code %d: %s", r.Code, r.Err)
	}
	lasted := int64(time.Since(begun).Seconds())
	for i, n := range told() {
		n -= before[i] + lasted*seen.resting
		seen.told += n / int64(takers)
		seen.toldMost = max(seen.toldMost, n)
	}
	for _, d := range devices[1:] {
		only(t, d, source)
	}
	return seen
}

// A link is the two ends of a connection.
type link struct{ local, remote netip.AddrPort }

// links returns the connections of the device's host.
func links(t *testing.T, d *lab.Device) map[link]lab.Connection {
	t.Helper()
	all := make(map[link]lab.Connection)
	for _, c := range d.Host.Connections(t) {
		all[link{c.Local, c.Remote}] = c
	}
	return all
}
