package discovery

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/grandcat/zeroconf"
)

const (
	service = "_potluck._tcp"
	domain  = "local."
)

// beginTime is how long a server of the library gets to begin before it is stopped.
const beginTime = 100 * time.Millisecond

// zeroconfNetwork is multicast DNS by the library grandcat/zeroconf, the only use of
// it. What the library does that one would not expect is noted where it matters.
type zeroconfNetwork struct{}

func (zeroconfNetwork) interfaces(wanted func(net.Interface) bool) ([]iface, error) {
	return systemInterfaces(wanted)
}

func (zeroconfNetwork) announce(id string, port int, on []iface) (func(), error) {
	name := instanceOf(id)
	var servers []*zeroconf.Server
	var errs []error
	for _, v := range voices(on) {
		s, err := zeroconf.RegisterProxy(name, service, domain, port, name, v.addrs, []string{version}, v.on)
		if err != nil {
			errs = append(errs, fmt.Errorf("announcing on %s: %w", namesOf(v.on), err))
			continue
		}
		servers = append(servers, s)
	}
	if len(servers) == 0 {
		return nil, errors.Join(errs...)
	}
	begun := time.Now()
	return func() {
		// The library counts the goroutines that it joins only when they run.
		time.Sleep(time.Until(begun.Add(beginTime)))
		for _, s := range servers {
			s.Shutdown() // says goodbye, and joins all but the announcing goroutine
		}
	}, errors.Join(errs...)
}

// A voice is one server of the library: what it announces, and where.
type voice struct {
	on []net.Interface

	// addrs are announced on all of the interfaces. If there are none, the
	// library announces on each the addresses that it has at that moment.
	addrs []string
}

// explicit returns a voice for one interface alone, with its addresses.
func explicit(i iface) voice {
	v := voice{on: []net.Interface{i.Interface}}
	for _, p := range i.prefixes[:min(len(i.prefixes), maxAddrs)] {
		v.addrs = append(v.addrs, p.Addr().String())
	}
	return v
}

// listen uses one resolver for IPv4 and one for IPv6. One for both fails when
// either is missing, and then leaks the socket of the other.
func (zeroconfNetwork) listen(on []iface, heard func(claim)) (func(), error) {
	ctx, cancel := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	var errs []error
	listening := 0
	for _, family := range []zeroconf.IPType{zeroconf.IPv4, zeroconf.IPv6} {
		ifaces := speaking(family, on)
		if len(ifaces) == 0 {
			continue
		}
		r, err := zeroconf.NewResolver(zeroconf.SelectIPTraffic(family), zeroconf.SelectIfaces(ifaces))
		if err != nil {
			errs = append(errs, fmt.Errorf("listening on %s: %w", namesOf(ifaces), err))
			continue
		}
		// The library sends without looking at its context, so entries are
		// received until it closes the channel, which it does when the context is
		// done, even if Lookup fails.
		entries := make(chan *zeroconf.ServiceEntry)
		readers.Go(func() {
			for e := range entries {
				heard(claimOf(e))
			}
		})
		// Lookup of no instance in particular is Browse, but that it stops asking
		// after the first answer, usually our own, and only listens then. Browse
		// goes on asking, and so makes all devices on the network answer all others
		// every few seconds.
		if err := r.Lookup(ctx, "", service, domain, entries); err != nil {
			errs = append(errs, fmt.Errorf("asking on %s: %w", namesOf(ifaces), err))
			continue
		}
		listening++
	}
	stop := func() {
		cancel()
		readers.Wait()
	}
	if listening == 0 {
		stop()
		stop = nil
	}
	return stop, errors.Join(errs...)
}

// speaking returns the interfaces that have an address of the family. Loopback
// counts for IPv4 only, it has no multicast of IPv6.
func speaking(family zeroconf.IPType, on []iface) []net.Interface {
	var list []net.Interface
	for _, i := range on {
		if family == zeroconf.IPv4 && i.has(netip.Addr.Is4) || family == zeroconf.IPv6 && !i.loopback() && i.has(netip.Addr.Is6) {
			list = append(list, i.Interface)
		}
	}
	return list
}

// claimOf copies what is needed of an entry, and no more of it than will be
// looked at.
func claimOf(e *zeroconf.ServiceEntry) claim {
	c := claim{
		instance: e.Instance,
		port:     e.Port,
		text:     e.Text,
		weight:   1 + (len(e.AddrIPv4)+len(e.AddrIPv6)+len(e.Text))/maxClaimed,
	}
	for _, ips := range [][]net.IP{e.AddrIPv4, e.AddrIPv6} {
		for _, ip := range ips[:min(len(ips), maxClaimed/2)] {
			if a, ok := netip.AddrFromSlice(ip); ok {
				c.addrs = append(c.addrs, a.Unmap())
			}
		}
	}
	return c
}

func namesOf(ifaces []net.Interface) []string {
	names := make([]string, len(ifaces))
	for i, f := range ifaces {
		names[i] = f.Name
	}
	return names
}
