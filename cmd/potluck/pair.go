package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

func (p *program) pairCommand() *cli.Command {
	return &cli.Command{
		Name: "pair", Usage: "make sure together that a device is the one you think it is",
		UsageText: "potluck pair WHO [--wait TIME] [--same NUMBERS]",
		Description: `Both screens show the same four dishes, if nobody stands between the two devices. Look at
both, or read them to each other; if all four are the same, in the same order, both of you
say yes. From then on the device is verified: you know it again whatever it calls itself.

Either of you begins, and the other one finds the question in the window, or is told by
"potluck serve" and answers with "potluck pair" as well. There is a minute to compare.

The window shows the same numbers below its pictures: where only one of you sees pictures,
compare those. Typed here, the numbers of the other screen count as yes.

For scripts: with --json the dishes are printed as one object, in words and as numbers,
and the answer is read as one line from standard input: "yes", or the numbers of the
other screen, which must be the same. Anything else, and the end of the input, is no.
With --same, the answer is yes if the numbers shown are those, and else no.

   {"event":"pairing","peer":…,"state":"comparing","words":[…],"numbers":"7-123-0-959",…}
   {"event":"paired","peer":…,"name":…}

Ends with code 0 when the device is verified, 3 when this side said no, 1 when it failed
for another reason, 4 when WHO was not found in time.` + examples(
			"potluck pair anna",
			"potluck pair anna --same 7-123-0-959"),
		Flags: []cli.Flag{
			&cli.DurationFlag{Name: "wait", Value: 30 * time.Second, Usage: "wait that `TIME` for WHO to be found"},
			&cli.StringFlag{Name: "same", Usage: "say yes if the dishes are those with the `NUMBERS` that the other screen shows, and else no"},
		},
		Action: p.action((*run).pair),
	}
}

func (r *run) pair(ctx context.Context, cmd *cli.Command) error {
	who, err := oneArgument(cmd, "WHO")
	if err != nil {
		return err
	}
	wait := cmd.Duration("wait")
	if wait < 0 {
		return usageError(cmd, "a time to wait cannot be negative")
	}
	same := strings.TrimSpace(cmd.String("same"))
	if cmd.IsSet("same") && !isNumbers(same) {
		return usageError(cmd, "--same needs the four numbers of the other screen, such as 7-123-0-959")
	}
	return r.with(ctx, func(l *link) error {
		n, err := l.Find(ctx, who, wait)
		if err != nil {
			return err
		}
		c := &comparison{run: r, link: l, peer: n.ID, same: same}
		err = c.through(ctx)
		if ctx.Err() != nil {
			c.giveUp(ctx)
		}
		return err
	})
}

// isNumbers reports whether s can be the dishes of another screen, as numbers.
func isNumbers(s string) bool {
	parts := strings.Split(s, "-")
	return len(parts) == len(sharing.Pairing{}.Dishes) && !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || len(part) > 3 || strings.ContainsFunc(part, func(r rune) bool { return r < '0' || r > '9' })
	})
}

// A comparison is one pairing, as the person at the terminal goes through it.
type comparison struct {
	*run
	link *link
	peer identity.ID
	same string // the numbers of the other screen; "" to ask the person

	shown, waiting bool
	said           <-chan string // what the person typed; nil before it is asked for
	no             bool          // this side has said no
}

