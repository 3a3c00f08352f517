package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing"
)

func (p *program) offersCommand() *cli.Command {
	return &cli.Command{
		Name: "offers", Usage: "list what others offer, and wait for your answer",
		UsageText: "potluck offers [OFFER]",
		Description: `Lists the offers that have not been answered: who offers what, and how much. Nothing of
it is here before you say yes with "potluck accept". With OFFER it lists every file and
folder in that one; a word tells which of them can run something when they are opened.` + examples(
			"potluck offers",
			"potluck offers 3f9a",
			"potluck offers --json"),
		Action: p.action((*run).offers),
	}
}

func (r *run) offers(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Present() {
		return r.contents(ctx, cmd)
	}
	return r.with(ctx, func(l *link) error {
		list, err := r.currentOffers(ctx, l)
		if err != nil {
			return err
		}
		if r.json {
			for _, o := range list {
				if err := r.object(o); err != nil {
					return err
				}
			}
			return nil
		}
		if len(list) == 0 {
			r.say("Nobody offers anything at the moment.")
			return nil
		}
		t := newTable("OFFER", "FROM", "", "WHAT", "HOW MUCH")
		for _, o := range list {
			t.add(o.Share.Short(), o.From.Short()+" "+o.FromName, trustWord(o.Paired, o.Twin, "not verified"), o.Title, content(o.Files, o.Folders, o.Bytes))
		}
		for _, line := range t.lines() {
			r.line("%s", line)
		}
		for _, o := range list {
			r.remarks(o)
		}
		return nil
	})
}

// remarks says what a person should know before saying yes.
func (r *run) remarks(o sharing.Offer) {
	if o.Twin {
		r.say("%s: this is not the device you verified; it only has the same name", o.Share.Short())
	}
	if o.Renamed > 0 {
		r.say("%s: %s will arrive under another name, because this computer cannot have it as it is", o.Share.Short(), entries(o.Renamed))
	}
	if o.Programs > 0 {
		r.say("%s: %s among it can run something when opened", o.Share.Short(), count(o.Programs, "file"))
	}
	switch {
	case o.Free == 0 && o.Bytes > 0:
		r.say("%s: the disk of %s is full", o.Share.Short(), clean(o.Into))
	case o.Free >= 0 && o.Free < o.Bytes:
		r.say("%s: there is not enough room in %s: %s are free", o.Share.Short(), clean(o.Into), size(o.Free))
	}
}

// currentOffers returns the offers. A device of our own waits a while for
// neighbours to find it and offer again.
func (r *run) currentOffers(ctx context.Context, l *link) ([]sharing.Offer, error) {
	s, err := l.Snapshot(ctx)
	if err != nil || !l.own {
		return s.Offers, err
	}
	feed, stop, err := l.follow(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	end := time.After(2 * settleTime)
	for {
		select {
		case _, ok := <-feed.updates:
			if !ok {
				return nil, feed.err
			}
		case <-end:
			s, err := l.Snapshot(ctx)
			return s.Offers, err
		}
	}
}

func (p *program) acceptCommand() *cli.Command {
	return &cli.Command{
		Name: "accept", Usage: "say yes to an offer, to all of it or to a part",
		UsageText: "potluck accept OFFER [--into DIR] [--only PATTERN]...",
		Description: `The files go to the download folder, or to DIR. Nothing there is ever replaced: what would
take the place of something gets a number, "notes (2).odt". With --only, the files that
match a pattern come and no others: a pattern is a path ("Photos/2026/beach.jpg"), a
folder ("Photos/2026"), or has * ? [ ] in it; one without a slash means names in any
folder ("*.jpg").

The files travel while Potluck runs; "potluck transfers" shows how far they are. If no
Potluck runs on this state folder, accept itself runs until everything is here.` + examples(
			"potluck accept 3f9a",
			"potluck accept 3f9a --into ~/Desktop --only '*.jpg' --only Photos/2026"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "into", Usage: "put the files into `DIR`", TakesFile: true},
			&cli.StringSliceFlag{Name: "only", Usage: "take what matches `PATTERN`; may be given several times"},
		},
		Action: p.action((*run).accept),
	}
}

func (r *run) accept(ctx context.Context, cmd *cli.Command) error {
	ref, err := oneArgument(cmd, "OFFER")
	if err != nil {
		return err
	}
	o := sharing.AcceptOptions{Only: cmd.StringSlice("only")}
	if into := cmd.String("into"); cmd.IsSet("into") {
		if into == "" {
			return usageError(cmd, "--into needs the name of a folder")
		}
		if o.Into, err = filepath.Abs(into); err != nil {
			return err
		}
	}
	return r.with(ctx, func(l *link) error {
		var share sharing.ShareID
		if err := l.untilOffered(ctx, func() (err error) {
			share, err = l.Accept(ctx, ref, o)
			return err
		}); err != nil {
			return err
		}
		return r.changed(ctx, l, share, "accepted", true)
	})
}

func (p *program) declineCommand() *cli.Command {
	return &cli.Command{
		Name: "decline", Usage: "say no to an offer",
		UsageText:   "potluck decline OFFER",
		Description: `Whoever offered it is told, and the offer is gone.` + examples("potluck decline 3f9a"),
		Action:      p.action((*run).decline),
	}
}

func (r *run) decline(ctx context.Context, cmd *cli.Command) error {
	ref, err := oneArgument(cmd, "OFFER")
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		var share sharing.ShareID
		if err := l.untilOffered(ctx, func() (err error) {
			share, err = l.Decline(ctx, ref)
			return err
		}); err != nil {
			return err
		}
		return r.changed(ctx, l, share, "declined", false)
	})
}
