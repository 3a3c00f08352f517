package main

import (
	"context"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/sharing"
)

func (p *program) forgetCommand() *cli.Command {
	return &cli.Command{
		Name: "forget", Usage: "take transfers that have ended off the list",
		UsageText: "potluck forget ID... | --all",
		Description: `Takes transfers that have ended off the list of "potluck transfers". Files stay where they
are; they can no longer be checked with "potluck verify".` + examples("potluck forget 3f9a", "potluck forget --all"),
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "all that have ended"}},
		Action: p.action((*run).forget),
	}
}

func (r *run) forget(ctx context.Context, cmd *cli.Command) error {
	refs := cmd.Args().Slice()
	switch {
	case cmd.Bool("all") && len(refs) > 0:
		return usageError(cmd, "either --all or some IDs")
	case !cmd.Bool("all") && len(refs) == 0:
		return usageError(cmd, "ID is missing; --all means all that have ended")
	}
	return r.with(ctx, func(l *link) error {
		if len(refs) == 0 {
			return r.all(ctx, "forgotten", l.ForgetAll)
		}
		for _, ref := range refs {
			if err := l.Forget(ctx, ref); err != nil {
				return err
			}
			r.say("%s forgotten", clean(ref))
		}
		return nil
	})
}

// all does one thing to all transfers, and says that it is done.
func (r *run) all(ctx context.Context, done string, do func(context.Context) error) error {
	if err := do(ctx); err != nil {
		return err
	}
	r.say("all %s", done)
	return nil
}

func (p *program) retryCommand() *cli.Command {
	return &cli.Command{
		Name: "retry", Usage: "begin again what came to nothing",
		UsageText: "potluck retry ID",
		Description: `What was sent from here is offered once more, as it is now, to those who do not have all of
it: they declined, it failed, or a file had changed. That is a new offer with an ID of its
own. A transfer to here that is stuck tries again at once.` + examples("potluck retry 3f9a"),
		Action: p.action(func(r *run, ctx context.Context, cmd *cli.Command) error {
			return r.change(ctx, cmd, "begun again", true, (*control.Client).Retry)
		}),
	}
}

func (p *program) moveCommand() *cli.Command {
	return &cli.Command{
		Name: "move", Usage: "let a transfer go on in another folder",
		UsageText: "potluck move ID FOLDER",
		Description: `When a disk is full or a folder gone, a transfer to here can go on in another one. What has
come already is taken along, and nothing is left in the old folder.` + examples("potluck move 3f9a /media/big/Downloads"),
		Action: p.action((*run).move),
	}
}

func (r *run) move(ctx context.Context, cmd *cli.Command) error {
	args := cmd.Args().Slice()
	switch {
	case len(args) < 2 || args[0] == "" || args[1] == "":
		return usageError(cmd, "ID or FOLDER is missing")
	case len(args) > 2:
		return usageError(cmd, "%q is too much here; a folder with spaces in its name is put into quotes", args[2])
	}
	folder, err := filepath.Abs(args[1])
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		share, err := r.shareOf(ctx, l, args[0])
		if err != nil {
			return err
		}
		if err := l.MoveTo(ctx, share.String(), folder); err != nil {
			return err
		}
		return r.changed(ctx, l, share, "moved", true)
	})
}

// shareOf returns the transfer that ref names, if it is one; else the engine says
// what is wrong with it.
func (r *run) shareOf(ctx context.Context, l *link, ref string) (share sharing.ShareID, err error) {
	s, err := l.Snapshot(ctx)
	if err != nil {
		return share, err
	}
	n := 0
	for _, t := range s.Transfers {
		if len(ref) >= 4 && len(ref) <= len(t.Share.String()) && t.Share.String()[:len(ref)] == ref {
			share, n = t.Share, n+1
		}
	}
	switch n {
	case 0:
		return share, failure("there is no transfer %s; \"potluck transfers\" lists them", clean(ref))
	case 1:
		return share, nil
	}
	return share, failure("several transfers begin with %s; use more digits", clean(ref))
}
