package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/sharing"
)

func (p *program) pauseCommand() *cli.Command {
	return &cli.Command{
		Name: "pause", Usage: "let a transfer rest",
		UsageText: "potluck pause ID | --all",
		Description: `The transfer rests until "potluck resume", even if Potluck is started anew in between.
What is here already stays. Of what is sent from here the receivers still exchange what
they have among them.` + examples("potluck pause 3f9a"),
		Flags: []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "all transfers"}},
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			if cmd.Bool("all") {
				return r.changeAll(ctx, cmd, "paused", (*control.Client).PauseAll)
			}
			return r.change(ctx, cmd, "paused", false, (*control.Client).Pause)
		}),
	}
}

func (p *program) resumeCommand() *cli.Command {
	return &cli.Command{
		Name: "resume", Usage: "let a paused transfer go on",
		UsageText: "potluck resume ID | --all",
		Description: `Lets a transfer that was paused here go on, and a stuck one try again at once. Where the
other side has paused it as well, it goes on when that side resumes it, too. If no Potluck
runs on this state folder, resume itself runs until the transfer has ended.` + examples("potluck resume 3f9a"),
		Flags: []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "all transfers"}},
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			if cmd.Bool("all") {
				return r.changeAll(ctx, cmd, "resumed", (*control.Client).ResumeAll)
			}
			return r.change(ctx, cmd, "resumed", true, (*control.Client).Resume)
		}),
	}
}

func (p *program) cancelCommand() *cli.Command {
	return &cli.Command{
		Name: "cancel", Usage: "end a transfer",
		UsageText: "potluck cancel [--for WHO] ID",
		Description: `As the one who receives: the transfer is given up, and what has come of it is removed. As
the one who sends: the offer is withdrawn from everybody who does not have it yet, or with
--for from one of them. Whoever is on the other side is told.` + examples("potluck cancel 3f9a", "potluck cancel --for anna 3f9a"),
		Flags: []cli.Flag{&cli.StringFlag{Name: "for", Usage: "withdraw it from `WHO` alone: a name or an ID"}},
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			if cmd.IsSet("for") {
				return r.withdraw(ctx, cmd, cmd.String("for"))
			}
			return r.change(ctx, cmd, "cancelled", false, (*control.Client).Cancel)
		}),
	}
}

// withdraw ends the transfer that the argument names for one of those who are to get it.
func (r *run) withdraw(ctx context.Context, cmd *cli.Command, who string) error {
	ref, err := oneArgument(cmd, "ID")
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		k, err := l.Known(ctx, who)
		if err != nil {
			return err
		}
		share, err := l.Withdraw(ctx, ref, k.ID)
		if err != nil {
			return err
		}
		return r.changed(ctx, l, share, "withdrawn", false)
	})
}

// change does one thing to the transfer that the argument names, and says that
// it is done.
func (r *run) change(ctx context.Context, cmd *cli.Command, done string, goesOn bool,
	do func(*control.Client, context.Context, string) (sharing.ShareID, error),
) error {
	ref, err := oneArgument(cmd, "ID")
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		share, err := do(l.Client, ctx, ref)
		if err != nil {
			return err
		}
		return r.changed(ctx, l, share, done, goesOn)
	})
}

// changeAll does one thing to all transfers, and says that it is done.
func (r *run) changeAll(ctx context.Context, cmd *cli.Command, done string,
	do func(*control.Client, context.Context) error,
) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		return r.all(ctx, done, func(ctx context.Context) error { return do(l.Client, ctx) })
	})
}

// A changeResult is what a command prints that has changed an offer or transfer.
type changeResult struct {
	Share    sharing.ShareID `json:"share"`
	Result   string          `json:"result"`
	PausedBy []string        `json:"pausedBy,omitempty"` // the others that keep it from going on
}

// pausers returns the names of those who have paused a transfer on their side.
func pausers(s sharing.Snapshot, share sharing.ShareID) []string {
	var list []string
	for _, t := range s.Transfers {
		for _, p := range t.Peers {
			if t.Share == share && p.PausedThere && !p.State.Final() {
				list = append(list, peerName(p))
			}
		}
	}
	return list
}

// changed says what has been done. If that lets a transfer go on, and the device
// is here for this command alone, it stays until the transfer has ended.
func (r *run) changed(ctx context.Context, l *link, share sharing.ShareID, done string, goesOn bool) error {
	var others []string
	if goesOn {
		s, err := l.Snapshot(ctx)
		if err != nil {
			return err
		}
		others = pausers(s, share)
	}
	switch {
	case r.json:
		if err := r.object(changeResult{Share: share, Result: done, PausedBy: others}); err != nil {
			return err
		}
	case len(others) > 0:
		r.line("%s %s here, and still paused by %s", share.Short(), done, names(others))
	default:
		r.line("%s %s", share.Short(), done)
	}
	switch {
	case goesOn && l.own:
		return r.await(ctx, l, share)
	case l.own:
		l.linger(ctx, share)
	}
	return nil
}