// through begins the pairing, or joins the one that is under way, and returns when
// it is over.
func (c *comparison) through(ctx context.Context) error {
	feed, stop, err := c.link.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := c.link.Pair(ctx, c.peer); err != nil {
		return err
	}
	for {
		s, err := c.link.Snapshot(ctx)
		if err != nil {
			return lost(err)
		}
		if over, err := c.step(ctx, s); over || err != nil {
			return err
		}
		select {
		case _, ok := <-feed.updates:
			if !ok {
				return feed.err
			}
		case line := <-c.said:
			c.said = nil
			if err := c.answer(ctx, line); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// step shows how far the pairing is, and reports whether it is over.
func (c *comparison) step(ctx context.Context, s sharing.Snapshot) (over bool, err error) {
	i := slices.IndexFunc(s.Pairings, func(p sharing.Pairing) bool { return p.Peer == c.peer })
	if i < 0 {
		return true, c.failed("it was cancelled")
	}
	p := s.Pairings[i]
	switch p.State {
	case sharing.PairingComparing:
		if c.shown {
			return false, nil
		}
		c.shown = true
		return false, c.show(ctx, p)
	case sharing.PairingWaiting:
		if !c.waiting {
			c.waiting = true
			c.say("Now %s says yes on the other screen.", clean(p.Name))
		}
	case sharing.PairingDone:
		return true, c.done(p)
	case sharing.PairingFailed:
		return true, c.failed(p.Error)
	}
	return false, nil
}

// show prints what is to be compared, and asks.
func (c *comparison) show(ctx context.Context, p sharing.Pairing) error {
	if c.json {
		text, err := control.EncodeEvent(sharing.PairingEvent{Pairing: p})
		if err != nil {
			return err
		}
		if err := c.raw(text); err != nil {
			return err
		}
	} else {
		c.line("Verifying %s together. Look at both screens:", clean(p.Name))
		for i, dish := range control.WordsOf(p) {
			c.line("   %d  %s", i+1, dish)
		}
		c.line("As numbers: %s", p.Numbers())
	}
	if c.same != "" {
		return c.reply(ctx, c.same == p.Numbers())
	}
	if !c.json {
		c.ask("Are these four the same on the other screen, in this order? [y/N] ")
	}
	numbers := p.Numbers()
	said := make(chan string, 1)
	go func() { // ends with the input, or with the program
		line, err := bufio.NewReader(io.LimitReader(c.stdin, 1<<10)).ReadString('\n')
		if err != nil && line == "" {
			said <- ""
			return
		}
		if line = strings.TrimSpace(line); line == numbers {
			line = "yes"
		}
		said <- line
	}()
	c.said = said
	return nil
}

// ask writes a question, and leaves the cursor behind it.
func (c *comparison) ask(question string) {
	if _, err := io.WriteString(c.err, question); err != nil {
		c.log.Debug("the question was not written", "err", err)
	}
}

// answer says what the person typed.
func (c *comparison) answer(ctx context.Context, line string) error {
	yes := strings.EqualFold(line, "y") || strings.EqualFold(line, "yes")
	return c.reply(ctx, yes)
}

// reply gives the answer.
func (c *comparison) reply(ctx context.Context, same bool) error {
	c.no = !same
	err := c.link.AnswerPairing(ctx, c.peer, same)
	if code := control.CodeOf(err); code == control.State || code == control.NotFound {
		return nil // it is over meanwhile; the snapshot says how
	}
	return lost(err)
}

func (c *comparison) done(p sharing.Pairing) error {
	if !c.json {
		c.line("%s is verified. From now on you know this device.", clean(p.Name))
		return nil
	}
	text, err := control.EncodeEvent(sharing.PairedEvent{Peer: p.Peer, Name: p.Name})
	if err != nil {
		return err
	}
	return c.raw(text)
}

func (c *comparison) failed(why string) error {
	code := exitFailed
	if c.no {
		code = exitDeclined
	}
	if c.json {
		text, err := control.EncodeEvent(sharing.PairingEvent{Pairing: sharing.Pairing{
			Peer: c.peer, State: sharing.PairingFailed, Error: why,
		}})
		if err != nil {
			return err
		}
		if err := c.raw(text); err != nil {
			return err
		}
	}
	return &exitError{code, "not verified: " + why}
}

// giveUp ends the pairing when the person has interrupted the command.
func (c *comparison) giveUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), completionTime)
	defer cancel()
	if err := c.link.CancelPairing(ctx, c.peer); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		c.log.Debug("the pairing was not cancelled", "err", err)
	}
}
