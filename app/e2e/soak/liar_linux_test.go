package soak

import (
	"path/filepath"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// One who sends wrong pieces is named, and does not keep others from what they
// take; what it has itself is right.
func TestLiar(t *testing.T) {
	lan := lab.New(t, lab.Options{Hosts: 3, Rate: rate})
	anna := lan.Host(1).Device(t, "anna").Start(t)
	ben := lan.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	mallory := lan.Host(3).Liar(t, "mallory", "--accept", "everyone").Start(t)
	source := filepath.Join(lab.Folder(t, "source"), "film")
	lab.File(t, source, 100e6) // or mallory is through before ben is asked

	early := anna.Begin(t, "send", source, "--to", "mallory")
	lab.Eventually(t, time.Minute, "mallory has some of it", func() bool { return mallory.Host.Received(t) > 15e6 })
	late := anna.Begin(t, "send", source, "--to", "ben")
	fromMallory := int64(0)
	for !late.Ended() {
		for _, c := range ben.Host.Connections(t) {
			if c.Remote.Addr().String() == mallory.Host.Addr() {
				fromMallory = max(fromMallory, c.Received)
			}
		}
	}
	for who, sending := range map[*lab.Device]*lab.Command{mallory: early, ben: late} {
		if r := sending.Wait(t, time.Minute); r.Code != 0 {
			t.Errorf("send: exit code %d: %s", r.Code, r.Err)
		}
		lab.Same(t, source, filepath.Join(who.Downloads, "film"))
		lab.Names(t, who.Downloads, "film")
	}
	t.Logf("ben had %d bytes of mallory over one connection", fromMallory)
	if who := ben.Wait(t, "badHolder").Text("peerName"); who != "mallory" {
		t.Errorf("%q is named for the wrong pieces", who)
	}
}

// The liar does lie: nobody gets from it what it shares itself.
func TestLiarLies(t *testing.T) {
	lan := lab.New(t, lab.Options{Hosts: 2})
	ben := lan.Host(1).Device(t, "ben", "--accept", "everyone").Start(t)
	mallory := lan.Host(2).Liar(t, "mallory").Start(t)
	source := filepath.Join(lab.Folder(t, "source"), "film")
	lab.File(t, source, 5e6)
	mallory.Begin(t, "send", source, "--to", "ben")
	said := ben.Wait(t, "failed")
	t.Logf("%s", said.Raw)
	if ben.Has("delivered") {
		t.Error("what a liar shares was delivered")
	}
}
