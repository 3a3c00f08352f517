package discovery

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// An ether is a network in memory. Radios whose interfaces have the same name are
// on the same wire. It behaves as the library does: an answer holds the addresses of
// one interface, and who listens hears of a device once only, until it says
// goodbye.
type ether struct {
	mu     sync.Mutex // guards the fields below, and those of the radios
	radios []*radio
	rounds int // how often anybody asked
}

var errBroken = errors.New("broken")

// A radio is the network of one device.
type radio struct {
	ether  *ether
	ifaces []iface
	voice  *talk
	ears   map[*ear]struct{}
	cut    bool // hears and is heard no more
	broken bool // cannot start anything
}

type talk struct {
	id   string
	port int
	on   []iface
}

type ear struct {
	on       []iface
	reported map[string]struct{}
	heard    func(claim)
}

func (e *ether) radio(ifaces ...iface) *radio {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &radio{ether: e, ifaces: ifaces, ears: make(map[*ear]struct{})}
	e.radios = append(e.radios, r)
	return r
}

// idle reports whether no radio sends or listens.
func (e *ether) idle() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !slices.ContainsFunc(e.radios, func(r *radio) bool { return r.voice != nil || len(r.ears) > 0 })
}

func (e *ether) asked() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rounds
}

// shout lets everybody hear a claim, as a device would that is not one of ours.
func (e *ether) shout(c claim) {
	e.mu.Lock()
	ears := []*ear{}
	for _, r := range e.radios {
		for a := range r.ears {
			ears = append(ears, a)
		}
	}
	e.mu.Unlock()
	for _, a := range ears {
		a.heard(c)
	}
}

func (r *radio) set(change func(r *radio)) {
	r.ether.mu.Lock()
	defer r.ether.mu.Unlock()
	change(r)
}

func (r *radio) interfaces(wanted func(net.Interface) bool) ([]iface, error) {
	r.ether.mu.Lock()
	defer r.ether.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.ifaces), func(i iface) bool { return !wanted(i.Interface) }), nil
}

func (r *radio) announce(id string, port int, on []iface) (func(), error) {
	r.ether.mu.Lock()
	defer r.ether.mu.Unlock()
	if r.broken {
		return nil, errBroken
	}
	if r.voice != nil {
		panic("announced twice")
	}
	v := &talk{id, port, on}
	r.voice = v
	r.eachEarLocked(v.deliver)
	return func() {
		r.ether.mu.Lock()
		defer r.ether.mu.Unlock()
		r.voice = nil
		r.eachEarLocked(func(a *ear) { delete(a.reported, v.id) })
	}, nil
}

func (r *radio) eachEarLocked(f func(*ear)) {
	for _, other := range r.ether.radios {
		if r.cut || other.cut {
			continue
		}
		for a := range other.ears {
			f(a)
		}
	}
}

func (r *radio) listen(on []iface, heard func(claim)) (func(), error) {
	r.ether.mu.Lock()
	defer r.ether.mu.Unlock()
	r.ether.rounds++
	if r.broken {
		return nil, errBroken
	}
	a := &ear{on, make(map[string]struct{}), heard}
	r.ears[a] = struct{}{}
	for _, other := range r.ether.radios {
		if other.voice != nil && !r.cut && !other.cut {
			other.voice.deliver(a)
		}
	}
	return func() {
		r.ether.mu.Lock()
		defer r.ether.mu.Unlock()
		delete(r.ears, a)
	}, nil
}

// deliver lets a hear of v through the first wire that both are on.
func (v *talk) deliver(a *ear) {
	for _, mine := range v.on {
		for _, theirs := range a.on {
			if _, done := a.reported[v.id]; done || mine.Name != theirs.Name {
				continue
			}
			a.reported[v.id] = struct{}{}
			c := claim{instance: instanceOf(v.id), port: v.port, text: []string{version}, weight: 1}
			for _, p := range mine.prefixes {
				c.addrs = append(c.addrs, p.Addr())
			}
			a.heard(c)
		}
	}
}

// nic returns an interface that is up, with these addresses.
func nic(name string, prefixes ...string) iface {
	i := iface{Interface: net.Interface{
		Index: int(name[len(name)-1]),
		Name:  name,
		Flags: net.FlagUp | net.FlagMulticast | net.FlagBroadcast | net.FlagRunning,
	}}
	if name == "lo" {
		i.Flags = net.FlagUp | net.FlagLoopback | net.FlagRunning
	}
	for _, p := range prefixes {
		i.prefixes = append(i.prefixes, netip.MustParsePrefix(p))
	}
	return i
}

// newOn returns a Discovery on a network of the test's.
func newOn(n network, o Options) *Discovery {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d, err := New(o)
	if err != nil {
		panic(err)
	}
	d.net = n
	return d
}

// settled returns how many neighbours were heard for a while.
func (t *table) settled() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.known {
		if e.settled() {
			n++
		}
	}
	return n
}
