package main

import (
	"context"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"potluck/app/control/controltest"
	"potluck/app/settings"
	"potluck/sharing"
)

// heralded runs a herald while do lets things happen, until each of the texts has
// been printed.
func heralded(t *testing.T, json bool, do func(*controltest.Engine), texts ...string) string {
	t.Helper()
	engine := controltest.New("self")
	store, err := settings.Open(filepath.Join(t.TempDir(), "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out buffer
	h := &herald{
		run:    &run{program: &program{terminal: true}, printer: printer{out: &out, err: &out, json: json}},
		device: engine, settings: store,
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- h.follow(ctx) }()
	eventually(t, func() bool { return engine.Followers() > 0 })
	do(engine)
	eventually(t, func() bool {
		for _, text := range texts {
			if !strings.Contains(out.String(), text) {
				return false
			}
		}
		return true
	})
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return out.String()
}

// everything lets one of each thing happen.
func everything(e *controltest.Engine) {
	share := controltest.Share("Photos")
	e.Tell(
		sharing.NeighbourEvent{ID: controltest.ID("anna"), Name: "anna" + hostile, Present: true},
		sharing.OfferedEvent{Offer: offer("Photos" + hostile)},
		sharing.OfferGoneEvent{Share: share, Reason: "withdrawn" + hostile},
		sharing.AnsweredEvent{Share: share, PeerName: "ben", Accepted: true},
		sharing.AnsweredEvent{Share: share, PeerName: "carl"},
		sharing.DeliveredEvent{
			Share: share, Direction: sharing.Receiving, PeerName: "anna", Path: "/home/self/Potluck/Photos" + hostile, Files: 12, Bytes: 34e6, Seconds: 1.25,
			Renamed: []sharing.Note{{Path: "a" + hostile, Text: "arrived as b"}},
		},
		sharing.DeliveredEvent{Share: share, Direction: sharing.Sending, PeerName: "ben", Files: 1, Bytes: 10, Seconds: 0.5},
		sharing.FailedEvent{Share: share, Direction: sharing.Receiving, PeerName: "anna", State: sharing.Stuck, Error: "the disk is full" + hostile},
		sharing.FailedEvent{Share: share, Direction: sharing.Sending, PeerName: "ben", State: sharing.Failed, Error: "gone", Final: true},
		sharing.NeighbourEvent{ID: controltest.ID("anna"), Name: "anna"},
		sharing.PairingEvent{Pairing: comparing("dora" + hostile)},
		sharing.PairingEvent{Pairing: sharing.Pairing{Name: "emil" + hostile, State: sharing.PairingFailed, Error: "it was cancelled" + hostile}},
		sharing.PairedEvent{Peer: controltest.ID("fay"), Name: "fay" + hostile},
		sharing.VerifiedEvent{Verified: sharing.Verified{Share: share, OK: true, Bytes: 34e6}},
	)
	e.Change(func(s *sharing.Snapshot) {
		s.Transfers = []sharing.Transfer{{
			Share: share, Direction: sharing.Receiving, State: sharing.Running,
			Peers: []sharing.Peer{{ID: controltest.ID("anna"), State: sharing.Running, Done: 25, Total: 100, Rate: 5, Left: 15e9}},
		}}
	})
}

func TestServeTellsPeople(t *testing.T) {
	out := heralded(t, false, everything,
		"self is ready at 192.0.2.1:27420", "anna", "is here", "offers Photos", "(12 files in 3 folders, 34 MB)",
		"potluck accept "+controltest.Share("Photos"+hostile).Short()+"    or    potluck decline "+controltest.Share("Photos"+hostile).Short(),
		"is gone: withdrawn", "ben said yes", "carl said no", "received from anna: /home/self/Potluck/Photos", "12 files, 34 MB in 1.2 s",
		"arrived as b", "ben has all of", "stuck: the disk is full", "to ben: failed: gone", "anna is gone", "verify dora", "1  phở on a round blue plate",
		"potluck pair "+controltest.ID("dora"+hostile).Short(), "is not verified: it was cancelled", "is verified ("+controltest.ID("fay").Short(), "is as it was sent: 34 MB read", "25 B of 100 B, 5 B/s, 15 s left")
	if strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(out, "\x1b[2K", ""), "\x1b[0K", ""), "\x1b\x07\u202e") {
		t.Errorf("something foreign reached the terminal: %q", out)
	}
}

func TestServeTellsPrograms(t *testing.T) {
	out := heralded(t, true, everything,
		`{"event":"ready","id":"`, `"addr":"192.0.2.1:27420"`, `{"event":"neighbour","id":"`, `{"event":"offered","share":"`,
		`{"event":"offerGone",`, `{"event":"answered",`, `{"event":"delivered","share":"`, `{"event":"failed","share":"`,
		`"error":"the disk is full`, `"final":true`, `{"event":"pairing","peer":"`, `"words":["phở on a round blue plate"`, `"numbers":"0-1-2-959"`, `{"event":"paired","peer":"`, `{"event":"verified","share":"`, `{"event":"progress","share":"`, `"done":25,"total":100,"rate":5}`)
	f := finished{out: out}
	if o := f.objects(t); o[0]["event"] != "ready" || len(o) != 16 {
		t.Errorf("%d objects:\n%s", len(o), out)
	}
	if strings.ContainsAny(out, "\x1b\x07\u202e") {
		t.Errorf("something foreign reached the terminal: %q", out)
	}
}

func TestReachableAddrs(t *testing.T) {
	if got := reachableAddrs("127.0.0.1:7", nil); len(got) != 1 || got[0] != "127.0.0.1:7" {
		t.Errorf("got %v", got)
	}
	for _, addr := range []string{"[::]:7", "0.0.0.0:7"} {
		for _, on := range [][]string{nil, {"lo"}, {"no such interface"}} {
			got := reachableAddrs(addr, on)
			if len(got) == 0 {
				t.Errorf("%s on %v: nothing", addr, on)
			}
			for _, a := range got {
				if p, err := netip.ParseAddrPort(a); err != nil || p.Port() != 7 {
					t.Errorf("%s on %v: %s", addr, on, a)
				}
			}
		}
	}
}
