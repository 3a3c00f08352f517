package lab

import (
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Traffic is what has gone over a host's cable.
type Traffic struct {
	Received, ReceivedPackets int64
	Sent, SentPackets         int64
}

// Since returns the traffic since before.
func (c Traffic) Since(before Traffic) Traffic {
	return Traffic{
		c.Received - before.Received, c.ReceivedPackets - before.ReceivedPackets,
		c.Sent - before.Sent, c.SentPackets - before.SentPackets,
	}
}

// headers is what Ethernet, IP and TCP with a timestamp put before the bytes of a
// packet.
const headers = 14 + 20 + 32

// ReceivedInside returns how many of the bytes received were inside of TCP, if
// all was TCP: packets are long here or not, as the system likes.
func (c Traffic) ReceivedInside() int64 { return c.Received - headers*c.ReceivedPackets }

// SentInside is [Traffic.ReceivedInside] for what was sent.
func (c Traffic) SentInside() int64 { return c.Sent - headers*c.SentPackets }

// Received returns how many bytes have come over the host's link since it was
// made.
func (h *Host) Received(t T) int64 {
	t.Helper()
	return h.Traffic(t).Received
}

// Traffic returns what has gone over the host's link since it was made.
func (h *Host) Traffic(t T) Traffic {
	t.Helper()
	var table []byte
	if err := h.Do(func() (err error) {
		table, err = os.ReadFile("/proc/thread-self/net/dev")
		return err
	}); err != nil {
		t.Fatalf("lab: %v", err)
	}
	for line := range strings.Lines(string(table)) {
		if counts, ok := strings.CutPrefix(strings.TrimSpace(line), "eth0:"); ok {
			var n [10]int64 // bytes, packets and six more of what came, then bytes and packets of what went
			for i, field := range strings.Fields(counts)[:len(n)] {
				var err error
				if n[i], err = strconv.ParseInt(field, 10, 64); err != nil {
					t.Fatalf("lab: %v", err)
				}
			}
			return Traffic{n[0], n[1], n[8], n[9]}
		}
	}
	t.Fatalf("lab: no eth0 in %s", table)
	return Traffic{}
}

// A Connection is one of TCP, as the host sees it.
type Connection struct {
	Local, Remote  netip.AddrPort
	Received, Sent int64 // bytes, without headers
}

// Connections returns those that are established.
func (h *Host) Connections(t T) []Connection {
	t.Helper()
	// Each is a line with addresses, and an indented one with figures.
	var list []Connection
	for line := range strings.Lines(h.sockets(t, "-tin", "state", "established")) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(line, "\t") && len(fields) >= 4 {
			local, here := address(fields[2])
			remote, there := address(fields[3])
			if !here || !there {
				t.Fatalf("lab: strange line of ss: %q", line)
			}
			list = append(list, Connection{Local: local, Remote: remote})
			continue
		}
		for _, f := range fields {
			for label, to := range map[string]func(*Connection) *int64{
				"bytes_received:": func(c *Connection) *int64 { return &c.Received },
				"bytes_acked:":    func(c *Connection) *int64 { return &c.Sent },
			} {
				if figure, ok := strings.CutPrefix(f, label); ok && len(list) > 0 {
					n, err := strconv.ParseInt(figure, 10, 64)
					if err != nil {
						t.Fatalf("lab: %v", err)
					}
					*to(&list[len(list)-1]) = n
				}
			}
		}
	}
	return list
}

// Ports returns how many sockets of the host wait for others: of TCP those that
// listen, of UDP all.
func (h *Host) Ports(t T) int {
	t.Helper()
	return strings.Count(h.sockets(t, "-tln"), "\n") + strings.Count(h.sockets(t, "-uan"), "\n")
}

func (h *Host) sockets(t T, args ...string) string {
	t.Helper()
	var out []byte
	err := h.Do(func() (err error) {
		out, err = exec.Command("ss", append([]string{"-H"}, args...)...).Output()
		return err
	})
	if err != nil {
		t.Fatalf("lab: ss: %v", err)
	}
	return string(out)
}

// address reads what ss writes: "10.77.0.1:80", "[fe80::1]%eth0:80",
// "[::ffff:10.77.0.1]:80".
func address(s string) (netip.AddrPort, bool) {
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 {
		return netip.AddrPort{}, false
	}
	host, err := netip.ParseAddr(strings.NewReplacer("[", "", "]", "").Replace(s[:colon]))
	if err != nil {
		return netip.AddrPort{}, false
	}
	port, err := strconv.ParseUint(s[colon+1:], 10, 16)
	return netip.AddrPortFrom(host.Unmap(), uint16(port)), err == nil
}
