//go:build linux

package main

import (
	"os"
	"path/filepath"
	"time"

	"potluck/app/e2e/lab"
)

// pair starts two devices that have never seen anything. The receiver's files
// go into target; if that is on a disk, so does all that the devices keep.
func pair(t *task, target string, onDisk bool, accept string) (sender, receiver *lab.Device) {
	lan := lab.New(t, lab.Options{Hosts: 2})
	sender = lan.Host(1).Device(t, "anna")
	receiver = lan.Host(2).Device(t, "ben", "--accept", accept)
	receiver.Downloads = target
	if onDisk {
		dir, err := os.MkdirTemp(filepath.Dir(target), "state-")
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		receiver.State = dir
	}
	sender.Start(t)
	receiver.Start(t)
	lab.Eventually(t, 20*time.Second, "anna sees ben", func() bool {
		for _, n := range sender.OK(t, "neighbours", "--json").Objects() {
			if n.Text("name") == "ben" {
				return true
			}
		}
		return false
	})
	return sender, receiver
}

// movePotluck shares source for the first time: it is hashed meanwhile.
func movePotluck(t *task, source, target string, synced bool) sample {
	sender, receiver := pair(t, target, synced, "everyone")
	return timed(t, sender, receiver, source)
}

// moveAgain shares source for the second time: its hashes are remembered.
func moveAgain(t *task, source, target string, synced bool) sample {
	sender, receiver := pair(t, target, synced, "everyone")
	timed(t, sender, receiver, source)
	for _, e := range entries(t, target) {
		if err := os.RemoveAll(filepath.Join(target, e.Name())); err != nil {
			t.Fatalf("%v", err)
		}
	}
	return timed(t, sender, receiver, source)
}

// timed sends source from one device to the other.
func timed(t *task, sender, receiver *lab.Device, source string) sample {
	before := sender.CPU(t) + receiver.CPU(t)
	sent := sender.Begin(t, "send", "--quiet", source, "--to", "ben").Wait(t, time.Hour)
	if sent.Code != 0 {
		t.Fatalf("potluck send: exit code %d: %s", sent.Code, sent.Err)
	}
	return sample{
		took: sent.Took, sender: sender.PeakRSS(t), recv: receiver.PeakRSS(t),
		cpu: sender.CPU(t) + receiver.CPU(t) - before,
	}
}

// offer measures from the sender's command until the receiver is asked.
func (o *options) offer(c testCase) error {
	return attempt(func(t *task) {
		base := o.base(t, c)
		c.make(t, filepath.Join(base, "from"))
		source := onlyIn(t, filepath.Join(base, "from"))
		var all series
		for range o.times(c) {
			err := attempt(func(t *task) {
				sender, receiver := pair(t, lab.Folder(t, "to"), false, "ask")
				begun := time.Now()
				sender.Begin(t, "send", "--quiet", source, "--to", "ben")
				receiver.Wait(t, "offered")
				all.add(sample{took: time.Since(begun), sender: sender.PeakRSS(t), recv: receiver.PeakRSS(t)})
			})
			if err != nil {
				t.Fatalf("%v", err)
			}
		}
		printTime(c.title, &all, "")
	})
}

// firstByte measures from the receiver's yes until content comes over its link:
// more than any answer or list of hashes is long.
func (o *options) firstByte(c testCase) error {
	const content = 1 << 20
	return attempt(func(t *task) {
		base := o.base(t, c)
		c.make(t, filepath.Join(base, "from"))
		source := onlyIn(t, filepath.Join(base, "from"))
		var all series
		for range o.times(c) {
			err := attempt(func(t *task) {
				sender, receiver := pair(t, lab.Folder(t, "to"), false, "ask")
				sender.Begin(t, "send", "--quiet", source, "--to", "ben")
				share := receiver.Wait(t, "offered").Text("share")
				before := receiver.Host.Received(t)
				begun := time.Now()
				receiver.Begin(t, "accept", share)
				lab.Eventually(t, time.Minute, "content", func() bool { return receiver.Host.Received(t) > before+content })
				all.add(sample{took: time.Since(begun), sender: sender.PeakRSS(t), recv: receiver.PeakRSS(t)})
			})
			if err != nil {
				t.Fatalf("%v", err)
			}
		}
		printTime(c.title, &all, "offered and accepted before it is hashed; polled every 20 ms")
	})
}

// times is how often a case is to be measured.
func (o *options) times(c testCase) int {
	if c.most > 0 {
		return min(c.most, o.runs)
	}
	return o.runs
}
