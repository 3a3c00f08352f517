package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing"
	"potluck/sharing/identity"
)

const (
	// settleTime is how long a device needs, from its start, to hear of everybody
	// nearby; graceTime is how long others may come after the first one.
	settleTime = time.Second
	graceTime  = 300 * time.Millisecond
)

func (p *program) neighboursCommand() *cli.Command {
	return &cli.Command{
		Name: "neighbours", Usage: "list who is around",
		UsageText: "potluck neighbours [--wait TIME | --all]",
		Description: `Lists the devices nearby: name, first digits of the ID, address. Ends as soon as it is
likely that everybody is listed, which is at once when Potluck has been running for a
second. If nobody is there, it waits for the first one, and ends with code 4 when nobody
has come in time. "Other device" means: it goes by the name of a device that you verified,
and is another one.

With --all it lists every device that was here before as well, and how it stands: verified
or not, accepted without asking, blocked.` + examples(
			"potluck neighbours",
			"potluck neighbours --all",
			"potluck neighbours --wait 1m --json"),
		Flags: []cli.Flag{
			&cli.DurationFlag{Name: "wait", Value: 5 * time.Second, Usage: "wait that `TIME` for somebody to be there"},
			&cli.BoolFlag{Name: "all", Usage: "list the devices that are known, here or not"},
		},
		Action: p.action((*run).neighbours),
	}
}

func (r *run) neighbours(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	wait := cmd.Duration("wait")
	if wait < 0 {
		return usageError(cmd, "a time to wait cannot be negative")
	}
	if cmd.Bool("all") {
		if cmd.IsSet("wait") {
			return usageError(cmd, "either --all or --wait")
		}
		return r.with(ctx, func(l *link) error { return r.listKnown(ctx, l) })
	}
	return r.with(ctx, func(l *link) error {
		listed, err := r.listNeighbours(ctx, l, wait)
		if err == nil && listed == 0 {
			return &exitError{exitAbsent, r.nobodyNearby(ctx, l)}
		}
		return err
	})
}

// nobodyNearby says that nobody was found, and what can be done about it.
func (r *run) nobodyNearby(ctx context.Context, l *link) string {
	list, err := l.Settings(ctx)
	for _, s := range list {
		if err == nil && s.Key == "visible" && s.Value != string(sharing.AudienceEveryone) {
			return "nobody was found nearby; this device is hidden, and so meets only those that it knows: \"potluck settings set visible everyone\" changes that"
		}
	}
	return "nobody was found nearby; Potluck must run on the other device too, on the same network"
}

// listNeighbours prints neighbours as they are found and returns how many there
// were.
func (r *run) listNeighbours(ctx context.Context, l *link, wait time.Duration) (int, error) {
	v, err := l.Version(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	settled := began.Add(settleTime - time.Duration(v.Up*float64(time.Second)))
	feed, stop, err := l.follow(ctx)
	if err != nil {
		return 0, err
	}
	defer stop()
	seen := make(map[identity.ID]bool)
	for round := 0; ; round++ {
		s, err := l.Snapshot(ctx)
		if err != nil {
			return len(seen), err
		}
		news := unseen(s.Neighbours, seen)
		if err := r.printNeighbours(news, len(seen) == len(news)); err != nil {
			return len(seen), err
		}
		end := settled
		switch {
		case len(seen) == 0:
			end = began.Add(wait)
		case len(seen) == len(news) && round > 0 && time.Until(settled) < graceTime:
			// The first after a time of nobody: others may be about to come.
			settled = time.Now().Add(graceTime)
			end = settled
		}
		select {
		case _, ok := <-feed.updates:
			if !ok {
				return len(seen), feed.err
			}
		case <-time.After(max(0, time.Until(end))):
			return len(seen), nil
		}
	}
}

// unseen returns the neighbours that have not been seen, and notes that they have
// been now.
func unseen(list []sharing.Neighbour, seen map[identity.ID]bool) []sharing.Neighbour {
	var news []sharing.Neighbour
	for _, n := range list {
		if !seen[n.ID] {
			seen[n.ID] = true
			news = append(news, n)
		}
	}
	return news
}

// printNeighbours prints the neighbours; the first ones get the titles.
func (r *run) printNeighbours(list []sharing.Neighbour, first bool) error {
	if r.json {
		for _, n := range list {
			if err := r.object(n); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) == 0 {
		return nil
	}
	t := newTable("NAME", "ID", "ADDRESS", "KIND", "").atLeast(16, 8, 22, 7)
	for _, n := range list {
		name := n.Name
		if n.Alias != "" {
			name = n.Alias
		}
		t.add(name, n.ID.Short(), n.Addr, n.Kind, trustWord(n.Paired, n.Twin, ""))
	}
	lines := t.lines()
	if !first {
		lines = lines[1:]
	}
	for _, line := range lines {
		r.line("%s", line)
	}
	return nil
}

// trustWord says in a word whether a device is the one that it looks like.
func trustWord(paired, twin bool, neither string) string {
	switch {
	case paired:
		return "verified"
	case twin:
		return "other device"
	}
	return neither
}
