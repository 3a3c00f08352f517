//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"potluck/app/e2e/lab"
	"potluck/sharing/hashlist"
)

// hashing measures how long it takes until all hashes of what is offered are
// known, and the same a second time, and sets it against what the machine can do.
func (o *options) hashing(c testCase) error {
	var hashed, read float64 // bytes a second, the best of all runs
	first := variant{how: "first", run: func(t *task, source string) sample {
		hashed, read = max(hashed, tightLoop(t, source, false)), max(read, tightLoop(t, source, true))
		sender, _ := pair(t, lab.Folder(t, "to"), false, "ask")
		return ready(t, sender, source)
	}}
	again := variant{how: "again", part: true, run: func(t *task, source string) sample {
		sender, _ := pair(t, lab.Folder(t, "to"), false, "ask")
		ready(t, sender, source)
		sender.OK(t, "cancel", newest(t, sender).Share)
		return ready(t, sender, source)
	}}
	return o.compare(c, []variant{first, again}, func(first, this sample, bytes int64) string {
		if this.took != first.took {
			return "from the command until it is offered, with all hashes"
		}
		speed := float64(bytes) / this.took.Seconds()
		return fmt.Sprintf("%.0f %% of what all cores hash in a loop (%.0f MB/s), %.0f %% of reading and hashing (%.0f MB/s)",
			100*speed/hashed, hashed/1e6, 100*speed/read, read/1e6)
	})
}

// ready offers the source and waits until it is offered and its hashes are known.
func ready(t *task, sender *lab.Device, source string) sample {
	before, begun := sender.CPU(t), time.Now()
	sender.Begin(t, "send", "--quiet", source, "--to", "ben")
	var took time.Duration
	lab.Eventually(t, time.Hour, "all is hashed", func() bool {
		x := newest(t, sender)
		took = time.Since(begun)
		return x.State == "waiting" && x.Hashed == x.Bytes
	})
	return sample{took: took, sender: sender.PeakRSS(t), cpu: sender.CPU(t) - before}
}

// A transfer is what is looked at of what `potluck transfers` prints.
type transfer struct {
	Share, State  string
	Hashed, Bytes int64
}

// newest returns the device's newest transfer, none if there are none.
func newest(t *task, d *lab.Device) transfer {
	list := d.OK(t, "transfers", "--json").Objects()
	var x transfer
	if len(list) > 0 {
		list[len(list)-1].Into(t, &x)
	}
	return x
}

// tightLoop returns how many bytes a second all cores together hash, as the
// hashes of pieces are made: always the same, or all of the file, read before.
func tightLoop(t *task, source string, reading bool) float64 {
	const piece = 2 << 20
	file, err := os.Open(source)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer file.Close()
	pieces := sum(t, source).bytes / piece
	var next atomic.Int64
	var failed atomic.Bool
	var all sync.WaitGroup
	begun := time.Now()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			bytes := make([]byte, piece)
			for i := next.Add(1) - 1; i < pieces; i = next.Add(1) - 1 {
				if reading {
					if _, err := file.ReadAt(bytes, i*piece); err != nil {
						failed.Store(true)
						return
					}
				}
				hashlist.Sum(bytes)
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	if failed.Load() {
		t.Fatalf("%s cannot be read", source)
	}
	return float64(pieces*piece) / took.Seconds()
}

// idle measures what shares cost that nobody fetches: how long a device with
// many takes to start, and its processor time while nothing happens.
func (o *options) idle(c testCase) error {
	const shares, files, atOnce, watch = 500, 1000, 10, 20 * time.Second
	return attempt(func(t *task) {
		base := o.base(t, c)
		sender, receiver := pair(t, lab.Folder(t, "to"), false, "ask")
		for n := 0; n < shares; n += atOnce {
			var all []*lab.Command
			for i := range atOnce {
				tree := filepath.Join(base, "from", fmt.Sprintf("share %03d", n+i))
				lab.Many(t, tree, files, 100)
				all = append(all, sender.Begin(t, "send", "--quiet", tree, "--to", "ben"))
			}
			lab.Eventually(t, time.Minute, "they are offered and hashed", func() bool {
				list := sender.OK(t, "transfers", "--json").Objects()
				for _, o := range list {
					var x transfer
					if o.Into(t, &x); x.Hashed < x.Bytes {
						return false
					}
				}
				return len(list) == n+atOnce
			})
			for _, sending := range all {
				sending.Signal(os.Interrupt) // the offer stays
				sending.Wait(t, time.Minute)
			}
		}
		receiver.Stop(t)

		var starts series
		for range o.runs {
			sender.Stop(t)
			begun := time.Now()
			sender.Start(t)
			starts.add(sample{took: time.Since(begun)})
		}
		if got := len(sender.OK(t, "transfers", "--json").Objects()); got != shares {
			t.Fatalf("%d shares are there after the restart, want %d", got, shares)
		}
		time.Sleep(5 * time.Second) // what follows a start is not rest
		before := sender.CPU(t)
		time.Sleep(watch)
		used := sender.CPU(t) - before
		starts.samples[0].sender = sender.PeakRSS(t)
		printTime(c.title, &starts, fmt.Sprintf("from the command until it is ready; then %.2f %% of a core", 100*used.Seconds()/watch.Seconds()))
	})
}
