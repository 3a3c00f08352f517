package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

func (p *program) unpairCommand() *cli.Command {
	return &cli.Command{
		Name: "unpair", Usage: "forget that a device is verified",
		UsageText: "potluck unpair WHO",
		Description: `The device is one like any other from now on, and its offers are no longer accepted
without asking. It need not be here. The other device is not told.` + examples("potluck unpair anna"),
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			return r.tell(ctx, cmd, "no longer verified", (*control.Client).Unpair)
		}),
	}
}

func (p *program) blockCommand() *cli.Command {
	return &cli.Command{
		Name: "block", Usage: "refuse a device from now on",
		UsageText: "potluck block WHO",
		Description: `What is going on with the device ends, its offers disappear, and it gets no connection any
more, until "potluck unblock". It need not be here.` + examples("potluck block anna", "potluck block 3f9a12bc"),
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			return r.tell(ctx, cmd, "blocked", (*control.Client).Block)
		}),
	}
}

func (p *program) unblockCommand() *cli.Command {
	return &cli.Command{
		Name: "unblock", Usage: "let a blocked device come again",
		UsageText: "potluck unblock WHO",
		Description: `The device may connect and offer again. If it was verified it still is; "potluck neighbours
--all" lists those that are blocked.` + examples("potluck unblock anna"),
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			return r.tell(ctx, cmd, "no longer blocked", (*control.Client).Unblock)
		}),
	}
}

// A standing is what a command prints that has changed how a device stands.
type standing struct {
	ID     identity.ID `json:"id"`
	Name   string      `json:"name"`
	Result string      `json:"result"`
}

// tell says something of the device that the argument names.
func (r *run) tell(ctx context.Context, cmd *cli.Command, done string,
	do func(*control.Client, context.Context, identity.ID) error,
) error {
	who, err := oneArgument(cmd, "WHO")
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		k, err := l.Known(ctx, who)
		if err != nil {
			return err
		}
		if err := do(l.Client, ctx, k.ID); err != nil {
			if control.CodeOf(err) == control.NotFound {
				return failure("%s is not verified", clean(knownName(k)))
			}
			return err
		}
		if r.json {
			return r.object(standing{k.ID, knownName(k), done})
		}
		r.line("%s (%s) is %s", clean(knownName(k)), k.ID.Short(), done)
		return nil
	})
}

// knownName is what the person here knows a device by.
func knownName(k sharing.KnownDevice) string {
	if k.Alias != "" {
		return k.Alias
	}
	return k.Name
}

// listKnown prints all devices that are known, here or not.
func (r *run) listKnown(ctx context.Context, l *link) error {
	s, err := l.Snapshot(ctx)
	if err != nil {
		return err
	}
	if r.json {
		for _, k := range s.Known {
			if err := r.object(k); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.Known) == 0 {
		r.say("No other device is known yet.")
		return nil
	}
	t := newTable("NAME", "ID", "KIND", "", "LAST SEEN")
	for _, k := range s.Known {
		t.add(knownName(k), k.ID.Short(), k.Kind, standingOf(k), lastSeen(k))
	}
	for _, line := range t.lines() {
		r.line("%s", line)
	}
	return nil
}

// standingOf says in a few words how a device stands.
func standingOf(k sharing.KnownDevice) string {
	switch {
	case k.Blocked:
		return "blocked"
	case k.Trusted:
		return "verified, accepted without asking"
	case k.Paired:
		return "verified"
	}
	return "not verified"
}

func lastSeen(k sharing.KnownDevice) string {
	switch {
	case k.Here:
		return "here now"
	case k.Seen.IsZero():
		return ""
	}
	return k.Seen.Local().Format(time.DateOnly + " 15:04")
}
