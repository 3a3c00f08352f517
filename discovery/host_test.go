package discovery

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// hostEnv tells the test program that it is to be a host, and which.
const hostEnv = "DISCOVERY_TEST_HOST"

// A role is what a process in the lab does.
type role struct {
	ID    string
	Port  int
	Tempo string // "" as usual, "fast", or "once": asks at the start and never again
	Flood int    // this many made-up devices are announced, and nothing else is done
}

// A report is what a host prints, one a line, whenever something has changed and
// now and then.
type report struct {
	Neighbours map[string][]string
	Interfaces []string
	Settled    int // neighbours that a flood does not push out
	Heap       int64
	Stopped    bool
}

// asHost plays the host that the environment asks for, until standard input ends.
// It returns false if there is none to play.
func asHost() bool {
	raw, ok := os.LookupEnv(hostEnv)
	if !ok {
		return false
	}
	var r role
	if err := json.Unmarshal([]byte(raw), &r); err != nil {
		panic(err)
	}
	if r.Flood > 0 {
		flood(r.Flood)
		return true
	}
	d, err := New(Options{ID: r.ID, Port: r.Port})
	if err != nil {
		panic(err)
	}
	switch r.Tempo {
	case "fast":
		d.tempo.round, d.tempo.poll = time.Second, 200*time.Millisecond
	case "once":
		d.tempo.round, d.tempo.quick = time.Hour, nil
		d.tempo.longest = time.Hour
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		d.Run(ctx)
		close(done)
	}()
	go func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		}
		cancel()
	}()
	changed, stop := d.Watch()
	defer stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	out := json.NewEncoder(os.Stdout)
	for {
		select {
		case <-done:
			out.Encode(report{Stopped: true})
			return true
		case <-changed:
		case <-tick.C:
		}
		r := report{
			Neighbours: make(map[string][]string),
			Interfaces: d.Interfaces(),
			Settled:    d.table.settled(),
			Heap:       heap(),
		}
		for _, n := range d.Neighbours() {
			for _, a := range n.Addrs {
				r.Neighbours[n.ID] = append(r.Neighbours[n.ID], a.String())
			}
		}
		out.Encode(r)
	}
}

// flood announces made-up devices by packets of its own.
func flood(devices int) {
	conn, err := net.Dial("udp4", "224.0.0.251:5353")
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	for n := range devices {
		if _, err := conn.Write(announcement(made(n))); err != nil {
			panic(err)
		}
		if n%100 == 0 {
			time.Sleep(time.Millisecond) // or the socket of the hearer overflows, and it hears too little
		}
	}
	fmt.Println(`{"Stopped":true}`)
}

// announcement returns the packet of multicast DNS that makes this claim, for one
// IPv4 address.
func announcement(c claim) []byte {
	host := c.instance + ".local."
	instance := c.instance + "." + service + "." + domain
	records := [][]byte{
		record(service+"."+domain, 12, labels(instance)),
		record(instance, 33, slices.Concat([]byte{0, 0, 0, 0, byte(c.port >> 8), byte(c.port)}, labels(host))),
		record(instance, 16, slices.Concat([]byte{byte(len(c.text[0]))}, []byte(c.text[0]))),
		record(host, 1, c.addrs[0].AsSlice()),
	}
	header := []byte{0, 0, 0x84, 0, 0, 0, 0, byte(len(records)), 0, 0, 0, 0}
	return slices.Concat(header, slices.Concat(records...))
}

// record returns a record of DNS, of class IN, good for a minute.
func record(name string, kind byte, data []byte) []byte {
	return slices.Concat(labels(name), []byte{0, kind, 0, 1, 0, 0, 0, 60, byte(len(data) >> 8), byte(len(data))}, data)
}

func labels(name string) []byte {
	var b []byte
	for l := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		b = append(append(b, byte(len(l))), l...)
	}
	return append(b, 0)
}

// on returns those of the addresses that are on a network.
func on(network string, addrs []string) []string {
	p := netip.MustParsePrefix(network)
	return slices.DeleteFunc(slices.Clone(addrs), func(a string) bool {
		return !p.Contains(netip.MustParseAddrPort(a).Addr().WithZone(""))
	})
}
