package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing"
	"potluck/sharing/identity"
)

func (p *program) sendCommand() *cli.Command {
	return &cli.Command{
		Name: "send", Usage: "offer files and folders to somebody, and deliver them after a yes",
		UsageText: "potluck send PATH... --to WHO [--to WHO]... [--wait TIME] | potluck send --text TEXT --to WHO...",
		Description: `Offers the files and folders to each WHO. Ends when every one of them has answered and,
if the answer was yes, has everything on disk and has signed for it: code 0. There is no
limit to how long an answer may take; --wait is for finding the receivers. Those who are
here get the offer at once, and the others as soon as they are found. When nobody is looked
for any more, and the others have everything between them, it says that you can close the lid.

Empty files and folders travel too. Symbolic links, sockets and devices do not; you are
told which were left out. Potluck reads, and changes nothing.

Ctrl+C does not undo an offer. If another Potluck runs on this state folder, the transfer
goes on there; if not, it goes on when Potluck runs here again. "potluck cancel" withdraws
it, and so does a second Ctrl+C within two seconds when send itself runs the device.

If the Potluck that runs here stops and is not started again at once, send ends with code
1, and the transfer goes on when Potluck runs again.

With --text it is a short text, such as a link, that is sent and shown there at once,
without an answer; it ends when the text is there.` + examples(
			"potluck send ~/Photos notes.odt --to anna",
			"potluck send report.pdf --to anna --to ben --wait 2m",
			"potluck send backup.tar --to 192.168.1.17:27420 --json",
			"potluck send --to anna -- -odd-name",
			"potluck send --to anna --text https://example.org",
			"date | potluck send --to anna --text -"),
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "to", Usage: "offer to `WHO`: a name, an ID or its beginning, or host:port; may be given several times"},
			&cli.StringFlag{Name: "text", Usage: "send this `TEXT` and no files; - reads it from standard input"},
			&cli.DurationFlag{Name: "wait", Value: 30 * time.Second, Usage: "wait that `TIME` for the receivers to be found"},
		},
		Action: p.action((*run).send),
	}
}

func (r *run) send(ctx context.Context, cmd *cli.Command) error {
	wait := cmd.Duration("wait")
	whos := cmd.StringSlice("to")
	asText := cmd.IsSet("text")
	switch {
	case asText && cmd.Args().Present():
		return usageError(cmd, "either --text or files; %q is too much here", cmd.Args().First())
	case !asText && !cmd.Args().Present():
		return usageError(cmd, "nothing is named to be sent")
	case len(whos) == 0:
		return usageError(cmd, "nobody is named to send to; add --to WHO")
	case slices.Contains(whos, ""):
		return usageError(cmd, "--to needs the name, ID or address of somebody")
	case wait < 0:
		return usageError(cmd, "a time to wait cannot be negative")
	}
	var text string
	paths, err := absolutePaths(cmd.Args().Slice())
	if err == nil && asText {
		text, err = r.textOf(cmd)
	}
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		s := &sending{run: r, link: l, paths: paths, code: exitDone, to: make(map[identity.ID]string), open: make(map[identity.ID]bool)}
		defer s.seek(ctx, whos, wait)()
		if err := s.awaitFirst(ctx, whos, asText); err != nil {
			return err
		}
		deliver := s.deliver
		switch {
		case asText:
			deliver = func(ctx context.Context) error { return s.sendText(ctx, text) }
		case len(s.to) == 0:
			deliver = s.tellAbsent
		}
		if err := deliver(ctx); err != nil {
			return err
		}
		if s.code != exitDone {
			return &exitError{code: s.code}
		}
		return nil
	})
}

