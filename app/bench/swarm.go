//go:build linux

package main

import (
	"fmt"
	"os"
	"time"

	"potluck/app/e2e/lab"
)

// link is the speed of every host's link where that counts.
const link = "100mbit"

// spread sends to one taker and to eight, over slow links.
func (o *options) spread(c testCase) error {
	give := func(takers int) variant {
		return variant{how: to(takers), run: func(t *task, source string) sample {
			return gather(t, takers, link).give(t, source)
		}}
	}
	return o.compare(c, []variant{give(1), give(8)}, func(one, this sample, bytes int64) string {
		return fmt.Sprintf("%.2f x the time of one; the sharer sends %.2f x the file",
			ratio(this.took, one.took), float64(this.sent)/float64(bytes))
	})
}

// work sends to some takers over links that are faster than the machine: what
// counts is how much it has to do for what has arrived.
func work(takers ...int) func(*options, testCase) error {
	return func(o *options, c testCase) error {
		var variants []variant
		for _, n := range takers {
			variants = append(variants, variant{how: to(n), run: func(t *task, source string) sample {
				s := gather(t, n, "").give(t, source)
				s.cpu = perGiB(s.cpu, int64(n)*sum(t, source).bytes)
				return s
			}})
		}
		return o.compare(c, variants, func(first, this sample, _ int64) string {
			return fmt.Sprintf("CPU is for each GiB that arrived: %.2f x that of the first", ratio(this.cpu, first.cpu))
		})
	}
}

// leave has the sharer killed as soon as it is told that it may leave.
func (o *options) leave(c testCase) error {
	const takers, patience = 4, 2 * time.Minute
	stays := variant{how: "stays", run: func(t *task, source string) sample {
		all := gather(t, takers, link)
		begun := time.Now()
		all.begin(t, source, all.takers)
		all.delivered(t)
		return sample{took: time.Since(begun)}
	}}
	leaves := variant{how: "leaves", run: func(t *task, source string) sample {
		all := gather(t, takers, link)
		begun := time.Now()
		sending := all.begin(t, source, all.takers)
		sending.Await(t, patience, lab.MayLeave)
		// The command goes first: it would take over the work of its device.
		sending.Signal(os.Kill)
		all.sharer.Kill(t)
		all.delivered(t)
		all.whole(t, source)
		return sample{took: time.Since(begun)}
	}}
	return o.compare(c, []variant{stays, leaves}, func(first, this sample, _ int64) string {
		return fmt.Sprintf("%.2f x the undisturbed time", ratio(this.took, first.took))
	})
}

// late has a second taker join when the first has half of it.
func (o *options) late(c testCase) error {
	alone := variant{how: "alone", run: func(t *task, source string) sample { return gather(t, 1, link).give(t, source) }}
	joins := variant{how: "joins", run: func(t *task, source string) sample {
		all := gather(t, 2, link)
		half := all.takers[0].Host.Received(t) + sum(t, source).bytes/2
		first := all.begin(t, source, all.takers[:1])
		lab.Eventually(t, time.Hour, "half has come", func() bool { return all.takers[0].Host.Received(t) >= half })
		took := done(t, all.begin(t, source, all.takers[1:]))
		done(t, first)
		all.whole(t, source)
		return sample{took: took}
	}}
	return o.compare(c, []variant{alone, joins}, func(first, this sample, _ int64) string {
		return fmt.Sprintf("%.2f x the time of one alone, from when it joins", ratio(this.took, first.took))
	})
}

// resume has the taker killed when it has nine tenths, and started again. The
// time is from when it is ready until content comes.
func (o *options) resume(c testCase) error {
	const content = 1 << 20 // more than anything else that is said
	undisturbed := variant{how: "whole", run: func(t *task, source string) sample {
		all := gather(t, 1, "")
		before := all.takers[0].Host.Traffic(t)
		s := all.give(t, source)
		s.sent = all.takers[0].Host.Traffic(t).Since(before).ReceivedInside()
		return s
	}}
	killed := variant{how: "goes on", part: true, run: func(t *task, source string) sample {
		all := gather(t, 1, "")
		ben := all.takers[0]
		before := ben.Host.Traffic(t)
		sending := all.begin(t, source, all.takers)
		lab.Eventually(t, time.Hour, "most has come", func() bool {
			return ben.Host.Received(t)-before.Received >= sum(t, source).bytes/10*9
		})
		ben.Kill(t)
		gone := ben.Host.Received(t)
		ben.Start(t)
		ready := time.Now()
		lab.Eventually(t, time.Minute, "content", func() bool { return ben.Host.Received(t) > gone+content })
		took := time.Since(ready)
		done(t, sending)
		all.whole(t, source)
		return sample{took: took, sent: ben.Host.Traffic(t).Since(before).ReceivedInside(), recv: ben.PeakRSS(t)}
	}}
	return o.compare(c, []variant{undisturbed, killed}, func(first, this sample, bytes int64) string {
		text := fmt.Sprintf("%.3f x the file came inside of TCP", float64(this.sent)/float64(bytes))
		if this.sent != first.sent && first.sent > 0 {
			text += fmt.Sprintf(", %.1f MB more than undisturbed", float64(this.sent-first.sent)/1e6)
		}
		return text
	})
}
