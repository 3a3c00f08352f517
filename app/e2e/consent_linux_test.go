package e2e_test

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Before yes no content leaves the sender, and nothing appears at the receiver.

func TestNothingMovesBeforeYes(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	source := file(t, "film", 30*mega)
	before := ben.Host.Received(t)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	share := ben.Wait(t, "offered").Text("share")
	lab.Eventually(t, time.Minute, "anna has hashed it all", func() bool {
		return anna.OK(t, "transfers", "--json").Objects()[0].Text("hashed") == "30000000"
	})
	time.Sleep(2 * time.Second) // for what should not come

	if came := ben.Host.Received(t) - before; came > mega/2 {
		t.Errorf("%d bytes came before yes", came)
	}
	lab.Names(t, ben.Downloads)
	ben.OK(t, "accept", share)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	only(t, ben, source)
}

// A device that was never paired is asked about, whatever its name.
func TestPairedOnly(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "paired")
	before := ben.Host.Received(t)
	anna.Begin(t, "send", file(t, "film", 10*mega), "--to", "ben")
	ben.Wait(t, "offered")
	time.Sleep(2 * time.Second)
	if ben.Has("delivered") || ben.Host.Received(t)-before > mega/2 {
		t.Error("a device that is not paired was accepted without asking")
	}
	lab.Names(t, ben.Downloads)
}

// Nothing but our own TLS and mDNS is on the wire, and no name in clear.
func TestWire(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 2})
	capture := network.Host(2).Capture(t)
	anna := network.Host(1).Device(t, "anna-verysecretname").Start(t)
	ben := network.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	sees(t, anna, "ben")
	source := file(t, "verysecretfile.odt", 3*mega)
	anna.OK(t, "send", source, "--to", "ben")
	only(t, ben, source)
	anna.Stop(t)
	ben.Stop(t)

	ports := map[uint16]bool{}
	for _, d := range []*lab.Device{anna, ben} {
		addr, err := netip.ParseAddrPort(d.Wait(t, "ready").Text("addr"))
		if err != nil {
			t.Fatal(err)
		}
		ports[addr.Port()] = true
	}
	const mdns = 5353
	kinds := map[string]int{}
	for _, p := range capture.Packets(t) {
		kinds[p.Protocol]++
		switch p.Protocol {
		case "arp", "icmp6", "igmp":
		case "tcp":
			if !ports[p.From.Port()] && !ports[p.To.Port()] {
				t.Errorf("a connection to another port: %v", p)
			}
		case "udp":
			if p.To.Port() != mdns {
				t.Errorf("a datagram that is not mDNS: %v", p)
			}
		default:
			t.Errorf("neither TLS nor mDNS: %v", p)
		}
		for _, secret := range []string{"verysecret", "BitTorrent", "info_hash"} {
			if bytes.Contains(p.Payload, []byte(secret)) {
				t.Errorf("%q is in clear in %v", secret, p)
			}
		}
	}
	if kinds["tcp"] == 0 || kinds["udp"] == 0 {
		t.Errorf("the capture saw %v", kinds)
	}
}