// absolutePaths looks at what is to be sent, so that a slip of the pen shows
// before anybody is looked for.
func absolutePaths(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		if arg == "" {
			return nil, failure("an empty path names nothing to send")
		}
		path, err := filepath.Abs(arg)
		if err != nil {
			return nil, err
		}
		switch _, err := os.Lstat(path); {
		case errors.Is(err, os.ErrNotExist):
			return nil, failure("there is no file or folder %s", arg)
		case errors.Is(err, os.ErrPermission):
			return nil, failure("%s cannot be read: permission denied", arg)
		case err != nil:
			return nil, failure("%s cannot be read: %v", arg, err)
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// A sending is one `potluck send` at work.
type sending struct {
	*run
	link  *link
	paths []string
	to    map[identity.ID]string // what the person called them
	order []identity.ID
	open  map[identity.ID]bool // who has not come to an end yet
	gone  []outcome            // of those who were not found in time, until that is printed
	code  int
	search
}

// tellAbsent prints who was not found.
func (s *sending) tellAbsent(context.Context) error {
	for _, o := range s.gone {
		s.code = worse(s.code, o.Code)
		if err := s.printOutcome(o); err != nil {
			return err
		}
	}
	s.gone = nil
	return nil
}

// deliver offers, and stays until all have answered and have what they want.
func (s *sending) deliver(ctx context.Context) error {
	feed, stop, err := s.link.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	patience := time.AfterFunc(time.Second, func() { s.say("Reading the list of files…") })
	// Whoever interrupts just now is to learn whether there is an offer.
	offering, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })()
	share, err := s.link.Send(offering, s.paths, s.order...)
	patience.Stop()
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.tellAbsent(ctx); err != nil {
		return err
	}
	for _, id := range s.order {
		s.open[id] = true
	}
	t := s.track(s.link, share)
	t.begun = s.announce
	t.late, t.more, t.resume = s.found, func() bool { return len(s.missing) > 0 }, s.seekAgain
	t.join = func(ctx context.Context, f finding) error { return s.join(ctx, t, f) }
	t.ended = func(transfer sharing.Transfer, p sharing.Peer, took time.Duration) error {
		if !s.open[p.ID] {
			return nil // of an earlier offer of the same
		}
		delete(s.open, p.ID)
		return s.report(outcomeOf(transfer, p, took), p.ID)
	}
	if err = t.toTheEnd(ctx, feed); err == nil {
		if s.link.own {
			for _, share := range t.shares {
				s.link.linger(ctx, share)
			}
		}
		return nil
	}
	if err := s.reportOpen(share); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return s.interrupted(ctx, share)
	case errors.Is(err, errDeviceStopped):
		return stoppedWith(share)
	}
	return err
}

// reportOpen prints that it is not over for some, and that others were not found
// before this command ends.
func (s *sending) reportOpen(share sharing.ShareID) error {
	for _, id := range s.order {
		if s.open[id] {
			if err := s.report(outcome{ID: &id, Share: &share, Result: resultInterrupted, Code: exitFailed}, id); err != nil {
				return err
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(s.missing)) {
		s.code = worse(s.code, exitFailed)
		if err := s.printOutcome(outcome{To: who, Result: resultInterrupted, Code: exitFailed}); err != nil {
			return err
		}
	}
	return nil
}

// announce says what is offered, and what is not.
func (s *sending) announce(t sharing.Transfer) {
	var who []string
	for _, p := range t.Peers {
		who = append(who, peerName(p))
	}
	s.say("Offering %s (%s) to %s; it is %s.", clean(t.Title), content(t.Files, t.Folders, t.Bytes), names(who), t.Share.Short())
	for _, note := range t.LeftOut {
		s.say("Left out: %s: %s", clean(note.Path), clean(note.Text))
	}
	for _, note := range t.Renamed {
		s.say("Under another name: %s: %s", clean(note.Path), clean(note.Text))
	}
	if t.Files == 0 {
		s.say("There are no files in it: nothing but %s will arrive.", count(t.Folders, "empty folder"))
	}
}

// report prints what has become of one receiver.
func (s *sending) report(o outcome, id identity.ID) error {
	o.To = s.to[id]
	s.code = worse(s.code, o.Code)
	return s.printOutcome(o)
}

// secondThought is how long a second Ctrl+C may take to withdraw the offer.
const secondThought = 2 * time.Second

// interrupted says what becomes of the transfer after Ctrl+C. ctx is done.
func (s *sending) interrupted(ctx context.Context, share sharing.ShareID) error {
	if !s.link.own && !s.link.gone {
		s.warn("The transfer goes on in the running Potluck; \"potluck cancel %s\" withdraws it.", share.Short())
		return &exitError{code: exitFailed}
	}
	goesOn := fmt.Sprintf("The offer stays, and goes on when Potluck runs again on this state folder; \"potluck cancel %s\" withdraws it.", share.Short())
	var why interrupt
	if s.link.gone || !s.terminal || !errors.As(context.Cause(ctx), &why) || why.Signal == syscall.SIGTERM {
		s.warn("%s", goesOn)
		return &exitError{code: exitFailed}
	}
	s.warn("Press Ctrl+C once more to withdraw the offer.")
	select {
	case <-time.After(secondThought):
		s.warn("%s", goesOn)
	case <-s.again:
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lingerTime)
		defer cancel()
		if _, err := s.link.Cancel(last, share.String()); err != nil {
			return err
		}
		s.link.linger(last, share)
		s.warn("The offer is withdrawn.")
	}
	return &exitError{code: exitFailed}
}
