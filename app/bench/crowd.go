//go:build linux

package main

import (
	"fmt"
	"strings"
	"time"

	"potluck/app/e2e/lab"
)

// A crowd is one device that shares and some that take, each on a host of its
// own.
type crowd struct {
	sharer *lab.Device
	takers []*lab.Device
}

// gather starts a crowd of devices that have never seen anything and say yes to
// everything, and waits until the sharer sees all of them. The rate is that of
// every host's link, both ways, or "" for as fast as it goes.
func gather(t *task, takers int, rate string) *crowd {
	lan := lab.New(t, lab.Options{Hosts: 1 + takers, Rate: rate})
	c := &crowd{sharer: lan.Host(1).Device(t, "sharer")}
	c.sharer.Start(t)
	for i := range takers {
		d := lan.Host(2+i).Device(t, fmt.Sprintf("taker%d", i+1), "--accept", "everyone")
		c.takers = append(c.takers, d.Start(t))
	}
	lab.Eventually(t, time.Minute, "the sharer sees all", func() bool {
		return len(c.sharer.Run(t, "neighbours", "--json").Objects()) == takers
	})
	return c
}

// begin offers the source to some takers.
func (c *crowd) begin(t *task, source string, to []*lab.Device) *lab.Command {
	args := []string{"send", "--json", source}
	for _, d := range to {
		args = append(args, "--to", d.Name)
	}
	return c.sharer.Begin(t, args...)
}

// give sends the source to all takers and returns what that took.
func (c *crowd) give(t *task, source string) sample {
	before, traffic := c.cpu(t), c.sharer.Host.Traffic(t)
	took := done(t, c.begin(t, source, c.takers))
	s := sample{took: took, cpu: c.cpu(t) - before, sent: c.sharer.Host.Traffic(t).Since(traffic).SentInside()}
	s.sender, s.recv = c.peaks(t)
	c.whole(t, source)
	return s
}

// done waits until the command has ended well and returns how long it ran.
func done(t *task, sending *lab.Command) time.Duration {
	r := sending.Wait(t, time.Hour)
	if r.Code != 0 {
		t.Fatalf("potluck send: exit code %d: %.1000s%.1000s", r.Code, r.Out, r.Err)
	}
	return r.Took
}

// whole fails t unless all takers have as much as the source.
func (c *crowd) whole(t *task, source string) {
	want := sum(t, source)
	for _, d := range c.takers {
		if got := sum(t, d.Downloads); got != want {
			t.Fatalf("%s has %+v, want %+v", d.Name, got, want)
		}
	}
}

func (c *crowd) cpu(t *task) time.Duration {
	all := c.sharer.CPU(t)
	for _, d := range c.takers {
		all += d.CPU(t)
	}
	return all
}

// peaks returns the most memory of the sharer, and of that taker which had most.
func (c *crowd) peaks(t *task) (sharer, taker int64) {
	for _, d := range c.takers {
		taker = max(taker, d.PeakRSS(t))
	}
	return c.sharer.PeakRSS(t), taker
}

// delivered waits until every taker has said that all is there.
func (c *crowd) delivered(t *task) {
	const most = 10 * time.Minute
	lab.Eventually(t, most, "all have it", func() bool {
		for _, d := range c.takers {
			if !d.Has("delivered") {
				return false
			}
		}
		return true
	})
}

// A variant is one way to do what a case is about.
type variant struct {
	how  string
	run  func(t *task, source string) sample
	part bool // its time is not that of moving all
}

// compare runs the variants in turns, each as often as the case says, and prints
// a row for each. remark says how one stands to the first.
func (o *options) compare(c testCase, variants []variant, remark func(first, this sample, bytes int64) string) error {
	return attempt(func(t *task) {
		base := o.base(t, c)
		c.make(t, base+"/from")
		source := onlyIn(t, base+"/from")
		bytes := sum(t, source).bytes
		results := make([]series, len(variants))
		for range o.times(c) {
			for i, v := range variants {
				err := attempt(func(t *task) { results[i].add(v.run(t, source)) })
				if err != nil {
					results[i].failure = err
				}
			}
		}
		for i, v := range variants {
			r := &results[i]
			if len(r.samples) == 0 {
				fmt.Printf("%-34s %-11s failed: %s\n", c.title, v.how, inLine(r.failure))
				continue
			}
			var first sample // none if the first variant has failed
			if len(results[0].samples) > 0 {
				first = results[0].median()
			}
			text := remark(first, r.median(), bytes)
			if r.failure != nil {
				text += fmt.Sprintf(" (and failed: %s)", inLine(r.failure))
			}
			moved := bytes
			if v.part {
				moved = 0
			}
			printRow(c.title, v.how, r, moved, text)
		}
	})
}

// inLine is the beginning of an error, as part of a row.
func inLine(err error) string {
	return fmt.Sprintf("%.300s", strings.ReplaceAll(err.Error(), "\n", " "))
}

// to names how many the files went to.
func to(takers int) string { return fmt.Sprintf("1 to %d", takers) }

// ratio returns how often b goes into a.
func ratio(a, b time.Duration) float64 {
	if b == 0 {
		return 0
	}
	return a.Seconds() / b.Seconds()
}

// perGiB returns the processor time that each GiB has taken that has arrived.
func perGiB(cpu time.Duration, bytes int64) time.Duration {
	return time.Duration(float64(cpu) / (float64(bytes) / (1 << 30)))
}
