package lab

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"golang.org/x/sys/unix"
)

// A Packet is one that crossed a host's cable.
type Packet struct {
	Protocol string // "tcp", "udp", "icmp", "icmp6", "igmp", "arp", or a number
	From, To netip.AddrPort
	Payload  []byte
}

func (p Packet) String() string {
	return fmt.Sprintf("%s %v > %v: %d bytes", p.Protocol, p.From, p.To, len(p.Payload))
}

// A Capture records all that crosses a host's cable.
type Capture struct {
	socket int
	done   sync.WaitGroup

	mu      sync.Mutex // guards packets
	packets []Packet
}

// Capture begins to record.
func (h *Host) Capture(t T) *Capture {
	t.Helper()
	c := &Capture{socket: -1}
	err := h.Do(func() error {
		iface, err := net.InterfaceByName("eth0")
		if err != nil {
			return err
		}
		every := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL))
		if c.socket, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(every)); err != nil {
			return err
		}
		// A quiet second is noticed, so that Stop is.
		quiet := unix.Timeval{Usec: 100_000}
		if err := unix.SetsockoptTimeval(c.socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &quiet); err != nil {
			return err
		}
		if unix.SetsockoptInt(c.socket, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 64<<20) != nil {
			// Not for ordinary users of older systems; a loss is noticed.
			if err := unix.SetsockoptInt(c.socket, unix.SOL_SOCKET, unix.SO_RCVBUF, 64<<20); err != nil {
				return err
			}
		}
		return unix.Bind(c.socket, &unix.SockaddrLinklayer{Protocol: every, Ifindex: iface.Index})
	})
	if err != nil {
		t.Fatalf("lab: capture: %v", err)
	}
	stop := make(chan struct{})
	c.done.Go(func() { c.read(stop) })
	t.Cleanup(func() {
		close(stop)
		c.done.Wait()
		_ = unix.Close(c.socket)
	})
	return c
}

func (c *Capture) read(stop <-chan struct{}) {
	frame := make([]byte, 1<<17) // segmentation is put off, so frames can be long
	for {
		select {
		case <-stop:
			return
		default:
		}
		n, _, err := unix.Recvfrom(c.socket, frame, 0)
		if err != nil {
			continue // a quiet moment
		}
		p := parseFrame(frame[:n])
		c.mu.Lock()
		c.packets = append(c.packets, p)
		c.mu.Unlock()
	}
}

// Packets returns what was recorded so far, and fails t if anything was lost.
func (c *Capture) Packets(t T) []Packet {
	t.Helper()
	stats, err := unix.GetsockoptTpacketStats(c.socket, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		t.Fatalf("lab: capture: %v", err)
	}
	if stats.Drops > 0 {
		t.Fatalf("lab: capture lost %d packets", stats.Drops)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Packet(nil), c.packets...)
}

// parseFrame takes an Ethernet frame apart. What it does not know it leaves as
// payload.
func parseFrame(frame []byte) Packet {
	const header = 14
	if len(frame) < header {
		return Packet{Protocol: "short"}
	}
	kind, rest := binary.BigEndian.Uint16(frame[12:]), frame[header:]
	var from, to netip.Addr
	var protocol byte
	switch {
	case kind == unix.ETH_P_ARP:
		return Packet{Protocol: "arp", Payload: clone(rest)}
	case kind == unix.ETH_P_IP && len(rest) >= 20:
		head := int(rest[0]&15) * 4
		total := int(binary.BigEndian.Uint16(rest[2:]))
		if head < 20 || head > len(rest) {
			return Packet{Protocol: "bad", Payload: clone(rest)}
		}
		protocol = rest[9]
		from, to = netip.AddrFrom4([4]byte(rest[12:16])), netip.AddrFrom4([4]byte(rest[16:20]))
		if total >= head && total <= len(rest) {
			rest = rest[:total] // without the padding of short frames
		}
		rest = rest[head:]
	case kind == unix.ETH_P_IPV6 && len(rest) >= 40:
		protocol = rest[6]
		from, to = netip.AddrFrom16([16]byte(rest[8:24])), netip.AddrFrom16([16]byte(rest[24:40]))
		rest = rest[40:]
		if protocol == 0 && len(rest) >= 8 { // hop-by-hop options, as of multicast reports
			protocol, rest = rest[0], rest[min(len(rest), 8+8*int(rest[1])):]
		}
	default:
		return Packet{Protocol: fmt.Sprintf("ethertype %#04x", kind), Payload: clone(rest)}
	}
	return parseTransport(protocol, from, to, rest)
}

func parseTransport(protocol byte, from, to netip.Addr, rest []byte) Packet {
	names := map[byte]string{unix.IPPROTO_ICMP: "icmp", unix.IPPROTO_ICMPV6: "icmp6", unix.IPPROTO_IGMP: "igmp"}
	p := Packet{Protocol: names[protocol], From: netip.AddrPortFrom(from, 0), To: netip.AddrPortFrom(to, 0)}
	header := 0
	switch {
	case protocol == unix.IPPROTO_TCP && len(rest) >= 20:
		p.Protocol, header = "tcp", int(rest[12]>>4)*4
	case protocol == unix.IPPROTO_UDP && len(rest) >= 8:
		p.Protocol, header = "udp", 8
	case p.Protocol == "":
		p.Protocol = fmt.Sprintf("protocol %d", protocol)
	}
	if header > 0 {
		p.From = netip.AddrPortFrom(from, binary.BigEndian.Uint16(rest))
		p.To = netip.AddrPortFrom(to, binary.BigEndian.Uint16(rest[2:]))
	}
	p.Payload = clone(rest[min(header, len(rest)):])
	return p
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }
