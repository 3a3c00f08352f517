package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing"
)

func (p *program) verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "read what was received again, and mend it",
		UsageText: "potluck verify ID [--restore] [--wait TIME]",
		Description: `Reads again every file that came with a transfer and compares it with what its
sender signed. What is damaged or missing is fetched again from a device that has it and is
here, and put in its place. A damaged file stays until the new one is on the disk, and
nothing that you have put there is replaced. A file that you have changed is left alone;
--restore puts the original beside it, under another name. If nobody who has it is here,
it waits for that: 15 seconds, a minute while devices are here that may have it and send
nothing, or as long as --wait says. To give up before, interrupt it.
Ends with code 1 if something is still damaged or missing, or was changed.` +
			examples("potluck verify 3f9a", "potluck verify 3f9a --restore", "potluck verify 3f9a --wait 10m"),
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "restore", Usage: "put the originals of changed files beside them"},
			&cli.DurationFlag{Name: "wait", Usage: "give up when nothing has come for that `TIME`"},
		},
		Action: p.action((*run).verify),
	}
}

func (r *run) verify(ctx context.Context, cmd *cli.Command) error {
	ref, err := oneArgument(cmd, "ID")
	if err != nil {
		return err
	}
	wait := cmd.Duration("wait")
	if cmd.IsSet("wait") && wait <= 0 {
		return usageError(cmd, "--wait must be more than nothing, such as 30s or 10m")
	}
	return r.with(ctx, func(l *link) error {
		if r.terminal {
			r.say("Reading it again…")
		}
		looking, stop := context.WithCancel(ctx)
		var look sync.WaitGroup
		look.Go(func() { r.watchRepair(looking, l, ref) })
		v, err := l.Verify(ctx, ref, sharing.VerifyOptions{Restore: cmd.Bool("restore"), Wait: wait})
		stop()
		look.Wait()
		if err != nil {
			return err
		}
		if r.json {
			if err := r.object(v); err != nil {
				return err
			}
		} else {
			r.printVerified(v)
		}
		if !v.OK {
			return &exitError{code: exitFailed}
		}
		return nil
	})
}

// watchRepair says when something has turned out to be wrong and is fetched again, and
// whenever nobody is here who has it: until ctx is done.
func (r *run) watchRepair(ctx context.Context, l *link, ref string) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	repairing, away := false, false // as it was said last
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s, err := l.Snapshot(ctx)
		if err != nil {
			continue // it ends with the command
		}
		for _, t := range s.Transfers {
			if !strings.HasPrefix(t.Share.String(), strings.ToLower(ref)) || t.Verify == nil || !t.Verify.Repairing {
				continue
			}
			if !repairing {
				repairing = true
				r.say("Not all of it is as it was sent: fetching %s from whoever has it and is here…", size(t.Verify.Total))
			}
			if now := t.Verify.Away; now != away {
				away = now
				if away {
					r.say("Nobody is here who has it. Waiting for somebody…")
				} else {
					r.say("Somebody who has it is here now: going on…")
				}
			}
		}
	}
}

// printVerified says what was found, and what was done about it.
func (r *run) printVerified(v sharing.Verified) {
	r.line("%s", verifiedLine(v))
	r.listed("repaired", v.Repaired, sharing.Entries{})
	r.listed("put beside, under another name", v.Beside, sharing.Entries{})
	r.listed("damaged", v.Damaged, v.Repaired)
	r.listed("missing", v.Missing, v.Repaired)
	r.listed("changed here, and left alone", v.Changed, sharing.Entries{})
	r.listed("not checked, since what is next to it is not as it was sent", v.Unchecked, sharing.Entries{})
	if v.Error != "" {
		r.line("Not all of it could be mended: %s", clean(v.Error))
	}
	if v.Changed.Count > 0 && !v.OK {
		r.say("   potluck verify %s --restore    puts the originals beside what was changed", v.Share.Short())
	}
}

// listed prints some entries, but for those that are among others as well.
func (r *run) listed(what string, list, but sharing.Entries) {
	for _, path := range list.Paths {
		if !slices.Contains(but.Paths, path) {
			r.line("   %s: %s", what, clean(path))
		}
	}
	if more := list.Count - len(list.Paths); more > 0 {
		r.line("   %s: %s more", what, count(more, "file"))
	}
}

// verifiedLine says in a line what came of verifying a transfer.
func verifiedLine(v sharing.Verified) string {
	found := v.Damaged.Count + v.Missing.Count + v.Changed.Count
	switch {
	case v.OK && found == 0:
		return v.Share.Short() + " is as it was sent: " + size(v.Bytes) + " read"
	case v.OK:
		return v.Share.Short() + " is as it was sent again: " + entries(v.Repaired.Count+v.Beside.Count) + " mended"
	}
	return v.Share.Short() + " is not as it was sent: " + entries(v.Damaged.Count) + " damaged, " +
		entries(v.Missing.Count) + " missing, " + entries(v.Changed.Count) + " changed here"
}
