package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// textOf returns the text that --text gives, from standard input if it is "-".
func (r *run) textOf(cmd *cli.Command) (string, error) {
	text := cmd.String("text")
	if text == "-" {
		read, err := io.ReadAll(io.LimitReader(r.stdin, sharing.MaxText+1))
		if err != nil {
			return "", fmt.Errorf("the text could not be read: %w", err)
		}
		text = string(read)
	}
	switch {
	case strings.TrimSpace(text) == "":
		return "", usageError(cmd, "the text is empty")
	case len(text) > sharing.MaxText:
		return "", failure("the text is longer than %d bytes; send it as a file", sharing.MaxText)
	}
	return text, nil
}

// A textOutcome is what became of a text for one receiver.
type textOutcome struct {
	To     string       `json:"to,omitempty"` // as the person wrote it
	ID     *identity.ID `json:"id,omitempty"`
	Result result       `json:"result"`
	Code   int          `json:"code"`
	Error  string       `json:"error,omitempty"`
}

// sendText brings the text to all who were found, and prints what became of it.
func (s *sending) sendText(ctx context.Context, text string) error {
	list := make([]textOutcome, len(s.order))
	var wg sync.WaitGroup
	for i, id := range s.order {
		wg.Go(func() {
			list[i] = textOutcomeOf(s.to[id], &id, s.link.SendText(ctx, text, id))
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for _, o := range s.gone {
		list = append(list, textOutcome{To: o.To, Result: o.Result, Code: o.Code, Error: o.Error})
	}
	for _, o := range list {
		s.code = worse(s.code, o.Code)
		if err := s.printText(o); err != nil {
			return err
		}
	}
	return nil
}

func textOutcomeOf(to string, id *identity.ID, err error) textOutcome {
	o := textOutcome{To: to, ID: id, Result: resultDelivered, Code: exitDone}
	if err != nil {
		o.Result, o.Code, o.Error = resultFailed, exitFailed, err.Error()
	}
	if control.CodeOf(err) == control.State {
		o.Result, o.Code = resultDeclined, exitDeclined
	}
	return o
}

func (s *sending) printText(o textOutcome) error {
	switch {
	case s.json:
		return s.object(o)
	case o.Error == "":
		s.line("%s: the text is there", clean(o.To))
	case o.Result == resultAbsent:
		s.line("%s: not found in time: %s", clean(o.To), clean(firstLine(o.Error)))
	default:
		s.line("%s: %s: %s", clean(o.To), o.Result, clean(firstLine(o.Error)))
	}
	return nil
}

func (p *program) messagesCommand() *cli.Command {
	return &cli.Command{
		Name: "messages", Usage: "read the texts that others have sent",
		UsageText: "potluck messages [--close ID]... [--close-all]",
		Description: `Lists the texts that have come and were not closed yet, the oldest first. They stay, also
across restarts, until they are closed; somebody who has eight of them here cannot send
more.` + examples(
			"potluck messages",
			"potluck messages --close 3f9a12bc",
			"potluck messages --json --close-all"),
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "close", Usage: "take the text `ID` off the list, without showing it; may be given several times"},
			&cli.BoolFlag{Name: "close-all", Usage: "take all texts off the list once they are shown"},
		},
		Action: p.action((*run).messages),
	}
}

func (r *run) messages(ctx context.Context, cmd *cli.Command) error {
	refs, all := cmd.StringSlice("close"), cmd.Bool("close-all")
	if err := noArguments(cmd); err != nil {
		return err
	}
	if all && len(refs) > 0 {
		return usageError(cmd, "either --close or --close-all")
	}
	return r.with(ctx, func(l *link) error {
		s, err := l.Snapshot(ctx)
		if err != nil {
			return err
		}
		if len(refs) > 0 {
			return r.closeMessages(ctx, l, s.Messages, refs)
		}
		if len(s.Messages) == 0 && !r.json {
			r.say("Nobody has sent a text.")
		}
		for _, m := range s.Messages {
			if err := r.printMessage(m); err != nil {
				return err
			}
			if all {
				if err := l.CloseMessage(ctx, m.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (r *run) closeMessages(ctx context.Context, l *link, list []sharing.Message, refs []string) error {
	var errs []error
	for _, ref := range refs {
		var found []string
		for _, m := range list {
			if len(ref) >= 4 && strings.HasPrefix(m.ID, strings.ToLower(ref)) {
				found = append(found, m.ID)
			}
		}
		switch len(found) {
		case 0:
			errs = append(errs, failure("there is no text %s; \"potluck messages\" lists them", clean(ref)))
		case 1:
			if err := l.CloseMessage(ctx, found[0]); err != nil {
				errs = append(errs, err)
			}
		default:
			errs = append(errs, failure("several texts begin with %s; use more digits", clean(ref)))
		}
	}
	return errors.Join(errs...)
}

// printMessage prints a text as data.
func (r *run) printMessage(m sharing.Message) error {
	if r.json {
		return r.object(m)
	}
	r.showMessage(m)
	return nil
}

// showMessage writes a text for people, each line of it moved in, so that none can
// pass for one of ours.
func (p *printer) showMessage(m sharing.Message) {
	standing := "not verified"
	switch {
	case m.Paired:
		standing = "verified"
	case m.Twin:
		standing = "another device under a name you verified"
	}
	p.line("%s from %s (%s, %s), %s", m.ID[:min(len(m.ID), 8)], clean(m.FromName), m.From.Short(), standing, m.At.Local().Format("2 Jan 15:04"))
	for line := range strings.SplitSeq(m.Text, "\n") {
		p.line("   %s", clean(line))
	}
}
